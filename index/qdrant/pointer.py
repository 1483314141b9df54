"""The pointer: which generation is current, and what a reader has to know of it.

One point of the collection ``state``. It is written last of a refresh, in one step and only over the
generation that the refresh began with; whoever is killed before leaves the old one in force.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from corpus.errors import LockedError, StoreError
from index.qdrant.backend import Backend, OneOf, Point
from index.qdrant.schema import KINDS

FORMAT = 1
"""Raised with each change that older code cannot read or that this code cannot read of old."""
_POINTER = 1


@dataclass(frozen=True, slots=True)
class Frequencies:
    """The statistics of a room, ``articles`` or ``statutes``: ``means`` (LANES,) the lengths that its
    sparse vectors were made with, ``lengths`` (LANES,) the sums of those of today's passages;
    ``parts``: ids of the blobs of ``index.qdrant.statistics.Counts`` that add up."""

    means: tuple[float, ...]
    lengths: tuple[int, ...]
    parts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Fixes:
    """An article that fixes answers: its ``number`` and the ``keys`` of the questions
    (``corpus.fixed.question_key``)."""

    number: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pointer:
    """A generation. ``number`` counts them, ``epoch`` names its collections (``index.qdrant.schema``).

    ``generation``: identity of the content. ``versions``: of what made it (``index.build.versions``). ``regions``:
    each place with the number of its passages; ``fixed``: by id. ``resting``: see ``index.resting``. ``past``: generations before that may still be read,
    each with the time (seconds since 1970) at which it was replaced.
    """

    number: int
    epoch: str
    generation: str
    model: str
    dimension: int
    versions: Mapping[str, str]
    counts: Mapping[str, int]
    regions: Mapping[str, int]
    fixed: Mapping[str, Fixes]
    frequencies: Mapping[str, Frequencies]
    resting: Mapping[str, Any]
    since: float
    past: tuple[tuple[int, float], ...] = ()
    format: int = field(default=FORMAT)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Pointer:
        """Of what ``to_json`` gave. Raises ``KeyError``, ``TypeError`` or ``ValueError``."""
        raw = json.loads(text)
        frequencies = {
            room: Frequencies(
                tuple(f["means"]), tuple(f["lengths"]), tuple(tuple(p) for p in f["parts"])
            )
            for room, f in raw.pop("frequencies").items()
        }
        fixed = {i: Fixes(f["number"], tuple(f["keys"])) for i, f in raw.pop("fixed").items()}
        past = tuple((int(number), float(time)) for number, time in raw.pop("past"))
        return cls(frequencies=frequencies, fixed=fixed, past=past, **raw)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the collections of an engine called ``name``."""

    name: str

    @property
    def state(self) -> str:
        return f"{self.name}_state"

    def of(self, epoch: str) -> dict[str, str]:
        """Of an epoch, by kind."""
        return {kind: f"{self.name}_{epoch}_{kind}" for kind in KINDS}

    def epoch_of(self, collection: str) -> str | None:
        """The epoch whose collection that is; None for one that is not ours or is ``state``."""
        for kind in KINDS:
            epoch = collection.removeprefix(f"{self.name}_").removesuffix(f"_{kind}")
            if epoch and collection == f"{self.name}_{epoch}_{kind}":
                return epoch
        return None


def check_model(pointer: Pointer, model: str, address: str, *, same: bool) -> None:
    """Raise ``StoreError`` where the vectors of a generation are another model's, unless ``same``."""
    if not same:
        raise StoreError(
            f"知识库 {address} 由模型 {pointer.model} 建立，现在的模型是 {model}："
            f"请改回原来的模型（设置 YIBAO_MODEL），或运行 "
            f"python -m index refresh --engine {address} --rebuild 用现在的模型重建。"
        )


def read_pointer(backend: Backend, names: Names, address: str) -> Pointer | None:
    """The current generation; None where none was ever made. Raises ``StoreError`` where it makes no
    sense or is of another format."""
    if names.state not in backend.collections():
        return None
    return pointed(backend, names, address)


def pointed(backend: Backend, names: Names, address: str) -> Pointer | None:
    """As ``read_pointer``, in one trip, where the collections are known to be there."""
    found = backend.read(names.state, [_POINTER], ("pointer", "format"))
    if not found:
        return None
    rebuild = f"请运行 python -m index refresh corpus/articles --engine {address} --rebuild 重建。"
    payload = found[0].payload
    if payload.get("format") != FORMAT:
        raise StoreError(
            f"知识库 {address} 的格式是第 {payload.get('format')} 版，本程序使用第 {FORMAT} 版：{rebuild}"
        )
    try:
        return Pointer.from_json(payload["pointer"])
    except (KeyError, TypeError, ValueError):
        raise StoreError(f"知识库 {address} 的当前一代无法解析：{rebuild}") from None


def number_now(backend: Backend, names: Names) -> int:
    """The number of the current generation, -1 where there is none: one small read."""
    found = backend.read(names.state, [_POINTER], ("holder",))
    return int(found[0].payload["holder"]) if found else -1


def move(backend: Backend, names: Names, address: str, new: Pointer, was: int) -> None:
    """Make ``new`` current, if ``was`` still is (-1: none). Raises ``LockedError`` where it is not."""
    payload = {
        "pointer": new.to_json(),
        "format": FORMAT,
        "holder": str(new.number),  # the field by which a swap is told
    }
    backend.sync()
    backend.swap(names.state, Point(_POINTER, {}, payload), OneOf("holder", [str(was)]))
    if number_now(backend, names) != new.number:
        raise LockedError(
            f"知识库 {address} 在本次刷新期间被另一个刷新替换：内容以那一次为准，请重新运行刷新。"
        )
    backend.sync()
