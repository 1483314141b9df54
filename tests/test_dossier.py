"""What an answer is made of is brought once and read from there."""

from __future__ import annotations

import pytest

from assistant.dossier import Dossier
from benchmarks.trips import Counting
from corpus.types import Article, Passage, Source
from index.types import Entry, Seen

ARTICLE = Article("a", "题", "文字", Source("某站", "a.txt"))
PASSAGE = Passage(ARTICLE, 0, 2)
ENTRY = Entry(2**40, ARTICLE, (Seen(7, 2**40, PASSAGE, None, None),), ())


class One:
    """An index of one article."""

    asked: tuple[list[int | str], tuple[int | str, ...]]

    def read(
        self, articles: list[int | str], *, codes_of: tuple[int | str, ...] = ()
    ) -> list[Entry | None]:
        self.asked = articles, codes_of
        return [ENTRY if article in (2**40, "a") else None for article in articles]


def test_each_article_is_asked_for_once_and_all_together() -> None:
    index = One()
    counting = Counting(index)  # type: ignore[arg-type]  # the rest is not called
    dossier = Dossier.bring(counting, [2**40, 5, 2**40], codes_of=[2**40])  # type: ignore[arg-type]
    assert index.asked == ([2**40, 5], (2**40,))
    assert counting.calls == {"read": 1}
    assert dossier.entry("a") is dossier.entry(2**40) is ENTRY
    assert dossier.article("a") is ARTICLE
    assert dossier.passages("a") == (PASSAGE,)
    assert dossier.claims("a") == ()


def test_what_is_not_there() -> None:
    index = Counting(One())  # type: ignore[arg-type]
    dossier = Dossier.bring(index, [])  # type: ignore[arg-type]
    assert index.calls == {}
    assert (dossier.entry(5), dossier.article("a")) == (None, None)
    with pytest.raises(KeyError):
        dossier.passages("a")
    with pytest.raises(KeyError):
        dossier.claims("a")
