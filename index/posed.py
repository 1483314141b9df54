"""A search with its question read, and what it asks of the index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from corpus.given import characters
from corpus.types import SCHEMES
from corpus.words import Words
from index.candidates import MOST
from index.features import Circumstances
from index.folding import ONE_PAGE
from index.found import Search
from index.question import MAX_LENGTH, Question, read_question
from index.terms import pair_terms, statute_terms, word_terms
from index.types import EVERYTHING, Filter, Matches, Probe, Query

RERANKED = 30
"""Passages that are read again."""


@dataclass(frozen=True, slots=True)
class Posed:
    """``asked``: the question as it was put; ``searched``: with the place that it is searched for;
    ``who``: for whom and where; ``only``: what may be found at all."""

    search: Search
    asked: Question
    searched: Question
    who: Circumstances
    only: Filter

    @property
    def most(self) -> int:
        """Passages that each ranking brings."""
        return max(MOST, self.search.k)

    @property
    def reread(self) -> int:
        """Candidates that are looked at more closely."""
        return max(RERANKED, 2 * self.search.k + ONE_PAGE)

    @property
    def rare(self) -> tuple[str, ...]:
        """The words whose rarity is wanted."""
        return tuple(dict.fromkeys((*self.asked.words, *self.searched.words)))

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Each is searched with: none first, by which scores are scaled, then what narrows."""
        return (EVERYTHING, self.only) if self.only else (EVERYTHING,)

    def query(self, words: Words, only: Filter) -> Query:
        """What is matched by words."""
        laws = 0 if only else self.search.laws
        return Query(
            words=word_terms(self.searched, words),
            pairs=pair_terms(self.searched, words),
            statutes=statute_terms(self.asked, words) if laws else (),
            rare=self.rare,
            k=self.most,
            statutes_k=laws,
            only=only,
        )

    def probe(self, vector: NDArray[np.float32], matches: Matches, only: Filter) -> Probe:
        """What is searched by vector, (dim,) float32, beside what matched."""
        matched = np.concatenate([matches.words.numbers, matches.pairs.numbers])
        laws = 0 if only else self.search.laws
        return Probe(vector, matched, self.most, MOST // 2, laws, only)


def pose(
    search: Search, words: Words, region: str | None, placed: Callable[[Question], Question]
) -> Posed:
    """Read a search; ``region``: its place as articles call it; ``placed``: a question with its own so. Raises as
    ``check_input``."""
    check_input(search.question, k=search.k, scheme=search.scheme)
    question = characters(search.question)
    asked = searched = placed(read_question(question, words))
    if region and not asked.region:
        searched = placed(read_question(region + question, words))
    prefer = (search.prefer,) if search.prefer else ()
    return Posed(
        search,
        asked,
        searched,
        Circumstances(
            schemes=(search.scheme,) if search.scheme else asked.schemes or prefer,
            place=region or asked.region or search.place,
        ),
        Filter((search.scheme,) if search.scheme else (), region),
    )


def check_input(question: str, *, k: int = 1, scheme: str | None = None) -> None:
    """Raise ``InputError`` with one clear sentence for what cannot be searched."""
    if not isinstance(question, str) or not question.strip():
        raise InputError("问题是空的：请输入想问的医保问题，例如「断缴两个月怎么补」。")
    if len(question) > MAX_LENGTH:
        raise InputError(
            f"问题有 {len(question)} 个字符，最多 {MAX_LENGTH} 个：请只写要问的那一件事。"
        )
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise InputError(f"k 是 {k!r}，应为 1 或更大的整数。")
    if scheme is not None and scheme not in SCHEMES:
        raise InputError(f"scheme 是 {scheme!r}，应为 {'、'.join(SCHEMES)} 之一或 None。")
