"""``python -m assistant.page.workers.template FD MODULE:FUNCTION ARGUMENTS``: the process that loads
everything once, and copies itself (``fork``) for each worker.

What was loaded (weights, store, libraries) is then in memory once, however many workers there are.
It has a single thread whenever it is copied, for a copy has no other; libraries that count in
threads are told to use one (``staff``), and nothing of a page is made before the copy.

It is told over the socket FD what to start, with the worker's end of its life line beside it, and
ends when that socket is closed.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from assistant.page.seat import Seat
from assistant.page.workers.terms import LONGEST, READY
from assistant.page.workers.worker import work
from corpus.errors import YibaoError
from index.blocks import settle


def main() -> int:
    number, where, arguments = sys.argv[1:4]
    # the front is stopped by these, and ends us by closing the socket
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    with socket.socket(fileno=int(number)) as told:
        module, _, function = where.partition(":")
        try:
            opened: Callable[..., Any] = getattr(importlib.import_module(module), function)
            page = opened(**json.loads(arguments))
            settle()
        except (YibaoError, OSError) as error:
            _say(told, str(error).encode("utf-8")[:LONGEST])
            return 1
        _say(told, READY)
        gc.collect()
        gc.freeze()  # the collector would write into what is shared
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the front sees by the line who has ended
        while (order := socket.recv_fds(told, LONGEST, 1))[0]:
            _copy(told, page, order[0], order[1][0])
    return 0


def _say(told: socket.socket, word: bytes) -> None:
    """The front may have been stopped meanwhile; then the next thing heard of it is its end."""
    with suppress(BrokenPipeError):
        told.send(word)


def _copy(told: socket.socket, page: Callable[[Seat], Any], order: bytes, line: int) -> None:
    """A copy becomes the worker and never comes back; its number is the first word on its line."""
    if pid := os.fork():
        os.write(line, b"%d\n" % pid)
        os.close(line)
        return
    status = 1
    try:
        told.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        asked = json.loads(order)
        seat = Seat(asked["number"], asked["of"], asked["boot"])
        work(page(seat), seat, asked["path"], socket.socket(fileno=line))
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
