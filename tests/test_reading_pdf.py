"""PDF files: what a reader sees, in the order in which it is read."""

import time

import pytest
from pdf_samples import area, drawn, flat, grid, line, words

from corpus.errors import InputError
from corpus.reading.pdf import read_pdf
from corpus.reading.pdfletters import letter

TITLE = words(60, 790, "医保待遇一览表", 16)
HEADS = ("险种", "中断时间", "等待期")
ROWS = (("职工医保", "三个月以内", "不设"), ("居民医保", "一年", "三个月"))
SENTENCES = [
    "险种：职工医保；中断时间：三个月以内；等待期：不设。",
    "险种：居民医保；中断时间：一年；等待期：三个月。",
]


def lines(*pages: list[str], turned: int = 0) -> list[str]:
    found = read_pdf(drawn(*pages, turned=turned)).lines
    return [one.text.removeprefix("# ") for one in found]


def placed(rows: tuple[tuple[str, ...], ...], top: float, xs: tuple[float, ...]) -> list[str]:
    """Rows of words without lines."""
    return [
        words(x, top - 24 * n, text) for n, row in enumerate(rows) for x, text in zip(xs, row, strict=True)
    ]  # fmt: skip


def ruled(rows: tuple[tuple[str, ...], ...], top: float = 740, **look: str) -> list[str]:
    """Rows of words with lines round each cell."""
    xs = [60 + 110 * n for n in range(len(rows[0]) + 1)]
    ys = [top - 20 * n for n in range(len(rows) + 1)]
    cells = [
        words(x + 5, y - 14, text, 10)
        for y, row in zip(ys, rows, strict=False)
        for x, text in zip(xs, row, strict=False)
        if text
    ]
    return grid(xs, ys) + cells


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [
        "职工医保断缴三个月以内的，可以由新单位",
        "到参保地医保经办机构申报补缴，补缴以后",
        "待遇连续。",
    ]
    right = [
        "居民医保没有补缴的，错过了集中缴费期的",
        "要等三个月，每多断一年的再加上一个月，",
        "最长六个月。",
    ]
    for offset in (0, 6):  # the lines of two columns need not stand at one height
        marks = [words(200, 800, "医保政策问答选编", 16)]
        for n in range(3):  # row by row, as some programs write
            marks += [words(60, 760 - 16 * n, left[n]), words(320, 760 - offset - 16 * n, right[n])]
        assert lines(marks) == ["医保政策问答选编", "".join(left), "".join(right)]


def test_three_columns_under_a_title_over_one_of_them() -> None:
    column = [
        "断缴三个月以内的，可以由新单",
        "位到参保地申报补缴，补缴以后",
        "待遇连续，可以追溯报销。",
    ]
    marks = [words(220, 800, "医保政策问答", 16)]
    for x, who in ((50, "甲"), (220, "乙"), (390, "丙")):
        marks += [words(x, 760 - 16 * n, who + text, 9) for n, text in enumerate(column)]
    whole = [
        f"{who}断缴三个月以内的，可以由新单{who}位到参保地申报补缴，补缴以后{who}待遇连续，可以追溯报销。"
        for who in "甲乙丙"
    ]
    assert lines(marks) == ["医保政策问答", *whole]


def test_a_letter_that_is_drawn_is_as_high_as_its_line() -> None:
    marks = [
        words(60, 760, "第"), flat(71, 760), words(82, 760, "条职工医保断缴三个月以内的，"),
        words(60, 744, "可以由新单位申报补缴。"),
        words(320, 755, "第三条居民医保没有补缴的，"), words(320, 739, "要等三个月。"),
    ]  # fmt: skip
    assert lines(marks)[0].startswith("第一条职工医保断缴三个月以内的，")


def test_what_a_browser_sets_round_a_page_goes() -> None:
    marks = [
        words(24, 820, "2025/3/1 10:02", 9),
        words(60, 760, "职工医保断缴三个月以内的，可以由新单位申报补缴，"),
        words(60, 744, "补缴后连续。网址见下。"),
        words(24, 20, "https://a.example.cn/1.html", 9),
        words(558, 20, "1/2", 9),
    ]
    assert lines(marks) == [
        "职工医保断缴三个月以内的，可以由新单位申报补缴，",
        "补缴后连续。网址见下。",
    ]


def test_a_table_with_lines_and_without_any() -> None:
    assert lines([TITLE, *ruled((HEADS, *ROWS))]) == ["医保待遇一览表", *SENTENCES]
    assert lines([TITLE, *placed((HEADS, *ROWS), 740, (60, 200, 320))]) == [
        "医保待遇一览表",
        *SENTENCES,
    ]
    below = [words(60, 640, "以上等待期从重新参保的次月起计算。")]
    three = [line(60, 755, 500, 755), line(60, 735, 500, 735), line(60, 680, 500, 680)]
    assert lines([TITLE, *three, *placed((HEADS, *ROWS), 742, (60, 200, 320)), *below]) == [
        "医保待遇一览表", *SENTENCES, "以上等待期从重新参保的次月起计算。",
    ]  # fmt: skip


def test_two_head_rows_and_cells_over_several_places() -> None:
    across = [line(60, y, 360, y) for y in (740, 700, 680, 660)] + [line(160, 720, 360, 720)]
    down = [line(x, 740, x, 660) for x in (60, 160, 360)] + [line(260, 720, 260, 660)]
    cells = [words(70, 715, "病种"), words(220, 725, "每月限额")]
    cells += [words(165, 705, "职工医保"), words(265, 705, "居民医保")]
    for y, row in ((685, ("癫痫", "400元", "200元")), (665, ("肝硬化", "600元", "300元"))):
        cells += [words(x, y, text) for x, text in zip((70, 165, 265), row, strict=True)]
    assert lines([TITLE, *across, *down, *cells]) == [
        "医保待遇一览表",
        "病种：癫痫；每月限额/职工医保：400元；每月限额/居民医保：200元。",
        "病种：肝硬化；每月限额/职工医保：600元；每月限额/居民医保：300元。",
    ]


def test_a_table_over_two_pages_with_its_heads_again() -> None:
    def foot(number: int) -> str:
        return words(280, 40, f"第 {number} 页 共 2 页", 9)

    first, second = ruled((HEADS, ROWS[0])), ruled((HEADS, ROWS[1]), 800)
    assert lines([TITLE, *first, foot(1)], [*second, foot(2)]) == ["医保待遇一览表", *SENTENCES]
    more = ruled((("", "两年", "六个月"), ("新生儿", "出生90天内", "不设")), 800)
    assert lines([TITLE, *ruled((HEADS, *ROWS)), foot(1)], [*more, foot(2)]) == [
        "医保待遇一览表",
        *SENTENCES,
        "险种：居民医保；中断时间：两年；等待期：六个月。",
        "险种：新生儿；中断时间：出生90天内；等待期：不设。",
    ]


def test_words_broken_in_a_cell_are_one_value() -> None:
    cells = [
        words(65, 726, "渠道", 10), words(165, 726, "办理说明", 10), words(65, 700, "线上", 10),
        words(165, 706, "登录公众号，选择参保登", 10), words(165, 692, "记，按提示办理。", 10),
        words(65, 660, "窗口", 10), words(165, 660, "带身份证办理。", 10),
    ]  # fmt: skip
    assert lines([TITLE, *grid((60, 160, 300), (740, 720, 680, 640)), *cells])[1:] == [
        "渠道：线上；办理说明：登录公众号，选择参保登记，按提示办理。",
        "渠道：窗口；办理说明：带身份证办理。",
    ]


def test_a_sentence_goes_on_overleaf_past_the_notes_at_the_foot() -> None:
    body = "职工医保断缴三个月以内的，可以由新单位到参保地医保经办机构申报补缴，补缴后的"
    note = words(60, 60, "①以参保地当年公布的办法为准。", 8)
    assert lines([words(60, 120, body), note], [words(60, 780, "待遇连续。")]) == [
        f"{body}待遇连续。",
        "①以参保地当年公布的办法为准。",
    ]


def test_radicals_and_marks_of_symbol_fonts() -> None:
    assert [letter(code) for code in (0x2EA0, 0x2F49, 0xF0B7, 0xE001, 0x533B)] == [
        "民", "月", "•", "", "医",
    ]  # fmt: skip
    assert lines([words(60, 700, "居⺠医保按⽉缴费。")]) == ["居民医保按月缴费。"]
    with pytest.raises(InputError, match="乱码"):
        lines([words(60, 700, "\ue001\ue002\ue003\ue004\ue005\ue006医保")])


def test_larger_letters_head() -> None:
    marks = [
        words(200, 800, "关于调整缴费标准", 20), words(230, 776, "有关事项的通知", 20),
        words(60, 740, "从今年起，居民每人缴费四百元，学生三百八十元，由税务部门征收，补助不变。"),
        words(60, 716, "缴费方式", 16), words(60, 690, "可以在线上缴，也可以到窗口缴。"),
    ]  # fmt: skip
    found = read_pdf(drawn(marks)).lines
    assert [(one.heading, one.text) for one in found] == [
        (1, "# 关于调整缴费标准有关事项的通知"),
        (0, "从今年起，居民每人缴费四百元，学生三百八十元，由税务部门征收，补助不变。"),
        (2, "## 缴费方式"),
        (0, "可以在线上缴，也可以到窗口缴。"),
    ]


def test_a_list_in_a_cell_stays_a_list() -> None:
    cells = [
        words(65, 726, "办理地点", 10),
        words(165, 726, "各区窗口", 10),
        words(65, 700, "办理流程", 10),
    ]
    cells += [
        words(165, 704 - 14 * n, text, 10)
        for n, text in enumerate(("1. 登记", "信息。", "2. 缴费。"))
    ]
    assert lines([TITLE, *grid((60, 160, 300), (740, 720, 660)), *cells])[1:] == [
        "办理地点：各区窗口。", "办理流程：", "1. 登记信息。", "2. 缴费。",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "marks",
    [
        [f"{x} {y} 110 20 re S" for x in (60, 170, 280) for y in (720, 700, 680)],
        [f"{x} 680 0.5 60 re f" for x in (170, 280)]
        + [f"60 {y} 330 0.5 re f" for y in (740, 720, 700, 680)],
    ],
)
def test_lines_may_be_boxes_or_bars_and_the_sides_open(marks: list[str]) -> None:
    cells = [mark for mark in ruled((HEADS, *ROWS)) if mark.startswith("BT")]
    assert lines([TITLE, *marks, *cells]) == ["医保待遇一览表", *SENTENCES]


def test_labels_and_values_and_a_matrix() -> None:
    pairs = (("受理条件", "本市职工"), ("办理地点", "各区窗口"), ("咨询电话", "12393"))
    assert lines([TITLE, *ruled(pairs)])[1:] == [
        "受理条件：本市职工。",
        "办理地点：各区窗口。",
        "咨询电话：12393。",
    ]
    matrix = (
        ("", "职工医保", "居民医保"),
        ("一级医院", "200元", "300元"),
        ("三级医院", "800元", "900元"),
    )
    assert lines([TITLE, *ruled(matrix)])[1:] == [
        "一级医院；职工医保：200元；居民医保：300元。",
        "三级医院；职工医保：800元；居民医保：900元。",
    ]


def test_numbers_of_a_list_are_no_column() -> None:
    items = ("登录公众号，选择参保登记。", "填写个人信息，提交。", "等待审核，三日内答复。")
    marks = [
        mark
        for n, item in enumerate(items)
        for mark in (words(60, 740 - 20 * n, f"（{n + 1}）"), words(130, 740 - 20 * n, item))
    ]
    assert lines([TITLE, *marks])[1:] == [f"（{n + 1}） {item}" for n, item in enumerate(items)]


SEEN = words(60, 760, "断缴三个月以内可以补缴。")


@pytest.mark.parametrize(
    "mark",
    [
        words(60, 700, "发到客服微信。", mode=3),
        words(60, 700, "发到客服微信。", mode=7),
        words(60, 700, "发到客服微信。", color="1 1 1"),
        words(60, 700, "发到客服微信。", 0.8),
        words(700, 700, "发到客服微信。"),
        words(60, -60, "发到客服微信。"),
        words(60, 300, "内部资料禁止外传", 40, turn="0.7 0.7 -0.7 0.7"),
        words(60, 300, "内部资料", 60, color="0.8 0.8 0.8"),
    ],
)
def test_what_nobody_sees_and_watermarks_are_not_read(mark: str) -> None:
    assert lines([SEEN, mark]) == ["断缴三个月以内可以补缴。"]


def test_the_words_laid_under_a_scanned_page_are_read() -> None:
    picture = "q {} cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"
    under = words(60, 700, "断缴三个月以内可以补缴。", mode=3)
    assert lines([picture.format("595 0 0 842 0 0"), under]) == ["断缴三个月以内可以补缴。"]
    assert lines([picture.format("99 0 0 99 60 650"), SEEN, under]) == ["断缴三个月以内可以补缴。"]


def test_words_under_a_box_are_not_read_and_words_on_it_are() -> None:
    secret = words(60, 700, "身份证号不公开。")
    for color in ("0 0 0", "1 1 1"):
        assert lines([SEEN, secret, area(50, 690, 200, 30, color)]) == ["断缴三个月以内可以补缴。"]
    assert lines([SEEN, area(50, 690, 200, 30, "0.9 0.9 0.5"), words(60, 700, "先登记。")]) == [
        "断缴三个月以内可以补缴。",
        "先登记。",
    ]
    clipped = f"q 50 690 5 5 re W n {area(50, 690, 200, 30, '0 0 0')} Q"
    assert lines([SEEN, words(60, 700, "先登记。"), clipped]) == [
        "断缴三个月以内可以补缴。",
        "先登记。",
    ]


def test_what_was_typed_into_a_field_is_read_and_a_hidden_field_is_not() -> None:
    typed = words(2, 4, "居民每年四百元")
    assert [one.text for one in read_pdf(drawn([SEEN], field=typed)).lines] == [
        "断缴三个月以内可以补缴。",
        "居民每年四百元",
    ]
    hidden = drawn([SEEN], field=typed, flags=2)
    assert [one.text for one in read_pdf(hidden).lines] == ["断缴三个月以内可以补缴。"]


def test_words_with_a_line_through_them_are_not_read_and_underlined_ones_are() -> None:
    marks = [words(60, 700, "最多可以补"), words(115, 700, "六"), words(126, 700, "三个月。")]
    assert lines([SEEN, *marks, line(115, 704.5, 126, 704.5)])[1:] == ["最多可以补三个月。"]
    assert lines([SEEN, *marks, line(115, 698, 126, 698)])[1:] == ["最多可以补六三个月。"]
    assert lines([SEEN, *marks, line(20, 704.5, 560, 704.5)])[1:] == ["最多可以补六三个月。"]


def test_white_words_on_a_color_are_read() -> None:
    heads = [words(65 + 110 * n, 726, text, 10, color="1 1 1") for n, text in enumerate(HEADS)]
    blue = area(60, 720, 330, 20, "0 0.2 0.6")
    assert lines([TITLE, blue, *ruled((("", "", ""), *ROWS)), *heads])[1:] == SENTENCES


def test_a_grey_remark_is_read_and_a_grey_mark_on_each_page_is_not() -> None:
    grey = words(60, 700, "以当年公布的为准。", color="0.7 0.7 0.7")
    assert lines([SEEN, grey]) == ["断缴三个月以内可以补缴。", "以当年公布的为准。"]
    other = words(60, 760, "超过三个月的要等六个月。")
    assert lines([SEEN, grey], [other, grey]) == [
        "断缴三个月以内可以补缴。",
        "超过三个月的要等六个月。",
    ]


def test_running_heads_and_feet_go_and_numbered_sentences_stay() -> None:
    def page(number: int) -> list[str]:
        head = words(200, 815, "某市医保指南", 9)
        foot = words(200, 30, f"— {number} — 咨询电话 0571-12345", 9)
        inside = [
            words(60, 780 - 20 * n, f"本页第{number}节第{n}段讲缴费，逾期不补。") for n in range(2)
        ]
        return [head, *inside, foot]

    assert lines(*(page(n) for n in range(1, 5))) == [
        f"本页第{page}节第{n}段讲缴费，逾期不补。" for page in range(1, 5) for n in range(2)
    ]


def test_blanks_of_wide_setting_close_and_others_stay() -> None:
    assert lines([words(60, 700, "单位职工断缴3个月以内可以补缴。", 12, apart=9)]) == [
        "单位职工断缴3个月以内可以补缴。"
    ]
    assert lines([words(60, 700, "办理 APP 名称"), words(60, 680, "首页 新闻")]) == [
        "办理APP名称",
        "首页 新闻",
    ]


def test_a_page_that_is_shown_turned() -> None:
    up = "0 1 -1 0"
    marks = [
        words(100, 100, "断缴三个月以内可以补缴。", turn=up),
        words(130, 100, "先登记。", turn=up),
    ]
    assert lines(marks, turned=90) == ["断缴三个月以内可以补缴。", "先登记。"]
    assert lines([*marks, words(300, 500, "装订线")]) == [
        "断缴三个月以内可以补缴。",
        "先登记。",
        "装订线",
    ]


def test_words_printed_twice_to_look_bold_stand_once() -> None:
    twice = [words(60, 700, "断缴怎么补缴"), words(60.3, 700, "断缴怎么补缴")]
    assert lines([*twice, words(60, 670, "到窗口办理。")]) == ["断缴怎么补缴", "到窗口办理。"]


def test_paragraphs_with_indents_and_articles_of_law() -> None:
    marks = [
        words(82, 760, "第一条 为了规范基本医疗保险关系，维护公民参加基本医疗保险和享受"),
        words(60, 742, "基本医疗保险待遇的合法权益，根据国家有关规定，结合本市实际，定此。"),
        words(60, 724, "本办法适用于本市职工和居民。"),
        words(82, 706, "第二条 本市职工应当参加职工基本医疗保险，由单位和职工共同缴费，按"),
        words(60, 688, "月缴纳。"),
        words(82, 670, "居民按年缴费。"),
    ]
    assert lines(marks) == [
        "第一条 为了规范基本医疗保险关系，维护公民参加基本医疗保险和享受基本医疗保险待遇的合法权益，"
        "根据国家有关规定，结合本市实际，定此。本办法适用于本市职工和居民。",
        "第二条 本市职工应当参加职工基本医疗保险，由单位和职工共同缴费，按月缴纳。",
        "居民按年缴费。",
    ]


def test_drawings_with_many_lines_and_long_files_stay_bounded() -> None:
    mesh = [line(n % 590, 10, (n * 7) % 590, 830) for n in range(3_000)]
    cells = grid([10 + 0.7 * n for n in range(380)], [10 + 2 * n for n in range(380)])
    start = time.process_time()
    assert lines([SEEN, *mesh]) == lines([SEEN, *cells]) == ["断缴三个月以内可以补缴。"]
    assert time.process_time() - start < 10


def test_a_page_of_nothing_but_hidden_words_has_no_text() -> None:
    with pytest.raises(InputError, match="只有图片没有文字"):
        lines([words(60, 700, "发到客服微信。", mode=3)])
