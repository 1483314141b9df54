"""Golden cases for each habit of heading and list, and the invariants on random Chinese pages."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.blocks import blocks
from corpus.markers import chinese_number, marker_at
from corpus.passages import is_cut, split
from corpus.text import normalise, sentences
from corpus.titles import title_of
from corpus.types import Article, Passage, Source


def article(text: str, title: str = "怎么办", **more: object) -> Article:
    return Article("a", title, text, Source("某站", "a.txt"), **more)  # type: ignore[arg-type]


def passages(text: str, title: str = "怎么办", **more: object) -> tuple[Passage, ...]:
    return split(article(text, title, **more))


def items(passage: Passage) -> list[str]:
    return [passage.article.text[a:b] for a, b in passage.items]


# -- marks ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "family", "number"),
    [
        ("一、停保", "cn", 1),
        ("十二、停保", "cn", 12),
        ("（三）补缴", "cn()", 3),
        ("(3)补缴", "1)", 3),
        ("4. 补缴", "1.", 4),
        ("4．补缴", "1.", 4),
        ("１、补缴", "1.", 1),
        ("⑤ 补缴", "①", 5),
        ("第二步：点击", "step", 2),
        ("步骤三 点击", "step", 3),
        ("方法一：微信", "way", 1),
        ("首先，打开", "order", 1),
        ("• 身份证", "•", None),
        ("- 身份证", "•", None),
        ("### 线上", "#", 3),
        ("第二十五条 国家", "article", 25),
        ("第二章 总则", "chapter", 2),
        ("问：怎么停", "question", None),
    ],
)
def test_marks(text: str, family: str, number: int | None) -> None:
    mark = marker_at(text, 0, len(text))
    assert mark is not None
    assert (mark.family, mark.number) == (family, number)


@pytest.mark.parametrize(
    "text", ["3.5%的费率", "一般来说", "-5元", "2025年", "第一次参保", "——说明"]
)
def test_no_marks(text: str) -> None:
    assert marker_at(text, 0, len(text)) is None


def test_numbers() -> None:
    assert [chinese_number(n) for n in ("三", "十", "二十一", "一百零五", "12", "１２")] == [
        3, 10, 21, 105, 12, 12,
    ]  # fmt: skip


# -- lists stay whole -------------------------------------------------------------------------

STEPS = ["打开支付宝", "点击市民中心", "选择医保", "填写信息", "确认支付"]
HABITS = [
    "{n}. {s}。",
    "{n}、{s}；",
    "{n}．{s}",
    "（{c}）{s}。",
    "({n}){s}。",
    "{o}{s}。",
    "第{c}步：{s}。",
    "第{n}步 {s}",
    "步骤{c}：{s}。",
    "• {s}。",
    "- {s}",
    "{c}、{s}。",
]


def written(habit: str) -> list[str]:
    return [
        habit.format(n=n, c="一二三四五"[n - 1], o="①②③④⑤"[n - 1], s=s)
        for n, s in enumerate(STEPS, 1)
    ]


@pytest.mark.parametrize("habit", HABITS)
def test_a_list_is_one_passage_with_its_introduction(habit: str) -> None:
    text = (
        "手机上可以恢复参保，步骤如下：\n" + "\n".join(written(habit)) + "\n\n办好后次月享受待遇。"
    )
    found = passages(text)
    assert found[0].kind == "steps"
    assert found[0].text.startswith("手机上可以恢复参保")
    assert [item.rstrip("。；") for item in items(found[0])] == STEPS
    assert found[-1].text == "办好后次月享受待遇。"


@pytest.mark.parametrize("habit", [h for h in HABITS if not h.startswith("-")])
@pytest.mark.parametrize("gap", [" ", "      "])
def test_the_same_list_flattened_into_one_line(habit: str, gap: str) -> None:
    text = "恢复参保的步骤如下:" + gap + gap.join(written(habit))
    (found,) = passages(text)
    assert found.text == text
    assert [item.rstrip("。；") for item in items(found)] == STEPS


def test_first_next_last_are_steps_that_keep_their_words() -> None:
    text = "可以这样做。首先，准备身份证。其次，到窗口提交。最后，等待短信。总之，越早越好。"
    found = passages(text)
    assert items(found[0]) == ["首先，准备身份证。", "其次，到窗口提交。", "最后，等待短信。"]
    assert found[-1].text.endswith("总之，越早越好。")


def test_a_paragraph_between_two_steps_does_not_break_the_list() -> None:
    text = (
        "一、线上\n1、登录平台。\n2、选择变更。\n\n办理前请先实名。\n\n3、提交申请。\n"
        "二、线下\n到窗口。"
    )
    first = passages(text)[0]
    assert items(first) == ["登录平台。", "选择变更。\n\n办理前请先实名。", "提交申请。"]


def test_bullets_inside_a_step_belong_to_it() -> None:
    text = "办理步骤：\n1. 准备材料，有：\n   - 身份证\n   - 社保卡\n2. 到窗口提交。\n3. 领取回执。"
    (found,) = passages(text)
    assert items(found)[0] == "准备材料，有：\n   - 身份证\n   - 社保卡"
    assert len(items(found)) == 3


def test_a_very_long_list_is_cut_between_steps_and_repeats_its_introduction() -> None:
    steps = [f"{n}. 打开第{n}个页面，" + "填写有关信息" * 12 + "。" for n in range(1, 31)]
    found = passages("补缴的操作如下：\n" + "\n".join(steps))
    assert len(found) == 3
    assert all(p.heading == ("补缴的操作如下",) for p in found)
    assert [item for p in found for item in items(p)] == [s.split(". ", 1)[1] for s in steps]
    assert found[1].text.startswith("12. ")


# -- headings ---------------------------------------------------------------------------------


def paths(text: str) -> list[tuple[str, ...]]:
    return [p.heading for p in passages(text)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("一、参保条件", "二、待遇标准"),
        ("（一）参保条件", "（二）待遇标准"),
        ("1. 参保条件", "2. 待遇标准"),
        ("# 参保条件", "# 待遇标准"),
        ("参保条件", "待遇标准"),
        ("**参保条件**", "**待遇标准**"),
        ("【参保条件】", "【待遇标准】"),
        ("参保条件：", "待遇标准："),
        ("一、\n\n参保条件", "二、\n\n待遇标准"),
    ],
)
def test_headings_of_every_habit(one: str, two: str) -> None:
    text = (
        f"下面分两点来说。\n\n{one}\n\n    在本市居住满半年的人都可以参加。\n\n"
        f"{two}\n\n    住院费用报销七成。"
    )
    assert paths(text)[-2:] == [("参保条件",), ("待遇标准",)]
    assert passages(text)[-1].text == "住院费用报销七成。"


def test_a_heading_numbered_like_a_list() -> None:
    """All headings are 「1.」 over bullets; 「• 流程」 stands over bullets like itself."""
    text = (
        "停保办法如下：\n\n  1. 员工自己办\n  • 所需材料 ：身份证。\n\n  • 办理地点 ：窗口。\n\n"
        "  1. 公司代办\n  • 所需材料 ：营业执照。\n\n  • 流程\n\n  • 登录网上大厅。\n\n"
        "  • 提交减员申请。\n\n  1. 注意事项\n  • 月底前办。\n"
    )
    found = passages(text)
    assert [(p.kind, p.heading) for p in found] == [
        ("materials", ("停保办法", "员工自己办", "所需材料")),
        ("place", ("停保办法", "员工自己办", "办理地点")),
        ("materials", ("停保办法", "公司代办", "所需材料")),
        ("steps", ("停保办法", "公司代办", "流程")),
        ("note", ("停保办法", "注意事项")),
    ]
    assert items(found[3]) == ["登录网上大厅。", "提交减员申请。"]


def test_headings_and_lists_of_our_own_articles() -> None:
    text = (
        "## 办理步骤\n### 线上：支付宝\n1. 打开支付宝。\n2. 点击“补缴”。\n\n"
        "### 线下：窗口\n1. 带上材料。\n"
        "2. 填写申请表。\n\n## 所需材料\n- 身份证\n- 社保卡\n\n## 办理地点\n参保地窗口。\n\n"
        "## 办理时限\n当场办结。\n\n## 注意事项\n- 欠缴由单位补。"
    )
    assert [(p.kind, p.heading) for p in passages(text)] == [
        ("steps", ("办理步骤", "线上：支付宝")),
        ("steps", ("办理步骤", "线下：窗口")),
        ("materials", ("所需材料",)),
        ("place", ("办理地点",)),
        ("time", ("办理时限",)),
        ("note", ("注意事项",)),
    ]


def test_a_guide_of_bare_lines() -> None:
    text = (
        "在本市参保即可。\n办理材料\n身份证\n户口本\n医保卡\n"
        "办理流程\n第一步：取号。\n第二步：提交。\n办理时限\n5个工作日"
    )
    assert [(p.kind, p.heading, p.text) for p in passages(text)[1:]] == [
        ("materials", ("办理材料",), "身份证\n户口本\n医保卡"),
        ("steps", ("办理流程",), "第一步：取号。\n第二步：提交。"),
        ("time", ("办理时限",), "5个工作日"),
    ]


def test_articles_of_a_regulation() -> None:
    text = (
        "第一章 总则\n\n第一条 为了便民，制定本办法。\n\n"
        "第二条 下列人员适用：\n（一）职工；\n（二）退休人员。"
    )
    found = passages(text, "某市参保办法", kind="policy")
    assert [p.heading for p in found] == [("第一章 总则",)] * 2
    assert items(found[1]) == ["职工；", "退休人员。"]


def test_questions_and_replies() -> None:
    text = (
        "问：断缴后怎么办？\n答：补缴流程如下：\n（1）登录平台；\n（2）提交申请。\n"
        "问：要带什么？\n答：身份证。"
    )
    found = passages(text)
    assert [p.heading for p in found] == [("断缴后怎么办？",), ("要带什么？",)]
    assert items(found[0]) == ["登录平台；", "提交申请。"]


def test_channels_of_a_flattened_page_are_procedures_of_their_own() -> None:
    text = (
        "可以用下面几种方式续费: 通过银行APP续费 : 打开银行APP，进入生活缴费。 "
        "选择医保，完成付款。 "
        "通过微信续费 : 打开微信，点击服务。 选择城市，点击医保完成付款。"
    )
    one, two = passages(text)
    assert (one.heading, two.heading) == (("通过银行APP续费",), ("通过微信续费",))
    assert items(two) == ["打开微信，点击服务。", "选择城市，点击医保完成付款。"]
    assert one.text + " " + two.text == text


def test_bare_titles_of_a_flattened_page() -> None:
    text = (
        "规定如下: 一、补缴可能性 允许的情况 多数地区允许三年后补缴。 "
        "特殊身份 灵活就业人员要满一年。 二、所需材料 需提交身份证"
    )
    assert [p.heading for p in passages(text)] == [
        ("规定", "补缴可能性", "允许的情况"),
        ("规定", "补缴可能性", "特殊身份"),
        ("规定", "所需材料"),
    ]


def test_title_of() -> None:
    for line, title in [
        ("一、办理流程如下：", "办理流程"),
        ("**申请材料**：", "申请材料"),
        ("（二）网上办理:可以在手机上办。", "网上办理"),
        ("方法一：微信", "方法一：微信"),
    ]:
        assert title_of(line, blocks(line)[0]) == title


# -- kinds ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        ("steps", "怎么停保", "打开支付宝，点击市民中心，选择医保，确认提交。"),
        ("materials", "停保要什么材料", "需提供身份证原件、户口簿复印件。"),
        ("materials", "怎么参保", "携带身份证、户口簿和近期照片。"),
        ("place", "停保在哪办", "到参保地医保经办机构窗口办理。"),
        ("time", "居民医保几号截止", "每年12月25日前完成缴费。"),
        ("rule", "断缴有什么影响", "断缴期间发生的费用不予报销。"),
        ("definition", "新农合是什么", "新农合是指由政府组织、农民自愿参加的医疗互助制度。"),
        ("legal", "法律怎么说", "《社会保险法》第二十五条国家建立居民医保制度。"),
        ("legal", "法律怎么说", "根据《社会保险法》第二十三条规定，职工应当参保。"),
        ("note", "怎么办", "温馨提示：各地政策不同，以当地为准。"),
        ("note", "怎么办", "建议先拨打12393咨询。"),
    ],
)
def test_kinds(kind: str, title: str, text: str) -> None:
    assert [p.kind for p in passages(text, title)] == [kind]


def test_kinds_of_traditional_text() -> None:
    assert [p.kind for p in passages("辦理材料：身份證、戶口簿。")] == ["materials"]


def test_unlike_parts_of_a_list_are_passages_of_their_own() -> None:
    text = (
        "一、参保登记\n\n  1. 准备材料\n\n    身份证。\n\n  2. 办理地点\n\n    居委会。\n\n"
        "  3. 办理时限\n\n    当场。"
    )
    assert [(p.kind, p.text) for p in passages(text)] == [
        ("materials", "身份证。"),
        ("place", "居委会。"),
        ("time", "当场。"),
    ]


# -- excerpts, statutes, nothing --------------------------------------------------------------


def test_where_the_source_was_cut() -> None:
    text = "一、流程\n1. 打开平台。\n2. 点击办\n"
    assert [is_cut(p) for p in passages(text, excerpt=True)] == [True]
    assert [is_cut(p) for p in passages(text)] == [False]
    two = "一、材料\n身份证原件和复印件。\n二、期限\n每月25日前，逾期的话"
    assert [is_cut(p) for p in passages(two, excerpt=True)] == [False, True]


def test_a_list_that_was_done_before_the_cut() -> None:
    done = "步骤如下: 1、打开支付宝。 2、点击医保。 3、完成支付。 二、其他事项"
    assert not is_cut(passages(done, excerpt=True)[0])
    begun = "步骤如下: 1、打开支付宝。 2、点击医保。 3、"
    assert [is_cut(p) for p in passages(begun, excerpt=True)] == [True]


def test_a_statute_is_one_passage() -> None:
    text = (
        "有下列情形之一的，处以罚款：\n（一）转借凭证；\n（二）冒名就医。\n\n情节严重的，暂停结算。"
    )
    (found,) = passages(text, "某法 第三条", kind="statute")
    assert (found.kind, found.text) == ("legal", text)
    assert items(found)[:1] == ["转借凭证；"]


def test_nothing_gives_nothing() -> None:
    assert passages("") == ()
    assert passages(" \n ") == ()


def test_each_quotation_of_a_law_is_a_passage() -> None:
    text = (
        "法律依据\n《社会保险法》第二十五条国家建立制度。\n个人缴费。\n"
        "《社会保险法》第六十三条 责令补足。"
    )
    assert [p.text[:14] for p in passages(text)] == [
        "《社会保险法》第二十五条国家",
        "《社会保险法》第六十三条 责",
    ]


# -- invariants on random pages ---------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "停保",
        "携带身份证",
        "点击医保",
        "到窗口办理",
        "缴费满3个月",
        "怎么办",
        "材料",
        "流程",
        "办理地点",
        "以下",
        "首先",
        "其次",
        "APP",
        "3.5%",
        "《社会保险法》第三条",
        "（含）",
        "“全部”",
        "注意事项",
    ]
)
MARKS = st.sampled_from(
    [
        "",
        "",
        "",
        "",
        "一、",
        "二、",
        "（一）",
        "（二）",
        "1. ",
        "2. ",
        "3、",
        "(1)",
        "①",
        "②",
        "第一步：",
        "方法一：",
        "• ",
        "- ",
        "# ",
        "## ",
        "第一条 ",
        "第一章 ",
        "问：",
        "答：",
        "    ",
        "\u3000\u3000",
        "  • ",
        "   1. ",
    ]
)
ENDS = st.sampled_from(["。", "；", "：", ":", "", "，", " ", "！", "? ", " ：", "。 ", "; "])
LINES = st.tuples(MARKS, st.lists(st.tuples(WORDS, ENDS), max_size=5)).map(
    lambda line: line[0] + "".join(word + end for word, end in line[1])
)
PAGES = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n\n", " "])), max_size=14).map(
    lambda lines: normalise("".join(line + gap for line, gap in lines))
)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@settings(max_examples=400, deadline=None)
@example("停保：\n怎么办", False)
@given(PAGES, st.booleans())
def test_passages_cover_everything_but_headings(text: str, excerpt: bool) -> None:
    found = passages(text, excerpt=excerpt)
    assert "".join(text[a:b] for a, b in sentences(text)) == text
    end = 0
    for number, passage in enumerate(found):
        assert end <= passage.start < passage.end <= len(text)
        assert passage.text == text[passage.start : passage.end] == passage.text.strip()
        left = text[end : passage.start]
        # what no passage holds is a heading of the passage that follows
        path = bare("".join(passage.heading))
        for block in blocks(left):
            title = bare(title_of(left, block))
            assert title in path or title == "怎么办" or not title, (left, number)
        place = passage.start
        for a, b in passage.items:
            assert place <= a < b <= passage.end
            place = b
        end = passage.end
    assert not bare(text[end:]).replace("怎么办", "")  # the title once more says nothing


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        alphabet="一二、（）().1234567890①②•-*#：:。；，!？ \n\u3000第步条章医保缴【】《》→abc",
        max_size=120,
    )
)
def test_any_text_can_be_split(raw: str) -> None:
    text = normalise(raw)
    end = 0
    for passage in passages(text, excerpt=True):
        assert end <= passage.start < passage.end
        assert all(passage.start <= a < b <= passage.end for a, b in passage.items)
        is_cut(passage)
        end = passage.end


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(HABITS),
    st.lists(
        st.text(alphabet="点击医保缴费支付身份证，", min_size=2, max_size=60),
        min_size=2,
        max_size=9,
    ),
    st.booleans(),
)
def test_no_step_is_lost(habit: str, words: list[str], flat: bool) -> None:
    """Any list numbered from 1 is in one passage, each step an item, whatever the steps say."""
    steps = [w.strip("，") or "缴费" for w in words]
    lines = [
        habit.format(n=n, c="一二三四五六七八九"[n - 1], o="①②③④⑤⑥⑦⑧⑨"[n - 1], s=s + "办好。")
        .replace("。。", "。")
        .replace("。；", "；")
        for n, s in enumerate(steps, 1)
    ]
    if flat and habit[0] in "-•":
        flat = False
    text = "请按以下步骤办理：\n" + (" " if flat else "\n").join(lines) + "\n\n以上步骤供参考。"
    listed = [p for p in passages(text) if p.items]
    assert [item.rstrip("。；") for p in listed for item in items(p)] == [s + "办好" for s in steps]
    if len(text) < 1200:
        assert len(listed) == 1


def test_rows_of_a_table_stay_whole() -> None:
    """序号：1；医院：甲院；地址：一号。 A place among its cells does not part a row from its name."""
    text = "序号：1；医院名称：甲院；地址：一路一号。\n序号：2；医院名称：乙院；地址：二路二号。"
    assert [p.text for p in passages(text)] == [text]
    alone = "办理材料：身份证、户口簿；办理地点：政务中心一楼；办理时限：五个工作日。"
    assert len([b for b in blocks(alone)]) > 1
