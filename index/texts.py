"""The texts that are turned into vectors, and what such a text is known by.

In one place, because the same text must come out when a passage is indexed, verified and reused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from corpus.types import Article, Passage

KEY = 16
"""Bytes of a key: two of a billion texts meet by chance once in 10^20 stores."""


def clean(text: str) -> str:
    """Without what no engine can take: NUL ends a text in C, half a surrogate pair is no UTF-8."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def passage_text(passage: Passage) -> str:
    """What is embedded of a passage: the nearest heading, then its text.

    Not the title, which has a vector of its own (``question_texts``): with it the passages of one
    article lie too close together.
    """
    return "\n".join((*passage.heading[-1:], passage.text))


def late_text(passage: Passage) -> str:
    """What a passage's tokens are taken of (``index.late``): under its title, which tells each word
    what it is about; a few words more do not blur tokens as they blur one vector."""
    return f"{passage.article.title}\n{passage_text(passage)}"


def question_texts(article: Article) -> tuple[str, ...]:
    """What is embedded of the ways to ask: the title first, then ``questions``; each once."""
    return tuple(dict.fromkeys((article.title, *article.questions)))


def keys_of(model: str, kind: str, texts: Iterable[str]) -> NDArray[np.uint8]:
    """(n, 16) uint8: what each text's vector is known by. ``kind``: query or passage, which a
    model may embed unlike, or tokens."""
    seed = f"{model}\0{kind}\0".encode()
    digests = [hashlib.blake2b(seed + t.encode("utf-8"), digest_size=KEY).digest() for t in texts]
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, KEY)


def each(keys: NDArray[np.uint8]) -> list[bytes]:
    """The rows of a (n, 16) array of keys."""
    raw = keys.tobytes()
    return [raw[i : i + KEY] for i in range(0, len(raw), KEY)]
