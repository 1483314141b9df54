"""What reading one file may cost: time, memory, and how much text may come of it.

The process that reads holds itself to these where the platform lets it (``resource``: Linux,
Macs); the time is also watched from outside, which is all there is on Windows.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterable

from corpus.errors import InputError
from corpus.reading import helpers
from corpus.reading.types import File, Skipped
from corpus.types import Article

if sys.platform != "win32":
    import resource

_MB = 1_000_000
SECONDS = 10
"""Of processor time for any file: the slowest of the tests and of the shared documents takes 2."""
SECONDS_A_MEGABYTE = 4
"""More for a large one: the slowest kind, a list of short answers, takes 1.7 a megabyte."""
WAIT = 4
"""Times as long by the clock: with so many others at work on the machine a file is still read."""
MEMORY = 2_000 * _MB
"""Bytes of address space: the largest list that is let in, 60 MB of short answers, comes to 1.4 GB."""
WORN = MEMORY // 4
"""Bytes that a process once held after which it is replaced: memory is seldom given back whole."""
LONGEST_TEXT, MOST_LINES = 600_000, 40_000
"""Characters and lines of one article: a code of laws has 100,000, a thick book 600,000. Whoever
cuts it into passages takes up to 30 s for a million of the worst."""
MOST_TEXT = 30_000_000
"""Characters of all articles of a file: what the largest list has, when it holds nothing else."""

TOO_LONG = (
    f"正文超过 {LONGEST_TEXT // 10_000} 万字或 {MOST_LINES // 10_000} 万行的上限；请拆分后重试"
)
_TOO_MUCH = f"文章合计超过 {MOST_TEXT // 10_000} 万字的上限；请拆分后重试"


def seconds(file: File) -> int:
    """Of processor time that reading the file may take."""
    return SECONDS + SECONDS_A_MEGABYTE * (file.size // _MB)


def patience(file: File) -> float:
    """Seconds by the clock after which the file is given up."""
    return float(WAIT * seconds(file) + helpers.seconds(file))


def check_text(articles: Iterable[Article]) -> None:
    """Raises InputError where a file gave more text than any article or list has."""
    total = 0
    for article in articles:
        if len(article.text) > LONGEST_TEXT or article.text.count("\n") >= MOST_LINES:
            raise InputError(TOO_LONG)
        total += len(article.text)
    if total > MOST_TEXT:
        raise InputError(_TOO_MUCH)


def check_raw(text: str) -> str:
    """The text of a plain file, or InputError where more than marks and blanks would have to go
    for it to be an article."""
    if len(text) > 2 * LONGEST_TEXT:
        raise InputError(TOO_LONG)
    return text


def too_slow(file: File) -> Skipped:
    """The file is skipped for its time."""
    reason = f"读取该文件超过 {seconds(file)} 秒的上限，已跳过；请拆分或另存为文本后重试"
    return Skipped(file.where, reason)


def too_large(file: File) -> Skipped:
    """The file is skipped for its memory."""
    reason = f"读取该文件所需内存超过 {MEMORY // _MB} MB 的上限，已跳过；请拆分或另存为文本后重试"
    return Skipped(file.where, reason)


def broke(file: File) -> Skipped:
    """The file is skipped because the process ended at it."""
    reason = (
        f"读取该文件时程序中断（内存超过 {MEMORY // _MB} MB 的上限，或文件已损坏），已跳过；"
        "请拆分或另存为文本后重试"
    )
    return Skipped(file.where, reason)


def bound_memory(most: int) -> None:
    """Hold this process to so many bytes; one that was held to less stays so."""
    if sys.platform != "win32":
        _lower(resource.RLIMIT_AS, most)
        _lower(resource.RLIMIT_CORE, 0)  # a process that breaks leaves no gigabyte behind


def bound_time(more: int) -> None:
    """Hold this process to so many seconds of processor time from now on."""
    if sys.platform != "win32":
        _lower(resource.RLIMIT_CPU, int(time.process_time()) + more + 1)


def is_worn() -> bool:
    """Whether this process once held so much that a fresh one is better."""
    if sys.platform == "win32":
        return False
    return _most_held() > WORN


def _most_held() -> int:
    """Bytes of memory that this process held at its peak."""
    if sys.platform == "win32":
        return 0
    # ru_maxrss is handed down on Linux: a process starts with the peak of the one that started it
    with contextlib.suppress(OSError, StopIteration, ValueError):
        with open("/proc/self/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes here
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _lower(what: int, most: int) -> None:
    """Set a limit within what the system allows; some systems know it and do not set it."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, hard))
