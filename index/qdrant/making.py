"""Vectors and tokens of what is to be written: taken from the engine where the same text has them there,
else made by the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

from index.build import Encoder
from index.ingest.types import Crew, Kind
from index.late import TokenEncoder
from index.qdrant.backend import Backend, OneOf
from index.qdrant.points import Key, Made, Texts
from index.qdrant.schema import shortened, unpacked
from index.table import Row

AT_ONCE = 1000
"""Keys looked up in one trip."""


class Maker:
    """Makes ``Made`` for some articles at a time. ``collections``: those of the epoch in which texts may
    be found again, {} where everything is made anew. ``tick`` hears how many texts were embedded."""

    def __init__(
        self,
        backend: Backend,
        collections: Mapping[str, str],
        encoder: Encoder,
        crew: Crew,
        tick: Callable[[int], object],
    ) -> None:
        self._backend = backend
        self._collections = collections
        self._encoder = encoder
        self._crew = crew
        self._tick = tick

    def texts(self, room: str, rows: Iterable[Row]) -> list[Texts]:
        """What of the articles of a room is embedded. Laws are not ranked by their tokens."""
        tokens = isinstance(self._encoder, TokenEncoder) and room == "articles"
        return [Texts.of(row, self._encoder.model, tokens=tokens) for row in rows]

    def missing(self, all_texts: Iterable[Texts]) -> set[Key]:
        """Of the texts those whose vector is to be made."""
        passages, _, questions = _merged(all_texts)
        known = (
            self._known("passages", "key", passages).keys()
            | self._known("questions", "key", questions).keys()
        )
        return (passages.keys() | questions.keys()) - known

    def __call__(self, all_texts: Iterable[Texts]) -> Made:
        """What the texts need, equal ones once."""
        passages, tokens, questions = _merged(all_texts)
        found = self._known("passages", "key", passages, "dense")
        asked = self._known("questions", "key", questions, "dense")
        codes = {
            k: unpacked(c) for k, c in self._known("passages", "tokens", tokens, "codes").items()
        }
        return Made(
            found | self._made(passages, found, "passages"),
            asked | self._made(questions, asked, "queries"),
            codes | self._made(tokens, codes, "tokens")
            if isinstance(self._encoder, TokenEncoder)
            else {},
        )

    def _made(
        self, wanted: Mapping[Key, str], known: Mapping[Key, Any], kind: Kind
    ) -> dict[Key, Any]:
        # of like length together: a helper then waits no longer for its last text than others
        order = sorted(wanted.keys() - known.keys(), key=lambda key: (len(wanted[key]), key))
        made: dict[Key, Any] = {}
        keys = iter(order)
        for rows in self._crew.encode(self._encoder, kind, [wanted[key] for key in order]):
            made.update(zip(islice(keys, len(rows)), rows, strict=True))
            self._tick(len(rows))
        return made

    def _known(
        self, kind: str, field: str, wanted: Mapping[Key, str], value: str = ""
    ) -> dict[Key, Any]:
        """Of the keys that the engine holds the ``value``: its vector, or what its payload has there."""
        if kind not in self._collections:
            return {}
        by_short = {shortened(key): key for key in wanted}
        payload: tuple[str, ...] = (field,)
        vectors: tuple[str, ...] = ()
        if value == "dense":
            vectors = ("dense",)
        elif value:
            payload = (field, value)
        found: dict[Key, Any] = {}
        for some in _parts(list(by_short)):
            where = (OneOf(field, some),)
            for p in self._backend.scroll(self._collections[kind], where, payload, vectors):
                known = p.vectors["dense"] if vectors else p.payload.get(value)
                found[by_short[int(p.payload[field])]] = known
        return found


def _parts(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def _merged(all_texts: Iterable[Texts]) -> tuple[dict[Key, str], dict[Key, str], dict[Key, str]]:
    several = list(all_texts)
    return (
        dict(pair for one in several for pair in one.passages),
        dict(pair for one in several for pair in one.tokens),
        dict(pair for one in several for pair in one.questions),
    )
