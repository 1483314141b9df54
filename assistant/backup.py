"""One file that holds all that an installation knows: store, feedback, the page's records, uploads.

Made while the page serves: of the store the current generation, every file compared with its hash;
of an engine's its points, with no refresh between (``index.qdrant.copying``); of each database what SQLite's own backup gives, which is one moment of it; of PostgreSQL its rows
at one moment, in files of the same form (``index.state.copying``). A tar without
compression (vectors hardly shrink): ``backup.json`` first, then ``store/`` or ``engine/``, and ``state/``.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from corpus.errors import InputError, StoreError
from corpus.settings import FILES, Settings
from index import generations
from index.depot import Depot
from index.engines import engine_at
from index.qdrant import QdrantEngine
from index.state import Book, State
from index.state.books import FEEDBACK, LIVE
from index.state.copying import save

FORMAT = 1
HEAD = "backup.json"
ENGINE = "engine"
"""Where in the archive an engine's generation lies."""
_SQLITE = b"SQLite format 3\0"
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Head:
    """What ``backup.json`` says: when it was made, the generation's folder ("" where there is no
    folder), and the SHA-256 of every file by its name in the archive."""

    made: str
    generation: str
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def back_up(settings: Settings, to: Path, *, force: bool = False) -> Path:
    """Write the backup and give its path; into a folder under the day's name. A file that is there
    is replaced only with ``force``. Raises InputError and StoreError."""
    engine = engine_of(settings)
    if to.is_dir():
        to = to / f"yibao-{datetime.now():%Y%m%d-%H%M%S}.tar"
    if to.exists() and not force:
        raise InputError(f"{to} 已经存在：请换一个文件名，或加 --force 覆盖它。")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=to.parent, prefix=".yibao-") as aside:
            beside = Path(aside) / "backup.tar"
            _write(settings, engine, Path(aside), beside)
            os.replace(beside, to)
    except OSError as error:
        raise StoreError(f"备份 {to} 无法写入（{error}）：请检查文件权限和磁盘空间。") from error
    return to


def engine_of(settings: Settings) -> QdrantEngine | None:
    """The engine that holds the store; None for a folder. Raises InputError for one whose content
    ends with its process."""
    engine = engine_at(settings.address)
    if not isinstance(engine, QdrantEngine):
        return None
    if engine.in_memory:
        raise InputError(
            f"{engine.address} 的内容只在运行它的进程的内存里，不能备份或恢复："
            "请改用 qdrant+local:///文件夹、qdrant:///文件夹 或 Qdrant 服务。"
        )
    return engine


def _write(settings: Settings, engine: QdrantEngine | None, aside: Path, to: Path) -> None:
    name, held = "", dict[str, Path]()
    if engine is None:
        name, held = _generation(settings.store, aside / "store")
    elif engine.exists():
        held = _points(engine, aside / ENGINE)
    held |= _books(settings, aside / "state") | _uploads(settings)
    if not held:
        raise InputError(
            f"没有可备份的内容：{settings.address} 里没有知识库，"
            f"{settings.feedback.parent} 里也没有记录。"
        )
    made = datetime.now().astimezone().isoformat(timespec="seconds")
    head = Head(made, name, {place: _sha256(path) for place, path in held.items()})
    with tarfile.open(to, "w", format=tarfile.PAX_FORMAT) as tar:
        data = json.dumps(asdict(head), ensure_ascii=False, indent=1).encode("utf-8")
        entry = tarfile.TarInfo(HEAD)
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
        for place, path in held.items():
            tar.add(path, place, recursive=False)


def _generation(store: Path, aside: Path) -> tuple[str, dict[str, Path]]:
    """The current generation's folder and a copy of its files by their place in the archive. A
    refresh may take the generation away while it is copied; then the new one is."""
    if not generations.exists(store):
        return "", {}
    for _ in range(_TRIES):
        name = generations.current_generation(store)
        with suppress(FileNotFoundError):
            return name, _copied(store, name, aside / name)
    raise StoreError(f"知识库 {store} 一直在刷新，没有备份成：请等刷新结束后再试。")


def _copied(store: Path, name: str, aside: Path) -> dict[str, Path]:
    manifest = generations.read_manifest(store, name)
    aside.mkdir(parents=True, exist_ok=True)
    for file in manifest.files:
        (aside / file).write_bytes(generations.read_checked(store, name, manifest, file))
    (aside / generations.MANIFEST).write_bytes(manifest.to_bytes())
    return {f"store/{file.name}": file for file in sorted(aside.iterdir())}


def _points(engine: QdrantEngine, aside: Path) -> dict[str, Path]:
    aside.mkdir()
    engine.save(aside)
    return {f"{ENGINE}/{file.name}": file for file in sorted(aside.iterdir())}


def _books(settings: Settings, aside: Path) -> dict[str, Path]:
    """Every database beside the feedback file, or the books of PostgreSQL under the same names; not
    what is forgotten within hours."""
    aside.mkdir(parents=True)
    folder = settings.feedback.parent
    if settings.database:
        _save_books(settings, aside)
    for path in sorted(folder.glob("*.db")) if folder.is_dir() and not settings.database else ():
        if path.name != f"{LIVE.name}.db" and _is_database(path):
            _copy_database(path, aside / path.name)
    return {f"state/{path.name}": path for path in sorted(aside.iterdir())}


def _save_books(settings: Settings, aside: Path) -> None:
    state = State.of(settings)
    try:
        for database in state:
            if database.book.backed_up:
                save(database, aside / file_of(settings, database.book))
    finally:
        state.close()


def file_of(settings: Settings, book: Book) -> str:
    """The name of a book's file."""
    return settings.feedback.name if book is FEEDBACK else f"{book.name}.db"


def _uploads(settings: Settings) -> dict[str, Path]:
    """What lies in the folders of uploads and edited articles."""
    Depot.of(settings).fetch()
    return {
        f"state/{path.relative_to(settings.files).as_posix()}": path
        for top in FILES
        for path in _files(settings.files / top)
    }


def _files(folder: Path) -> Iterator[Path]:
    """Regular files; one that is only now being written has no name of its own yet."""
    if folder.is_dir():
        found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        yield from sorted(path for path in found if not path.name.startswith("."))


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _copy_database(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(source, timeout=10)) as db,
            closing(sqlite3.connect(target)) as copy,
        ):
            db.backup(copy)
    except sqlite3.Error as error:
        raise StoreError(f"记录 {source} 无法读取（{error}）：请检查它是否完好。") from error


def _sha256(path: Path) -> str:
    """Piece by piece (``hashlib.file_digest`` came with Python 3.11)."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
