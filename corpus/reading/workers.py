"""Many files read by several processes, the results in the files' order.

The processes are started as plain commands rather than by multiprocessing, which would run the
caller's own script again (Windows, Macs) or copy a process with threads in it (Linux). A file at
which a process dies or stays is named and skipped; the others are read.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from corpus.reading.types import File, FileReading, Skipped
from corpus.reading.worker import receive, send
from corpus.settings import ROOT

BATCH = 16  # files sent at once: a message costs 0.2 ms, a file 3 ms
PATIENCE = 60.0  # seconds for a batch; the slowest file of the tests takes 4
_STOPPED = "读取该文件时程序中断或超时，已跳过；请另存为文本后重试"


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_with(files: Sequence[File], jobs: int) -> Iterator[FileReading]:
    """What each file gives, in order. Raises OSError where no process can be started."""
    batches = [files[start : start + BATCH] for start in range(0, len(files), BATCH)]
    free: SimpleQueue[_Worker] = SimpleQueue()
    workers = [_Worker() for _ in range(min(jobs, len(batches)))]
    for worker in workers:
        free.put(worker)

    def run(batch: Sequence[File]) -> list[FileReading]:
        worker = free.get()
        try:
            return worker.read(batch)
        finally:
            free.put(worker)

    ahead = 2 * len(workers)  # batches in the air: results wait in memory for their turn
    waiting: list[Future[list[FileReading]]] = []
    pool = ThreadPoolExecutor(max_workers=max(1, len(workers)))
    try:
        for batch in batches:
            waiting.append(pool.submit(run, batch))
            if len(waiting) > ahead:
                yield from waiting.pop(0).result()
        while waiting:
            yield from waiting.pop(0).result()
    finally:
        for worker in workers:
            worker.stop()
        pool.shutdown(wait=True, cancel_futures=True)


class _Worker:
    """One process, started again when it dies."""

    def __init__(self) -> None:
        self._stopped = False
        self._process = self._start()

    def read(self, files: Sequence[File]) -> list[FileReading]:
        """What the files give; after a failure one by one, so that only the guilty one is lost."""
        found = self._ask(files)
        if found is not None:
            return found
        if len(files) == 1:
            (file,) = files
            return [FileReading(file, (), (Skipped(file.where, _STOPPED),))]
        return [done for file in files for done in self.read([file])]

    def stop(self) -> None:
        self._stopped = True
        self._end()

    def _ask(self, files: Sequence[File]) -> list[FileReading] | None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        watch = threading.Timer(PATIENCE, process.kill)
        watch.start()
        try:
            send(process.stdin, list(files))
            found: list[FileReading] = receive(process.stdout)
            return found
        except (EOFError, OSError, ValueError):
            self._end()
            if not self._stopped:
                self._process = self._start()
            return None
        finally:
            watch.cancel()

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                # what was still to be written has nobody left to read it
                with contextlib.suppress(OSError):
                    stream.close()

    @staticmethod
    def _start() -> subprocess.Popen[bytes]:
        paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        return subprocess.Popen(
            [sys.executable, "-c", "from corpus.reading.worker import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )
