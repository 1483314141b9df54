from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.duplicates import merge
from corpus.shingles import compared, signatures
from corpus.types import Article, Source

TEXT = (
    "参保人员应当携带身份证和社保卡，到市医保中心窗口提出申请，工作人员审核通过以后，"
    "从次月起恢复居民医保待遇。断缴超过3个月的，需要等待6个月。各地做法有差别，请先打电话问一问。"
)
TITLE = "居民医保断缴以后怎么恢复"


def article(
    name: str, text: str = TEXT, title: str = TITLE, published: date | None = None, **more: object
) -> Article:
    return Article(name, title, text, Source("某站", name, published=published), **more)  # type: ignore[arg-type]


def ids(*articles: Article) -> list[str]:
    return [found.id for found in merge(articles)]


def test_the_same_item_on_several_pages_is_one_article_with_all_sources() -> None:
    pages = [
        article("b", published=date(2024, 1, 5)),
        article("c", published=date(2025, 3, 1)),
        article("a"),
    ]
    (found,) = merge(pages)
    assert found.id == "c"  # equal texts: the newest
    assert [s.name for s in found.sources] == ["c", "b", "a"]
    assert found.text == TEXT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("携带", "带上"),
        ("需要等待", "须等待"),
        ("，请先打电话问一问", "，可先致电问一问"),
        ("工作人员审核通过以后，", "审核通过后，"),
        ("。断缴", "；断缴"),
        ("参保人员", "律师解答：参保人员"),
    ],
)
def test_a_few_words_changed(old: str, new: str) -> None:
    assert old in TEXT
    assert len(ids(article("a"), article("b", TEXT.replace(old, new)))) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3个月", "2个月"),
        ("6个月", "六个月"),  # the writing differs, and with it what is quoted
        ("居民医保", "职工医保"),
        ("次月", "当月"),
        ("恢复居民", "不恢复居民"),
        ("到市医保中心", "到沈阳市医保中心"),
        ("身份证和", ""),
        ("超过3个月", "不足3个月"),
    ],
)
def test_what_the_product_must_show_is_never_merged_away(old: str, new: str) -> None:
    changed = TEXT.replace(old, new)
    if old == "身份证和":
        changed = TEXT.replace("身份证和社保卡", "申请表原件")
    assert changed != TEXT
    assert ids(article("a"), article("b", changed)) == ["a", "b"]


@pytest.mark.parametrize(
    "title",
    ["职工医保断缴以后怎么恢复", "居民医保断缴以后怎么退保", "沈阳居民医保断缴以后怎么恢复"],
)
def test_equal_texts_under_titles_that_ask_for_something_else(title: str) -> None:
    assert ids(article("a"), article("b", title=title)) == ["a", "b"]


def test_another_wording_of_the_title_becomes_a_question() -> None:
    (found,) = merge([article("a"), article("b", title="断缴以后居民医保怎么恢复？")])
    assert (found.id, found.questions) == ("a", ("断缴以后居民医保怎么恢复？",))


def test_the_same_title_and_another_text() -> None:
    other = "打开支付宝，点击市民中心，选择医保，按提示填写姓名和证件号码，确认以后提交就可以了。"
    assert ids(article("a"), article("b", other)) == ["a", "b"]


def test_an_excerpt_joins_the_fuller_text() -> None:
    cut = TEXT[:60]
    (found,) = merge([article("a", cut, excerpt=True), article("b")])
    assert (found.id, found.text, found.excerpt) == ("b", TEXT, False)
    assert {s.name for s in found.sources} == {"a", "b"}
    # a text that is whole and shorter says less on purpose
    assert ids(article("a", cut), article("b")) == ["a", "b"]


def test_kind_and_region_keep_apart_and_statutes_always() -> None:
    assert len(ids(article("a"), article("b", kind="policy"))) == 2
    assert len(ids(article("a"), article("b", region="沈阳"))) == 2
    assert len(ids(article("a", kind="statute"), article("b", kind="statute"))) == 2


def test_scheme_and_basis_are_kept() -> None:
    (found,) = merge([article("a"), article("b", schemes=("居民",))])
    assert found.schemes == ("居民",)


def test_nothing_and_empty_texts() -> None:
    assert merge([]) == ()
    assert ids(article("a", "")) == ["a"]
    assert ids(article("a", "。"), article("b", "！")) == ["a", "b"]


CHANGES = st.lists(
    st.sampled_from([("携带", "带上"), ("3个月", "4个月"), ("居民", "职工"), ("，", "、"),
                     ("审核", "核查"), ("各地做法有差别，", ""), ("窗口", "柜台")]),
    max_size=4, unique=True,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=7), st.randoms())
def test_the_order_of_the_input_does_not_matter(
    all_changes: list[list[tuple[str, str]]], random
) -> None:  # type: ignore[no-untyped-def]
    articles = []
    for number, changes in enumerate(all_changes):
        text = TEXT
        for old, new in changes:
            text = text.replace(old, new)
        articles.append(article(f"n{number}", text, excerpt=number % 3 == 0))
    found = merge(articles)
    random.shuffle(articles)
    assert merge(articles) == found
    assert merge(found) == found
    assert sorted(s.name for a in found for s in a.sources) == sorted(a.id for a in articles)
    # numbers and schemes are as varied after as before
    assert {("4个月" in a.text, "职工" in a.text) for a in found} == {
        ("4个月" in a.text, "职工" in a.text) for a in articles
    }


def test_compared() -> None:
    folded, plain = compared(["１、先停保，再參保。\n（2）後補繳 3.5%", "", "\ud800"])
    assert folded[0] == "先停保,再参保。\n后补缴 3.5%"
    assert plain[0] == "先停保再参保后补缴35"
    assert plain[1] == ""


def test_signatures_estimate_what_texts_share() -> None:
    one, same, other = signatures([TEXT, TEXT, "完全不同的另外一段话，没有一处相同。" * 3])
    assert (one == same).all()
    assert (one == other).mean() < 0.1


def test_a_thousand_pages_from_one_template_stay_apart() -> None:
    pages = [article(f"{n:04}", TEXT + f"咨询电话{n}。") for n in range(1000)]
    assert len(merge(pages)) == 1000
    pages = [replace(page, text=TEXT + "请留意。" * (n % 2)) for n, page in enumerate(pages)]
    assert len(merge(pages)) == 1
