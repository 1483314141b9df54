"""The engines that the contract holds for, and pages for all of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from index.engine import Engine
from index.folder import Folder
from index.qdrant import QdrantEngine


@dataclass(frozen=True, slots=True)
class Backend:
    """``make``: an engine that keeps all it has below an empty folder, of which no generation was
    ever made; the same folder gives the same engine again. ``pointer``: the dotted name of what a
    refresh calls last of all, to make its generation the current one."""

    name: str
    make: Callable[[Path], Engine]
    pointer: str


def _qdrant(way: str) -> Backend:
    address = {
        "local": "qdrant+local://{}",
        "edge": "qdrant://{}",
        "cluster": "qdrant://",
    }[way]

    def make(path: Path) -> Engine:
        # one for each test, in a cluster too
        name = hashlib.sha256(str(path).encode()).hexdigest()[:12]
        return QdrantEngine.at(f"{address.format(path / 'store')}?name=test{name}&grace=60")

    return Backend(way, make, "index.qdrant.job.move")


BACKENDS = (
    Backend("folder", lambda path: Folder(path / "store"), "index.refresh.publish"),
    _qdrant("local"),
    _qdrant("edge"),
    *((_qdrant("cluster"),) if os.environ.get("QDRANT_URL") else ()),
)


def page(n: int, scheme: str = "职工", place: str = "") -> str:
    """An article on the stopping of one scheme's cover; other numbers make other articles."""
    where = "东南西北中"[n % 5]
    return (
        f"{place}{scheme}医保如何办理停保{n}\n\n"
        f"{place}{scheme}医保的参保人到{where}区{n}号窗口提交停保申请，{n}天内办结。\n"
    )


def write(folder: Path, numbers: Iterable[int], scheme: str = "职工", place: str = "") -> Path:
    """A file for each number."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in numbers:
        (folder / f"{n:04}.txt").write_text(page(n, scheme, place), encoding="utf-8")
    return folder
