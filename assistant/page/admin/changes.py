"""What is to change at one place, and how it is done: a text edited, a file taken in or taken away, the
facts of a file corrected. Whether it may be done now, or waits, is ``editing``'s."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.page import words
from assistant.page.admin.shelves import Shelf, Shelves
from assistant.page.desk import Desk
from corpus.errors import InputError
from corpus.given import readable
from corpus.settings import ROOT
from index.corrections import NOTHING, Correction

Tell = Callable[[str, int, int], None]
"""Told of a refresh: what is being done, how far, of how much."""
OF_FILES = ("upload", "remove", "correct")
"""The changes of files as they are; all others are of texts that somebody wrote here."""


@dataclass(frozen=True, slots=True)
class Change:
    """``what``: a key of ``desk_words.ACTS``; ``data``: the bytes that are to lie at the place, None
    where none are, or where they stay; ``facts``: what is corrected of the file; ``brought``: the
    day on which it was uploaded, "" for what was not."""

    what: str
    place: str
    data: bytes | None = None
    facts: Correction = NOTHING
    brought: str = ""

    @property
    def of_text(self) -> bool:
        return self.what not in OF_FILES


def carried_out(
    desk: Desk, changes: Sequence[Change], *, tell: Tell | None = None, whole: bool = False
) -> str:
    """All of them, which are of one kind, in one refresh; its report. ``whole``: a file that cannot
    be read is an error and not a line of the report. After an error all files are as before."""
    kind = changes[0].what
    if kind == "correct":
        report = desk.clerk.refresh(corrections={str(ROOT / c.place): c.facts for c in changes})
    elif kind == "remove":
        report = _taken_away(desk, changes)
    else:
        report = _laid(desk, changes, tell, whole=whole)
    text: str = report.to_text()
    return text


def _taken_away(desk: Desk, changes: Sequence[Change]) -> Any:
    """An upload leaves the disk too; any other file is its owner's, whatever it is called."""
    report = desk.clerk.refresh(*(c.place for c in changes), remove=True)
    shelves = Shelves(desk.clerk.settings)
    for change in changes:
        shelf = shelf_of(shelves, change.place)
        if shelf is not None and not shelf.own:
            shelf.put(None)
    return report


def _laid(desk: Desk, changes: Sequence[Change], tell: Tell | None, *, whole: bool) -> Any:
    shelves = Shelves(desk.clerk.settings)
    laid = [(shelves.file(change.place), change) for change in changes]
    with _as_before([shelf for shelf, _ in laid]):
        for shelf, change in laid:
            shelf.put(change.data)
        report = desk.clerk.refresh(
            *(shelf.current for shelf, _ in laid),
            progress=tell,
            brought=_brought(changes),
            corrections={shelf.path: change.facts for shelf, change in laid if change.facts},
        )
        if whole:
            _all_read(report, [shelf.current for shelf, _ in laid])
    return report


def _all_read(report: Any, paths: Sequence[Path]) -> None:
    """Raises InputError where the report says that one of the files could not be read."""
    where = {readable(str(path)) for path in paths}
    if bad := [str(s) for s in report.skipped if getattr(s, "path", None) in where]:
        raise InputError("；".join(bad))


def _brought(changes: Sequence[Change]) -> str:
    """The door that they came through, where they did."""
    return words.BROUGHT_BY.format(changes[0].brought) if changes[0].brought else ""


@contextmanager
def _as_before(shelves: Sequence[Shelf]) -> Iterator[None]:
    """Where it fails, the files are as they were."""
    before = [shelf.read() for shelf in shelves]
    try:
        yield
    except BaseException:
        for shelf, data in zip(shelves, before, strict=True):
            shelf.put(data)
        raise


def shelf_of(shelves: Shelves, place: str) -> Shelf | None:
    """Where a file lies that is written here; None for one that is its owner's."""
    with suppress(InputError):
        return shelves.file(place)
    return None
