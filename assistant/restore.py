"""Puts a backup (``assistant.backup``) back: all of it is checked before anything is touched.

The store's generation becomes the current one in the one atomic step of every refresh, and each
database is filled through SQLite or PostgreSQL: a page that serves meanwhile goes on, with what was
restored. Files of an earlier version become today's.
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

from assistant.backup import ENGINE, FORMAT, HEAD, Head, engine_of
from corpus.errors import InputError, StoreError
from corpus.settings import FILES, Settings
from index import files, generations
from index.depot import Depot
from index.locks import refreshing
from index.qdrant import QdrantEngine
from index.qdrant.copying import read_saved
from index.state import Database, State
from index.state.copying import book_of, holds_rows, load


def restore(settings: Settings, path: Path, *, force: bool = False) -> Head:
    """Put everything of the backup in its place and say what it was. Raises InputError where the
    file is no whole backup, or where something stands in its place already and ``force`` is not
    given; LockedError during a refresh; StoreError where it cannot be written."""
    engine = engine_of(settings)
    try:
        with tempfile.TemporaryDirectory(prefix="yibao-") as aside:
            head = _unpacked(path, Path(aside))
            _check_kind(settings, head, Path(aside))
            if not force:
                _refuse_to_overwrite(settings, engine, head)
            if head.generation:
                _put_store(settings.store, Path(aside) / "store")
            elif engine is not None and _of_engine(head):
                engine.load(Path(aside) / ENGINE)
            for name in head.files:
                if name.startswith("state/"):
                    _put_state(settings, Path(aside) / name, name.removeprefix("state/"))
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
    """``store/FILE``, ``engine/FILE``, ``state/NAME.db`` or ``state/uploads/…``: nothing can lead out of there."""
    room, *rest = PurePosixPath(name).parts
    if ".." in rest or not rest or "\\" in name:
        return False
    if len(rest) == 1:
        return room in ("store", ENGINE) or (room == "state" and rest[0].endswith(".db"))
    return room == "state" and rest[0] in FILES


def _write_checked(tar: tarfile.TarFile, entry: tarfile.TarInfo, to: Path, sha: str) -> None:
    data, digest = tar.extractfile(entry), hashlib.sha256()
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("wb") as file:
        while data and (piece := data.read(1 << 20)):
            digest.update(piece)
            file.write(piece)
    if digest.hexdigest() != sha:
        raise ValueError("damaged")


def _of_engine(head: Head) -> bool:
    return any(name.startswith(f"{ENGINE}/") for name in head.files)


def _check_kind(settings: Settings, head: Head, unpacked: Path) -> None:
    """A folder's generation goes into a folder and an engine's into an engine, of any kind."""
    if _of_engine(head):
        if not settings.engine:
            raise InputError(
                "备份里的知识库来自 Qdrant 引擎，没有恢复：请用 YIBAO_ENGINE 设置要恢复到的引擎后再试。"
            )
        read_saved(unpacked / ENGINE)
    elif head.generation and settings.engine:
        raise InputError(
            "备份里的知识库是文件夹，没有恢复：请去掉 YIBAO_ENGINE 后再试，或恢复后用 refresh 写入引擎。"
        )


def _refuse_to_overwrite(settings: Settings, engine: QdrantEngine | None, head: Head) -> None:
    for place in _standing(settings, engine, head):
        raise InputError(
            f"{place} 已经存在，没有恢复：请先移走它，或加 --force 用备份里的内容覆盖。"
        )


def _standing(settings: Settings, engine: QdrantEngine | None, head: Head) -> Iterator[Path | str]:
    """What stands already where something of the backup would go."""
    if head.generation and generations.exists(settings.store):
        yield settings.store
    if engine is not None and _of_engine(head) and engine.exists():
        yield engine.address
    for name in head.files:
        folder = settings.files if _is_upload(name) else settings.feedback.parent
        place = folder / name.removeprefix("state/")
        if name.startswith("state/") and place.exists():
            yield place
    if settings.database:
        with closing(State.of(settings)) as state:
            yield from (d.place for d in state if d.book.backed_up and holds_rows(d))


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


def _put_state(settings: Settings, unpacked: Path, name: str) -> None:
    """``name``: below ``state/``."""
    if _is_upload(f"state/{name}"):
        Depot.of(settings).put(settings.files / name, unpacked.read_bytes())
        return
    book = book_of(unpacked)
    if settings.database and book is not None:
        with closing(State.of(settings)) as state:
            load(unpacked, next(d for d in state if d.book is book))
        return
    place = settings.feedback.parent / name
    place.parent.mkdir(parents=True, exist_ok=True)
    # into the file and not in its place: the page may have it open
    with (
        closing(sqlite3.connect(unpacked)) as db,
        closing(sqlite3.connect(place, timeout=10)) as target,
    ):
        db.backup(target)
    if book is not None:
        Database.of_file(place, book, pooled=False).open()


def _is_upload(name: str) -> bool:
    return PurePosixPath(name).parts[1] in FILES
