"""A process that reads files for another, within limits; ``workers`` starts and feeds it.

Takes ``Request``s on its standard input, gives one ``Answer`` for each file on its standard output
(``messages``), until the input ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from corpus.reading import limits
from corpus.reading.messages import Answer, Request, receive, send
from corpus.reading.opener import Opener
from corpus.reading.reader import read_one
from corpus.reading.types import FileReading


def main(memory: int) -> None:
    """Read until nobody asks any more, within so many bytes."""
    # Whatever a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Ctrl-C goes to all processes of a terminal; the one that asked ends this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    limits.bound_memory(memory)
    with contextlib.suppress(BrokenPipeError):  # whoever asked has gone
        asked = True
        while asked:
            with Opener() as opener:
                while (request := _next()) is not None and request.files:
                    if not request.held:
                        os.chdir(request.folder)
                    for file, seconds in request.files:
                        limits.bound_time(seconds)
                        answer = Answer(
                            read_one(file, opener, request.held.get(file)), limits.is_worn()
                        )
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
