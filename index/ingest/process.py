"""One encoding process as whoever started it sees it: started again when it dies."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from typing import IO

from corpus.errors import ModelError
from corpus.reading.messages import receive, send
from corpus.settings import ROOT
from index.ingest.messages import Begin, Encoded, Refused, Shard
from index.ingest.types import Kind, Made

TRIES = 2
"""A process may be ended from outside, by the system for memory above all; twice at one shard will
be so a third time."""
_CODE = "from index.ingest.worker import main; main()"
_NO_START = "无法启动计算向量的进程（{}）；请关闭一些程序或用较小的 --jobs 后重试，知识库没有改变。"
_DIED = (
    "计算向量的进程在同一批文本处两次中断（退出码 {}，多半是内存不足）："
    "请用较小的 --jobs 后重试，知识库没有改变。"
)


class Process:
    """Encodes a shard at a time; may be used from one thread after another."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._stopped = False
        self._start()

    def encode(self, kind: Kind, texts: tuple[str, ...]) -> Made:
        """What each text gives. Raises ``ModelError`` where the process has no equal model or dies
        of these texts."""
        for _ in range(TRIES):
            answer = self._ask(Shard(kind, texts))
            if isinstance(answer, Encoded):
                return answer.made
            if answer is not None:
                raise ModelError(answer.reason)
            code = self._end()
            self._start()
            if self._stopped:  # meanwhile, by another thread, which saw only the dead one
                code = self._end()
                break
        raise ModelError(_DIED.format(code))

    def stop(self) -> None:
        self._stopped = True
        self._end()

    def _ask(self, shard: Shard) -> Encoded | Refused | None:
        """None where the process has died."""
        try:
            send(_pipe(self._process.stdin), shard)
            answer: Encoded | Refused = receive(_pipe(self._process.stdout))
        except (EOFError, OSError, ValueError):
            return None
        return answer

    def _start(self) -> None:
        paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CODE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(filter(None, paths)),
                    "OMP_NUM_THREADS": "1",  # there are as many processes as processors
                },
            )
        except OSError as error:
            raise ModelError(_NO_START.format(error.strerror or error)) from error
        with contextlib.suppress(OSError):  # it died at once: the first shard will tell
            send(_pipe(self._process.stdin), self._begin)

    def _end(self) -> int:
        self._process.kill()
        code = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            # what was still to be written has nobody left to read it
            with contextlib.suppress(OSError):
                _pipe(stream).close()
        return code


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # both were asked for
    return stream
