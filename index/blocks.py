"""The files of a generation, mapped and not read; each is compared with its hash before it is used.

Opening looks at sizes alone, so that it costs the same for any store. A file's bytes are given out
only once all of it has been compared with the hash that its manifest holds: whoever looks first waits
for that (some milliseconds a file), and ``check_all`` does it beforehand, in a thread beside an opened
store. So damage is told later than at opening, but never answered from. What was compared once in this
process is not compared again: after a refresh most files are those of the generation before.

A mapping outlives the file's name: a refresh may remove a generation under an opened store. What may
not be done to a store in use is to write into its files from outside.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from corpus.errors import StoreError
from index import files
from index.arrays import unpack
from index.generations import FileEntry, Manifest, damaged, folder_of, read_checked

_AT_ONCE = 1 << 20

_compared: set[tuple[object, ...]] = set()
"""Files that were compared and found whole: where they lie on the disk, when they were written, and the
hash. Another file, or the same written again, is another entry."""


class Block:
    """A file, mapped. Safe to read from many threads."""

    def __init__(self, store: Path, path: Path, entry: FileEntry) -> None:
        self._store = store
        self._name = path.name
        self._entry = entry
        self._whole = False
        self._arrays: dict[str, NDArray[Any]] | None = None
        with path.open("rb") as opened:
            found = os.fstat(opened.fileno())
            self._known = (
                found.st_dev,
                found.st_ino,
                found.st_mtime_ns,
                found.st_size,
                entry.sha256,
            )
            self._map = (
                mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) if found.st_size else None
            )
        self._view = memoryview(self._map if self._map is not None else b"")

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self._view)

    @property
    def data(self) -> memoryview:
        """All bytes. Raises StoreError where they are not what was written."""
        if not self._whole:
            self.check()
        return self._view

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Those of a file that ``index.arrays.pack`` made."""
        if self._arrays is None:
            self._arrays = unpack(self.data)
        return self._arrays

    @property
    def compared(self) -> bool:
        """Whether it was found whole."""
        return self._whole

    def check(self) -> None:
        """Compare with the hash. Raises StoreError. Two threads that come together both compare: a
        lock would be held for ever in a process that is forked meanwhile."""
        if self._known not in _compared:
            if len(self._view) != self._entry.size or self._sha256() != self._entry.sha256:
                raise damaged(self._store, f"文件 {self._name} 的内容与校验值不符")
            _compared.add(self._known)
        self._whole = True

    def _sha256(self) -> str:
        digest = hashlib.sha256()
        for at in range(0, len(self._view), _AT_ONCE):
            digest.update(self._view[at : at + _AT_ONCE])
        if self._map is not None and hasattr(mmap, "MADV_DONTNEED"):
            # compared, not yet needed: the system keeps it as it sees fit, and not as ours
            self._map.madvise(mmap.MADV_DONTNEED)
        return digest.hexdigest()


class Files:
    """The files of one generation, by name."""

    def __init__(self, store: Path, name: str, manifest: Manifest) -> None:
        self.store = store
        self.folder = folder_of(store, name)
        self._name = name
        self._manifest = manifest
        self._blocks: dict[str, Block] = {}

    def __contains__(self, file: str) -> bool:
        return file in self._manifest.files

    def entry(self, file: str) -> FileEntry:
        return self._manifest.files[file]

    def read(self, file: str) -> bytes:
        """A small file, read and compared now. Raises StoreError, FileNotFoundError."""
        return read_checked(self.store, self._name, self._manifest, file)

    def block(self, file: str) -> Block:
        """A large one, opened now, compared later. Raises FileNotFoundError, KeyError."""
        if file not in self._blocks:
            self._blocks[file] = Block(self.store, self.folder / file, self.entry(file))
        return self._blocks[file]

    def check_all(self) -> None:
        """Compare all that is opened. Raises StoreError for the first that is damaged."""
        for block in list(self._blocks.values()):
            block.check()

    def check_beside(self) -> None:
        """As ``check_all``, in a thread; what is damaged is told to whoever asks for it."""
        threading.Thread(target=self._check_quietly, name="store-check", daemon=True).start()

    def _check_quietly(self) -> None:
        for block in list(self._blocks.values()):
            with suppress(StoreError):
                block.check()


class Writer:
    """Writes the files of a new generation, and takes over those that did not change.

    ``entries``: what was written so far, by name, for the manifest.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.entries: dict[str, FileEntry] = {}

    def put(self, name: str, data: bytes | memoryview) -> None:
        """A file under a name of its own."""
        files.write(self._folder / name, data)
        self.entries[name] = FileEntry.of(data)

    def add(self, kind: str, data: bytes | memoryview) -> str:
        """A file that is named by its content, and its name; equal ones are one."""
        entry = FileEntry.of(data)
        name = named(entry, kind)
        if name not in self.entries:
            files.write(self._folder / name, data)
            self.entries[name] = entry
        return name

    def take(self, name: str, before: Files) -> str:
        """A file of the generation before, by a link."""
        if name not in self.entries:
            files.link(before.folder / name, self._folder / name)
            self.entries[name] = before.entry(name)
        return name

    def take_all(self, names: Iterable[str], before: Files) -> list[str]:
        return [self.take(name, before) for name in names]


def named(entry: FileEntry, kind: str) -> str:
    """The name of a file by its content."""
    return f"{entry.sha256[:32]}.{kind}"
