"""Writes what nobody waits for: counts and questions without an answer, in a thread of their own.

A database may be locked by another process for as long as that likes. What is to be written waits
then, in order and up to a number; an answer never does.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from corpus.errors import StoreError

_MOST = 10_000
"""Notes that are kept while nothing can be written: some MB, a day of a small office."""
_PAUSE = 1.0
"""Seconds before what could not be written is tried again."""
_PASSING = (StoreError, OSError)
"""What may be otherwise in a moment: a lock, a full disk."""

log = logging.getLogger("yibao.page")


class Writer:
    """``later(work)`` returns at once. What cannot be written now is tried until it can, with one
    word in the log; beyond a number the oldest notes go."""

    def __init__(self, *, most: int = _MOST, pause: float = _PAUSE) -> None:
        self._pause = pause
        self._todo: deque[Callable[[], None]] = deque(maxlen=most)
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._busy = False
        self._closed = False
        self._failing = False

    def later(self, work: Callable[[], None]) -> None:
        with self._wake:
            self._todo.append(work)
            if self._thread is None:
                self._closed = False
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def settle(self, seconds: float) -> bool:
        """Wait until all is written, or that long; whether it is."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._todo and not self._busy, seconds)

    def close(self, seconds: float = 2.0) -> None:
        """Write what can be written within the time, and end."""
        self.settle(seconds)
        with self._wake:
            self._closed = True
            thread, self._thread = self._thread, None
            self._wake.notify_all()
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._busy = False
                self._wake.notify_all()
                self._wake.wait_for(lambda: self._todo or self._closed)
                if self._closed:
                    return
                work = self._todo.popleft()
                self._busy = True
            self._try(work)

    def _try(self, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
            except _PASSING as error:
                self._warn(error)
            except Exception as error:
                self._warn(error)
                return
            else:
                self._failing = False
                return
            with self._wake:
                if self._wake.wait_for(lambda: self._closed, self._pause):
                    return

    def _warn(self, error: Exception) -> None:
        if not self._failing:
            log.error("a note cannot be written (%s)", type(error).__name__)
        self._failing = True
