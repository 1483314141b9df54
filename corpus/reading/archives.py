"""Zip archives: their members listed and read in memory, nothing ever written to the disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from corpus.errors import InputError

MOST_MEMBERS = 50_000
LARGEST_TOTAL = 1_000_000_000  # bytes, unpacked, of all members that are read
RATIO = 150  # times smaller than its content; pages and office files stay below 30
_SMALL = 2_000_000  # bytes that may be packed as tightly as they like
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
           RuntimeError)  # fmt: skip


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises InputError where it is none."""
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise InputError("压缩包已损坏或不完整；请重新下载后重试") from error
    with archive:
        if len(archive.infolist()) > MOST_MEMBERS:
            raise InputError(f"压缩包内文件超过 {MOST_MEMBERS} 个；请拆分后重试")
        yield archive


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows writes it in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def objection(info: zipfile.ZipInfo, largest: int) -> str:
    """Why a member is not read, or "" where nothing speaks against it."""
    name = member_name(info).replace("\\", "/")
    if name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:2] == ":":
        return "压缩包内的路径指向包外，已拒绝；请检查压缩包来源"
    if info.flag_bits & 1:
        return "文件有密码保护；请解除密码后重试"
    if info.file_size > _SMALL and info.file_size > RATIO * max(info.compress_size, 1):
        return "压缩比异常，疑为压缩炸弹，已跳过；请检查压缩包来源"
    if info.file_size > largest:
        return f"文件超过 {largest // 1_000_000} MB；请拆分后重试"
    return ""


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int) -> bytes:
    """A member's bytes, at most ``largest`` whatever its header says."""
    try:
        with archive.open(info) as stream:
            data = stream.read(largest + 1)
    except _BROKEN as error:
        raise InputError("压缩包内的文件已损坏；请重新下载后重试") from error
    if len(data) > largest:
        raise InputError(f"文件超过 {largest // 1_000_000} MB；请拆分后重试")
    return data
