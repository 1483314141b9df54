"""Zip archives: their members listed and read in memory, nothing ever written to the disk.

What an archive says of itself is bounded before it is believed: how many members, how much one may
unpack to, how much all together, and how tightly they are packed.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from corpus.errors import InputError

MOST_MEMBERS = 50_000
LARGEST_TOTAL = 1_000_000_000  # bytes, unpacked, of all members that are read
RATIO = 150  # times smaller than its content; pages and office files stay below 30
RATIO_OF_ALL = 40  # the same of an archive as a whole, where no single odd file counts much
SMALL_TOTAL = 20_000_000  # bytes, unpacked, that an archive may hold however tightly packed
DIRECTORY_ENTRY = 400  # bytes in the list of members: 46, the name, and what systems add
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_ENTRY, _ENTRY_SIZE = b"PK\x01\x02", 46
_TAIL = 66_000  # bytes at the end among which the end of the list stands, the comment included
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError,
           RuntimeError)  # fmt: skip


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises InputError where it is none or holds too many files."""
    if _holds_too_many(path):
        raise InputError(f"压缩包内文件超过 {MOST_MEMBERS} 个；请拆分后重试")
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise InputError("压缩包已损坏或不完整；请重新下载后重试") from error
    with archive:
        yield archive


def _holds_too_many(path: Path) -> bool:
    """Whether the list of members is longer than what is read: ``ZipFile`` takes all of it in, at a
    kilobyte of memory a member, and the number that stands at the archive's end may be a lie."""
    try:
        with path.open("rb") as file:
            whole = file.seek(0, 2)
            begins = file.seek(max(0, whole - _TAIL))
            tail = file.read()
            end, size = _list_of(tail)
            if size > MOST_MEMBERS * DIRECTORY_ENTRY:
                return True
            file.seek(max(0, begins + end - size))
            listed = file.read(size)
    except OSError:
        return False
    return _is_longer(listed, MOST_MEMBERS)


def _list_of(tail: bytes) -> tuple[int, int]:
    """Where in the end of an archive its list of members ends, and the bytes that the list has; 0
    where no end is found."""
    end = tail.rfind(_END)
    size = _number(tail, end + 12, 4) if end >= 0 else 0
    end_64 = tail.rfind(_END_64, 0, max(end, 0))
    if end_64 >= 0:
        return end_64, max(0 if size == 0xFFFFFFFF else size, _number(tail, end_64 + 40, 8))
    return max(end, 0), size


def _is_longer(listed: bytes, most: int) -> bool:
    """Whether a list of members has more than so many, entry by entry."""
    place = count = 0
    while count <= most and listed.startswith(_ENTRY, place):
        lengths = (_number(listed, place + at, 2) for at in (28, 30, 32))  # name, extra, comment
        place += _ENTRY_SIZE + sum(lengths)
        count += 1
    return count > most


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name, with ``/``; Chinese Windows writes it in GBK without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = info.filename.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def objection(info: zipfile.ZipInfo, largest: int, *, small: int = 0) -> str:
    """Why a member is not read, or "" where nothing speaks against it. ``small``: bytes that may be
    packed as tightly as they like."""
    name = member_name(info)
    if name.startswith("/") or ".." in PurePosixPath(name).parts or name[1:2] == ":":
        return "压缩包内的路径指向包外，已拒绝；请检查压缩包来源"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "压缩包里的链接不会打开，已跳过；请放入文件本身"
    if info.flag_bits & 1:
        return "文件有密码保护；请解除密码后重试"
    if info.file_size > max(small, RATIO * max(info.compress_size, 1)):
        return "压缩比异常，疑为压缩炸弹，已跳过；请检查压缩包来源"
    if info.file_size > largest:
        return f"文件超过 {largest // 1_000_000} MB；请拆分后重试"
    return ""


def too_much(unpacked: int, packed: int) -> str:
    """Why an archive of ``packed`` bytes is not read whose members come to ``unpacked``, or ""."""
    if unpacked <= min(LARGEST_TOTAL, max(SMALL_TOTAL, RATIO_OF_ALL * packed)):
        return ""
    return "解压后总量过大，疑为压缩炸弹，已跳过；请拆分后重试"


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
