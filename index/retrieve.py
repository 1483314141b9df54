"""Finding the passages that answer a question: two rankings, fused, then read again more closely.

1. Candidates: the nearest passages by cosine, the best by BM25 (words, character bigrams and, with
   lower weight, synonyms), and the passages of articles whose title or other questions are near.
2. Fusion: a weighted sum of the normalised scores picks the best ``RERANKED``.
3. Re-ranking: what a lay reader would look at (which words of the question are covered and how rare
   they are, scheme, place, length of time, the kind of thing asked for).
4. Near-identical passages become one hit; the first five do not all come from one page.

What is a question out of scope is decided in ``index.scope``, never here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import InputError
from corpus.types import NATIONAL, SCHEMES, PassageKind, Scheme
from corpus.words import Words
from index.facets import Facets, facets
from index.question import MAX_LENGTH, Question, read_question
from index.types import Hit, Index, Scored, Term

CANDIDATES = 60
RERANKED = 30
SYNONYM_WEIGHT = 0.4
BIGRAM_WEIGHT = 0.35

WEIGHTS: dict[str, float] = {
    "cosine": 6.0,
    "bm25": 1.0,
    "asked_like": 3.0,
    "covered": 1.2,
    "covered_title": 0.5,
    "kind": 0.25,
    "scheme": 0.5,
    "region": 0.5,
    "length": 0.2,
    "channel": 0.4,
}


REREAD = ("covered", "covered_title", "kind", "scheme", "region", "length", "channel")


class QueryEncoder(Protocol):
    """The part of an encoder that a search needs."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a question, best first, and the evidence that ``index.scope`` judges by.

    ``vector`` is the question's, (dim,) float32. ``missing_place`` is the place asked of when no hit
    speaks of it.
    """

    question: Question
    hits: tuple[Hit, ...]
    vector: NDArray[np.float32]
    evidence: dict[str, float] = field(default_factory=dict)
    missing_place: str | None = None


class Retriever:
    """Searches one generation of an index. Safe to call from many threads at once."""

    def __init__(self, index: Index, encoder: QueryEncoder, words: Words) -> None:
        self.index = index
        self.encoder = encoder
        self.words = words
        # 20,000 passages of some 1.5 kB: at most about 30 MB
        self._facets = lru_cache(maxsize=20_000)(lambda n: facets(index.passage(n)))

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
        vector = self.encoder.encode_queries([asked.text])[0]
        pool = self._candidates(asked, vector)
        kept = [n for n in pool if self._allowed(n, scheme=scheme, region=region)]
        schemes = (scheme,) if scheme else asked.schemes or ((prefer,) if prefer else ())
        where = region or asked.region or place
        rows = self._features(asked, kept, pool, schemes=schemes, place=where)
        order = sorted(range(len(kept)), key=lambda i: (-rows[i]["score"], kept[i]))
        ranked = [(kept[i], rows[i]) for i in order]
        hits = self._diverse(ranked, k)
        return Found(
            question=asked,
            hits=hits,
            vector=vector,
            evidence=self._evidence(ranked, pool),
            missing_place=None if any(facets(h.passage).region == where for h in hits) else where,
        )

    def knows(self, word: str) -> bool:
        """Whether any passage of the store holds the word."""
        return self.index.rarity((word,))[0] < self.index.rarity(("\0",))[0]

    def _candidates(self, asked: Question, vector: NDArray[np.float32]) -> dict[int, dict[str, float]]:
        """Passage number -> raw scores of the rankings that found it, cosine for all."""
        pool: dict[int, dict[str, float]] = {}

        def add(found: Sequence[Scored], name: str) -> None:
            for hit in found:
                pool.setdefault(hit.number, {})[name] = hit.score

        add(self.index.nearest(vector, CANDIDATES, "passages"), "cosine")
        add(self.index.matching(self.terms(asked), CANDIDATES, "passages"), "bm25")
        near_titles = self.index.nearest(vector, CANDIDATES // 2, "questions")
        for hit in near_titles:
            for number in self.index.passages_of(hit.number):
                pool.setdefault(number, {})["asked_like"] = hit.score
        floor = min((h.score for h in near_titles), default=0.0)
        lacking = [n for n, scores in pool.items() if "cosine" not in scores]
        if lacking:
            for n, cosine in zip(lacking, self.index.cosines(vector, lacking), strict=True):
                pool[n]["cosine"] = float(cosine)
        top = max((s.get("bm25", 0.0) for s in pool.values()), default=0.0) or 1.0
        for scores in pool.values():
            scores["bm25_raw"] = scores.get("bm25", 0.0)
            scores["bm25"] = scores["bm25_raw"] / top
            scores.setdefault("asked_like", floor)
        return pool

    def terms(self, asked: Question) -> list[Term]:
        """What is looked for in the keyword index: the words, their synonyms, the bigrams."""
        terms = [Term(word) for word in asked.words]
        known = set(asked.words)
        for word in asked.words:
            for other in self.words.synonyms(word):
                if other not in known:
                    known.add(other)
                    terms.append(Term(other, SYNONYM_WEIGHT))
        terms += [Term(b, BIGRAM_WEIGHT, "bigram") for b in dict.fromkeys(self.words.bigrams(asked.folded))]
        return terms

    def _allowed(self, number: int, *, scheme: Scheme | None, region: str | None) -> bool:
        f = self._facets(number)
        if scheme and f.schemes and scheme not in f.schemes:
            return False
        return not (region and f.region not in (NATIONAL, region))

    def _features(
        self,
        asked: Question,
        kept: list[int],
        pool: dict[int, dict[str, float]],
        *,
        schemes: Sequence[Scheme],
        place: str | None,
    ) -> list[dict[str, float]]:
        """The named features of each kept candidate; those outside the best get the fused sum."""
        fused = {
            n: sum(WEIGHTS[name] * pool[n][name] for name in ("cosine", "bm25", "asked_like"))
            for n in kept
        }
        best = set(sorted(kept, key=lambda n: (-fused[n], n))[:RERANKED])
        groups = self.word_groups(asked)
        rows = []
        for n in kept:
            row = {name: pool[n][name] for name in ("cosine", "bm25", "asked_like")}
            row["score"] = fused[n]
            if n in best:
                f = self._facets(n)
                row.update(
                    reread(asked, f, self.index.passage(n).kind, groups, schemes=schemes, place=place)
                )
                row["score"] += sum(WEIGHTS[name] * row[name] for name in REREAD)
            rows.append(row)
        return rows

    def word_groups(self, asked: Question) -> list[tuple[float, tuple[str, ...]]]:
        """Each word of the question with its rarity and the words that count as the same."""
        rarity = self.index.rarity(asked.words)
        return [
            (weight, (word, *self.words.synonyms(word)))
            for word, weight in zip(asked.words, rarity, strict=True)
        ]

    def _diverse(self, ranked: list[tuple[int, dict[str, float]]], k: int) -> tuple[Hit, ...]:
        """Best first, near-identical passages folded into the better one."""
        hits: list[Hit] = []
        shingles: list[tuple[set[str], str]] = []
        for number, row in ranked:
            if len(hits) >= k:
                break
            body = self._facets(number).body
            grams = {body[i : i + 3] for i in range(len(body) - 2)} or {body}
            digits = "".join(c for c in body if c.isdigit())
            passage = self.index.passage(number)
            twin = next(
                (i for i, (g, d) in enumerate(shingles) if d == digits and _overlap(g, grams) >= 0.9),
                None,
            )
            if twin is not None:
                hits[twin] = Hit(hits[twin].passage, hits[twin].score, hits[twin].why, (*hits[twin].also, passage))
                continue
            shingles.append((grams, digits))
            why = {name: round(value, 6) for name, value in row.items() if name != "score"}
            hits.append(Hit(passage, round(row["score"], 6), why))
        return tuple(hits)

    def _evidence(
        self, ranked: list[tuple[int, dict[str, float]]], pool: dict[int, dict[str, float]]
    ) -> dict[str, float]:
        """What the decision on scope looks at; see ``index.scope``."""
        if not ranked:
            return {}
        return {
            "best_cosine": max(s["cosine"] for s in pool.values()),
            "best_asked_like": max(s["asked_like"] for s in pool.values()),
            "best_covered": max(row.get("covered", 0.0) for _, row in ranked[:5]),
        }


def reread(
    asked: Question,
    f: Facets,
    kind: PassageKind,
    groups: list[tuple[float, tuple[str, ...]]],
    *,
    schemes: Sequence[Scheme],
    place: str | None,
) -> dict[str, float]:
    """The features of one passage for one question, each in about -1..1."""
    total = sum(weight for weight, _ in groups) or 1.0
    whole = f.head + f.body
    same_length = asked.months and any(abs(m - asked.months) < 0.2 for m in f.months)
    hinted = not schemes
    return {
        "covered": sum(w for w, same in groups if any(s in whole for s in same)) / total,
        "covered_title": sum(w for w, same in groups if any(s in f.head for s in same)) / total,
        "kind": 1.0 if kind in asked.wants[:1] else 0.6 if kind in asked.wants else 0.0,
        "scheme": _agreement(schemes or asked.hinted, f.schemes) * (0.4 if hinted else 1.0),
        "region": _place(place, f.region),
        "length": 1.0 if same_length else 0.0,
        "channel": 1.0 if asked.channels and any(c in whole for c in asked.channels) else 0.0,
    }


def check_input(question: str, *, k: int = 1, scheme: str | None = None) -> None:
    """Raise ``InputError`` with one clear sentence for what cannot be searched."""
    if not isinstance(question, str) or not question.strip():
        raise InputError("问题是空的：请输入想问的医保问题，例如「断缴两个月怎么补」。")
    if len(question) > MAX_LENGTH:
        raise InputError(f"问题有 {len(question)} 个字符，最多 {MAX_LENGTH} 个：请只写要问的那一件事。")
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise InputError(f"k 是 {k!r}，应为 1 或更大的整数。")
    if scheme is not None and scheme not in SCHEMES:
        raise InputError(f"scheme 是 {scheme!r}，应为 {'、'.join(SCHEMES)} 之一或 None。")


def _agreement(asked: Sequence[Scheme], given: Sequence[Scheme]) -> float:
    if not asked or not given:
        return 0.0
    if set(asked) & set(given):
        return 1.0 if len(given) == 1 else 0.5
    return -1.0


def _place(asked: str | None, given: str) -> float:
    if given == NATIONAL:
        return 0.0
    if asked is None:
        return -0.4
    return 1.0 if asked == given else -1.0


def _overlap(a: set[str], b: set[str]) -> float:
    """Jaccard similarity."""
    return len(a & b) / len(a | b)
