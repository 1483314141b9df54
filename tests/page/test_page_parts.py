"""The small parts of the page: limits, transcripts, forgetting, the journal, marks, plain text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from page_fake import (
    GUIDE,
    LOCAL,
    SIL_32,
    TODAY,
    UNDATED,
    FakeAssistant,
    cite,
    refused,
    rich,
    said,
)  # fmt: skip

from assistant.page.chat import read_said, read_wish
from assistant.page.forget import forget
from assistant.page.journal import Journal
from assistant.page.limits import Limiter, Limits
from assistant.page.plain import plain
from assistant.page.render import blocks
from assistant.page.source import Panel, keys, marked, panel
from assistant.page.talks import Said, Talks, new_talk, without
from assistant.types import Answer, Context
from corpus.settings import Settings
from corpus.types import Source

ANSWER = rich("断缴两个月怎么补", Context("职工", "沈阳", 2.0, True, "补缴"))


# --- limits --------------------------------------------------------------------------------------


def test_a_bucket_empties_and_fills() -> None:
    now = [0.0]
    limiter = Limiter(0.5, 2, clock=lambda: now[0])
    assert [limiter.take("a"), limiter.take("a"), limiter.take("a")] == [0.0, 0.0, 2.0]
    assert limiter.take("b") == 0.0
    now[0] = 1.0
    assert limiter.take("a") == 1.0
    now[0] = 2.0
    assert limiter.take("a") == 0.0


def test_old_buckets_are_forgotten() -> None:
    limiter = Limiter(0.001, 1, most=2, clock=lambda: 0.0)
    for key in "abc":
        limiter.take(key)
    assert limiter.take("a") == 0.0  # forgotten, so new
    assert limiter.take("c") > 0


# --- what a browser may say ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent", [None, 3, "", "no json", "[]", '"x"', '{"said": 3}', '{"said": [[1, 2]]}']
)
def test_odd_envelopes_count_as_empty(sent: object) -> None:
    wish = read_wish("问题 ", sent, limits=Limits())
    assert (wish.question, wish.talk, wish.said, wish.dropped, wish.again) == (
        "问题",
        "",
        (),
        (),
        False,
    )


def test_an_envelope_is_read() -> None:
    sent = json.dumps(
        {"question": "甲", "talk": "t", "said": [["乙", ["region", "x"]]], "dropped": ["months"],
         "again": True, "ticket": "k"}
    )  # fmt: skip
    wish = read_wish("丙", sent, limits=Limits())
    assert (wish.question, wish.talk, wish.said) == ("甲", "t", (Said("乙", ("region",)),))
    assert (wish.dropped, wish.again, wish.ticket) == (("months",), True, "k")


def test_what_was_said_is_bounded() -> None:
    limits = Limits(turns=2, question_chars=3)
    value = [["一", []], ["二", []], ["太长太长", []], ["三", []]]
    assert read_said(value, limits=limits) == (Said("二"), Said("三"))


# --- transcripts ---------------------------------------------------------------------------------


def test_keys_are_never_used_twice() -> None:
    talk = new_talk()
    talk.add(Said("一"), ANSWER)
    talk.turns.pop()
    assert talk.add(Said("二"), ANSWER).key == "2"
    assert talk.turn("1") is None


def test_long_unused_talks_go_first() -> None:
    talks, made = Talks(most=2), [new_talk() for _ in range(3)]
    for talk in made:
        talk.add(Said("一"), ANSWER)
    talks.keep(made[0])
    talks.keep(made[1])
    talks.get(made[0].id)
    talks.keep(made[2])
    assert [talks.get(t.id) is not None for t in made] == [True, False, True]


def test_ids_cannot_be_guessed() -> None:
    ids = {new_talk().id for _ in range(1000)}
    assert len(ids) == 1000
    assert min(map(len, ids)) >= 22


def test_without_takes_parts_away() -> None:
    known = without(ANSWER, ("months", "region")).context
    assert known == Context("职工", None, None, True, "补缴")


@pytest.mark.parametrize(
    ("question", "dropped", "left"),
    [
        ("断缴两个月怎么补", ("months",), "断缴怎么补"),
        ("职工医保断缴超过3个月怎么办", ("months",), "职工医保断缴怎么办"),
        ("断缴半年还能补吗", ("months",), "断缴还能补吗"),
        ("沈阳职工医保怎么停", ("region",), "职工医保怎么停"),
        ("在沈阳市怎么停医保", ("region",), "怎么停医保"),
        ("职工医保怎么停", ("scheme",), "医保怎么停"),
        ("城乡居民医保怎么停", ("scheme",), "医保怎么停"),
        ("新农合断了怎么办", ("scheme",), "医保断了怎么办"),
        ("线上怎么停医保", ("online",), "怎么停医保"),
        ("沈阳职工医保断缴两个月怎么补", ("scheme", "region", "months"), "医保断缴怎么补"),
        ("沈阳", ("region",), "沈阳"),  # nothing would be left
        ("断缴两个月怎么补", (), "断缴两个月怎么补"),
    ],
)
def test_forgetting(question: str, dropped: tuple[str, ...], left: str) -> None:
    assert forget(question, dropped, Context(region="沈阳")) == left


# --- the journal ---------------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    kept = Journal.beside(replace(Settings(), feedback=tmp_path / "feedback.db"))
    yield kept
    kept.close()


def test_share_links_come_back_masked_and_grow_old(journal: Journal) -> None:
    old = journal.share([Said("旧")], date(2026, 1, 1))
    new = journal.share([Said("我的电话13800138000", ("months",))], TODAY)
    said = journal.shared(new, TODAY)
    assert said is not None
    assert said[0].dropped == ("months",)
    assert "13800138000" not in said[0].question
    assert journal.shared(old, TODAY) is None
    assert journal.shared("nothing", TODAY) is None


def test_days_are_counted(journal: Journal) -> None:
    for _ in range(3):
        journal.count(TODAY, "answered", "断缴与补缴")
    journal.count(date(2026, 1, 1), "refused", "")
    assert [(d.day, d.status, d.subject, d.n) for d in journal.days(date(2026, 11, 1))] == [
        (TODAY, "answered", "断缴与补缴", 3)
    ]


# --- the answer on the page ----------------------------------------------------------------------


def test_marks_join_to_the_article() -> None:
    start = GUIDE.text.index("- 本人身份证")
    html = str(marked(GUIDE, start, start + len("- 本人身份证\n- 社会")))
    assert "<mark>- 本人身份证</mark></p>" in html
    assert "<mark>- 社会</mark>保障卡</p>" in html
    assert html.count("<mark>") == 2


def opened(answer: Answer, key: str) -> Panel | None:
    known = {a.id: a for a in (GUIDE, LOCAL, UNDATED)}
    return panel(answer, key, TODAY, current=known.get)


def test_what_was_removed_is_not_shown_again() -> None:
    gone = panel(ANSWER, "1", TODAY, current=lambda _: None)
    assert gone is not None
    assert "已更新或移除" in gone.html
    assert "中断不满" not in gone.html
    changed = replace(GUIDE, text=GUIDE.text + "新")
    other = panel(ANSWER, "1", TODAY, current=lambda _: changed)
    assert other is not None
    assert "已更新或移除" in other.html
    assert "<mark>中断不满" in other.html


def test_a_panel_knows_its_neighbours() -> None:
    assert keys(ANSWER) == ("1", "2", "3", "4", "5", "6", "l1", "l2")
    first, law = opened(ANSWER, "1"), opened(ANSWER, "l1")
    assert first is not None
    assert law is not None
    assert (first.previous, first.next) == ("", "2")
    assert (law.previous, law.next, law.title) == ("6", "l2", "《社会保险法》第三十二条")
    assert f"<mark>{SIL_32.text}</mark>" in law.html
    assert opened(ANSWER, "l3") is None  # the database does not hold it
    assert opened(ANSWER, "99") is None


def test_only_web_addresses_become_links() -> None:
    answer = rich("问", Context())
    two = opened(answer, "2")
    one = opened(answer, "1")
    assert two is not None
    assert one is not None
    assert f'href="{LOCAL.source.url}"'.replace("&", "&amp;") in two.html
    assert "href" not in one.html


def test_each_list_names_its_article() -> None:
    html = "".join(blocks(ANSWER, "1"))
    lists = [*ANSWER.procedures, ANSWER.materials, ANSWER.places, ANSWER.times]
    assert html.count('<p class="for">《') == sum(1 for one in lists if one)
    assert '<p class="for">《职工医保断缴两个月怎么补》' in html


def test_a_source_that_names_no_publisher_is_said_to() -> None:
    unsigned = replace(UNDATED, source=Source("", "a.txt"), author="")
    one = cite(1, unsigned, "超过三个月要等三个月。")
    claim = replace(ANSWER.conflicts[0].claims[0], citation=one)
    conflict = replace(ANSWER.conflicts[0], claims=(claim,))
    answer = replace(
        refused("问", Context()), status="answered", summary=(said(one),), conflicts=(conflict,),
        citations=(one,),
    )  # fmt: skip
    html = "".join(blocks(answer, "1"))
    for text in (
        'aria-label="来源 1：发布者未注明，日期未注明，断缴影响说明"',
        "<td>发布者未注明<",
        ">发布者未注明 · 日期未注明 · 全国<",
    ):
        assert text in html
    assert "《断缴影响说明》 · 发布者未注明 · 日期未注明 · 全国 · 网页 · a.txt\n[1] 「" in plain(
        answer
    )
    shown = panel(answer, "1", TODAY, current={unsigned.id: unsigned}.get)
    assert shown is not None
    assert "<dd>发布者未注明</dd>" in shown.html


def test_sources_are_listed_once() -> None:
    html = "".join(blocks(ANSWER, "1"))
    listed = html[html.index('<details class="block sources"') :]
    assert re.findall(r'<li class="(\w+)">', listed) == ["editorial", "quotation", "quotation"]
    assert "参考来源（3）" in listed
    assert re.findall(r">\[(\d)\]<", listed) == ["1", "4", "5", "6", "2", "3"]


def test_our_own_words_stand_over_what_they_rest_on_and_without_quotation_marks() -> None:
    html = "".join(blocks(ANSWER, "1"))
    listed = html[html.index('<details class="block sources"') :]
    _, ours, *theirs = re.split(r'<li class="(?:editorial|quotation)">', listed)
    assert "医保问答整理 · 2026-11-21 核对 · 全国" in ours
    assert "「" not in ours
    assert (
        "<li>依据：国家医疗保障局办公室医保办发〔2021〕43号 · 2021-11-01 · 政策文件 · 原文未收录</li>"
        in ours
    )
    assert (
        "<li>依据：全国人民代表大会常务委员会《社会保险法》第三十二条 · 2018-12-29 · 法律</li>"
        in ours
    )
    assert "<li>依据：找法网《带什么》节选 · 2021-07-17 · 网页 · 原文未收录</li>" in ours
    assert "<li>办事建议，不出自某一来源</li>" in ours
    assert "「中断超过三个月的，从重新缴费起满六个月」" in theirs[0]
    assert '<span class="tag excerpt">网页</span>' in theirs[0]
    assert "依据：" not in "".join(theirs)


def test_the_panel_shows_what_a_sentence_rests_on_beside_it() -> None:
    shown = panel(ANSWER, "1", TODAY, current={GUIDE.id: GUIDE}.get)
    assert shown is not None
    sentence, _, rest = shown.html.partition("</mark>")
    assert sentence.endswith("中断不满三个月的，可以补缴，补缴后不设等待期。")
    beside = rest[: rest.index('<p class="line')]
    assert "<li>依据：国家医疗保障局办公室医保办发〔2021〕43号" in beside
    assert "<blockquote>个人跨统筹地区就业的" in beside, "the words of the statute can be unfolded"
    assert "<dt>整理</dt><dd>医保问答编写组</dd>" in shown.html
    assert "<dt>核对</dt><dd>2026-11-21</dd>" in shown.html
    assert "国家医疗保障局" not in shown.html.replace(beside, "")


def test_the_steps_of_one_list_share_a_mark() -> None:
    (steps,) = (block for block in blocks(ANSWER, "1") if "<ol>" in block and "channel" in block)
    assert re.findall(r">\[(\d)\]<", steps) == ["4", "4"]
    assert plain(ANSWER).count("[4]") == 3, "behind each list, and at the end"


def test_every_citation_on_the_page_can_be_opened() -> None:
    html = "".join(blocks(ANSWER, "7"))
    assert set(re.findall(r'href="#p7-(\w+)"', html)) == set(keys(ANSWER))


def test_the_plain_text_has_every_section() -> None:
    text = plain(ANSWER)
    for words in (
        "办理步骤（支付宝 · 职工医保 · 全国）\n《职工医保断缴两个月怎么补》\n1. 打开支付宝",
        "（来源仅列出前 4 步）",
        "所需材料\n《职工医保断缴两个月怎么补》\n· 本人身份证[5]",
        "《医疗保障法》第十三条（已公布，2027-01-01 起施行）",
        "国家规定：由各地规定，原则上不超过6个月。[1]",
        "《职工医保断缴两个月怎么补》 · 医保问答整理 · 2026-11-21 核对 · 全国\n[1] 中断不满三个月的",
        "    依据：国家医疗保障局办公室医保办发〔2021〕43号 · 2021-11-01 · 政策文件 · 原文未收录",
        "[6] 参保地医保经办机构的服务窗口。\n    办事建议，不出自某一来源",
        "《沈阳断缴后多久能报销》 · 健康新闻 · 2025-04-19 · 沈阳 · 网页 · 节选 · https://example.org/",
        "[2] 「中断超过三个月的，从重新缴费起满六个月」",
    ):
        assert words in text
    assert text.count("《职工医保断缴两个月怎么补》 · ") == 1, "one entry an article"
    assert "[" not in plain(FakeAssistant().ask("写一首诗"))


def test_a_claim_stands_beside_who_makes_it() -> None:
    """Not beside who publishes the article that reports it."""
    answer = ANSWER
    conflict = answer.conflicts[0]
    reported = replace(conflict.claims[0], publisher="转述网")
    answer = replace(
        answer, conflicts=(replace(conflict, claims=(reported, *conflict.claims[1:])),)
    )
    table = next(block for block in blocks(answer, "t") if "说法不一" in block)
    assert "转述网" in table
    assert "转述网" in plain(answer)
