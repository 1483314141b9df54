"""The files of a generation, opened and not read; each is compared with its hash before it is used.

Opening looks at sizes alone, so that it costs the same for any store. A file's bytes are given out
only once all of it has been compared with the hash that its manifest holds: whoever looks first waits
for that (some milliseconds a file), and ``check_all`` does it beforehand, in a thread beside an opened
store. So damage is told later than at opening, but never answered from. What was compared once in this
process is not compared again: after a refresh most files are those of the generation before.

Files are read, never mapped: a mapped file that somebody cuts short ends the process that looks at it.
A file stays open as long as its block, so a refresh may remove a generation under an opened store; one
that is written into from outside is noticed by its time and size and compared anew.
"""

from __future__ import annotations

import hashlib
import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path

from corpus.errors import StoreError
from index import files
from index.arrays import HEAD, Place, places
from index.generations import (
    FileEntry,
    Manifest,
    damaged,
    folder_of,
    read_checked,
    unreadable,
)

_AT_ONCE = 1 << 20
_OPEN = 4096
_CHECKING = "store-check"
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)

Span = tuple[int, int]
"""The first of some bytes of a file, and the end."""

_compared: set[tuple[object, ...]] = set()
"""Files that were compared and found whole: where they lie on the disk, when they were written, and the
hash. Another file, or the same written again, is another entry."""

_seeking = threading.Lock()


def _read_at(handle: int, size: int, first: int) -> bytes:
    """As ``os.pread``, for systems without it (Windows, where no process is copied with this lock)."""
    with _seeking:
        os.lseek(handle, first, os.SEEK_SET)
        return os.read(handle, size)


_pread = getattr(os, "pread", _read_at)


class Block:
    """A file, open. Safe to read from many threads, and in a process that was forked."""

    def __init__(self, store: Path, path: Path, entry: FileEntry) -> None:
        self._store = store
        self._name = path.name
        self._entry = entry
        self._whole: tuple[object, ...] | None = None
        self._handle = os.open(path, _READING)
        weakref.finalize(self, os.close, self._handle).atexit = False

    @property
    def size(self) -> int:
        """Bytes, as they were written."""
        return self._entry.size

    def read(self, first: int, end: int) -> bytes:
        """Some of the bytes; see ``several``."""
        return self.several([(first, end)])[0]

    def several(self, spans: Sequence[Span]) -> list[bytes]:
        """The bytes of each span. Raises StoreError where the file is not what was written."""
        if self._whole is None:
            self.check()
        while True:
            found = [self._read(*span) for span in spans]
            if self._now() == self._whole:  # looked at last: read before any change
                return found
            self.check()

    def whole(self) -> memoryview:
        """All bytes, in memory: they stay what they are, whatever becomes of the file."""
        now, digest, data = self._now(), hashlib.sha256(), bytearray()
        for piece in self._pieces():
            digest.update(piece)
            data += piece
        self._compare(digest.hexdigest(), now)
        return memoryview(data).toreadonly()

    @cached_property
    def places(self) -> dict[str, Place]:
        """Where the arrays lie in a file that ``index.arrays.pack`` made."""
        return places(self.read(0, min(HEAD, self.size)))

    @property
    def compared(self) -> bool:
        """Whether it was found whole."""
        return self._whole is not None

    def check(self) -> None:
        """Compare with the hash. Raises StoreError. Two threads that come together both compare: a
        lock would be held for ever in a process that is forked meanwhile."""
        now = self._now()
        if now in _compared:
            self._whole = now
            return
        digest = hashlib.sha256()
        for piece in self._pieces():
            digest.update(piece)
        self._compare(digest.hexdigest(), now)

    def _compare(self, found: str, when: tuple[object, ...]) -> None:
        if found != self._entry.sha256:
            raise self._damaged()
        _compared.add(when)
        self._whole = when

    def _now(self) -> tuple[object, ...]:
        """What the system says of the file now. Raises StoreError where it has another size."""
        found = os.fstat(self._handle)
        if found.st_size != self._entry.size:
            raise self._damaged()
        return (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size, self._entry.sha256)

    def _pieces(self) -> Iterator[bytes]:
        for first in range(0, self.size, _AT_ONCE):
            yield self._read(first, min(first + _AT_ONCE, self.size))

    def _read(self, first: int, end: int) -> bytes:
        try:
            found: bytes = _pread(self._handle, end - first, first)
            while len(found) < end - first:
                more = _pread(self._handle, end - first - len(found), first + len(found))
                if not more:
                    raise self._damaged()
                found += more
        except OSError as error:
            raise unreadable(self._store, error) from error
        return found

    def _damaged(self) -> StoreError:
        return damaged(self._store, f"文件 {self._name} 的内容与校验值不符")


def settle() -> None:
    """Wait until no thread of ``Files.check_beside`` is at work: before a process is copied, so that
    it has one thread, and its copies need not compare again."""
    for thread in threading.enumerate():
        if thread.name == _CHECKING:
            thread.join()


@lru_cache(maxsize=1)
def _open_enough() -> None:
    """Let this process hold open as many files as the system allows it, up to ``_OPEN``: a generation is
    a hundred, and macOS begins with 256."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _OPEN if hard == resource.RLIM_INFINITY else min(_OPEN, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Files:
    """The files of one generation, by name."""

    def __init__(self, store: Path, name: str, manifest: Manifest) -> None:
        _open_enough()
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
        threading.Thread(target=self._check_quietly, name=_CHECKING, daemon=True).start()

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


def named(entry: FileEntry, kind: str) -> str:
    """The name of a file by its content."""
    return f"{entry.sha256[:32]}.{kind}"
