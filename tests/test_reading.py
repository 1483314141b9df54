"""Pages made for the purpose, one for each habit: what becomes an Article, with which facts."""

from datetime import date
from pathlib import Path

import pytest
from reading_samples import archive, pdf, word

from corpus.errors import InputError
from corpus.reading import discover, read, read_each, read_file
from corpus.reading.about import read_about
from corpus.reading.formats import KINDS
from corpus.types import Article

PAGES = Path(__file__).parent / "pages"


def page(name: str) -> dict[str, Article]:
    """The articles of a page of ``tests/pages`` by title, in their order."""
    return {article.title: article for article in read_file(PAGES / name)}


def test_web_page_keeps_its_structure_and_loses_what_is_around_it() -> None:
    own = next(iter(page("faq_site.html").values()))
    assert own.text == (
        "断缴的居民可以在下一个集中缴费期重新参保，先登记，再缴费。\n"
        "## 一、线上办理\n"
        "按下面的步骤办理：\n"
        "1. 打开当地税务小程序；\n"
        "2. 选择“城乡居民医保”：\n"
        "  - 给自己缴，点“本人”；\n"
        "  - 给家人缴，点“他人”；\n"
        "3. 核对金额后支付。\n"
        "## 二、所需材料\n"
        "- 身份证；\n"
        "- 户口簿首页。\n"
        "## 三、等待期\n"
        "各类人员的等待期\n"
        "人员：一般居民；断缴时间：不满一年；等待期：3个月。\n"
        "人员：一般居民；断缴时间：满一年；等待期：按参保地规定。\n"
        "人员：新生儿；断缴时间：—；等待期：无。\n"
        "### 注意事项\n"
        "补缴之前发生的费用自己承担。"
    )
    assert own.title == "居民医保断缴一年怎么接上"
    assert own.source.publisher == "乡里问答网"
    assert own.source.url == own.id == "https://example.cn/q/1024.html"
    assert own.source.published == date(2024, 11, 5)
    assert (own.kind, own.schemes, own.region, own.excerpt) == ("faq", ("居民",), "全国", False)


def test_related_items_are_articles_and_only_the_cut_ones_excerpts() -> None:
    own, *items = page("faq_site.html").values()
    assert [(a.title, a.excerpt, a.source.published) for a in items] == [
        ("新农合在外地能用吗", True, date(2024, 10, 1)),
        ("医保卡丢了怎么补", False, date(2024, 10, 2)),
        ("居民医保交了能退吗", True, None),
    ]
    assert items[0].text == "在外地看病要先备案，备案后按参保地的比例结算，没有备案的..."
    assert items[0].id == f"{own.id}#新农合在外地能用吗"
    assert items[0].source.url == own.source.url


def test_notice_in_gbk_inside_a_layout_table() -> None:
    (own,) = page("gov_notice.html").values()
    assert own.kind == "policy"
    assert own.source.name == "临医保发〔2025〕17号"
    assert own.source.publisher == "临江市医疗保障局"
    assert own.source.published == date(2025, 9, 12)
    assert own.region == "临江"
    assert own.schemes == ("居民",)
    assert own.text == (
        "临医保发〔2025〕17号\n"
        "各街道办事处：\n"
        "为做好明年居民医保工作，现就有关事项通知如下。\n"
        "一、参保对象\n"
        "本市户籍居民和持居住证的常住人员。\n"
        "二、缴费标准\n"
        "人员：成年人；个人缴费：４００元；财政补助：７００元。\n"
        "人员：学生 儿童；个人缴费：３８０元；财政补助：７００元。\n"
        "三、缴费方式\n"
        "（一）线上：打开“临江税务”小程序缴费。\n"
        "（二）线下：到街道服务窗口缴费。\n"
        "临江市医疗保障局\n"
        "2025年9月10日"
    )


def test_a_page_s_own_list_of_questions() -> None:
    found = page("dl_faq.html")
    assert {title: a.text for title, a in found.items()} == {
        "灵活就业人员医保常见问题": (
            "下面的问题由窗口同事整理，答案以参保地的规定为准。\n"
            "## 名词\n"
            "等待期：缴费以后到可以报销之间的时间。\n"
            "断缴：应当缴费而没有缴费。"
        ),
        "没有单位可以参加职工医保吗？": "可以，以灵活就业人员身份参加，费用自己承担。",
        "每个月什么时候扣款？": (
            "分两种情况：\n1. 签了代扣协议的，每月20日扣款；\n2. 没有签的，月底前自己缴"
        ),
        "断缴两个月还能补吗": "三个月以内可以补缴。",
        "停缴以后卡里的钱还能用吗": "个人账户的余额可以继续用。",
    }
    assert not any(a.excerpt for a in found.values())
    assert {a.source.published for a in found.values()} == {date(2025, 2, 3)}
    assert found["没有单位可以参加职工医保吗？"].schemes == ("职工", "灵活就业")
    assert found["每个月什么时候扣款？"].schemes == ("灵活就业",)


def test_questions_and_answers_in_text_in_gbk_with_windows_line_ends() -> None:
    found = page("qa_gbk.txt")
    assert {title: a.text for title, a in found.items()} == {
        "断缴两个月会怎么样？": "停缴的次月起不能报销，三个月内补上可以追溯。",
        "年限会清零吗？": "不会，累计年限一直算数。\n只有连续缴费的时间重新算。",
    }


def test_feeds_navigation_and_disclaimers_go_and_a_notice_with_content_stays() -> None:
    own, *items = page("feed.txt").values()
    assert own.text == (
        "退休后长住外地的，先办理异地长期居住备案。\n"
        "一、需要的材料\n1、身份证；\n2、居住证或者户口簿。\n"
        "温馨提示：备案满六个月才能取消，办理前想清楚。"
    )
    assert (own.source.publisher, own.source.published) == ("晚晴资讯网", date(2024, 6, 7))
    assert [(a.title, a.text, a.excerpt) for a in items] == [
        ("异地备案要多久", "一般两三天就能办好，急诊可以先看病再补办。", False),
        ("异地备案怎么取消", "打开国家平台，点“备案取消”，按提示……", True),
    ]


def test_markdown_with_somebody_else_s_front_matter() -> None:
    own, *items = page("other_front_matter.md").values()
    assert own.text == (
        "### 办理渠道\n\n可以在线上办，也可以去街道窗口办。\n\n- 登录小程序\n- 选择续保\n\n"
        "断缴时间：3个月以内；等待期：无。\n断缴时间：3个月以上；等待期：6个月。"
    )
    assert (own.title, own.region) == ("深圳灵活就业断缴后怎么恢复", "深圳")
    assert (own.source.publisher, own.source.published) == ("鹏城便民", date(2023, 8, 9))
    assert own.source.url == "https://example.org/sz/3"
    assert [(a.title, a.excerpt) for a in items] == [
        ("断缴期间能用卡里的钱吗", False),
        ("断缴多久算重新参保", True),
    ]


def test_saved_page_in_one_file_knows_its_address(tmp_path: Path) -> None:
    html = (PAGES / "dl_faq.html").read_text(encoding="utf-8")
    head = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://example.cn/faq\n"
        "Date: Tue, 4 Mar 2025 08:00:00 +0800\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; boundary="b"\n\n'
        "--b\nContent-Type: text/html; charset=gb18030\nContent-Transfer-Encoding: base64\n"
        "Content-Location: https://example.cn/faq\n\n"
    )
    from base64 import encodebytes

    data = head.encode() + encodebytes(html.encode("gb18030")) + b"\n--b\n"
    data += b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n--b--\n"
    (tmp_path / "saved.mhtml").write_bytes(data)
    found = read_file(tmp_path / "saved.mhtml")
    assert len(found) == 5
    assert found[0].id == found[0].source.url == "https://example.cn/faq"
    assert found[0].source.retrieved == date(2025, 3, 4)


def test_word_keeps_headings_numbers_bold_titles_and_tables(tmp_path: Path) -> None:
    data = word(
        "职工医保怎么转到外地",
        [
            ("", "来源：某市医疗保障局　发布日期：２０２４年３月５日"),
            ("2.0", "办理步骤"),
            ("1.0", "在国家平台申请转移。"),
            ("1.1", "没有手机的到窗口申请。"),
            ("1.0", "等原参保地审核。"),
            ("2.0", "所需材料"),
            ("2.1", "本人办理："),
            ("3.0", "身份证"),
            ("bold", "注意事项"),
            ("", "转移期间\n不要断缴。"),
        ],
        [["断缴时间", "等待期"], ["三个月以内", "无"], ["三个月以上", "按当地规定"]],
    )
    (tmp_path / "转移.docx").write_bytes(data)
    (article,) = read_file(tmp_path / "转移.docx")
    assert article.title == "职工医保怎么转到外地"
    assert article.text == (
        "一、办理步骤\n1. 在国家平台申请转移。\n1.1 没有手机的到窗口申请。\n2. 等原参保地审核。\n"
        "二、所需材料\n（一）本人办理：\n- 身份证\n### 注意事项\n转移期间\n不要断缴。\n"
        "断缴时间：三个月以内；等待期：无。\n断缴时间：三个月以上；等待期：按当地规定。"
    )
    assert article.source.published == date(2024, 3, 5)
    assert article.source.publisher == "某市医疗保障局"


def test_pdf_lines_become_paragraphs_and_page_numbers_go(tmp_path: Path) -> None:
    first = [
        "失业期间医保谁来交",
        "领取失业保险金的人，职工医保费由失业保险基金交，自己不用",
        "交。办理步骤如下：",
        "1. 到原参保地申领失业金；",
        "2. 核对缴费记录。",
        "- 1 -",
    ]
    (tmp_path / "a.pdf").write_bytes(pdf([first, ["二、注意", "停发后三个月内接续。", "- 2 -"]]))
    (article,) = read_file(tmp_path / "a.pdf")
    assert article.title == "失业期间医保谁来交"
    assert article.text == (
        "领取失业保险金的人，职工医保费由失业保险基金交，自己不用交。办理步骤如下：\n"
        "1. 到原参保地申领失业金；\n2. 核对缴费记录。\n二、注意\n停发后三个月内接续。"
    )


def test_lists_of_questions(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(
        (
            "问题,答案,地区,发布时间\r\n"
            '居民医保多少钱,"看年度通知。\n各地不同。",沈阳市,2025/1/2\r\n,空,,\r\n'
        ).encode("gbk")
    )
    (tmp_path / "b.jsonl").write_text(
        '{"q": "断缴能补吗", "a": "三个月内可以。<br>再晚看当地。", "url": "https://example.cn/1"}\n'
        "坏的一行\n"
        '{"question": "断缴能补吗", "answer": "问窗口。"}\n'
        '{"question": "断缴能补吗", "answer": "打12393。"}\n',
        encoding="utf-8",
    )
    reading = read(tmp_path)
    assert [(a.title, a.text, a.region) for a in reading.articles] == [
        ("居民医保多少钱", "看年度通知。\n各地不同。", "沈阳"),
        ("断缴能补吗", "三个月内可以。\n再晚看当地。", "全国"),
        ("断缴能补吗", "问窗口。", "全国"),
        ("断缴能补吗", "打12393。", "全国"),
    ]
    assert reading.articles[0].source.published == date(2025, 1, 2)
    assert reading.articles[1].id == "https://example.cn/1"
    assert len({a.id for a in reading.articles}) == 4
    assert [str(s) for s in reading.skipped] == [
        f"{tmp_path / 'a.csv'}：第 3 行没有问题或答案；请补全该行",
        f"{tmp_path / 'b.jsonl'}：第 2 行不是 JSON；请改正该行",
    ]


TRADITIONAL = (
    "居民醫保斷繳了怎麼辦\n\n斷繳的人可以到醫保中心辦理，參保後按規定享受待遇，帳戶裡的錢不會少。\n"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5"]
)
def test_every_encoding_gives_the_same_article(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(TRADITIONAL.replace("\n", "\r\n").encode(encoding))
    (article,) = read_file(tmp_path / "a.txt")
    assert article.title == "居民醫保斷繳了怎麼辦"
    assert article.text == TRADITIONAL.split("\n\n")[1].strip()
    assert article.schemes == ("居民",)


@pytest.mark.parametrize("declared", ["utf-8", "gb2312"])
def test_a_web_page_that_declares_the_wrong_encoding(tmp_path: Path, declared: str) -> None:
    html = f"<meta charset={declared}><title>医保</title><p>断缴以后可以补缴，先到窗口登记。</p>"
    (tmp_path / "a.html").write_bytes(html.encode("gbk"))
    (article,) = read_file(tmp_path / "a.html")
    assert article.text == "断缴以后可以补缴，先到窗口登记。"


def test_folders_patterns_and_archives(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text("乙怎么办\n\n去窗口办理登记。", encoding="utf-8")
    (tmp_path / "a.txt").write_text("甲怎么办\n\n去窗口办理停保。", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    data = archive({"XX.txt": "丙怎么办\n\n打电话问医保中心。".encode("gbk"), "x/y.css": b"a{}"})
    # Chinese Windows writes names in GBK without saying so
    (tmp_path / "c.zip").write_bytes(data.replace(b"XX.txt", "丙.txt".encode("gbk")))
    reading = read(tmp_path)
    assert [a.id for a in reading.articles] == ["a.txt", "c.zip/丙.txt", "sub/b.txt"]
    assert reading.skipped == ()
    assert reading.read == 3
    assert [a.title for a in read(f"{tmp_path}/*/*.txt").articles] == ["乙怎么办"]
    assert [a.title for a in read([tmp_path / "a.txt", tmp_path / "c.zip"]).articles] == [
        "甲怎么办",
        "丙怎么办",
    ]


def test_missing_paths_are_told_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲怎么办\n\n去窗口办理停保。", encoding="utf-8")
    reading = read([tmp_path / "a.txt", tmp_path / "nowhere", f"{tmp_path}/*.pdf"])
    assert len(reading.articles) == 1
    assert [(s.path, s.missing) for s in reading.skipped] == [
        (f"{tmp_path}/*.pdf", True),
        (f"{tmp_path}/nowhere", True),
    ]
    with pytest.raises(InputError, match="nowhere：路径不存在"):
        read_file(tmp_path / "nowhere")


def test_same_title_and_different_answers_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "停保怎么办\n\n先到窗口登记。\n\n相关推荐\n\n"
        "怎么补缴\n\n三个月内可以补。\n\n某站 2024-01-02\n\n"
        "怎么补缴\n\n到税务局补。\n\n某站 2024-01-03\n\n"
        "怎么补缴\n\n到税务局补。\n\n某站 2024-01-03\n",
        encoding="utf-8",
    )
    _, *items = read_file(tmp_path / "a.txt")
    assert [(a.title, a.text) for a in items] == [
        ("怎么补缴", "三个月内可以补。"),
        ("怎么补缴", "到税务局补。"),
    ]
    assert items[0].id != items[1].id


def test_reading_is_told_step_by_step_and_as_json(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("怎么办\n\n去窗口办理停保。", encoding="utf-8")
    (tmp_path / "d.xyz").write_text("?", encoding="utf-8")
    told: list[tuple[int, int]] = []
    reading = read(tmp_path, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert reading.to_dict() == {
        "read": 3,
        "articles": 3,
        "skipped": [
            {
                "path": str(tmp_path / "d.xyz"),
                "reason": "不认识的文件类型「.xyz」；能读取 " + "、".join(KINDS),
            }
        ],
    }


def test_each_file_alone_gives_what_all_together_give() -> None:
    files, _ = discover(PAGES)
    apart = [a for file in files for a in read_file(file)]
    assert tuple(apart) == read(PAGES).articles
    assert [done.file for done in read_each(files)] == files
    assert len({a.id for a in apart}) == len(apart)


@pytest.mark.parametrize(
    ("line", "publisher", "published"),
    [
        ("问法在线 | 更新时间：2022-03-18 09:26", "问法在线", date(2022, 3, 18)),
        ("小李理财笔记 2025-10-20", "小李理财笔记", date(2025, 10, 20)),
        ("社保灯塔（公众号）2025-07-22", "社保灯塔（公众号）", date(2025, 7, 22)),
        ("江边生活圈  发布于 2025-10-15 20:11", "江边生活圈", date(2025, 10, 15)),
    ],
)
def test_a_name_and_a_date_under_the_title(line: str, publisher: str, published: date) -> None:
    about = read_about(line, place="edge")
    assert about is not None
    assert (about.publisher, about.published or about.updated) == (publisher, published)


@pytest.mark.parametrize(
    "line", ["医保截止日 2025-12-31", "2025年度参保 2025-09-01", "整理时间：2025-10-12"]
)
def test_a_date_of_the_subject_names_no_publisher(line: str) -> None:
    about = read_about(line, place="edge")
    assert about is None or not about.publisher
