"""A store on disk: one folder of whole generations, and one small file that names the current one.

    store/
      current                    the name of the generation to open, replaced in one atomic step
      generations/<name>/        one generation: its files and a manifest with their hashes
      lock, holder.json          keeps two refreshes apart, see ``index.locks``

A generation is written under a name of its own that nobody opens, given its final name when it is
complete on the disk, and only then named in ``current``. Readers hold no lock: they open all files of a
generation, and begin again at ``current`` when it is gone under their hands. Most files of a new
generation are those of the one before under a second name (a hard link), so that one that is removed
takes nothing away from the other. What the files hold is left to ``index.contents``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import StoreError
from corpus.settings import ROOT
from index import files

FORMAT = 4
"""Raised with each change that older code cannot read or that this code cannot read of old."""

CURRENT = "current"
GENERATIONS = "generations"
MANIFEST = "manifest.json"
SOURCES = "sources.index"
READ = ".read"
"""What was read from which file: the index of it and the ends of the names of the files that hold it. A
store can be built anew from them alone."""
_OLD_SOURCES = "sources.jsonl"
"""The same in stores of format 3 and before."""
_UNFINISHED = ".unfinished"
_GOING = ".going"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Size in bytes and SHA-256 of a file of a generation."""

    size: int
    sha256: str

    @classmethod
    def of(cls, data: bytes | memoryview) -> FileEntry:
        return cls(len(data), hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is: its identity, what made it, how much it holds, its files.

    ``generation`` is a hash of the articles, of what was drawn from them and of what made it; paths
    and times are not part of it. ``versions``: of reader, splitter, claims, marks, dictionary, postings.
    """

    generation: str
    model: str
    dimension: int
    versions: Mapping[str, str]
    counts: Mapping[str, int]
    search: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, FileEntry]
    format: int = field(default=FORMAT)

    def to_bytes(self) -> bytes:
        said = {name: getattr(self, name) for name in self.__slots__}
        said["files"] = {n: {"size": e.size, "sha256": e.sha256} for n, e in self.files.items()}
        text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
        return text.encode("utf-8") + b"\n"

    @property
    def name(self) -> str:
        """Of its folder: two generations of one content may differ in where it was read from."""
        return name_of(self.generation, self.to_bytes())


def name_of(generation: str, manifest: bytes) -> str:
    """See ``Manifest.name``, of the bytes of one."""
    return f"{generation[:16]}-{hashlib.sha256(manifest).hexdigest()[:8]}"


def build_command(store: Path, *, rebuild: bool = False) -> str:
    """The command that makes a store anew, for messages: of the articles that it knows, where a
    damaged or old one still does, else of the project's own."""
    if rebuild and salvage(store) is not None:
        return f"python -m index refresh --store {store} --rebuild"
    end = " --rebuild" if rebuild else ""
    articles = Path("corpus", "articles")
    if not articles.is_dir():  # elsewhere than in the project's folder
        articles = ROOT / articles
    return f"python -m index refresh {articles} --store {store}{end}"


def damaged(store: Path, what: str) -> StoreError:
    """The error for a store that must not be answered from."""
    return StoreError(
        f"知识库 {store} 已损坏或没有复制完整（{what}）：请重新复制整个文件夹，"
        f"或运行 {build_command(store, rebuild=True)} 重建。"
    )


def other_model(store: Path, made: str, asked: str) -> StoreError:
    """The error for a store whose vectors another model made."""
    return StoreError(
        f"知识库 {store} 由模型 {made} 建立，现在的模型是 {asked}："
        f"请改回原来的模型（设置 YIBAO_MODEL），或运行 "
        f"python -m index refresh --store {store} --rebuild 用现在的模型重建。"
    )


def other_tokens(store: Path) -> StoreError:
    """The error for a store whose tokens lie along other directions than questions' do now."""
    return StoreError(
        f"知识库 {store} 的词语向量由另一版程序生成，不能与现在的问题相比："
        f"请运行 python -m index refresh --store {store} 使知识库同步。"
    )


def unreadable(store: Path, error: OSError) -> StoreError:
    """The error for a store that the system does not let us read."""
    return StoreError(f"知识库 {store} 无法读取（{error.strerror or error}）：请检查文件权限。")


def current_generation(store: Path) -> str:
    """Name of the folder of the current generation: one small read, cheap enough to ask often.

    Raises StoreError where there is no store or ``current`` makes no sense.
    """
    try:
        name = (store / CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        if (store / GENERATIONS).is_dir() and _finished(store):
            raise damaged(store, f"缺少文件 {CURRENT}") from None
        raise StoreError(f"{store} 里没有知识库：请运行 {build_command(store)} 建立。") from None
    except OSError as error:
        raise unreadable(store, error) from error
    except UnicodeDecodeError:
        name = ""
    if not name or not name.isprintable() or "/" in name or "\\" in name or name.startswith("."):
        raise damaged(store, f"文件 {CURRENT} 的内容无效")
    return name


def exists(store: Path) -> bool:
    """True when a store stands there, whole or not."""
    return (store / CURRENT).exists()


def folder_of(store: Path, name: str) -> Path:
    return store / GENERATIONS / name


def read_manifest(store: Path, name: str) -> Manifest:
    """The manifest of a generation. Raises FileNotFoundError when the generation is gone and
    StoreError when it is of another format or makes no sense."""
    data = (folder_of(store, name) / MANIFEST).read_bytes()
    manifest = parsed(store, data)
    if not name.startswith(name_of(manifest.generation, data)):
        raise damaged(store, f"{MANIFEST} 与文件夹 {name} 不符")
    return manifest


def parsed(store: Path, data: bytes) -> Manifest:
    """A manifest's bytes, read. Raises StoreError as ``read_manifest`` does."""
    try:
        raw = json.loads(data)
        found = int(raw["format"])
    except (ValueError, KeyError, TypeError):
        raise damaged(store, f"{MANIFEST} 无法解析") from None
    if found != FORMAT:
        raise StoreError(
            f"知识库 {store} 的格式是第 {found} 版，本程序使用第 {FORMAT} 版："
            f"请运行 {build_command(store, rebuild=True)} 重建（旧库在重建完成前保持不变）。"
        )
    try:
        entries = {n: FileEntry(**e) for n, e in raw.pop("files").items()}
        return Manifest(files=entries, **raw)
    except (KeyError, TypeError, AttributeError):
        raise damaged(store, f"{MANIFEST} 无法解析") from None


def check_sizes(store: Path, name: str, manifest: Manifest) -> None:
    """Raise StoreError, naming the file, where one is missing or of another size."""
    for file, entry in manifest.files.items():
        path = folder_of(store, name) / file
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            raise damaged(store, f"缺少文件 {file}") from None
        if size != entry.size:
            raise damaged(store, f"文件 {file} 有 {size} 字节，应为 {entry.size}")


def read_checked(store: Path, name: str, manifest: Manifest, file: str) -> bytes:
    """A file's bytes, compared with its hash: what is read is what was written, or an error."""
    data = (folder_of(store, name) / file).read_bytes()
    if FileEntry.of(data) != manifest.files[file]:
        raise damaged(store, f"文件 {file} 的内容与校验值不符")
    return data


def salvage(store: Path) -> dict[str, bytes] | None:
    """The files that say what was read, of a store that is damaged elsewhere or of another format;
    None where they are not whole themselves."""
    try:
        folder = folder_of(store, (store / CURRENT).read_text(encoding="utf-8").strip())
        entries = json.loads((folder / MANIFEST).read_bytes())["files"]
        index = SOURCES if SOURCES in entries else _OLD_SOURCES
        names = [index, *(name for name in entries if name.endswith(READ))]
        found = {name: (folder / name).read_bytes() for name in names}
        whole = all(asdict(FileEntry.of(data)) == entries[name] for name, data in found.items())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if whole else None


def begin(store: Path) -> Path:
    """An empty folder to write a generation into; only one is ever under way (see the lock)."""
    folder = folder_of(store, _UNFINISHED)
    files.make_folder(folder)
    return folder


def publish(store: Path, folder: Path, manifest: Manifest) -> str:
    """Make what stands in ``folder`` the current generation: the one step that counts is last."""
    data = manifest.to_bytes()
    files.write(folder / MANIFEST, data)
    files.sync_folder(folder)
    own = name = name_of(manifest.generation, data)
    n = 1
    while folder_of(store, name).exists():
        # left by a refresh that was killed before its last step, or damaged and being rebuilt
        n += 1
        name = f"{own}-{n}"
    files.replace(folder, folder_of(store, name))
    files.write_atomic(store / CURRENT, name.encode("utf-8") + b"\n")
    return name


def collect(store: Path) -> None:
    """Remove every generation but the current one, and what killed refreshes left."""
    kept = current_generation(store) if (store / CURRENT).exists() else ""
    root = store / GENERATIONS
    if root.is_dir():
        for folder in sorted(root.iterdir()):
            if folder.name != kept:
                _discard(store, folder)
    leftover = store / (CURRENT + ".new")
    if leftover.exists():
        files.remove(leftover)


def _discard(store: Path, folder: Path) -> None:
    """Take a folder's name away first: a half-removed generation is never found by its name."""
    going = folder_of(store, _GOING)
    if going.exists():
        files.remove_folder(going)
    if folder.exists():
        files.replace(folder, going)
        files.remove_folder(going)


def _finished(store: Path) -> list[Path]:
    return [f for f in (store / GENERATIONS).iterdir() if not f.name.startswith(".")]
