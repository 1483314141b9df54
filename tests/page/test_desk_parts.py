"""The parts of the desk by themselves: joining, the form, the findings, what changed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from desk_kit import ARTICLE
from hypothesis import given
from hypothesis import strategies as st

from assistant.page.admin.diffing import difference
from assistant.page.admin.findings import findings, said
from assistant.page.admin.form import Form, form_of, text_of
from assistant.page.admin.merging import Merged, merged
from assistant.page.admin.rehearsal import Shown, questions, side_by_side, told
from corpus.check_one import due, problems_beside
from corpus.markdown import paths
from corpus.schema import Problem, take_apart
from corpus.settings import Settings
from index.feedback import Entry

TEXT = ARTICLE.format(title="手机怎么停保")
TODAY = date(2026, 11, 28)
lines = st.lists(st.sampled_from("甲乙丙丁"), max_size=8).map(
    lambda rows: "".join(f"{r}\n" for r in rows)
)


@given(lines, lines)
def test_where_one_changed_nothing_the_other_stands(base: str, other: str) -> None:
    assert merged(base, base, other) == Merged(other, clean=True)
    assert merged(base, other, base) == Merged(other, clean=True)
    assert merged(base, other, other) == Merged(other, clean=True)


@given(lines, lines, lines)
def test_nothing_that_one_wrote_is_lost(base: str, theirs: str, mine: str) -> None:
    text = merged(base, theirs, mine).text
    for added in set(theirs.split("\n")) - set(base.split("\n")):
        assert added in text
    for added in set(mine.split("\n")) - set(base.split("\n")):
        assert added in text


def test_both_changed_one_line() -> None:
    assert merged("甲\n乙\n丙\n", "甲1\n乙\n丙\n", "甲2\n乙\n丙3\n") == Merged(
        "<<<<<<< 现在的\n甲1\n=======\n甲2\n>>>>>>> 我的\n乙\n丙3\n", clean=False
    )
    assert merged("", "甲", "乙") == Merged(
        "<<<<<<< 现在的\n甲\n=======\n乙\n>>>>>>> 我的\n", clean=False
    )


def test_every_shipped_article_stays_as_it_is_in_the_form() -> None:
    every = paths(Settings().articles)
    assert len(every) > 100
    for path in every:
        text = path.read_text(encoding="utf-8")
        form = form_of(text)
        assert form is not None
        assert text_of(text, form) == text


def test_each_field_is_written_so_that_it_is_read_alike() -> None:
    form = form_of(TEXT)
    assert form is not None
    fixed = (
        "手机怎么停保\n- 可以在手机上办。\n- 甲: 乙，丙。\n\n手机怎么停保甲问法\n- 也可以到窗口办。"
    )
    changed = {
        "title": "题: 一",
        "questions": "一问: 甲\n二问 # 乙",
        "schemes": "职工、居民，灵活就业",
        "region": "沈阳",
        "review_by": "2027-01-02",
        "basis": "社会保险法 第三十二条",
        "conflicts_with": "停保/窗口停保",
        "sources": "s1: {tier: law, publisher: 甲, name: 乙}",
        "fixed": fixed,
    }
    text = text_of(TEXT, Form({**form.fields, **changed}, "## 简要回答\r\n"))
    parts = take_apart(text)
    assert parts is not None
    assert parts.fields == {
        "title": "题: 一",
        "questions": ["一问: 甲", "二问 # 乙"],
        "schemes": ["职工", "居民", "灵活就业"],
        "region": "沈阳",
        "kind": "faq",
        "checked": date(2026, 11, 21),
        "review_by": date(2027, 1, 2),
        "sources": {"s1": {"tier": "law", "publisher": "甲", "name": "乙"}},
        "basis": ["社会保险法 第三十二条"],
        "conflicts_with": ["停保/窗口停保"],
        "fixed": [
            {"question": "手机怎么停保", "says": ["可以在手机上办。", "甲: 乙，丙。"]},
            {"question": "手机怎么停保甲问法", "says": ["也可以到窗口办。"]},
        ],
    }
    assert parts.body == "## 简要回答\n"
    again = form_of(text)
    assert again is not None
    assert {name: again.fields[name] for name in changed} == {
        **changed,
        "schemes": "职工、居民、灵活就业",
    }
    emptied = text_of(text, Form({**again.fields, "review_by": "", "fixed": " "}, again.body))
    assert ("review_by" in emptied, "fixed" in emptied) == (False, False)
    assert form_of("没有各栏的文字") is None
    assert form_of("---\na: [\n---\n") is None


def test_sources_written_over_several_lines_are_shown_one_a_line() -> None:
    text = TEXT.replace(
        "  s1: {tier: web, publisher: 某单位, name: 某文}",
        "  s1:\n    tier: web\n    publisher: 某单位\n    name: 某文",
    )
    form = form_of(text)
    assert form is not None
    assert form.fields["sources"] == "s1: {tier: web, publisher: 某单位, name: 某文}"
    assert text_of(text, form) == text


BROKEN = (
    ("title: 手机怎么停保", "title: [1]"), ("title: 手机怎么停保\n", ""), ("kind: faq", "kind: x"),
    ("checked: 2026-11-21", "checked: 昨天"), ("schemes: [职工]", "schemes: [军人]"),
    ("schemes: [职工]", "schemes: 职工"), ("  - 手机怎么停保甲问法\n", ""), ("甲问法", "乙问法"),
    ("手机怎么停保甲问法", "短"), ("basis: []", "basis: [某法]"), ("basis: []", "basis: [某法 第一条]"),
    ("basis: []", "basis: [社会保险法 第十六条]"), ("basis: []", "basis: [社会保险法 第二十三条]"),
    ("basis: []", "basis: [社会保险法 第九百条]"), ("basis: []", "basis: [医疗保障法 第十条]"),
    ("basis: []", "basis: []\nfixed: [1]"), ("basis: []", "basis: []\nfixed: 1"),
    ("basis: []", "basis: []\nfixed: [{question: 别的问题, says: [没有这句。]}]"),
    ("basis: []", "basis: []\nfixed: [{question: 手机怎么停保, says: []}, {question: 手机怎么停保, says: [身份证。]}]"),
    ("basis: []", "basis: []\nx: 1"), ("basis: []", "basis: []\nconflicts_with: [1]"),
    ("basis: []", "basis: []\nconflicts_with: [停保/没有]"),
    ("basis: []", "basis: []\nnot_questions: [手机怎么停保甲问法]"), ("basis: []", "basis: [\n"),
    ("basis: []", "basis: &a []\nnot_questions: *a"), ("basis: []", "basis: [[[[[[[[[[[[[1]]]]]]]]]]]]]"),
    ("tier: web", "tier: x"), ("name: 某文", "date: 昨天, name: 某文"), ("name: 某文", "x: 1, name: 某文"),
    (", name: 某文", ""), ("  s1:", "  s2:"), ("sources:\n  s1: {tier: web, publisher: 某单位, name: 某文}", "sources: {}"),
    ("sources:\n  s1: {tier: web, publisher: 某单位, name: 某文}", "sources: 1"),
    ("## 所需材料", "## 别的"), ("## 所需材料", "## 简要回答"), ("## 所需材料", "#### 别的"), ("## 简要回答\n", ""),
    ("## 简要回答", "有字\n## 简要回答"), ("身份证。{s1}", "**身份证**。{s1}"), ("- 身份证", "1. 身份证"),
    ("身份证。{s1}", "身份证。"), ("身份证。{s1}", "身份证。{s1}{advice}"), ("身份证。{s1}", "身份证。{x}"),
    ("身份证。{s1}", "身份证。{s9}"), ("身份证。{s1}", "身{s1}份证。{s1}"), ("可以在手机上办。{s1}", "一。{s1}二。{s1}三。{s1}四。{s1}"),
    ("## 所需材料", "## 说法不一"), ("## 所需材料\n", "## 说法不一\n\n- 某单位：能办。{甲 · 乙 · 地区未注明 · s1}\n\n## 所需材料\n"),
    ("身份证。{s1}", "《某法》的身份证。{advice}"), ("手机怎么停保甲问法", "窗口怎么停保"),
    ("---\ntitle", "title"),
)  # fmt: skip


@pytest.mark.parametrize(("old", "new"), BROKEN)
def test_each_finding_is_said_in_chinese(tmp_path: Path, old: str, new: str) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    root = tmp_path / "articles"
    path, other = root / "停保" / "手机停保.md", root / "停保" / "窗口停保.md"
    others = {other: ARTICLE.format(title="窗口怎么停保")}
    found = findings(problems_beside(path, text, root=root, today=TODAY, others=others))
    assert found
    for finding in found:
        # names of fields, laws' marks and the values that were written may stand in Latin letters
        assert str(path) not in finding.text
        assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", finding.text), finding.text
        assert finding.text.endswith("。")


def test_a_finding_that_is_not_known_is_shown_as_it_is() -> None:
    assert said(Problem("a.md", 3, "something new", "mend it")) == "a.md:3: something new; mend it"


def test_an_article_is_looked_at_beside_the_others_in_their_folder(tmp_path: Path) -> None:
    root = tmp_path / "articles"
    path = root / "停保" / "a.md"
    assert problems_beside(path, TEXT, root=root, today=TODAY, others={path: TEXT}) == ()
    elsewhere = root / "别处" / "a.md"
    (problem,) = problems_beside(elsewhere, TEXT, root=root, today=TODAY, others={})
    assert problem.what == "folder 别处 is none of ours"


def test_what_is_due_the_earliest_first() -> None:
    texts = {
        Path(name): TEXT.replace("2026-12-01", day)
        for name, day in (("b", "2027-01-27"), ("a", "2026-01-01"), ("c", "2027-01-28"))
    }
    assert due(texts, TODAY) == ((date(2026, 1, 1), Path("a")), (date(2027, 1, 27), Path("b")))
    assert due({Path("x"): "---\na: [\n---\n"}, TODAY) == ()


def test_a_difference_is_text_and_nothing_else() -> None:
    found = str(difference("甲\n<b>一</b>\n丙", "甲\n<b>二</b>\n丙\n丁"))
    assert '<del><span class="said">删去：</span>&lt;b&gt;<mark>一</mark>&lt;/b&gt;</del>' in found
    assert '<ins><span class="said">加上：</span>丁</ins>' in found
    assert str(difference("甲", "甲")) == "<p>没有不同。</p>"


def test_what_is_asked_of_both_generations() -> None:
    entries = [
        Entry(TODAY, "断缴怎么补？", "refused"), Entry(TODAY, "利息怎么算", "answered", "down"),
        Entry(TODAY, "利息怎么算", "answered", "down"), Entry(TODAY, "？", "refused"),
    ]  # fmt: skip
    asked = questions(entries, ("断缴怎么补",))
    assert asked[0] == "断缴怎么补"
    assert asked[-1] == "利息怎么算"
    assert len(asked) == len(set(asked))
    assert "断缴怎么补？" not in asked


def test_changed_answers_stand_side_by_side() -> None:
    was = Shown("已回答", ("<b>",), ("《甲》乙",), ())
    now = Shown("未能回答", ("<b>",), (), ())
    html = str(side_by_side({"问": (was, now), "同": (was, was)}))
    assert "问了 2 个问题，其中 1 个的回答会变。" in html
    assert html.count("<table") == 1
    assert html.count('class="differs"') == 2
    assert "<b>" not in html
    assert told({"问": (was, now)}) == (
        "问了 1 个问题，其中 1 个的回答会变。\n「问」\n  状态：已回答 → 未能回答\n  出处：《甲》乙 → –"
    )
    assert told({}) == str(side_by_side({}))[3:-4] == "没有改动，回答不会变。"
