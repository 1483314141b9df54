"""Puts a backup (``assistant.backup``) back: all of it is checked before anything is touched.

The store's generation becomes the current one in the one atomic step of every refresh, and each
database is filled through SQLite: a page that serves meanwhile goes on, with what was restored.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from assistant.backup import FOLDERS, FORMAT, HEAD, Head
from corpus.errors import InputError, StoreError
from corpus.settings import Settings
from index import files, generations
from index.locks import refreshing


def restore(settings: Settings, path: Path, *, force: bool = False) -> Head:
    """Put everything of the backup in its place and say what it was. Raises InputError where the
    file is no whole backup, or where something stands in its place already and ``force`` is not
    given; LockedError during a refresh; StoreError where it cannot be written."""
    try:
        with tempfile.TemporaryDirectory(prefix="yibao-") as aside:
            head = _unpacked(path, Path(aside))
            state = settings.feedback.parent
            if not force:
                _refuse_to_overwrite(settings, head)
            if head.generation:
                _put_store(settings.store, Path(aside) / "store")
            for name in head.files:
                if name.startswith("state/"):
                    _put_state(Path(aside) / name, state / name.removeprefix("state/"))
            return head
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"没有恢复完（{error}）：请检查文件权限和磁盘空间后再试。") from error


def _unpacked(path: Path, aside: Path) -> Head:
    """The files of the backup under their names, each compared with its hash."""
    wrong = InputError(f"{path} 不是完整的备份文件：请用 python -m assistant backup 做出的文件。")
    try:
        with tarfile.open(path, "r:") as tar:
            head = _head(tar)
            left = dict(head.files)
            for entry in tar:
                if entry.name == HEAD:
                    continue
                sha = left.pop(entry.name, None)
                if sha is None or not entry.isreg() or not _is_ours(entry.name):
                    raise wrong
                _write_checked(tar, entry, aside / entry.name, sha)
    except FileNotFoundError:
        raise InputError(f"没有备份文件 {path}：请检查路径。") from None
    except (tarfile.TarError, ValueError, KeyError, TypeError, IsADirectoryError):
        raise wrong from None
    if left:
        raise wrong
    return head


def _head(tar: tarfile.TarFile) -> Head:
    entry = tar.next()
    if entry is None or entry.name != HEAD or not (data := tar.extractfile(entry)):
        raise ValueError("no head")
    head = Head(**json.loads(data.read()))
    if head.format != FORMAT or not isinstance(head.files, dict):
        raise ValueError("another format")
    return head


def _is_ours(name: str) -> bool:
    """``store/FILE``, ``state/NAME.db`` or ``state/uploads/…``: nothing can lead out of there."""
    room, *rest = PurePosixPath(name).parts
    if ".." in rest or not rest or "\\" in name:
        return False
    if len(rest) == 1:
        return room == "store" or (room == "state" and rest[0].endswith(".db"))
    return room == "state" and rest[0] in FOLDERS


def _write_checked(tar: tarfile.TarFile, entry: tarfile.TarInfo, to: Path, sha: str) -> None:
    data, digest = tar.extractfile(entry), hashlib.sha256()
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as file:
        while data and (piece := data.read(1 << 20)):
            digest.update(piece)
            file.write(piece)
    if digest.hexdigest() != sha:
        raise ValueError("damaged")


def _refuse_to_overwrite(settings: Settings, head: Head) -> None:
    for place in _standing(settings, head):
        raise InputError(
            f"{place} 已经存在，没有恢复：请先移走它，或加 --force 用备份里的内容覆盖。"
        )


def _standing(settings: Settings, head: Head) -> Iterator[Path]:
    """What stands already where something of the backup would go."""
    if head.generation and generations.exists(settings.store):
        yield settings.store
    for name in head.files:
        place = settings.feedback.parent / name.removeprefix("state/")
        if name.startswith("state/") and place.exists():
            yield place


def _put_store(store: Path, unpacked: Path) -> None:
    """As a new generation; the one before goes."""
    manifest = generations.parsed(store, (unpacked / generations.MANIFEST).read_bytes())
    files.make_folder(store)
    with refreshing(store):
        generations.collect(store)
        folder = generations.begin(store)
        for name in manifest.files:
            files.write(folder / name, (unpacked / name).read_bytes())
        generations.publish(store, folder, manifest)
        generations.collect(store)


def _put_state(unpacked: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.suffix == ".db" and place.parent.name not in FOLDERS:
        # into the file and not in its place: the page may have it open
        with (
            closing(sqlite3.connect(unpacked)) as db,
            closing(sqlite3.connect(place, timeout=10)) as target,
        ):
            db.backup(target)
    else:
        files.write_atomic(place, unpacked.read_bytes())
