"""A process that reads files for another; ``workers`` starts and feeds it.

Takes pickled lists of Files on its standard input, gives pickled lists of FileReadings on its
standard output, both with their length in front, until the input ends.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from typing import IO, Any

LENGTH = struct.Struct("<Q")


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


def main() -> None:
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    # imported here because reader imports workers, and workers this module
    from corpus.reading.opener import Opener
    from corpus.reading.reader import read_one

    with Opener() as opener:
        while True:
            try:
                files = receive(sys.stdin.buffer)
            except EOFError:
                return
            send(answers, [read_one(file, opener) for file in files])
