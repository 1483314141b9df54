"""What people hand in – paths, questions, places – before anything is done with it.

A path that is blank is an unset variable and not the current folder. Half a surrogate pair, which a
shell in another encoding and JSON's escapes can bring, is no character: no file and no database
takes it.
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from corpus.errors import InputError

_NO_CHINESE = "This console's encoding ({}) has no Chinese: set PYTHONIOENCODING=utf-8."
_SURROGATES = re.compile("[\ud800-\udfff]")
# bytes of a name that are no UTF-8 (Python keeps them as such halves), and what moves a cursor
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def path_given(path: str | Path) -> Path:
    """The path, ``~`` expanded. Raises InputError where it is blank or can be none.

    >>> path_given("articles").as_posix()
    'articles'
    """
    written = str(path)
    if not written.strip():
        raise InputError(
            "路径是空的（常见于没有设值的变量）：请写出文件或文件夹，当前文件夹写作 .（一个点）。"
        )
    if "\0" in written:
        raise InputError("路径里有空字符，不是有效的路径：请检查写法。")
    try:
        return Path(path).expanduser()
    except RuntimeError:  # ~somebody whom this machine does not know
        return Path(path)


def characters(text: str) -> str:
    """The text without halves of surrogate pairs: each is shown as the mark for what is lost."""
    return _SURROGATES.sub("\ufffd", text)


def print_anything() -> None:
    """Let ``print`` write out what the terminal's encoding has no character for, not fail at it;
    what cannot be read there becomes the mark for what is lost. Said once, in words that any
    encoding has, where it has no Chinese at all."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    try:
        "医保".encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        print(_NO_CHINESE.format(sys.stdout.encoding), file=sys.stderr)


def readable(name: str) -> str:
    """A path or a file's name as text: what cannot be shown is written out, so that two names never
    become one. ``readable(readable(x)) == readable(x)``.

    >>> readable("a\\udcd6\\x1b.txt")
    'a\\\\xd6\\\\x1b.txt'
    """
    return _UNREADABLE.sub(lambda found: _written_out(ord(found.group())), name)


def _written_out(code: int) -> str:
    if 0xDC80 <= code <= 0xDCFF:  # Python's place for the byte itself
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
