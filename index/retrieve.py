"""Finding the passages that answer a question: rankings, fused, then read again more closely.

1. Candidates: the nearest passages by cosine, the best by BM25 over words (with synonyms at a lower
   weight) and over pairs of characters, and the passages of articles whose title or other
   questions are near.
2. The weighted sum of what the rankings gave picks the best of them.
3. Those are read again: each word in its context (``index.late``), and which of the question's
   words they hold (``index.features``). Where the settings name a CrossEncoder, it puts them in its
   own order.
4. Near-identical passages become one hit; the first five do not all come from one page.

A long question is searched as a whole: on real letters no choice of its sentences did better than the
story and what is asked together. Where it has a subject line, that counts as much as all the rest.

Whether the question is answered at all is decided in ``index.scope``, never here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from corpus.given import characters
from corpus.reading.gazetteer import place_named
from corpus.types import NATIONAL, SCHEMES, Scheme
from corpus.words import Words
from index.beside import Beside
from index.candidates import MOST, Candidates, gather
from index.facets import Facets, facets
from index.features import LATE, Circumstances, Row, WordGroups, reread, telling, totals
from index.folding import ONE_PAGE, folded, several_pages
from index.judgement import Judged, TokenSpans, judged
from index.late import question_vectors
from index.question import (
    MAX_LENGTH,
    Question,
    by_present_name,
    read_question,
    subject_line,
)
from index.reranker import Reranker
from index.terms import pair_terms, word_terms
from index.texts import late_text
from index.types import Hit, Index, Ranking

RERANKED = 30
KEPT = 20_000
"""Passages whose facets are kept."""
_NO_LATE = (0.0, 0.0)
_WORD = re.compile(r"[^\W_]")
"""What can be searched for at all: a letter, a digit, a Chinese character."""
MORE = 8
"""Times as many candidates are looked at where a filter leaves too few."""
UNKNOWN_REGION = "region 不是已知的地区：应为省、市或县的名称（例如 沈阳）或 None。"


class QueryEncoder(Protocol):
    """The part of an encoder that a search needs."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a question, best first, and the evidence that ``index.scope`` judges by.

    ``vector`` is the question's, (dim,) float32, ``tokens`` its tokens where the encoder gives any.
    ``missing_place`` is the place asked of when no hit speaks of it; ``meanwhile`` what was done
    beside, see ``Retriever.find``.
    """

    question: Question
    hits: tuple[Hit, ...]
    vector: NDArray[np.float32]
    evidence: Row = field(default_factory=dict)
    missing_place: str | None = None
    meanwhile: Any = None
    tokens: NDArray[np.float32] | None = None


class Retriever:
    """Searches one generation of an index. Safe to call from many threads at once."""

    def __init__(
        self,
        index: Index,
        encoder: QueryEncoder,
        words: Words,
        *,
        reranker: Reranker | None = None,
    ) -> None:
        self.index = index
        self.encoder = encoder
        self.words = words
        self.reranker = reranker
        self._facets = lru_cache(maxsize=KEPT)(self._read)
        self._groups = lru_cache(maxsize=256)(self._groups_of)

    def find(
        self,
        question: str,
        *,
        k: int = 5,
        scheme: Scheme | None = None,
        region: str | None = None,
        prefer: Scheme | None = None,
        place: str | None = None,
        focus: str | None = None,
        meanwhile: Callable[[Question], object] | None = None,
    ) -> Found:
        """The ``k`` best passages, or fewer where the store holds fewer; none for a question without
        a word.

        ``scheme`` and ``region`` narrow: passages of another scheme or another place are left out,
        national ones and those that name none always stay; a ``region`` is searched for as if the
        question had named it. ``prefer`` and ``place`` (known from the conversation) only rank, and
        only where the question itself names none. ``focus``: the part of the question that is asked
        for, in words that stand by themselves; its vector weighs as much as that of the whole, and the
        passages are read again for it alone. ``meanwhile`` is called with the question as it
        is read, on another thread while the model runs; ``Found.meanwhile`` is what it returns.
        Raises ``InputError`` for an empty or overlong question, ``k`` < 1, an unknown scheme or an
        unknown region.
        """
        check_input(question, k=k, scheme=scheme)
        region = self.place(region)
        question = characters(question)
        asked = searched = read_question(question, self.words)
        if region and not asked.region:
            searched = read_question(region + question, self.words)
        most = max(MOST, k)

        def without_vector() -> tuple[list[Ranking], object]:
            return self._matches(searched, most), meanwhile(asked) if meanwhile else None

        with Beside(without_vector) as beside:
            vector, tokens = self._vectors(searched, focus)
        matches, other = beside.result()
        who = Circumstances(
            schemes=(scheme,) if scheme else asked.schemes or ((prefer,) if prefer else ()),
            place=region or asked.region or place,
        )
        pool = gather(self.index, vector, matches, most)
        if not _WORD.search(searched.folded):
            pool = pool.only(np.zeros(len(pool.numbers), np.bool_))
        elif scheme or region:
            pool = self._narrowed(searched, vector, pool, k, scheme=scheme, region=region)
        rows = pool.best(max(RERANKED, 2 * k + ONE_PAGE))
        self.read_again(searched, who, rows, tokens)
        if self.reranker is not None:
            self._rerank(searched, rows, self.reranker)
        ranked = sorted(rows, key=lambda n: (-rows[n]["score"], "covered" not in rows[n], n))
        hits = self._hits(ranked, rows, k)
        spoken = any(self.facets_of(hit).region == who.place for hit in hits)
        return Found(
            question=asked,
            hits=hits,
            vector=vector,
            evidence=_evidence([rows[n] for n in ranked[:RERANKED]]),
            missing_place=None if spoken else who.place,
            meanwhile=other,
            tokens=tokens,
        )

    def judged(self, found: Found, numbers: Sequence[int]) -> tuple[Judged, ...]:
        """How well each of some passages answers; () where there are no tokens to judge by."""
        codes = self.index.tokens(numbers) if found.tokens is not None else None
        if codes is None or found.tokens is None or not isinstance(self.encoder, TokenSpans):
            return ()
        passages = [self.index.passage(number) for number in numbers]
        return judged(found.tokens, passages, codes, self.encoder)

    def warm(self) -> None:
        """Read every passage, so that the first questions need not; as many as are kept."""
        for number in range(min(KEPT, self.index.size)):
            self._facets(number)

    def place(self, region: str | None) -> str | None:
        """A region as the store's articles call it (沈阳市 is 沈阳), None where none or the whole
        country is meant. Raises ``InputError`` for one that neither exists nor stands in the store;
        its sentence does not repeat what was given."""
        if region is None or (isinstance(region, str) and not region.strip()):
            return None
        found = place_named(region) if isinstance(region, str) else ""
        if not found and region not in self._regions:
            raise InputError(UNKNOWN_REGION)
        return None if found == NATIONAL else found or region

    @cached_property
    def _regions(self) -> frozenset[str]:
        return frozenset(self._facets(n).region for n in range(self.index.size))

    def knows(self, word: str) -> bool:
        """Whether any passage of the store holds the word."""
        return self.index.rarity((word,))[0] < self.index.rarity(("\0",))[0]

    def word_groups(self, asked: Question) -> WordGroups:
        """Each word of the question with its rarity and the words that count as the same."""
        return self._groups(asked.words)

    def _groups_of(self, words: tuple[str, ...]) -> WordGroups:
        return tuple(
            (weight, (word, *self.words.synonyms(word)))
            for word, weight in zip(words, self.index.rarity(words), strict=True)
        )

    def rows(self, question: str) -> dict[int, Row]:
        """The passages that are read again for a question, each with all its features."""
        asked = read_question(question, self.words)
        vector, tokens = self._vectors(asked)
        rows = gather(self.index, vector, self._matches(asked, MOST)).best(RERANKED)
        self.read_again(asked, Circumstances(asked.schemes, asked.region), rows, tokens)
        return rows

    def _matches(self, asked: Question, most: int) -> list[Ranking]:
        """What matches its words, and what its pairs of characters."""
        self.word_groups(asked)  # kept for when the passages are read again
        both = (word_terms(asked, self.words), pair_terms(asked, self.words))
        return [self.index.matching(terms, most, "passages") for terms in both]

    def _vectors(
        self, asked: Question, focus: str | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """A question's vector, half of it that of its subject line or of its ``focus``, and the tokens
        of the question or of its focus."""
        text = by_present_name(asked)
        vector, tokens = question_vectors(self.encoder, focus or text)
        if other := text if focus else subject_line(text):
            vector = vector + self.encoder.encode_queries([other])[0]
            vector = vector / np.linalg.norm(vector)
        return vector, tokens

    def _narrowed(
        self,
        asked: Question,
        vector: NDArray[np.float32],
        pool: Candidates,
        k: int,
        *,
        scheme: Scheme | None,
        region: str | None,
    ) -> Candidates:
        """What may be shown of the candidates; more are brought up where these are too few."""
        most = max(MOST, k)
        while True:
            allowed = self._allowed(pool.numbers, scheme=scheme, region=region)
            if np.count_nonzero(allowed) >= k or most >= self.index.size:
                return pool.only(allowed)
            most *= MORE
            pool = gather(self.index, vector, self._matches(asked, most), most)

    def _allowed(
        self, numbers: NDArray[np.int64], *, scheme: Scheme | None, region: str | None
    ) -> NDArray[np.bool_]:
        def fits(f: Facets) -> bool:
            if scheme and f.schemes and scheme not in f.schemes:
                return False
            return not (region and f.region not in (NATIONAL, region))

        return np.array([fits(self._facets(n)) for n in numbers.tolist()], np.bool_)

    def read_again(
        self,
        asked: Question,
        who: Circumstances,
        rows: dict[int, Row],
        tokens: NDArray[np.float32] | None,
    ) -> None:
        """Give the first ``RERANKED`` all their features and their final ``score``; the others follow
        at the distance that they had. ``tokens``: the question's, see ``index.late``."""
        first = list(rows)[:RERANKED]
        last = rows[first[-1]]["score"] if first else 0.0
        late = self.index.late(tokens, first) if tokens is not None else None
        groups = telling(self.word_groups(asked))
        for place, n in enumerate(first):
            row = rows[n]
            row.update(reread(asked, self._facets(n), groups, who))
            row.update(zip(LATE, _NO_LATE if late is None else late[place].tolist(), strict=True))
        scores = totals([rows[n] for n in first])
        for n, score in zip(first, scores, strict=True):
            rows[n]["score"] = score
        for n in list(rows)[RERANKED:]:
            rows[n]["score"] += min(scores) - last

    def _rerank(self, asked: Question, rows: dict[int, Row], reranker: Reranker) -> None:
        """Put the first ``RERANKED`` in the order of the CrossEncoder. The scores stay those of our
        own ranking, dealt out anew: what comes later is measured on their scale."""
        first = list(rows)[:RERANKED]
        texts = [late_text(self.index.passage(n)) for n in first]
        given = reranker.scores(asked.text, texts).tolist()
        ours = sorted((rows[n]["score"] for n in first), reverse=True)
        for score, (n, own) in zip(
            ours, sorted(zip(first, given, strict=True), key=lambda x: (-x[1], x[0])), strict=True
        ):
            rows[n].update(score=score, reranker=own)

    def _hits(self, ranked: Sequence[int], rows: dict[int, Row], k: int) -> tuple[Hit, ...]:
        """Best first; near-identical passages folded into the better one; not all of one page."""
        chosen = folded(ranked, lambda n: self._facets(n).body, max(k, ONE_PAGE + 1))
        passage = self.index.passage
        hits = [
            Hit(passage(n), why.pop("score"), why, tuple(map(passage, also)), n)
            for (n, also), why in zip(chosen, _rounded([rows[n] for n, _ in chosen]), strict=True)
        ]
        return tuple(several_pages(hits, [self.facets_of(hit).page for hit in hits])[:k])

    def _read(self, number: int) -> Facets:
        return facets(self.index.passage(number), self.index.marks(number))

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
        "best_late": max(row["late"] for row in rows),
    }


def _rounded(rows: Sequence[Row]) -> list[Row]:
    """To six digits, all at once: it is done for each question."""
    values = [value for row in rows for value in row.values()]
    rounded = iter(np.round(values, 6).tolist())
    return [dict(zip(row, rounded, strict=False)) for row in rows]
