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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from corpus.reading.counties import within
from corpus.reading.gazetteer import place_named
from corpus.reading.places import covering
from corpus.types import NATIONAL, Passage
from corpus.words import Words
from index.beside import Beside
from index.candidates import gather
from index.facets import Facets, facets
from index.features import LATE, Row, WordGroups, reread, telling, totals
from index.folding import ONE_PAGE, folded, several_pages
from index.found import Found, Search
from index.judgement import Judged, TokenSpans, judged
from index.late import late_scores, question_vectors
from index.posed import RERANKED, Posed, pose
from index.question import Question, by_present_name, subject_line
from index.reranker import Reranker
from index.texts import late_text
from index.types import DIGITS, Hit, Index, Matches, Pool, Query, Seen

KEPT = 20_000
"""Passages whose facets are kept."""
_NO_LATE = (0.0, 0.0)
_WORD = re.compile(r"[^\W_]")
"""What can be searched for at all: a letter, a digit, a Chinese character."""
NOWHERE = "\0"
"""A word that no passage holds."""
UNKNOWN_REGION = "region 不是已知的地区：应为省、市或县的名称（例如 沈阳）或 None。"


class QueryEncoder(Protocol):
    """The part of an encoder that a search needs."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""


@dataclass(frozen=True, slots=True, eq=False)
class _Brought:
    """What the index gave for one search. ``pool`` and ``matches``: whatever the filter; ``rows``: the
    first of the candidates that it lets through, by number, with what the rankings gave them; ``seen``
    and ``facets`` are theirs."""

    posed: Posed
    vector: NDArray[np.float32]
    tokens: NDArray[np.float32] | None
    pool: Pool
    matches: Matches
    rows: dict[int, Row]
    seen: Mapping[int, Seen]
    facets: Mapping[int, Facets]


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
        self._facets: dict[int, Facets] = {}

    def find(self, question: str, **how: Any) -> Found:
        """What one question finds; ``how``: the further fields of ``Search``. See ``find_all``."""
        return self.find_all([Search(question, **how)])[0]

    def find_all(
        self, searches: Sequence[Search], *, prepare: Callable[[Question], object] | None = None
    ) -> list[Found]:
        """For each search its ``k`` best passages, or fewer where the store holds fewer; none for a
        question without a word. However many there are, the index is asked three times.

        ``prepare`` is called with each question as it is read, on another thread while the model
        runs. Raises ``InputError`` for an empty or overlong question, ``k`` < 1, an unknown scheme
        or an unknown region.
        """
        return [self._found(one) for one in self._bring(searches, prepare)]

    def _bring(
        self, searches: Sequence[Search], prepare: Callable[[Question], object] | None = None
    ) -> list[_Brought]:
        """What three calls of the index bring for all searches, each passage once."""
        posed = [
            pose(search, self.words, self.place(search.region), self.placed) for search in searches
        ]

        def without_vectors() -> Sequence[Matches]:
            queries = [one.query(self.words, only) for one in posed for only in one.filters]
            matches = self.index.match(queries)
            if prepare is not None:
                for one in posed:
                    prepare(one.asked)
            return matches

        with Beside(without_vectors) as beside:
            vectors = [self._vectors(one.searched, one.search.focus) for one in posed]
        matches = iter(beside.result())
        given = [[next(matches) for _ in one.filters] for one in posed]
        probes = [
            one.probe(vector, matched, only)
            for one, (vector, _), each in zip(posed, vectors, given, strict=True)
            for matched, only in zip(each, one.filters, strict=True)
        ]
        pools = iter(self.index.search(probes))
        near = [[(next(pools), matched) for matched in each] for each in given]
        rows = [_first(one, each) for one, each in zip(posed, near, strict=True)]
        numbers = sorted(set(chain.from_iterable(rows)))
        seen = {one.number: one for one in (self.index.passages(numbers) if numbers else ())}
        return [
            _Brought(
                *(one, *made, *each[0], chosen),
                seen={number: seen[number] for number in chosen},
                facets={number: self.facets(seen[number]) for number in chosen},
            )
            for one, made, each, chosen in zip(posed, vectors, near, rows, strict=True)
        ]

    def _found(self, of: _Brought) -> Found:
        posed, rows, facets = of.posed, of.rows, of.facets
        self._read_again(of)
        if self.reranker is not None:
            _rerank(of, self.reranker)
        ranked = sorted(rows, key=lambda n: _place(rows[n], of.seen[n].passage))
        hits = _hits(of, ranked)
        spoken = any(facets[hit.number].region == posed.who.place for hit in hits)
        return Found(
            question=posed.asked,
            asked=posed.search.focus or posed.asked.text,
            hits=hits,
            vector=of.vector,
            pool=of.pool,
            laws=of.matches.statutes,
            groups=self._groups(posed.asked, of),
            evidence=_evidence([rows[n] for n in ranked[:RERANKED]]),
            missing_place=None if spoken else posed.who.place,
            tokens=of.tokens,
            seen=of.seen,
            facets=facets,
        )

    def _groups(self, question: Question, of: _Brought) -> WordGroups:
        """Each word with its rarity and the words that count as the same."""
        rarity = dict(zip(of.posed.rare, of.matches.rarity, strict=True))
        return tuple((rarity[word], (word, *self.words.synonyms(word))) for word in question.words)

    def judged(self, found: Found, seen: Sequence[Seen]) -> tuple[Judged, ...]:
        """How well each of some passages answers; () where there are no tokens to judge by."""
        codes = [one.codes for one in seen if one.codes is not None]
        if len(codes) < len(seen) or found.tokens is None:
            return ()
        if not isinstance(self.encoder, TokenSpans):
            return ()
        return judged(found.tokens, [one.passage for one in seen], codes, self.encoder)

    def facets(self, seen: Seen) -> Facets:
        """What a ranking needs to know of a passage, kept."""
        found = self._facets.get(seen.number)
        if found is None:
            if len(self._facets) >= KEPT:
                self._facets = {}  # a new one: other threads may be reading this one
            found = self._facets[seen.number] = facets(seen.passage, seen.marks)
        return found

    def place(self, region: str | None) -> str | None:
        """A region as the store's articles call it (沈阳市 is 沈阳), None where none or the whole
        country is meant. Raises ``InputError`` for one that neither exists nor stands in the store;
        its sentence does not repeat what was given."""
        if region is None or (isinstance(region, str) and not region.strip()):
            return None
        found = place_named(region) if isinstance(region, str) else ""
        if not found and region not in self.regions:
            raise InputError(UNKNOWN_REGION)
        return None if found == NATIONAL else found or region

    def placed(self, question: Question) -> Question:
        """A question with the city of the district that it names, where nothing is said of the district."""
        if question.region is None or not within(question.region):
            return question
        return replace(question, region=covering(question.region, self.regions))

    @cached_property
    def regions(self) -> frozenset[str]:
        """Every place that a passage speaks of."""
        return self.index.regions()

    @cached_property
    def fixed(self) -> Mapping[str, int]:
        """The questions whose answer is fixed, each with the number of the article that fixes it."""
        return self.index.fixed()

    def known(self, words: Sequence[str]) -> frozenset[str]:
        """Those of some words that any passage of the store holds."""
        (found,) = self.index.match([Query(rare=(*words, NOWHERE))])
        *rarity, unknown = found.rarity
        return frozenset(w for w, rare in zip(words, rarity, strict=True) if rare < unknown)

    def rows(self, question: str) -> list[tuple[Seen, Row]]:
        """The passages that are read again for a question, each with all its features."""
        (of,) = self._bring([Search(question)])
        self._read_again(of)
        return [(of.seen[number], row) for number, row in of.rows.items()]

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

    def _read_again(self, of: _Brought) -> None:
        """Give the first ``RERANKED`` all their features and their final ``score``; the others follow
        at the distance that they had."""
        posed, rows = of.posed, of.rows
        first = list(rows)[:RERANKED]
        last = rows[first[-1]]["score"] if first else 0.0
        late = _late(of.tokens, [of.seen[n] for n in first])
        groups = telling(self._groups(posed.searched, of))
        for place, n in enumerate(first):
            row = rows[n]
            row.update(reread(posed.searched, of.facets[n], groups, posed.who))
            row.update(zip(LATE, _NO_LATE if late is None else late[place].tolist(), strict=True))
        scores = totals([rows[n] for n in first])
        for n, score in zip(first, scores, strict=True):
            rows[n]["score"] = score
        for n in list(rows)[RERANKED:]:
            rows[n]["score"] += min(scores) - last


def _first(posed: Posed, near: Sequence[tuple[Pool, Matches]]) -> dict[int, Row]:
    """The first of the candidates, with what the rankings gave them; ``near``: what was brought by each
    of the filters. None for what has no word."""
    if not _WORD.search(posed.searched.folded):
        return {}
    whole = near[0] if len(near) > 1 else None
    return gather(*near[-1], whole).best(posed.reread)


def _late(tokens: NDArray[np.float32] | None, seen: Sequence[Seen]) -> NDArray[np.float32] | None:
    """(n, 2) late interaction of a question's tokens with passages; None where either has none."""
    codes = [one.codes for one in seen if one.codes is not None]
    return late_scores(tokens, codes) if tokens is not None and codes else None


def _rerank(of: _Brought, reranker: Reranker) -> None:
    """Put the first ``RERANKED`` in the order of the CrossEncoder. The scores stay those of our
    own ranking, dealt out anew: what comes later is measured on their scale."""
    first = list(of.rows)[:RERANKED]
    texts = [late_text(of.seen[n].passage) for n in first]
    given = reranker.scores(of.posed.searched.text, texts).tolist()
    ours = sorted((of.rows[n]["score"] for n in first), reverse=True)
    for score, (n, own) in zip(
        ours, sorted(zip(first, given, strict=True), key=lambda x: (-x[1], x[0])), strict=True
    ):
        of.rows[n].update(score=score, reranker=own)


def _place(row: Row, passage: Passage) -> tuple[float, bool, str, int]:
    """What the order of passages goes by: the score, then whether it was read again, then the passage
    itself. A folder numbers passages in the same order; other engines number otherwise, and all are to
    answer alike."""
    return -round(row["score"], DIGITS), "covered" not in row, passage.article.id, passage.start


def _hits(of: _Brought, ranked: Sequence[int]) -> tuple[Hit, ...]:
    """Best first; near-identical passages folded into the better one; not all of one page."""
    k, seen, facets = of.posed.search.k, of.seen, of.facets
    chosen = folded(ranked, lambda n: facets[n].body, max(k, ONE_PAGE + 1))
    hits = [
        Hit(seen[n].passage, why.pop("score"), why, tuple(seen[o].passage for o in also), n)
        for (n, also), why in zip(chosen, _rounded([of.rows[n] for n, _ in chosen]), strict=True)
    ]
    return tuple(several_pages(hits, [facets[hit.number].page for hit in hits])[:k])


def _evidence(rows: Sequence[Row]) -> Row:
    """What the decision on scope looks at; see ``index.scope``."""
    if not rows:
        return {}
    return {
        "best_cosine": max(row["cosine"] for row in rows),
        "best_asked_like": max(row["asked_like"] for row in rows),
    }


def _rounded(rows: Sequence[Row]) -> list[Row]:
    """To six digits, all at once: it is done for each question."""
    values = [value for row in rows for value in row.values()]
    rounded = iter(np.round(values, 6).tolist())
    return [dict(zip(row, rounded, strict=False)) for row in rows]
