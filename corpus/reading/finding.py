"""Which files there are under the paths that were given: folders, patterns, archives."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus.errors import InputError
from corpus.given import path_given, readable
from corpus.reading.archives import member_name, objection, opened, too_much
from corpus.reading.formats import unknown
from corpus.reading.links import OUTSIDE, Bounds
from corpus.reading.sniff import PACKED_KINDS, PICTURE_KINDS, endless
from corpus.reading.types import File, Skipped

_MB = 1_000_000
LARGEST: dict[str, int] = {
    ".md": 20 * _MB, ".markdown": 20 * _MB, ".txt": 20 * _MB, ".html": 20 * _MB, ".htm": 20 * _MB,
    ".xhtml": 20 * _MB, ".mhtml": 60 * _MB, ".mht": 60 * _MB, ".docx": 60 * _MB, ".docm": 60 * _MB, ".pdf": 60 * _MB,
    ".jsonl": 60 * _MB, ".csv": 60 * _MB, ".tsv": 60 * _MB, ".json": 60 * _MB,
    ".xlsx": 20 * _MB, ".xlsm": 20 * _MB, ".xls": 20 * _MB, ".et": 20 * _MB, ".xlsb": 20 * _MB,
    ".pptx": 100 * _MB, ".pptm": 100 * _MB, ".ppsx": 100 * _MB, ".ppt": 100 * _MB,
    ".dps": 100 * _MB, ".odp": 60 * _MB, ".ods": 20 * _MB, ".odt": 60 * _MB, ".doc": 60 * _MB,
    ".wps": 60 * _MB, ".rtf": 60 * _MB, ".epub": 60 * _MB, ".ofd": 60 * _MB,
    **dict.fromkeys(PICTURE_KINDS, 20 * _MB),
}  # fmt: skip
"""The kinds that are read, and how many bytes such a file may have: pages with pictures in them
come to 20 MB, and a tree in memory takes about ten times its text."""
LARGEST_ARCHIVE = 1_000 * _MB
# Belongings of a saved page and of the system; nobody expects a word about them.
_SILENT_KINDS = """
.js .css .gif .svg .ico .woff .woff2 .ttf .eot .map .mp4 .mp3 .download
.db .ini .lnk .url .pyc
"""
_SILENT = frozenset(_SILENT_KINDS.split())
_PICTURE_FOLDERS = re.compile(
    r"\A(?:.{0,255}(?:_files|\.files|_文件|\.fld)"
    r"|images?|img|imgs|media|static|assets|css|js|icons?|pic|pics)",
    re.I,
)
_SCAN = 30_000
"""Bytes: a smaller picture is an icon or a logo; a scanned page has some 100,000."""


def discover(paths: Iterable[str | Path] | str | Path) -> tuple[list[File], list[Skipped]]:
    """All files to read, ordered by name, and what was passed over.

    Folders are searched to any depth, links followed within what was given (to folders once),
    patterns (``*.html``) expanded, archives opened. Hidden files and a saved page's own pictures go
    unmentioned.
    """
    files: dict[tuple[Path, str], File] = {}
    skipped: list[Skipped] = []
    for given in [paths] if isinstance(paths, str | Path) else paths:
        try:
            path = path_given(given)
        except InputError as error:
            skipped.append(Skipped(readable(str(given)), str(error), True))
            continue
        for found in _found(path, skipped):
            files.setdefault((found.path, found.member), found)
    ordered = sorted(files.values(), key=lambda file: (file.name, file.where))
    return ordered, sorted(set(skipped))


def largest(kind: str) -> int:
    """How many bytes a file of this kind may have."""
    return LARGEST.get(kind, 20 * _MB)


def _found(path: Path, skipped: list[Skipped]) -> Iterator[File]:
    if path.is_dir():
        yield from _in_folder(path, skipped)
    elif not os.path.lexists(path) and glob.has_magic(str(path)):
        matches = sorted(glob.glob(str(path), recursive=True))
        if not matches:
            told = readable(str(path))
            skipped.append(Skipped(told, "没有文件符合这个写法；请检查路径", True))
        bounds = Bounds.of_pattern(path)
        for match in map(Path, matches):
            if not bounds.hold(match):
                skipped.append(Skipped(readable(str(match)), OUTSIDE))
            elif match.is_dir():
                yield from _in_folder(match, skipped)
            else:
                yield from _one(match, match.name, skipped)
    else:
        yield from _one(path, path.name, skipped)


def _in_folder(root: Path, skipped: list[Skipped]) -> Iterator[File]:
    """Depth first without recursion; each folder once, however many links lead to it."""
    seen: set[tuple[int, int]] = set()
    bounds = Bounds(root)
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in seen:
                told = readable(str(folder))
                skipped.append(Skipped(told, "链接指回已读过的文件夹，已跳过；无需处理"))
                continue
            seen.add((status.st_dev, status.st_ino))
            # scandir: ten thousand files are looked through at every refresh, and pathlib's
            # comparisons and calls for each of them took most of the time
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            skipped.append(Skipped(readable(str(folder)), why(error)))
            continue
        below = "" if folder == root else folder.relative_to(root).as_posix() + "/"
        for entry in entries:
            if is_hidden(entry.name):
                continue
            is_folder = _is_folder(entry)
            silent = os.path.splitext(entry.name)[1].lower() in _SILENT
            # each folder is asked where it really lies: Windows has links that do not say so
            if (is_folder or entry.is_symlink()) and not bounds.hold(entry.path):
                if not silent:
                    skipped.append(Skipped(readable(entry.path), OUTSIDE))
            elif is_folder:
                waiting.append(folder / entry.name)
            elif not _belonging(entry.name, folder.name if folder != root else "", entry):
                yield from _one(folder / entry.name, f"{below}{entry.name}", skipped)


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is left out where a whole folder is searched."""
    return name.startswith((".", "~$")) or name == "__MACOSX"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _belonging(name: str, folder: str, entry: os.DirEntry[str]) -> bool:
    """Whether a file in a folder belongs to a saved page or to the system, so that nobody expects
    to read it."""
    kind = os.path.splitext(name)[1].lower()
    if kind in PICTURE_KINDS:
        try:
            return _is_ornament(folder, entry.stat().st_size)
        except OSError:
            return True
    return kind in _SILENT


def _is_ornament(folder: str, size: int) -> bool:
    """Whether a picture is part of a page and no scan: by its folder and its size."""
    return size < _SCAN or bool(_PICTURE_FOLDERS.fullmatch(folder))


def _one(path: Path, name: str, skipped: list[Skipped]) -> Iterator[File]:
    """A file that can be read as it seems, or the members of an archive."""
    try:
        status = path.stat()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        skipped.append(Skipped(readable(str(path)), why(error), missing))
        return
    kind = path.suffix.lower()
    if not stat.S_ISREG(status.st_mode):
        reason = "不是普通文件；请换成文件或文件夹"
    elif kind == ".zip":
        reason = too_large(status.st_size, LARGEST_ARCHIVE)
    else:
        reason = _unfit(kind, status.st_size) or too_large(status.st_size, largest(kind))
    if reason:
        skipped.append(Skipped(readable(str(path)), reason))
    elif kind == ".zip":
        yield from _in_archive(path, readable(name), status.st_size, skipped)
    else:
        stamp = f"{status.st_size}-{status.st_mtime_ns}"
        yield File(name=readable(name), path=path, size=status.st_size, stamp=stamp)


def _in_archive(path: Path, name: str, size: int, skipped: list[Skipped]) -> Iterator[File]:
    members: list[File] = []
    where = readable(str(path))
    try:
        with opened(path) as archive:
            for info in archive.infolist():
                member = member_name(info)
                base = member.rsplit("/", 1)[-1]
                kind = Path(base).suffix.lower()
                if info.is_dir() or is_hidden(base) or member.startswith("__MACOSX/"):
                    continue
                folder = member.rsplit("/", 2)[-2] if "/" in member else ""
                silent = kind in _SILENT or (
                    kind in PICTURE_KINDS and _is_ornament(folder, info.file_size)
                )
                reason = objection(info, largest(kind))
                if reason := reason or ("页面的附件" if silent else _unfit(kind, info.file_size)):
                    if not silent or "路径" in reason:
                        skipped.append(Skipped(f"{where}/{readable(member)}", reason))
                    continue
                stamp = f"{info.file_size}-{info.CRC:08x}"
                called = f"{name}/{readable(member)}"
                members.append(File(called, path, member, info.file_size, stamp))
    except InputError as error:
        skipped.append(Skipped(where, str(error)))
        return
    except OSError as error:
        skipped.append(Skipped(where, why(error)))
        return
    if reason := too_much(sum(file.size for file in members), size):
        skipped.append(Skipped(where, reason))
        return
    yield from members


def _unfit(kind: str, size: int) -> str:
    """Why a file of this kind and size is not read, or ""; one without an ending is looked into."""
    if kind == ".zip":
        return "压缩包里还有压缩包，已跳过；请先解压里层的压缩包"
    if kind in PACKED_KINDS:
        return f"「{kind}」压缩包不能直接读取；请解压后给出其中的文件，或改用 .zip"
    if kind not in LARGEST and not endless(kind):
        return unknown(kind)
    return "" if size else "文件是空的；请重新保存后重试"


def too_large(size: int, most: int) -> str:
    """Why a file of this size is not read, or ""."""
    if size <= most:
        return ""
    return f"文件有 {size // _MB} MB，超过 {most // _MB} MB 的上限；请拆分后重试"


def why(error: OSError) -> str:
    """An error of the operating system as one sentence with its mend."""
    if isinstance(error, FileNotFoundError):
        return "路径不存在；请检查是否写错"
    if isinstance(error, PermissionError):
        return "没有读取权限；请修改权限后重试"
    if error.errno == 40 or "symbolic links" in str(error):  # ELOOP
        return "链接互相指向，成了死循环；请删除该链接"
    return f"无法读取（{error.strerror or error}）；请检查文件后重试"
