"""Where uploads and edited articles are kept: a folder, or wherever ``fsspec`` can write.

A refresh reads files, so where they are kept elsewhere (``YIBAO_UPLOADS=s3://…``) a folder here
mirrors it: what is written goes to both, and ``fetch`` brings the folder in step with what other
machines wrote. What was in the folder before it was a mirror is put there, never taken away.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fsspec
from filelock import FileLock

from corpus.errors import InputError, StoreError
from corpus.settings import FILES, Settings

_SEEN = ".depot.json"
"""What of the mirror was last seen there, by name: a hash of what the other side says of the file."""


class Depot:
    """``folder``: the local one; ``url``: what it mirrors, "" where it is all there is."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self._url = url.rstrip("/")

    @classmethod
    def of(cls, settings: Settings) -> Depot:
        """The depot of these settings."""
        return cls(settings.files, settings.uploads if "://" in settings.uploads else "")

    def put(self, path: Path, data: bytes | None) -> None:
        """Have these bytes at a path in the folder, whole or not at all, or nothing. Raises
        StoreError where they cannot be put where they are kept."""
        if self._url:
            with self._mirror() as seen:
                self._put_there(path.relative_to(self.folder).as_posix(), data, seen)
        _put(path, data)

    def fetch(self) -> None:
        """Bring the folder in step. Raises StoreError where the other side cannot be read."""
        if not self._url:
            return
        with self._mirror() as seen:
            there = self._there()
            for name in sorted(_files(self.folder) - there.keys()):
                path = self.folder / name
                if name in seen:  # taken away elsewhere
                    path.unlink()
                    del seen[name]
                else:
                    self._put_there(name, path.read_bytes(), seen)
            for name, stamp in there.items():
                if seen.get(name) != stamp or not (self.folder / name).is_file():
                    _put(self.folder / name, self._read(name))
                    seen[name] = stamp

    def _mirror(self) -> _Seen:
        return _Seen(self.folder, self._url)

    def _put_there(self, name: str, data: bytes | None, seen: dict[str, str]) -> None:
        files, root = _opened(self._url)
        there = f"{root}/{name}"
        if data is None:
            seen.pop(name, None)
            if files.exists(there):
                files.rm_file(there)
            return
        files.makedirs(there.rpartition("/")[0], exist_ok=True)
        files.pipe_file(there, data)
        files.invalidate_cache()
        seen[name] = _stamp(files.info(there))

    def _there(self) -> dict[str, str]:
        files, root = _opened(self._url)
        files.invalidate_cache()
        found: dict[str, str] = {}
        for top in FILES:
            if files.exists(f"{root}/{top}"):
                known = files.find(f"{root}/{top}", detail=True)
                found |= {_name(place, root): _stamp(info) for place, info in known.items()}
        return {name: stamp for name, stamp in found.items() if _is_ours(name)}

    def _read(self, name: str) -> bytes:
        files, root = _opened(self._url)
        data: bytes = files.cat_file(f"{root}/{name}")
        return data


class _Seen:
    """What was last seen of the mirror, to one process of this machine at a time; what goes wrong
    meanwhile becomes one sentence."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / _SEEN
        self._lock = FileLock(folder / f"{_SEEN}.lock")
        self._where = url
        self._known: dict[str, str] = {}

    def __enter__(self) -> dict[str, str]:
        self._lock.acquire()
        if self._file.is_file():
            self._known = json.loads(self._file.read_text(encoding="utf-8"))
        return self._known

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        _put(self._file, json.dumps(self._known, ensure_ascii=False).encode("utf-8"))
        self._lock.release()
        if isinstance(error, Exception) and not isinstance(error, (InputError, StoreError)):
            raise StoreError(
                f"YIBAO_UPLOADS 指的 {self._where} 现在无法读写（{type(error).__name__}）："
                "请检查地址、权限和网络。"
            ) from error


def _opened(url: str) -> tuple[Any, str]:
    """The file system and the place in it. Raises InputError where no driver is there for it."""
    try:
        files, root = fsspec.core.url_to_fs(url)
    except (ValueError, ImportError) as error:
        raise InputError(
            f"YIBAO_UPLOADS 指的 {url} 打不开（{error}）：应为本机文件夹，或 fsspec 能写的地址并装好它的驱动。"
        ) from error
    return files, str(root).rstrip("/")


def _put(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{secrets.token_hex(6)}.part")
    beside.write_bytes(data)
    os.replace(beside, path)


def _files(folder: Path) -> set[str]:
    """The files of the folder that are kept elsewhere too, by name."""
    found = (path for top in FILES for path in (folder / top).rglob("*") if path.is_file())
    return {name for path in found if _is_ours(name := path.relative_to(folder).as_posix())}


def _is_ours(name: str) -> bool:
    """Not what is only now being written, nor what lies aside for a trial."""
    parts = name.split("/")
    return ".." not in parts and not parts[-1].startswith(".") and parts[1:2] != ["trial"]


def _name(place: str, root: str) -> str:
    return place.removeprefix(root).lstrip("/")


def _stamp(info: Mapping[str, Any]) -> str:
    """What changes whenever the file there does."""
    told = repr(sorted((key, str(value)) for key, value in info.items()))
    return hashlib.sha256(told.encode("utf-8")).hexdigest()
