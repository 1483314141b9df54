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
from corpus.reading.types import File, Skipped
from corpus.types import Article

if sys.platform != "win32":
    import resource

_MB = 1_000_000
SECONDS = 10
"""Of processor time for any file: the slowest of the tests and of the shared documents takes 2."""
SECONDS_A_MEGABYTE = 2
"""More for a large one: the slowest kind, a list of short answers, takes 0.8 a megabyte."""
WAIT = 4
"""Times as long by the clock: with so many others at work on the machine a file is still read."""
MEMORY = 1_500 * _MB
"""Bytes of address space: an interpreter with all readers has 200 MB of it, the largest list or
page that is let in (60 MB, 150,000 tags) comes to 900."""
WORN = MEMORY // 3
"""Bytes that a process once held after which it is replaced: memory is seldom given back whole."""
LONGEST_TEXT = 1_000_000
"""Characters of one article: a code of laws has 100,000, a thick book 600,000."""
MOST_TEXT = 30_000_000
"""Characters of all articles of a file: what the largest list has, when it holds nothing else."""

TOO_LONG = f"正文超过 {LONGEST_TEXT // 10_000} 万字的上限；请拆分后重试"
_TOO_MUCH = f"文章合计超过 {MOST_TEXT // 10_000} 万字的上限；请拆分后重试"
_MEMORY = f"读取该文件所需内存超过 {MEMORY // _MB} MB 的上限，已跳过；请拆分或另存为文本后重试"
_BROKE = (
    f"读取该文件时程序中断（内存超过 {MEMORY // _MB} MB 的上限，或文件已损坏），已跳过；"
    "请拆分或另存为文本后重试"
)


def seconds(file: File) -> int:
    """Of processor time that reading the file may take."""
    return SECONDS + SECONDS_A_MEGABYTE * (file.size // _MB)


def patience(file: File) -> float:
    """Seconds by the clock after which the file is given up."""
    return float(WAIT * seconds(file))


def check_text(articles: Iterable[Article]) -> None:
    """Raises InputError where a file gave more text than any article or list has."""
    lengths = [len(article.text) for article in articles]
    if max(lengths, default=0) > LONGEST_TEXT:
        raise InputError(TOO_LONG)
    if sum(lengths) > MOST_TEXT:
        raise InputError(_TOO_MUCH)


def too_slow(file: File) -> Skipped:
    """The file is skipped for its time."""
    reason = f"读取该文件超过 {seconds(file)} 秒的上限，已跳过；请拆分或另存为文本后重试"
    return Skipped(file.where, reason)


def too_large(file: File) -> Skipped:
    """The file is skipped for its memory."""
    return Skipped(file.where, _MEMORY)


def broke(file: File) -> Skipped:
    """The file is skipped because the process ended at it."""
    return Skipped(file.where, _BROKE)


def bound_memory() -> None:
    """Hold this process to ``MEMORY``; one that was held to less stays so."""
    if sys.platform != "win32":
        _lower(resource.RLIMIT_AS, MEMORY)
        _lower(resource.RLIMIT_CORE, 0)  # a process that breaks leaves no gigabyte behind


def bound_time(file: File) -> None:
    """Hold this process to the time for one more file."""
    if sys.platform != "win32":
        _lower(resource.RLIMIT_CPU, int(time.process_time()) + seconds(file) + 1)


def is_worn() -> bool:
    """Whether this process once held so much that a fresh one is better."""
    if sys.platform == "win32":
        return False
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes here
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit > WORN


def _lower(what: int, most: int) -> None:
    """Set a limit within what the system allows; some systems know it and do not set it."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, hard))
