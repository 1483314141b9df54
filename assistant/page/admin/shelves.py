"""Where the texts lie that can be edited: our own articles, and files that came by upload.

What is shipped is never written into: an edit of an own article goes to the operator's folder
(``index.overlay``), under the same name, and is taken away again where it says what is shipped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.page.admin import desk_words as words
from corpus.errors import InputError
from corpus.schema import FOLDERS
from corpus.settings import ROOT, Settings
from index.depot import Depot
from index.overlay import Overlay
from index.sources import place_of

EDITABLE = (".md", ".txt", ".html", ".htm", ".json", ".jsonl", ".csv")
LONGEST = 40_000
"""Characters of a text that is edited here: a form of 128 KB holds them."""
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Shelf:
    """One text. ``place``: what ``refresh`` knows it by; ``path``: what is written; ``shipped``:
    the file of the installed package below it, which only is read, None for an upload; ``depot``
    writes."""

    place: str
    path: Path
    shipped: Path | None = None
    depot: Depot | None = None

    @property
    def own(self) -> bool:
        return self.shipped is not None

    @property
    def current(self) -> Path:
        """The file that is read at the next refresh."""
        if self.shipped is not None and not self.path.is_file():
            return self.shipped
        return self.path

    @property
    def edited(self) -> bool:
        """Whether an operator's version stands for what is shipped, or beside it."""
        return self.own and self.path.is_file()

    def read(self) -> bytes | None:
        """What is there now, or None."""
        try:
            return self.current.read_bytes()
        except FileNotFoundError:
            return None

    def put(self, data: bytes | None) -> None:
        """Have these bytes there, whole or not at all, or nothing."""
        assert self.depot is not None  # ``Shelves`` gives every shelf one
        as_shipped = data is not None and self.shipped is not None and _same(self.shipped, data)
        self.depot.put(self.path, None if as_shipped else data)


@dataclass(frozen=True, slots=True)
class Shelves:
    """All that can be edited, by the settings of the running system."""

    settings: Settings

    @property
    def uploads(self) -> Path:
        return self.settings.uploaded

    @property
    def depot(self) -> Depot:
        return Depot.of(self.settings)

    @property
    def overlay(self) -> Overlay:
        return Overlay(self.settings.articles, self.settings.edited)

    def __call__(self, place: str) -> Shelf:
        """The shelf of a place. Raises InputError for one that cannot be edited here."""
        path = ROOT / place
        if "\0" not in place and place_of(path) == place:
            own = self._inside(path, self.settings.articles)
            if own is not None and len(own.parts) == 2 and own.suffix == ".md":
                shipped = self.settings.articles / own
                return Shelf(place, self.settings.edited / own, shipped, self.depot)
            upload = self._inside(path, self.uploads)
            if upload is not None and len(upload.parts) == 1 and path.suffix in EDITABLE:
                return Shelf(place, self.uploads / upload, depot=self.depot)
        raise InputError(words.NOT_EDITABLE)

    def file(self, place: str) -> Shelf:
        """As above, for uploads of any kind: they are put back too, though not edited."""
        path = ROOT / place
        if "\0" not in place and place_of(path) == place:
            upload = self._inside(path, self.uploads)
            if upload is not None and len(upload.parts) == 1:
                return Shelf(place, self.uploads / upload, depot=self.depot)
        return self(place)

    def of_name(self, folder: str, name: str) -> Shelf:
        """The shelf of a further article of our own. Raises InputError for names that cannot be."""
        name = name.strip().removesuffix(".md")
        plain = name and len(name) <= _LONGEST_NAME and all(c.isalnum() or c in "-_" for c in name)
        if folder not in FOLDERS or not plain:
            raise InputError(words.BAD_NAME.format(_LONGEST_NAME))
        shelf = self(place_of(self.settings.articles / folder / f"{name}.md"))
        if shelf.read() is not None:
            raise InputError(words.NAME_TAKEN)
        return shelf

    def own(self) -> Iterator[Shelf]:
        """Our own articles, shipped or written here, by place."""
        found = {path.relative_to(self.settings.articles) for path in self._shipped()}
        found |= {path.relative_to(self.settings.edited) for path in self.overlay.files()}
        for inside in sorted(found):
            yield self(place_of(self.settings.articles / inside))

    def uploaded(self) -> Iterator[Shelf]:
        """The uploaded files that are text, by name."""
        for path in sorted(self.uploads.glob("*")):
            if path.is_file() and path.suffix in EDITABLE and not path.name.startswith("."):
                yield Shelf(place_of(path), path, depot=self.depot)

    def texts(self) -> dict[Path, str]:
        """The texts of our own articles as they are read now, by the path that each stands for."""
        found: dict[Path, str] = {}
        for shelf in self.own():
            if shelf.shipped is not None:
                found[shelf.shipped] = (shelf.read() or b"").decode("utf-8", "replace")
        return found

    def _shipped(self) -> Iterator[Path]:
        yield from self.settings.articles.glob("*/*.md")

    def _inside(self, path: Path, folder: Path) -> Path | None:
        whole, root = Path(os.path.abspath(path)), Path(os.path.abspath(folder))
        return whole.relative_to(root) if root in whole.parents else None


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data
