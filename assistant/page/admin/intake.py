"""Uploaded files on their way into the store: checked, tried or handed to the desk, and told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.page import words
from assistant.page.admin.changes import Change, Tell
from assistant.page.admin.editing import Editing
from assistant.page.admin.library import MOST_FILES, Library, checked, keep, place_in, safe_name
from assistant.page.admin.rehearsal import shown, told
from assistant.page.admin.uploads import Uploads
from assistant.page.desk import Desk
from corpus.errors import InputError, StoreError
from index.corrections import NOTHING, Correction
from index.sources import place_of


def taken_in(
    editing: Editing,
    uploads: Uploads,
    given: Sequence[Any],
    *,
    who: str = "",
    dry_run: bool,
    tell: Tell,
    corrections: Mapping[str, Correction] = MappingProxyType({}),
    asked: Sequence[str] = (),
) -> str:
    """Check what was uploaded, and have what passes carried out or tried; the report in words.
    ``corrections``: of the facts of files, by the name under which each was given; ``asked``: of a
    trial, questions of which it says how their answers would change. Blocks."""
    if not given:
        return words.NO_FILES
    if len(given) > MOST_FILES:
        return words.MANY_FILES.format(MOST_FILES)
    intake = _Intake(editing)
    for one in given:
        intake.receive(uploads, one, corrections)
    if dry_run:
        return intake.told(*intake.tried(tell, asked))
    return intake.told(intake.carried(who, tell))


class _Intake:
    """Files that pass the check: to be taken in together, or tried."""

    def __init__(self, editing: Editing) -> None:
        self._editing = editing
        self._desk = editing.desk
        self._folder = editing.desk.clerk.settings.uploaded
        self._passed: dict[Path, Change] = {}  # by where it will lie
        waiting = (Path(d.place) for d in editing.records.drafts() if not d.verdict)
        self._coming = {path.name for path in waiting}
        self._refused: list[str] = []
        self._replaced: list[str] = []

    def receive(self, uploads: Uploads, one: object, corrections: Mapping[str, Correction]) -> None:
        """Check one file, given as its token and its name."""
        token, name = one if isinstance(one, list) and len(one) == 2 else (None, "？")
        try:
            file = uploads.get(token)
            name = file.name
            safe = safe_name(name)
            data = checked(file.path, safe, most_bytes=self._desk.limits.upload_bytes)
            place = place_in(self._folder, safe, self._coming)
            if place.is_file() and place.read_bytes() != data:
                self._replaced.append(words.REPLACES.format(place.name))
        except (InputError, StoreError, OSError) as error:
            self._refused.append(words.REFUSED_FILE.format(f"{name}：{error}"))
            return
        facts, today = corrections.get(name) or NOTHING, self._desk.today().isoformat()
        self._coming.add(place.name)
        self._passed[place] = Change("upload", place_of(place), data, facts, today)

    def carried(self, who: str, tell: Tell) -> str:
        """Take in, or have it wait where another's eyes are wanted."""
        changes = tuple(self._passed.values())
        return self._editing.carry(changes, who=who, tell=tell) if changes else ""

    def tried(self, tell: Tell, asked: Sequence[str]) -> tuple[str, str]:
        """The report of a trial, and how answers would change; nothing of it stays."""
        aside = {
            keep(self._folder / "trial", place.name, change.data or b""): place
            for place, change in self._passed.items()
        }
        try:
            return self._try(aside, tell, asked) if aside else ("", "")
        finally:
            for path in aside:
                path.unlink(missing_ok=True)

    def _try(self, aside: Mapping[Path, Path], tell: Tell, asked: Sequence[str]) -> tuple[str, str]:
        options: dict[str, Any] = {
            "progress": tell,
            "brought": words.BROUGHT_BY.format(self._desk.today().isoformat()),
            "corrections": {place: c.facts for place, c in self._passed.items() if c.facts},
            "stands_for": aside,
        }
        clerk = self._desk.clerk
        if not asked:
            return clerk.refresh(*aside, dry_run=True, **options).to_text(), ""
        found, changed = clerk.rehearse(*aside, questions=asked, look=shown, **options)
        return found.to_text(), told(changed)

    def told(self, report: str, changes: str = "") -> str:
        """The report, with what was refused, what replaces what, and how answers would change."""
        return "\n".join(filter(None, (report, *self._refused, *self._replaced, changes)))


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
