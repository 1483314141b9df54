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
    folder = desk.clerk.settings.uploaded
    depot = Depot.of(desk.clerk.settings)
    kept: dict[str | Path, Path] = {}  # where it lies -> where it will lie
    set_facts: dict[str | Path, Correction] = {}
    lines: list[str] = []
    replaced: list[str] = []
    for one in given:
        token, name = one if isinstance(one, list) and len(one) == 2 else (None, "？")
        try:
            file = uploads.get(token)
            name = file.name
            safe = safe_name(name)
            data = checked(file.path, safe, most_bytes=desk.limits.upload_bytes)
            place = place_in(folder, safe)
            if place.is_file() and place.read_bytes() != data:
                replaced.append(place.name)
            if dry_run:
                kept[keep(folder / "trial", safe, data)] = place
            else:
                depot.put(place, data)
                kept[place] = place
            if corrections.get(name):
                set_facts[place] = corrections[name]
        except (InputError, StoreError, OSError) as error:
            lines.append(words.REFUSED_FILE.format(f"{name}：{error}"))
    lines += [words.REPLACES.format(name) for name in replaced]
    try:
        if kept:
            options: dict[str, Any] = {
                "progress": tell,
                "brought": words.BROUGHT_BY.format(desk.today().isoformat()),
                "corrections": set_facts,
                "stands_for": kept if dry_run else None,
            }
            if asked and dry_run:
                found, changed = desk.clerk.rehearse(*kept, questions=asked, look=shown, **options)
                lines.append(told(changed))
            else:
                found = desk.clerk.refresh(*kept, dry_run=dry_run, **options)
            lines.insert(0, found.to_text())
    finally:
        if dry_run:
            for path in kept:
                Path(path).unlink(missing_ok=True)
    return "\n".join(lines)


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
