"""A process that reads files for another, within limits; ``workers`` starts and feeds it.

Takes pickled ``Request``s on its standard input, gives one pickled ``Answer`` for each file on its
standard output, both with their length in front, until the input ends.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import sys
from dataclasses import dataclass
from typing import IO, Any

from corpus.reading.types import File, FileReading

LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Request:
    """Files to read, their paths relative to ``folder``, and the seconds that each may take.
    Without files: let go of what is open."""

    folder: str
    files: tuple[tuple[File, int], ...] = ()


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


def main(memory: int) -> None:
    """Read until nobody asks any more, within so many bytes."""
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Ctrl-C goes to all processes of a terminal; the one that asked ends this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    # imported here because reader imports workers, and workers this module
    from corpus.reading import limits
    from corpus.reading.opener import Opener
    from corpus.reading.reader import read_one

    limits.bound_memory(memory)
    with contextlib.suppress(BrokenPipeError):  # whoever asked has gone
        asked = True
        while asked:
            with Opener() as opener:
                while (request := _next()) is not None and request.files:
                    os.chdir(request.folder)
                    for file, seconds in request.files:
                        limits.bound_time(seconds)
                        answer = Answer(read_one(file, opener), limits.is_worn())
                        try:
                            send(answers, answer)
                        except MemoryError:
                            reading = FileReading(file, (), (limits.too_large(file),))
                            answer = Answer(reading, last=True)
                            send(answers, answer)
                        if answer.last:
                            return
            asked = request is not None


def _next() -> Request | None:
    try:
        request: Request = receive(sys.stdin.buffer)
    except EOFError:
        return None
    return request
