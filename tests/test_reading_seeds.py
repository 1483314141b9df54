"""The five pages of the seeds: each of their other questions is an Article with its own title.

What to expect is read from the files by their plain structure (a title stands above each teaser),
without the reader's own rules.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from corpus.reading import read
from corpus.types import Article

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="no seed pages in this checkout")


def lines(name: str) -> list[str]:
    (path,) = SEEDS.glob(f"{name}_*.txt")
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def pages() -> dict[str, list[Article]]:
    reading = read(SEEDS)
    assert reading.skipped == ()
    assert reading.read == 5
    by_page: dict[str, list[Article]] = {}
    for article in reading.articles:
        by_page.setdefault(article.source.name[:3], []).append(article)
    return by_page


def expected(name: str) -> list[str]:
    """Titles of the other questions, from the shape of each file."""
    text = lines(name)
    if name == "001":  # title and answer on the two lines after each other, up to the feed
        start, end = text.index("我也要提问 >"), text.index("律师解答动态")
        return text[start + 1 : end : 2]
    if name == "000":  # title, blank, teaser, blank
        rest = [t for t in text[text.index("相关法律问题") + 1 :] if t]
        return rest[::2]
    # title, blank, teaser, blank, site and date
    rest = [t for t in text[text.index("相关推荐") + 1 :] if t and t != "首页 顶部"]
    assert all(t.startswith("健康新闻 ") for t in rest[2::3])
    return rest[::3]


@pytest.mark.parametrize(
    ("name", "count"), [("000", 20), ("001", 2), ("002", 20), ("003", 20), ("004", 20)]
)
def test_every_other_question_is_an_article_with_its_title(
    pages: dict[str, list[Article]], name: str, count: int
) -> None:
    titles = expected(name)
    assert len(titles) == count
    assert [article.title for article in pages[name][1:]] == titles
    assert pages[name][0].title == lines(name)[0]


def test_ids_are_all_different(pages: dict[str, list[Article]]) -> None:
    ids = [article.id for page in pages.values() for article in page]
    assert len(set(ids)) == len(ids) == 87


def test_what_is_cut_is_marked_and_nothing_else(pages: dict[str, list[Article]]) -> None:
    whole = {a.title for page in pages.values() for a in page if not a.excerpt}
    # the five pages' own articles, and the one answer of 001 that is shown to its end
    assert whole == {page[0].title for page in pages.values()} | {pages["001"][1].title}


def test_no_line_of_the_feed_and_no_button_survives(pages: dict[str, list[Article]]) -> None:
    text = lines("001")
    feed = {t for t in text[text.index("律师解答动态") :] if t}
    assert len(feed) > 10
    for page in pages.values():
        for article in page:
            assert not feed & set(article.text.split("\n"))
            assert not re.search(
                r"查看全文|分钟前|我也要提问|直接咨询|温馨提示|不能代替|健康新闻|首页 顶部|^声明",
                article.text,
                re.M,
            )


def test_texts_are_the_source_s_words(pages: dict[str, list[Article]]) -> None:
    for name, page in pages.items():
        source = re.sub(r"[\s*]", "", "".join(lines(name)))
        for article in page:
            for line in article.text.split("\n"):
                assert re.sub(r"\s", "", line) in source


def test_steps_of_the_first_page_stand_together(pages: dict[str, list[Article]]) -> None:
    text = pages["000"][0].text
    steps = [text.index(f"\n{n}.") for n in (1, 2, 3, 4)]
    assert text[steps[0] : steps[3]].count("\n") == 3
    assert "法律依据" in text
    assert "结语" in text


def test_publisher_date_region_and_scheme(pages: dict[str, list[Article]]) -> None:
    assert {page[0].source.publisher for page in pages.values()} == {"晖律网", "找法网", ""}
    dates = {name: pages[name][0].source.published for name in ("000", "001", "002")}
    assert dates == {"000": None, "001": date(2021, 7, 17), "002": None}
    for name, day in (("002", date(2025, 3, 3)), ("003", date(2025, 4, 19))):
        assert {(a.source.publisher, a.source.published) for a in pages[name][1:]} == {
            ("健康新闻", day)
        }
    regions = {a.title: a.region for page in pages.values() for a in page if a.region != "全国"}
    assert {title: place for title, place in regions.items() if "沈阳" in title} == {
        a.title: "沈阳" for a in pages["003"] if "沈阳" in a.title
    }
    assert len([place for place in regions.values() if place == "沈阳"]) == 6
    assert [page[0].region for page in pages.values()] == ["全国"] * 5
    schemes = [pages[name][0].schemes for name in ("000", "001", "002", "003", "004")]
    assert schemes == [("居民",), ("居民",), ("职工",), (), ("职工", "居民")]
