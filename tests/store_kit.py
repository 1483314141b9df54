"""Small articles and a quick encoder without a model, for the tests of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.types import Article, Source
from index.late import WIDTH, late_scores
from index.refresh import refresh
from index.report import RefreshReport
from index.store import Store
from index.types import Index, Probe, Query, Seen, Term


class PairEncoder:
    """Vectors of hashed pairs of characters. ``embedded`` counts the texts it was given."""

    dimension = 32

    def __init__(self, model: str = "pairs") -> None:
        self.model = model
        self.embedded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for i in range(len(text)):
                digest = hashlib.blake2b(text[i : i + 2].encode(), digest_size=2).digest()
                row[digest[0] % self.dimension] += 1 if digest[1] % 2 else -1
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: NDArray[np.float32] = rows / np.maximum(norms, 1e-9)
        return unit


class TokenDouble(PairEncoder):
    """Gives tokens too: a hashed row of codes for each character, in the light of the one before.
    ``tokened`` counts the texts of passages whose tokens were made."""

    def __init__(self, model: str = "pairs") -> None:
        super().__init__(model)
        self.tokened: list[str] = []

    def encode_question(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        codes = self._codes(text).astype(np.float32)
        return self.encode_queries([text])[0], codes / np.float32(15 * 15 * WIDTH)

    def encode_tokens(self, texts: Sequence[str]) -> list[NDArray[np.int8]]:
        self.tokened += texts
        return [self._codes(text) for text in texts]

    def _codes(self, text: str) -> NDArray[np.int8]:
        pairs = [text[max(0, i - 1) : i + 1] for i in range(len(text))]
        return np.stack([_hashed(pair) for pair in pairs])


@lru_cache(maxsize=10_000)
def _hashed(pair: str) -> NDArray[np.int8]:
    """(WIDTH,) each 15 or -15, so that a token's product with itself is the greatest."""
    bits = np.unpackbits(
        np.frombuffer(hashlib.blake2b(pair.encode(), digest_size=WIDTH // 8).digest(), np.uint8)
    )
    return (bits.astype(np.int8) * 2 - 1) * 15


def page(n: int, *, days: int = 15) -> str:
    """A plain-text article; other numbers make other articles."""
    place = "东南西北中"[n % 5]
    return (
        f"第{n}号窗口如何办理{place}区停保{n}\n\n"
        f"到{place}区{n}号窗口提交申请，{days}天内办结。\n\n"
        f"办理流程：\n1. 打开第{n}页。\n2. 填写{n}号表。\n3. 等待{days}天。\n"
    )


def write_pages(folder: Path, numbers: Iterable[int]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for n in numbers:
        (folder / f"{n:04}.txt").write_text(page(n), encoding="utf-8")
    return folder


def build(store: Path, *paths: Path, **options: object) -> RefreshReport:
    options.setdefault("encoder", PairEncoder())
    return refresh(store, paths, **options)  # type: ignore[arg-type]


def piece(store: Path, kind: str, room: str = "articles") -> Path:
    """The first file of a kind (``rows``, ``vectors`` …) that a room of a store lies in."""
    opened = Store.peek(store)
    return opened.files.folder / opened.half(room).contents.files[kind][0]


def answers(
    store: Index, questions: Iterable[str] = ("停保怎么办理", "东区3号窗口", "第一步")
) -> str:
    """Everything that a generation says to some questions, to the last digit."""
    from corpus.words import words

    encoder, cutter, said = TokenDouble(), words(), []
    for question in questions:
        vector, tokens = encoder.encode_question(question)
        terms = [Term(w) for w in cutter.keywords(question)]
        pairs = [Term(b, 0.5, "bigram") for b in cutter.bigrams(question)]
        (matches,) = store.match([Query(terms, pairs, [*terms, *pairs], [question], 8, 8)])
        matched = np.concatenate([matches.words.numbers, matches.pairs.numbers])
        (pool,) = store.search([Probe(vector, matched, 8, 8, 8)])
        for ranking in (matches.words, matches.pairs, matches.statutes):
            said.append(repr(list(ranking)))
        for ranking in (pool.near, pool.questions, pool.statutes):
            said.append(repr(list(ranking)))
        for column in (pool.numbers, pool.articles, pool.cosines, pool.asked):
            said.append(repr(column.tolist()))
        said.append(repr(list(matches.rarity)))
        seen = store.passages(pool.numbers.tolist())
        said += [f"{one.passage.id} {one.passage.text} {one.marks}" for one in seen]
        late = [one.codes for one in seen if one.codes is not None]
        said.append(repr(late_scores(tokens, late).tolist() if late else None))
    return "\n".join(said)


def every_passage(index: Index) -> list[Seen]:
    """All passages of a generation, in the order of their articles."""
    return [seen for block in index.blocks() for entry in block for seen in entry.passages]


def two_statutes() -> tuple[Article, ...]:
    """Stands for ``corpus.statutes.statutes``: reading the whole database takes a while."""
    source = Source("全国人大常委会", "某某法", published=date(2018, 12, 29))
    return tuple(
        Article(
            f"statute/{n}",
            f"某某法 第{n}条",
            f"第{n}条写的是停保的第{n}件事。",
            source,
            kind="statute",
            questions=(f"第{n}件事",),
        )
        for n in (1, 2)
    )
