"""What a reading process and whoever started it say to each other: pickled values, length in front."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from corpus.reading.types import File, FileReading

LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Request:
    """Files to read, their paths relative to ``folder``, and the seconds that each may take.
    Without files: let go of what is open. ``held``: the content of those that lie on another
    machine; where any do, all do."""

    folder: str
    files: tuple[tuple[File, int], ...] = ()
    held: Mapping[File, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one file gave. ``last``: the process ends itself behind it."""

    reading: FileReading
    last: bool = False


def send(stream: IO[bytes], value: Any) -> None:
    """One value with its length in front."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next value. Raises EOFError where the other side has gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (size,) = LENGTH.unpack(head)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return pickle.loads(data)
