"""Our own articles: what a file becomes, and what each slip in its form is answered with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.errors import ArticleError
from corpus.markdown import article_id, is_article, load, read_article
from corpus.schema import problems
from corpus.settings import Settings
from corpus.types import EDITORS, LawRef, Source

ROOT = Path("articles")
HERE = ROOT / "停保" / "样例.md"

GOOD = """---
title: 样例问题怎么办
questions:
  - 样例问题一
  - 样例问题二
  - 样例问题三
  - 样例问题四
schemes: [职工]
region: 全国
kind: faq
checked: 2026-11-21
sources:
  s1: {tier: policy, publisher: 某单位, title: 某办法, name: 某文〔2020〕1号, date: 2020-02-03}
  s2: {tier: web, publisher: 某网站, name: 000.txt}
basis: [社会保险法 第三十二条]
---
## 简要回答

样例医保可以办。{s1 三（五）}

## 办理步骤

### 线上：支付宝

1. 打开支付宝。{s2 《某文章》}
2. 提交申请。{s2}

## 所需材料

- 身份证。{advice}

## 说法不一

- 国家规定（某文〔2020〕1号）：不超过6个月。{待遇等待期 · 职工 · 全国 · s1 三}
- 某网站《某文章》说：要等1年。{待遇等待期 · 险种未注明 · 地区未注明 · s2}编者注：超过了上限。{s1}
"""


def slips(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.what) for problem in problems("x.md", text)]


def test_a_good_file_becomes_an_article() -> None:
    article = read_article(HERE, GOOD, root=ROOT)
    assert article.id == "corpus/停保/样例"
    assert article.title == "样例问题怎么办"
    assert article.questions == ("样例问题一", "样例问题二", "样例问题三", "样例问题四")
    assert article.schemes == ("职工",)
    assert (article.region, article.kind, article.excerpt) == ("全国", "faq", False)
    assert article.checked == date(2026, 11, 21)
    rule = Source(
        "某单位", "某文〔2020〕1号", None, date(2020, 2, 3),
        title="某办法", tier="policy", national=True,
    )  # fmt: skip
    page = Source("某网站", "000.txt")
    assert article.sources == (rule, page)
    assert article.source == rule
    assert article.author == EDITORS
    assert [(article.text[s.start : s.end], s.source, s.locator) for s in article.supports] == [
        ("样例医保可以办。", rule, "三（五）"),
        ("打开支付宝。", page, "《某文章》"),
        ("提交申请。", page, ""),
        ("国家规定（某文〔2020〕1号）：不超过6个月。", rule, "三"),
        ("某网站《某文章》说：要等1年。", page, ""),
        ("编者注：超过了上限。", rule, ""),
    ]
    assert article.basis == (LawRef("社会保险法", "第三十二条"),)
    assert article.text.startswith("## 简要回答\n\n样例医保可以办。\n")
    assert "\n### 线上：支付宝\n\n1. 打开支付宝。\n2. 提交申请。\n" in article.text
    assert "title" not in article.text
    assert "{" not in article.text


def test_line_ends_and_byte_order_mark_change_nothing() -> None:
    windows = "\ufeff" + GOOD.replace("\n", "\r\n")
    assert read_article(HERE, windows, root=ROOT) == read_article(HERE, GOOD, root=ROOT)


def test_the_id_is_the_place_under_the_root(tmp_path: Path) -> None:
    path = tmp_path / "articles" / "缴费" / "方式.md"
    assert article_id(path, tmp_path / "articles") == "corpus/缴费/方式"


def test_only_our_front_matter_is_ours() -> None:
    assert is_article(GOOD)
    assert is_article(GOOD.replace("schemes: [职工]\n", ""))  # with a slip it is still ours
    assert not is_article("# 标题\n\n正文。\n")
    assert not is_article("---\ntitle: 别人的文章\ntags: [a]\n---\n正文。\n")
    assert not is_article("---\n: [ 不是 YAML\n---\n正文。\n")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("region: 全国\n", "", (1, "`region` is missing")),
        ("  - 样例问题四\n", "", (3, "`questions` has 3 entries, expected at least 4")),
        ("样例问题四", "样例问题一", (3, "a question stands twice in one list")),
        ("[职工]", "[退休]", (8, "'退休' is no scheme")),
        ("kind: faq", "kind: note", (10, "`kind` is 'note'")),
        ("checked: 2026-11-21", "checked: 去年", (11, "`checked` is '去年'")),
        ("checked:", "author: 我\nchecked:", (11, "`author` is no field")),
        (", date: 2020-02-03}", ", year: 2020}", (12, "source field `year` is unknown")),
        (
            "publisher: 某网站, ",
            "",
            (
                12,
                "source {'tier': 'web', 'name': '000.txt'} lacks publisher or name",
            ),
        ),
        ("tier: web, ", "", (12, "source 000.txt has tier None")),
        ("  s2: {", "  s3: {", (12, "sources are s1, s3")),
        ("打开支付宝。{s2 《某文章》}", "打开支付宝。", (25, "「打开支付宝。」 has no mark")),
        ("提交申请。{s2}", "提交申请。{s3}", (26, "{s3} is none of the sources")),
        ("提交申请。{s2}", "提交{s2}申请。", (26, "a mark stands inside a sentence")),
        ("提交申请。{s2}", "提交申请。{某书}", (26, "{某书} is no mark")),
        ("{advice}", "{advice}{s1}", (30, "「身份证。」 is marked as advice and with a source")),
        ("社会保险法 第三十二条", "社保法32条", (15, "basis '社保法32条' is no article of a law")),
        ("## 简要回答", "## 回答", (17, "section '回答' is not of the set")),
        ("## 所需材料", "## 办理步骤", (28, "section 办理步骤 stands twice")),
        ("### 线上：支付宝", "#### 支付宝", (23, "heading '#### 支付宝' is not of the form")),
        ("打开支付宝。", "打开**支付宝**。", (25, "inline markup")),
        ("- 身份证。", "1. 身份证。", (30, "numbered papers")),
        (
            "{待遇等待期 · 职工 · 全国 · s1 三}",
            "{s1}",
            (34, "a line of 说法不一 is not of the form"),
        ),
        ("{待遇等待期 · 职工", "{等待 · 职工", (34, "事项 '等待' is not of the set")),
        ("样例医保可以办。", "一。二。三。四。", (17, "简要回答 has 4 sentences, expected 1 to 3")),
    ],
)
def test_each_slip_is_named_with_its_line(old: str, new: str, expected: tuple[int, str]) -> None:
    assert old in GOOD
    assert expected in slips(GOOD.replace(old, new))


def test_a_good_file_has_no_slip() -> None:
    assert slips(GOOD) == []


def test_broken_front_matter_is_named() -> None:
    assert slips("## 简要回答\n\n好。\n") == [(1, "no front matter")]
    broken = GOOD.replace("title: 样例问题怎么办", "title: [样例")
    assert slips(broken)[0][1] == "the front matter is not YAML"


def test_the_error_names_file_line_and_mend() -> None:
    with pytest.raises(ArticleError) as raised:
        read_article(HERE, GOOD.replace("kind: faq", "kind: note"), root=ROOT)
    assert str(raised.value) == f"{HERE}:10: `kind` is 'note'; write faq or policy"


def test_load_looks_up_the_laws(tmp_path: Path) -> None:
    path = tmp_path / "停保" / "样例.md"
    path.parent.mkdir()
    path.write_text(GOOD.replace("社会保险法 第三十二条", "社会保险法 第九百条"), encoding="utf-8")
    with pytest.raises(ArticleError, match=r"样例\.md:15: 社会保险法 第九百条: no such article"):
        load(tmp_path, today=date(2026, 11, 21))


def test_the_articles_of_the_house_load() -> None:
    articles = load(Settings().articles, today=date(2026, 11, 21))
    ids = [article.id for article in articles]
    assert len(ids) >= 60
    assert ids == sorted(set(ids))
