"""A small Index in memory, for tests that need no store on disk: exact vectors, plain BM25."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.types import Article, Claim, Passage
from corpus.words import Words
from index.types import Scored, Space, Term


class Encodes(Protocol):
    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class MemoryIndex:
    """Implements ``index.types.Index`` over passages, statutes and claims given to it."""

    def __init__(
        self,
        encoder: Encodes,
        words: Words,
        passages: Sequence[Passage],
        statutes: Sequence[Article] = (),
        claims: dict[str, tuple[Claim, ...]] | None = None,
    ) -> None:
        self._articles = list(dict.fromkeys(p.article for p in passages))
        numbers = {a.id: i for i, a in enumerate(self._articles)}
        self._passages = {
            "passages": list(passages),
            "statutes": [Passage(a, 0, len(a.text), "legal") for a in statutes],
        }
        self._article_of = [numbers[p.article.id] for p in passages]
        self._claims = claims or {}
        self._by_id = {a.id: a for a in (*self._articles, *statutes)}
        self._owner: dict[str, list[int]] = {}
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._bags: dict[str, list[Counter[tuple[str, str]]]] = {}
        for space, found in self._passages.items():
            texts = [_whole(p) for p in found]
            self._vectors[space] = encoder.encode_passages(texts)
            self._owner[space] = list(range(len(found)))
            self._bags[space] = [_bag(p, words) for p in found]
        asked = [(i, q) for i, a in enumerate(self._articles) for q in (a.title, *a.questions)]
        self._owner["questions"] = [i for i, _ in asked]
        self._vectors["questions"] = encoder.encode_queries([q for _, q in asked])
        lay = [(i, q) for i, a in enumerate(statutes) for q in a.questions]
        self._owner["statutes"] += [i for i, _ in lay]
        if lay:
            rows = encoder.encode_queries([q for _, q in lay])
            self._vectors["statutes"] = np.concatenate([self._vectors["statutes"], rows])

    generation = "memory"
    model = "memory"

    @property
    def size(self) -> int:
        return len(self._passages["passages"])

    def nearest(self, vector: NDArray[np.float32], k: int, space: Space) -> Sequence[Scored]:
        best: dict[int, float] = {}
        if len(self._vectors[space]):
            for owner, score in zip(self._owner[space], self._vectors[space] @ vector, strict=True):
                best[owner] = max(best.get(owner, -1.0), float(score))
        return _ranked(best, k)

    def matching(self, terms: Sequence[Term], k: int, space: Space) -> Sequence[Scored]:
        bags = self._bags[space]
        mean = sum(sum(b.values()) for b in bags) / (len(bags) or 1) or 1.0
        scores: dict[int, float] = {}
        for term in terms:
            holding = [i for i, b in enumerate(bags) if (term.kind, term.text) in b]
            idf = math.log(1 + (len(bags) - len(holding) + 0.5) / (len(holding) + 0.5))
            for i in holding:
                tf = bags[i][(term.kind, term.text)]
                norm = 1.2 * (0.25 + 0.75 * sum(bags[i].values()) / mean)
                scores[i] = scores.get(i, 0.0) + term.weight * idf * tf * 2.2 / (tf + norm)
        return _ranked(scores, k)

    def cosines(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> NDArray[np.float32]:
        rows: NDArray[np.float32] = self._vectors["passages"][list(numbers)] @ vector
        return rows

    def rarity(self, words: Sequence[str]) -> Sequence[float]:
        bags = self._bags["passages"]
        counts = [sum(("word", w) in b for b in bags) for w in words]
        return [math.log(1 + (len(bags) - n + 0.5) / (n + 0.5)) for n in counts]

    def passage(self, number: int, space: Space = "passages") -> Passage:
        return self._passages["statutes" if space == "statutes" else "passages"][number]

    def passages_of(self, article: int) -> Sequence[int]:
        return [i for i, a in enumerate(self._article_of) if a == article]

    def article_of(self, number: int) -> int:
        return self._article_of[number]

    def article(self, article_id: str) -> Article | None:
        return self._by_id.get(article_id)

    def claims(self, article_id: str) -> Sequence[Claim]:
        return self._claims.get(article_id, ())


def _whole(passage: Passage) -> str:
    return "\n".join((passage.article.title, *passage.heading, passage.text))


def _bag(passage: Passage, words: Words) -> Counter[tuple[str, str]]:
    text = "\n".join((_whole(passage), *passage.article.questions))
    bag = Counter(("word", w) for w in words.keywords(text))
    bag.update(("bigram", b) for b in words.bigrams(text))
    return bag


def _ranked(scores: dict[int, float], k: int) -> list[Scored]:
    order = sorted(scores, key=lambda i: (-scores[i], i))
    return [Scored(i, scores[i]) for i in order[:k]]
