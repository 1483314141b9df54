"""A generation as files, and such files as the next generation: what a backup holds of an engine.

Points as lines of JSON, in one form for a server, a cluster, the engine in process and the client's
local mode, so that what one held can be put into another. A server's snapshots are of one node and its
version, and lie on its disk; a folder could be copied only while nobody has it open.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import InputError, StoreError
from index.qdrant import blobs
from index.qdrant.backend import Backend, Got, Matrix, Point, Sparse, Vector
from index.qdrant.lease import refreshing
from index.qdrant.pointer import FORMAT, Frequencies, Names, Pointer, move, number_now, read_pointer
from index.qdrant.schema import ALIVE, KINDS, STATE, alive, shapes
from index.qdrant.sweeping import recover, waiting
from index.qdrant.writing import UPSERT, Writing

POINTER = "pointer.json"


def save(backend: Backend, names: Names, address: str, folder: Path) -> str:
    """The current generation as files in ``folder``, which is there; gives its identity. No refresh
    comes between: LockedError while one is at work. Raises StoreError where there is no generation."""
    if names.state not in backend.collections():
        raise StoreError(f"{address} 里没有知识库：请检查地址。")
    with refreshing(backend, names, address) as renew:
        pointer = read_pointer(backend, names, address)
        if pointer is None:
            raise StoreError(f"{address} 里没有知识库：请检查地址。")
        forms = shapes(pointer.dimension)
        for kind, collection in names.of(pointer.epoch).items():
            vectors = (*forms[kind].dense, *forms[kind].sparse)
            with (folder / f"{kind}.jsonl").open("w", encoding="utf-8") as file:
                for got in backend.scroll(collection, alive(pointer.number), True, vectors):
                    renew()
                    file.write(_line(got))
        for room, known in pointer.frequencies.items():
            for n, ids in enumerate(known.parts):
                (folder / f"{room}-{n}.counts").write_bytes(blobs.get(backend, names.state, ids))
        (folder / POINTER).write_text(pointer.to_json(), encoding="utf-8")
    return pointer.generation


def read_saved(folder: Path) -> Pointer:
    """The pointer among the files. Raises InputError for another version's or none."""
    try:
        saved = Pointer.from_json((folder / POINTER).read_text(encoding="utf-8"))
    except (OSError, KeyError, TypeError, ValueError):
        raise InputError("备份里引擎的内容不完整：请用另一个备份文件。") from None
    if saved.format != FORMAT:
        raise InputError(
            f"备份里引擎的格式是第 {saved.format} 版，本程序使用第 {FORMAT} 版：请用做出它的版本恢复。"
        )
    return saved


def load(backend: Backend, names: Names, address: str, folder: Path, grace: float) -> None:
    """Make the generation of the files the current one, in collections of its own and last of all:
    whoever is killed before leaves the old one in force. Raises as a refresh does."""
    saved = read_saved(folder)
    if names.state not in backend.collections():
        backend.create(names.state, STATE)
    with refreshing(backend, names, address) as renew:
        was, last = number_now(backend, names), None
        with suppress(StoreError):  # one that cannot be read is replaced too
            last = read_pointer(backend, names, address)
        recover(backend, names, was, last)
        number = was + 1
        writing = Writing(backend, names, str(number), number, renew)
        writing.begin(saved.dimension)
        for kind in KINDS:
            points = _points(folder / f"{kind}.jsonl", number)
            while some := list(islice(points, UPSERT)):
                writing.put(kind, some)
        new = replace(
            saved,
            number=number,
            epoch=str(number),
            frequencies=_frequencies(saved, folder, writing.blob),
            past=(*waiting(last, grace), (last.number, time.time())) if last is not None else (),
        )
        move(backend, names, address, new, was)


def _frequencies(
    saved: Pointer, folder: Path, put: Callable[[bytes], tuple[int, ...]]
) -> Mapping[str, Frequencies]:
    def parts(room: str, count: int) -> tuple[tuple[int, ...], ...]:
        return tuple(put((folder / f"{room}-{n}.counts").read_bytes()) for n in range(count))

    return {
        room: replace(known, parts=parts(room, len(known.parts)))
        for room, known in saved.frequencies.items()
    }


def _line(got: Got) -> str:
    vectors = {name: _said(vector) for name, vector in got.vectors.items()}
    told = {"id": got.id, "payload": dict(got.payload), "vectors": vectors}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _points(file: Path, number: int) -> Iterator[Point]:
    """Those of a file, born in generation ``number``."""
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            told = json.loads(line)
            vectors = {name: _vector(said) for name, said in told["vectors"].items()}
            lives = {"born": number, "died": ALIVE}
            yield Point(told["id"], vectors, {**told["payload"], **lives})


def _said(vector: Vector) -> dict[str, Any]:
    """Bytes of 32-bit numbers, the lowest first."""
    if isinstance(vector, Sparse):
        return {"indices": _text(vector.indices, "<u4"), "values": _text(vector.values, "<f4")}
    return {"shape": vector.shape, "values": _text(vector, "<f4")}


def _vector(said: Mapping[str, Any]) -> Vector:
    values: Matrix = _numbers(said["values"], "<f4").astype(np.float32)
    if "indices" in said:
        return Sparse(_numbers(said["indices"], "<u4").astype(np.uint32), values)
    rows: Matrix = values.reshape(said["shape"])
    return rows


def _text(numbers: np.ndarray, form: str) -> str:
    return base64.b64encode(numbers.astype(form).tobytes()).decode("ascii")


def _numbers(text: str, form: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), form)
