"""Who does the two costly things of a refresh: reading files, and turning texts into vectors.

A ``Crew`` does them in this process (``alone``), in several on this machine (``processes``) or on
many machines (``cluster``). What it gives is the same to the last bit: a file's reading depends on
nothing but the file, and a vector on nothing but the text and the model. Which files, which texts,
and what becomes of them is decided in one process, which alone writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.reading import File, FileReading
from index.late import TokenEncoder

Kind = Literal["passages", "queries", "tokens"]
"""How a text is encoded: as a passage or a question, (dim,) float32 of unit length, or as a
passage's tokens, (tokens, ``index.late.WIDTH``) int8."""
Made = Sequence[NDArray[Any]]
"""What each of some texts gave."""
FilesDone = Callable[[int, int], object]
"""Called with the number of files read so far and of all."""


class Encoder(Protocol):
    """The part of ``index.encoder``'s that a refresh needs."""

    @property
    def model(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


Opener = Callable[[], Encoder]
"""Opens the model in another process or on another machine, to encode one text at a time: there are
as many of these as processors. It is pickled by its name."""


class Crew(Protocol):
    """Whoever reads the files and encodes the texts of a refresh."""

    def read(
        self, files: Sequence[File], *, progress: FilesDone | None = None
    ) -> Iterator[FileReading]:
        """What each file gives, in the order of ``files``. One that cannot be read, or that takes
        too much of anything, is named in its reading's ``skipped``."""

    def encode(self, encoder: Encoder, kind: Kind, texts: Sequence[str]) -> Iterator[Made]:
        """What each text gives, in the order of ``texts``, piece by piece as they are done.
        ``encoder``: the model of this process; others use an equal one. Raises ``ModelError``
        where that cannot be had."""


def encode(encoder: Encoder, kind: Kind, texts: Sequence[str]) -> Made:
    """The texts by an encoder, as ``kind`` says."""
    if kind == "passages":
        return list(encoder.encode_passages(texts))
    if kind == "queries":
        return list(encoder.encode_queries(texts))
    if isinstance(encoder, TokenEncoder):
        return encoder.encode_tokens(texts)
    raise TypeError(f"{encoder.model} gives no tokens")


def shards(texts: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The texts in pieces of ``size``, the last one shorter.

    >>> list(shards("abc", 2))
    ['ab', 'c']
    """
    return (texts[start : start + size] for start in range(0, len(texts), size))
