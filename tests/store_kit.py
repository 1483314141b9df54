"""Small articles and a quick encoder without a model, for the tests of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.types import Article, Source
from index.refresh import refresh
from index.report import RefreshReport
from index.store import Store


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


def answers(
    store: Store, questions: Iterable[str] = ("停保怎么办理", "东区3号窗口", "第一步")
) -> str:
    """Everything that a store says to some questions, to the last digit."""
    from corpus.words import words
    from index.types import Term

    encoder, cutter, said = PairEncoder(), words(), []
    for question in questions:
        vector = encoder.encode_queries([question])[0]
        terms = [Term(w) for w in cutter.keywords(question)]
        terms += [Term(b, 0.5, "bigram") for b in cutter.bigrams(question)]
        for space in ("passages", "questions", "statutes"):
            for hit in store.nearest(vector, 8, space):
                said.append(f"{space} {hit.number} {hit.score!r}")
            for hit in store.matching(terms, 8, space):
                said.append(f"words {space} {hit.number} {hit.score!r}")
        numbers = range(min(store.size, 8))
        said += [repr(store.cosines(vector, numbers).tolist()), repr(store.rarity([question]))]
        said += [store.passage(n).id + store.passage(n).text for n in numbers]
    return "\n".join(said)


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
