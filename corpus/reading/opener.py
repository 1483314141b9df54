"""The bytes of a file, wherever it lies; one archive is kept open while its members are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

from corpus.errors import InputError
from corpus.reading.archives import member_name, opened, read_member
from corpus.reading.finding import largest, too_large, why
from corpus.reading.types import File


class Opener:
    """Gives the bytes of files; keeps the archive open that it read from last."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._archive: ZipFile | None = None
        self._close: Callable[[], object] = lambda: None

    def __enter__(self) -> Opener:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def read(self, file: File) -> bytes:
        """The file's bytes. Raises InputError where they cannot be had or are too many."""
        most = largest(file.kind)
        if file.member:
            return self._member(file, most)
        try:
            with file.path.open("rb") as stream:
                data = stream.read(most + 1)
        except OSError as error:
            raise InputError(why(error)) from error
        if reason := too_large(len(data), most):
            raise InputError(reason)
        return data

    def _member(self, file: File, most: int) -> bytes:
        if self._path != file.path or self._archive is None:
            self._close()
            context = opened(file.path)
            self._archive, self._path = context.__enter__(), file.path
            self._close = lambda: context.__exit__(None, None, None)
            # of two members of one name the first is read, as it was the first that was listed
            self._infos = {member_name(i): i for i in reversed(self._archive.infolist())}
        if file.member not in self._infos:
            raise InputError("压缩包在读取时发生了变化；请重试")
        return read_member(self._archive, self._infos[file.member], most)
