"""The points of an article: what of it stands in which collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from index import texts
from index.late import Codes
from index.marks import Marks
from index.qdrant.backend import Matrix, Point, Sparse, Vector
from index.qdrant.content import Drawn
from index.qdrant.schema import ALIVE, hashed, lets, packed, shortened
from index.qdrant.terms import together
from index.table import Row

Key = bytes
"""What a vector is known by, see ``index.texts.keys_of``."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What of an article is embedded, by key: ``passages``, ``tokens`` (none where the model gives
    none) and ``questions``, each in its order."""

    passages: tuple[tuple[Key, str], ...]
    tokens: tuple[tuple[Key, str], ...]
    questions: tuple[tuple[Key, str], ...]

    @classmethod
    def of(cls, row: Row, model: str, *, tokens: bool) -> Texts:
        def keyed(kind: str, all_texts: list[str]) -> tuple[tuple[Key, str], ...]:
            keys = texts.each(texts.keys_of(model, kind, all_texts))
            return tuple(zip(keys, all_texts, strict=True))

        return cls(
            keyed("passage", [texts.passage_text(p) for p in row.passages]),
            keyed("tokens", [texts.late_text(p) for p in row.passages] if tokens else []),
            keyed("query", list(texts.question_texts(row.article)) if row.passages else []),
        )


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of texts, by key: vectors of ``passages`` and ``questions``, codes of ``tokens``."""

    passages: Mapping[Key, Matrix]
    questions: Mapping[Key, Matrix]
    tokens: Mapping[Key, Codes]


def points_of(
    room: str,
    drawn: Drawn,
    row: Row,
    embedded: Texts,
    made: Made,
    sparse: Sequence[Mapping[str, Sparse]],
    born: int,
) -> Iterator[tuple[str, Point]]:
    """The points of an article, each with its collection. ``sparse``: the terms of each passage."""
    own = {"article": drawn.known.number, "born": born, "died": ALIVE}
    told = {"id": drawn.id, "line": drawn.line, "head": drawn.known.head, "sha": drawn.known.sha}
    if room == "statutes":
        yield from _statutes({**told, **own}, embedded, made, sparse)
        return
    number = drawn.known.number
    marks = row.marks or [Marks()] * len(row.passages)
    yield "articles", Point(number, {}, {**told, **own})
    for place, (key, _) in enumerate(embedded.passages):
        payload = {"place": place, "key": shortened(key), "lets": lets(marks[place]), **own}
        if embedded.tokens:
            late = embedded.tokens[place][0]
            payload |= {"tokens": shortened(late), "codes": packed(made.tokens[late])}
        vectors: dict[str, Vector] = {"dense": made.passages[key], **sparse[place]}
        yield "passages", Point(hashed(number, place), vectors, payload)
    everyone = sorted({one for m in marks for one in lets(m)})
    for place, (key, _) in enumerate(embedded.questions):
        payload = {"key": shortened(key), "lets": everyone, **own}
        asked: Matrix = made.questions[key]
        yield "questions", Point(hashed(number, "asked", place), {"dense": asked}, payload)


def _statutes(
    payload: Mapping[str, Any], embedded: Texts, made: Made, sparse: Sequence[Mapping[str, Sparse]]
) -> Iterator[tuple[str, Point]]:
    """An article of a law, a point a passage: the first counts by its text or by the best of the
    article's questions."""
    for place, (key, _) in enumerate(embedded.passages):
        questions = embedded.questions if place == 0 else ()
        rows = [made.passages[key], *(made.questions[asked] for asked, _ in questions)]
        vectors: dict[str, Vector] = {"dense": np.stack(rows), "terms": together(sparse[place])}
        yield (
            "statutes",
            Point(hashed(payload["article"], place), vectors, {"place": place, **payload}),
        )
