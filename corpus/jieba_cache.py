"""A private jieba tokenizer: our own dictionary on top of jieba's, cached where only we write.

jieba by itself logs to stderr and keeps its cache under a predictable name in the temp folder.
Here nothing of it runs but the cutting: the word table is built, stored and loaded by this file.
"""

from __future__ import annotations

import hashlib
import logging
import marshal
import os
import sys
import tempfile
import warnings
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)


def tokenizer(folder: Path, own_words: tuple[str, ...]) -> Any:
    """A ``jieba.Tokenizer`` that knows ``own_words`` too, each with the lowest frequency that
    keeps it whole. The table is cached in ``folder``; where that cannot be written it is built
    anew each time. Several processes may start at once: each writes a file of its own and the
    last to rename it wins, with the same content."""
    jieba = _jieba()
    made = jieba.Tokenizer()
    path = folder / f"{_identity(own_words)}.words"
    table = _load(path)
    if table is None:
        made.FREQ, made.total = made.gen_pfdict(made.get_dict_file())
        made.initialized = True
        for word in own_words:
            made.add_word(word)
        _store(path, (made.FREQ, made.total))
    else:
        made.FREQ, made.total = table
        made.initialized = True
    return made


def _jieba() -> Any:
    """jieba without its voice: old escapes and pkg_resources warn at import, and it logs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    with suppress(AttributeError):
        jieba.default_logger.removeHandler(jieba.log_console)
    logging.getLogger("jieba").setLevel(logging.WARNING)
    return jieba


def _identity(own_words: tuple[str, ...]) -> str:
    # marshal's form may differ between versions of Python
    parts = ("1", version("jieba"), sys.implementation.cache_tag or "", *own_words)
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()[:16]


def _load(path: Path) -> tuple[dict[str, int], int] | None:
    try:
        raw = path.read_bytes()
        digest, body = raw[:32], raw[32:]
        # marshal may crash on a torn file, so nothing but what was written whole is read
        if hashlib.sha256(body).digest() != digest:
            return None
        frequencies, total = marshal.loads(body)
        return dict(frequencies), int(total)
    except (OSError, ValueError, EOFError, TypeError):
        return None


def _store(path: Path, table: tuple[dict[str, int], int]) -> None:
    body = marshal.dumps(table)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(body).digest() + body)
        os.replace(temporary, path)
    except OSError as error:
        _log.info("The word table is not cached (%s): %s", path, error)
