"""Files read by other processes, within limits, the results in the files' order.

The processes are started as plain commands rather than by multiprocessing, which would run the
caller's own script again (Windows, Macs) or copy a process with threads in it (Linux). A file at
which a process dies or stays is named and skipped; the others are read. One process stays for a
while after a reading, so that the next one need not wait for its start (0.3 s); whoever knows that
files will be read has it started meanwhile (``start_early``).
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from queue import Empty, SimpleQueue
from typing import IO, Literal

from corpus.errors import InputError
from corpus.in_order import in_order
from corpus.reading import limits
from corpus.reading.messages import Answer, Request, receive, send
from corpus.reading.types import File, FileReading
from corpus.settings import ROOT

BATCH = 16  # files sent at once: a message costs 0.2 ms, a file 1 to 3
IDLE = 60.0  # seconds that a process waits for the next reading, with 40 MB
_TRIES = 2  # a process may die of the files before, or from outside; twice is the file's own fault
_OUT_OF_TIME = -signal.SIGXCPU if sys.platform != "win32" else None
_NO_START = "无法启动读取文件的进程（{}）；请关闭一些程序后重试"

_NONE: Mapping[File, bytes] = {}

End = Literal["worn", "slow", "died"]


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_with(files: Sequence[File], jobs: int) -> Iterator[FileReading]:
    """What each file gives, in order. Raises InputError where no process can be started."""
    batches = [files[start : start + BATCH] for start in range(0, len(files), BATCH)]
    workers = [_SPARE.take() or Worker() for _ in range(min(jobs, len(batches)))]

    def stop() -> None:
        for worker in workers:
            worker.stop()

    for batch in in_order(batches, workers, Worker.read, stop=stop):
        yield from batch
    if workers:
        _SPARE.keep(workers.pop())
    stop()


def start_early() -> None:
    """Files will soon be read: have the process started that reads them, without waiting for it."""
    if not _SPARE.there:
        with contextlib.suppress(InputError):  # whoever reads says so
            _SPARE.keep(Worker())


class Worker:
    """One process, started again when it dies."""

    def __init__(self) -> None:
        self._stopped = False
        self._start()

    def read(
        self, files: Sequence[File], *, held: Mapping[File, bytes] = _NONE
    ) -> list[FileReading]:
        """What each of the files gives, in order. ``held``: the content of all of them, where they lie
        on another machine."""
        found: list[FileReading] = []
        died = 0  # times in a row, at the same file
        while len(found) < len(files):
            done, end = self._ask(files[len(found) :], held)
            found += done
            if len(found) == len(files):
                break
            file = files[len(found)]
            if not self._stopped:
                self._end()
                self._start()
            died = 0 if end == "worn" else 1 if done else died + 1
            if end == "slow":
                found.append(FileReading(file, (), (limits.too_slow(file),)))
            elif died == _TRIES or self._stopped:
                found.append(FileReading(file, (), (limits.broke(file),)))
        return found

    def rest(self) -> bool:
        """Let go of the files that are open. False where the process has gone."""
        with contextlib.suppress(OSError, ValueError):
            send(_pipe(self._process.stdin), Request(""))
            return True
        return False

    def stop(self) -> None:
        self._stopped = True
        self._end()

    def _ask(
        self, files: Sequence[File], held: Mapping[File, bytes]
    ) -> tuple[list[FileReading], End]:
        """What the files give until the process ends, and how it ended."""
        done: list[FileReading] = []
        with contextlib.suppress(OSError, ValueError):
            timed = tuple((file, limits.seconds(file)) for file in files)
            send(_pipe(self._process.stdin), Request(os.getcwd(), timed, held))
            for file in files:
                try:
                    answer = self._answers.get(timeout=limits.patience(file))
                except Empty:
                    return done, "slow"
                if answer is None:
                    return done, "slow" if self._process.wait() == _OUT_OF_TIME else "died"
                done.append(answer.reading)
                if answer.last:
                    return done, "worn"
        return done, "died"

    def _start(self) -> None:
        code = f"from corpus.reading.worker import main; main({limits.MEMORY})"
        paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            )
        except OSError as error:
            raise InputError(_NO_START.format(error.strerror or error)) from error
        self._answers: SimpleQueue[Answer | None] = SimpleQueue()
        arguments = (_pipe(self._process.stdout), self._answers)
        # a thread of its own, because a pipe cannot be waited for with a limit everywhere
        self._listener = threading.Thread(target=_listen, args=arguments, daemon=True)
        self._listener.start()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout):
            # what was still to be written has nobody left to read it
            with contextlib.suppress(OSError):
                _pipe(stream).close()


def _listen(stream: IO[bytes], answers: SimpleQueue[Answer | None]) -> None:
    """Every answer into the queue, None behind the last."""
    with contextlib.suppress(EOFError, OSError, ValueError):
        while True:
            answers.put(receive(stream))
    answers.put(None)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # both were asked for
    return stream


class _Spare:
    """The process that stays, if any."""

    def __init__(self, other: Worker | None = None) -> None:
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._clock: threading.Timer | None = None
        self._other = other  # held, never used: nothing of it may be closed here

    def copied(self) -> None:
        """In a copy of the process: begin anew, and leave the worker to the original."""
        _Spare.__init__(self, self._worker)

    @property
    def there(self) -> bool:
        return self._worker is not None

    def take(self) -> Worker | None:
        with self._lock:
            worker, self._worker = self._worker, None
            if self._clock is not None:
                self._clock.cancel()
        return worker

    def keep(self, worker: Worker) -> None:
        if not worker.rest():
            worker.stop()
            return
        with self._lock:
            worker, other = (self._worker or worker), (worker if self._worker else None)
            self._worker = worker
            self._clock = threading.Timer(IDLE, self.end)
            self._clock.daemon = True
            self._clock.start()
        if other is not None:
            other.stop()

    def end(self) -> None:
        if worker := self.take():
            worker.stop()


_SPARE = _Spare()
atexit.register(_SPARE.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_SPARE.copied)
