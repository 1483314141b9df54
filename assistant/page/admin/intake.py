"""Uploaded files on their way into the store: checked, kept, taken in or tried, and told of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.page import words
from assistant.page.admin.library import MOST_FILES, Library, checked, keep, place_in, safe_name
from assistant.page.admin.rehearsal import shown, told
from assistant.page.admin.uploads import Uploads
from assistant.page.desk import Desk
from corpus.errors import InputError, StoreError
from index.corrections import NOTHING, Correction
from index.depot import Depot
from index.sources import place_of


def taken_in(
    desk: Desk,
    uploads: Uploads,
    given: Sequence[Any],
    *,
    dry_run: bool,
    tell: Callable[[str, int, int], None],
    corrections: Mapping[str, Correction] = MappingProxyType({}),
    asked: Sequence[str] = (),
) -> str:
    """Check what was uploaded, keep what passes, refresh; the report in words. ``corrections``: of
    the facts of files, by the name under which each was given; ``asked``: of a trial, questions of
    which it says how their answers would change. Blocks."""
    if not given:
        return words.NO_FILES
    if len(given) > MOST_FILES:
        return words.MANY_FILES.format(MOST_FILES)
    intake = _Intake(desk, dry_run)
    for one in given:
        intake.receive(uploads, one, corrections)
    try:
        intake.refresh(tell, asked)
    finally:
        intake.tidy()
    return intake.to_text()


class _Intake:
    """Files that pass the check lie where the store will know them by, or for a trial aside; then
    they are taken in together."""

    def __init__(self, desk: Desk, dry_run: bool) -> None:
        self._desk = desk
        self._dry_run = dry_run
        self._folder = desk.clerk.settings.uploaded
        self._depot = Depot.of(desk.clerk.settings)
        self._kept: dict[str | Path, Path] = {}  # where it lies -> where it will lie
        self._corrections: dict[str | Path, Correction] = {}
        self._refused: list[str] = []
        self._replaced: list[str] = []
        self._report = ""
        self._changes = ""

    def receive(self, uploads: Uploads, one: object, corrections: Mapping[str, Correction]) -> None:
        """Check and keep one file, given as its token and its name."""
        token, name = one if isinstance(one, list) and len(one) == 2 else (None, "？")
        try:
            file = uploads.get(token)
            name = file.name
            safe = safe_name(name)
            data = checked(file.path, safe, most_bytes=self._desk.limits.upload_bytes)
            place = place_in(self._folder, safe)
            if place.is_file() and place.read_bytes() != data:
                self._replaced.append(words.REPLACES.format(place.name))
            self._keep(place, safe, data)
            if corrections.get(name):
                self._corrections[place] = corrections[name]
        except (InputError, StoreError, OSError) as error:
            self._refused.append(words.REFUSED_FILE.format(f"{name}：{error}"))

    def _keep(self, place: Path, safe: str, data: bytes) -> None:
        if self._dry_run:
            self._kept[keep(self._folder / "trial", safe, data)] = place
        else:
            self._depot.put(place, data)
            self._kept[place] = place

    def refresh(self, tell: Callable[[str, int, int], None], asked: Sequence[str]) -> None:
        """Take in, or try, what was kept."""
        if not self._kept:
            return
        clerk = self._desk.clerk
        options: dict[str, Any] = {
            "progress": tell,
            "brought": words.BROUGHT_BY.format(self._desk.today().isoformat()),
            "corrections": self._corrections,
            "stands_for": self._kept if self._dry_run else None,
        }
        if asked and self._dry_run:
            found, changed = clerk.rehearse(*self._kept, questions=asked, look=shown, **options)
            self._changes = told(changed)
        else:
            found = clerk.refresh(*self._kept, dry_run=self._dry_run, **options)
        self._report = found.to_text()

    def tidy(self) -> None:
        """Leave nothing of a trial behind."""
        if self._dry_run:
            for path in self._kept:
                Path(path).unlink(missing_ok=True)

    def to_text(self) -> str:
        """The report, with what was refused, what replaces what, and how answers would change."""
        lines = (self._report, *self._refused, *self._replaced, self._changes)
        return "\n".join(filter(None, lines))


def places_of(
    desk: Desk, uploads: Uploads, given: Sequence[Any]
) -> Iterator[tuple[str, tuple[str, Path]]]:
    """Where each uploaded file will lie, as ``refresh`` knows it, and the file."""
    folder = desk.clerk.settings.uploaded
    for name, path in given_files(uploads, given):
        with suppress(InputError):
            yield place_of(place_in(folder, safe_name(name))), (name, path)


def stored(desk: Desk, library: Library, names: Sequence[str]) -> dict[str, Correction]:
    """What the store has corrected of the files that these would replace, by their names."""
    folder = desk.clerk.settings.uploaded
    places = {}
    for name in names:
        with suppress(InputError):
            if (place := place_in(folder, safe_name(name))).is_file():
                places[name] = place_of(place)
    known = {place_of(kept.place): kept.corrected for kept in library()} if places else {}
    return {name: known.get(place, NOTHING) for name, place in places.items()}


def given_files(uploads: Uploads, given: Any) -> list[tuple[str, Path]]:
    """The uploaded files that the tokens name: how each was called and where it lies. Those that
    are not ours are told of when they are taken in."""
    found = []
    for one in given if isinstance(given, list) else []:
        with suppress(InputError):
            file = uploads.get(one[0] if isinstance(one, list) and one else None)
            found.append((file.name, file.path))
    return found
