"""What runs on the machines of a Ray cluster: one reads files, one encodes texts.

Ray makes one object for each processor and calls it with tables of one row: ``number`` of the piece
of work and ``work``, pickled. It gives back ``number`` and ``result``, pickled.
"""

from __future__ import annotations

import hashlib
import pickle
from functools import lru_cache
from pathlib import Path
from typing import Any

import corpus
from corpus.reading import File
from corpus.reading.workers import Worker
from index.ingest.helper import Helper
from index.ingest.messages import Begin, Refused

Held = tuple[tuple[File, bytes], ...]
"""Files with their content, which lies on another machine."""


@lru_cache(maxsize=1)
def reader_digest() -> str:
    """Of all code and data that make articles of a file: machines with others would read otherwise."""
    room = Path(corpus.__file__).parent
    code = [p for p in room.rglob("*.py") if "articles" not in p.parts]
    digest = hashlib.sha256()
    for path in sorted((*code, *(room / "data").iterdir()), key=lambda p: p.as_posix()):
        digest.update(path.relative_to(room).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


class Reads:
    """Reads files, within the limits of ``corpus.reading``, in a process of its own."""

    def __init__(self, digest: str) -> None:
        self._alike = digest == reader_digest()
        self._worker = Worker() if self._alike else None

    def __call__(self, table: Any) -> Any:
        def read(held: Held) -> object:
            if self._worker is None:
                return Refused(
                    "集群里有机器装的不是同一版本的本项目：请在每台机器上安装与本机相同的版本后重试。"
                )
            return self._worker.read([file for file, _ in held], held=dict(held))

        return _answered(table, read)


class Encodes:
    """Encodes shards of texts."""

    def __init__(self, begin: Begin) -> None:
        self._helper = Helper(begin)

    def __call__(self, table: Any) -> Any:
        return _answered(table, self._helper.encode)


def _answered(table: Any, work: Any) -> Any:
    """A table with the results of a table's rows."""
    import pyarrow

    results = [pickle.dumps(work(pickle.loads(row.as_py()))) for row in table["work"]]
    result = pyarrow.array(results, pyarrow.large_binary())
    return pyarrow.table({"number": table["number"], "result": result})
