"""Finding the passages that answer a question: rankings, fused, then read again more closely.

1. Candidates: the nearest passages by cosine, the best by BM25 over words (with synonyms at a lower
   weight) and over pairs of characters, and the passages of articles whose title or other
   questions are near.
2. The weighted sum of what the rankings gave picks the best of them.
3. Those are read again as a lay reader would (``index.features``).
4. Near-identical passages become one hit; the first five do not all come from one page.

Whether the question is answered at all is decided in ``index.scope``, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from corpus.types import NATIONAL, SCHEMES, Passage, Scheme
from corpus.words import Words
from index.facets import Facets, facets
from index.features import Circumstances, Row, WordGroups, fused, reread, total
from index.question import MAX_LENGTH, Question, read_question
from index.types import Hit, Index, Scored, Term

CANDIDATES = 60
RERANKED = 30
SYNONYM_WEIGHT = 0.4
SAME = 0.9
"""Jaccard similarity of two passages' character triples from which they are one hit (and no digit
differs: two passages that differ in a number are what the product has to show)."""
ONE_PAGE = 5
"""The first so many hits do not all come from one page."""
FITS = 4.0
"""A hit of another page fits unless its score lies further than this behind the first."""


class QueryEncoder(Protocol):
    """The part of an encoder that a search needs."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a question, best first, and the evidence that ``index.scope`` judges by.

    ``vector`` is the question's, (dim,) float32. ``missing_place`` is the place asked of when no
    hit speaks of it.
    """

    question: Question
    hits: tuple[Hit, ...]
    vector: NDArray[np.float32]
    evidence: Row = field(default_factory=dict)
    missing_place: str | None = None


class Retriever:
    """Searches one generation of an index. Safe to call from many threads at once.

    ``facets_of``: how facets are worked out; whoever searches two generations of like content can
    keep those of passages that are in both.
    """

    def __init__(
        self,
        index: Index,
        encoder: QueryEncoder,
        words: Words,
        *,
        facets_of: Callable[[Passage], Facets] = facets,
    ) -> None:
        self.index = index
        self.encoder = encoder
        self.words = words
        # 20,000 passages of some 1.5 kB: at most about 30 MB
        self._facets = lru_cache(maxsize=20_000)(lambda n: facets_of(index.passage(n)))

    def find(
        self,
        question: str,
        *,
        k: int = 5,
        scheme: Scheme | None = None,
        region: str | None = None,
        prefer: Scheme | None = None,
        place: str | None = None,
    ) -> Found:
        """The ``k`` best passages, or fewer where the store holds fewer.

        ``scheme`` and ``region`` narrow: passages of another scheme or another place are left out,
        national ones and those that name none always stay. ``prefer`` and ``place`` (known from
        the conversation) only rank, and only where the question itself names none.
        Raises ``InputError`` for an empty or overlong question, ``k`` < 1 or an unknown scheme.
        """
        check_input(question, k=k, scheme=scheme)
        asked = read_question(question, self.words)
        vector = self.encoder.encode_queries([asked.folded])[0]
        who = Circumstances(
            schemes=(scheme,) if scheme else asked.schemes or ((prefer,) if prefer else ()),
            hinted=asked.hinted,
            place=region or asked.region or place,
        )
        pool = self._candidates(asked, vector, max(CANDIDATES, k))
        allowed = {
            n: row for n, row in pool.items() if self._allowed(n, scheme=scheme, region=region)
        }
        rows = self.rows(asked, who, allowed)
        # what was not read again stays behind all that was
        ranked = sorted(rows, key=lambda n: ("covered" not in rows[n], -rows[n]["score"], n))
        hits = self._hits(ranked, rows, k)
        spoken = any(self.facets_of(hit).region == who.place for hit in hits)
        return Found(
            question=asked,
            hits=hits,
            vector=vector,
            evidence=_evidence([rows[n] for n in ranked[:RERANKED]]),
            missing_place=None if spoken else who.place,
        )

    def knows(self, word: str) -> bool:
        """Whether any passage of the store holds the word."""
        return self.index.rarity((word,))[0] < self.index.rarity(("\0",))[0]

    def word_groups(self, asked: Question) -> WordGroups:
        """Each word of the question with its rarity and the words that count as the same."""
        rarity = self.index.rarity(asked.words)
        return [
            (weight, (word, *self.words.synonyms(word)))
            for word, weight in zip(asked.words, rarity, strict=True)
        ]

    def _candidates(
        self, asked: Question, vector: NDArray[np.float32], most: int
    ) -> dict[int, Row]:
        """Passage number -> what each ranking gave it (cosine for all, BM25 as share of the best)."""
        pool: dict[int, Row] = {}

        def add(found: Sequence[Scored], name: str, scale: float = 1.0) -> None:
            for hit in found:
                pool.setdefault(hit.number, {})[name] = hit.score / scale

        add(self.index.nearest(vector, most, "passages"), "cosine")
        for name, terms in (("words", self._word_terms(asked)), ("bigrams", self._pairs(asked))):
            matches = self.index.matching(terms, most, "passages")
            add(matches, name, matches[0].score if matches else 1.0)
        near_titles = self.index.nearest(vector, CANDIDATES // 2, "questions")
        for hit in near_titles:
            for number in self.index.passages_of(hit.number):
                pool.setdefault(number, {})["asked_like"] = hit.score
        floor = min((h.score for h in near_titles), default=0.0)
        lacking = [n for n in pool if "cosine" not in pool[n]]
        for n, cosine in zip(lacking, self.index.cosines(vector, lacking), strict=True):
            pool[n]["cosine"] = float(cosine)
        for scores in pool.values():
            scores.setdefault("asked_like", floor)
            scores.setdefault("words", 0.0)
            scores.setdefault("bigrams", 0.0)
        return pool

    def _word_terms(self, asked: Question) -> list[Term]:
        terms = {word: Term(word) for word in asked.words}
        for word in asked.words:
            for other in self.words.synonyms(word):
                terms.setdefault(other, Term(other, SYNONYM_WEIGHT))
        return list(terms.values())

    def _pairs(self, asked: Question) -> list[Term]:
        return [Term(b, 1.0, "bigram") for b in dict.fromkeys(self.words.bigrams(asked.folded))]

    def _allowed(self, number: int, *, scheme: Scheme | None, region: str | None) -> bool:
        if not (scheme or region):
            return True  # nothing narrows: the facets of 100 candidates would cost 30 ms at first
        f = self._facets(number)
        if scheme and f.schemes and scheme not in f.schemes:
            return False
        return not (region and f.region not in (NATIONAL, region))

    def rows(self, asked: Question, who: Circumstances, pool: dict[int, Row]) -> dict[int, Row]:
        """Candidate -> its features and ``score``; only the best are read again."""
        for row in pool.values():
            row["score"] = fused(row)
        groups = self.word_groups(asked)
        for n in sorted(pool, key=lambda n: (-pool[n]["score"], n))[:RERANKED]:
            pool[n].update(reread(asked, self._facets(n), groups, who))
            pool[n]["score"] = total(pool[n])
        return pool

    def _hits(self, ranked: Sequence[int], rows: dict[int, Row], k: int) -> tuple[Hit, ...]:
        """Best first; near-identical passages folded into the better one; not all of one page."""
        hits: list[Hit] = []
        grams: list[tuple[set[str], str]] = []
        for number in ranked:
            if len(hits) >= max(k, ONE_PAGE + 1):
                break
            body = self._facets(number).body
            mine = {body[i : i + 3] for i in range(len(body) - 2)} or {body}
            digits = "".join(c for c in body if c.isdigit())
            twin = next(
                (i for i, (g, d) in enumerate(grams) if d == digits and _overlap(g, mine) >= SAME),
                None,
            )
            passage = self.index.passage(number)
            if twin is not None:
                hits[twin] = replace(hits[twin], also=(*hits[twin].also, passage))
                continue
            grams.append((mine, digits))
            why = {name: round(value, 6) for name, value in rows[number].items() if name != "score"}
            hits.append(Hit(passage, round(rows[number]["score"], 6), why, number=number))
        return tuple(_several_pages(hits, [self.facets_of(hit).page for hit in hits])[:k])

    def text_of(self, hit: Hit) -> str:
        """Title, headings and words of a hit, folded and without white space."""
        f = self.facets_of(hit)
        return f.head + f.body

    def facets_of(self, hit: Hit) -> Facets:
        """The facets of a hit, kept from when it was ranked."""
        return self._facets(hit.number)


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


def _evidence(rows: Sequence[Row]) -> Row:
    """What the decision on scope looks at; see ``index.scope``."""
    if not rows:
        return {}
    return {
        "best_cosine": max(row["cosine"] for row in rows),
        "best_asked_like": max(row["asked_like"] for row in rows),
        "best_covered": max(row["covered"] for row in rows[:5]),
        "first_covered": rows[0]["covered"],
    }


def _several_pages(hits: list[Hit], pages: Sequence[str]) -> list[Hit]:
    """The last of the first hits gives way to the best of another page, where one fits."""
    if len(set(pages[:ONE_PAGE])) > 1 or len(hits) <= ONE_PAGE:
        return hits
    other = next((i for i, page in enumerate(pages) if page != pages[0]), None)
    if other is None or hits[0].score - hits[other].score > FITS:
        return hits
    moved = [*hits[: ONE_PAGE - 1], hits[other], *hits[ONE_PAGE - 1 : other], *hits[other + 1 :]]
    return moved


def _overlap(a: set[str], b: set[str]) -> float:
    """Jaccard similarity."""
    return len(a & b) / len(a | b)
