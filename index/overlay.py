"""The operator's own versions of our articles: kept in a folder beside the feedback, never in ours.

``edited/停保/zhifubao.md`` is read in the place of ``corpus/articles/停保/zhifubao.md``: the article
keeps its place, its id and its standing, and its words are those of the folder of edits, at every
refresh and rebuild, until the file is taken away there. A file without a namesake is a further
article of our own. So an installed package is never written into, and an update of it never
overwrites what an operator wrote.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.reading import File


@dataclass(frozen=True, slots=True)
class Overlay:
    """``own``: the folder of our articles; ``edited``: the folder of what stands for them."""

    own: Path
    edited: Path

    def over(self, path: Path) -> Path:
        """The file that is read for one of our articles: the edited one where there is one."""
        inside = _inside(path, self.own)
        edited = self.edited / inside if inside else None
        return edited if edited is not None and edited.is_file() else path

    def under(self, path: Path) -> Path | None:
        """The place of our own that an edited file stands for; None for any other file."""
        inside = _inside(path, self.edited)
        return self.own / inside if inside else None

    def laid(self, files: Iterable[File], given: Iterable[Path]) -> list[File]:
        """The files that were found, with edited ones in the place of ours, and the further ones
        whose place lies at or below one of the ``given`` paths."""
        found = [_from(file, self.over(file.path)) for file in files]
        known = {file.path for file in found}
        roots = [Path(os.path.abspath(path)) for path in given]
        for path in self.files():
            place = Path(os.path.abspath(self.own / path.relative_to(self.edited)))
            if path not in known and any(root == place or root in place.parents for root in roots):
                found.append(_from(File(path.relative_to(self.edited).as_posix(), path), path))
        return found

    def files(self) -> Iterator[Path]:
        """The edited articles, in order."""
        yield from sorted(self.edited.glob("*/*.md"))


def _from(file: File, path: Path) -> File:
    if path == file.path and file.size:
        return file
    status = path.stat()
    stamp = f"{status.st_size}-{status.st_mtime_ns}"
    return replace(file, path=path, size=status.st_size, stamp=stamp)


def _inside(path: Path, folder: Path) -> Path | None:
    """The path below the folder, or None where it lies elsewhere."""
    whole, root = os.path.abspath(path), os.path.abspath(folder)
    return Path(os.path.relpath(whole, root)) if whole.startswith(root + os.sep) else None
