"""Many machines, through Ray Data: pieces of work go out by ``map_batches``, results come back.

This process sends the files' bytes and the texts, puts the results in order and alone writes the
store, so that the machines need neither the files nor the store: only this project, in the same
version, and its model. Ray does the work of a machine that goes away once more on another.
"""

from __future__ import annotations

import logging
import os
import pickle
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import chain
from typing import Any

from corpus.errors import InputError, ModelError
from corpus.reading import File, FileReading
from corpus.reading.opener import Opener as FileOpener
from corpus.settings import ROOT
from index.ingest.actors import Encodes, Reads, reader_digest
from index.ingest.alone import Alone
from index.ingest.messages import Begin, Refused, Shard
from index.ingest.processes import SHARD, WORTH_IT
from index.ingest.types import Encoder, FilesDone, Kind, Made, Opener, shards

FILES_AT_ONCE = 16
WINDOW = 256_000_000
"""Bytes of files under way at a time: they lie in Ray's memory until they are read."""
RESTARTS = 2
"""Times that Ray does the work of a process that died again: what kills three kills any."""
BLOCKS_EACH = 8
"""Blocks in which a processor's work is handed out: what is lost with a process, and done again."""
HERE = "127.0.0.2" if sys.platform == "linux" else "127.0.0.1"
"""Where a cluster of this machine listens. On Linux Ray makes of the usual address that of the network,
and whoever reaches it there can run programs."""
_FAILED = (
    "集群没有完成工作（{}）：请确认每台机器都装有与本机相同版本的本项目、内存足够，然后重试；"
    "知识库没有改变。"
)
_MISSING = '未安装 Ray，无法在多台机器上刷新：请先运行 pip install -e ".[ray]"，或去掉 --ray。'


class Cluster:
    """Reads and encodes on all processors of the cluster that this process is connected to."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener

    @classmethod
    @contextmanager
    def connected(cls, opener: Opener, address: str) -> Iterator[Cluster]:
        """Join the cluster at ``address``, or make one of this machine. Raises InputError without
        Ray, or where nothing answers there."""
        if find_spec("ray") is None:
            raise InputError(_MISSING)
        import ray.data

        if address:
            where: dict[str, Any] = {"address": address}
        else:
            paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
            path = os.pathsep.join(filter(None, paths))
            where = {
                "_node_ip_address": HERE,
                "include_dashboard": False,
                "runtime_env": {"env_vars": {"PYTHONPATH": path}},
            }
        try:
            ray.init(log_to_driver=False, logging_level="ERROR", **where)
            logging.getLogger("ray.data").setLevel(logging.ERROR)
        except Exception as error:  # Ray raises many kinds
            ray.shutdown()  # what was started of it
            raise InputError(
                f"无法连接 Ray（{address or '本机'}：{_first_line(error)}）："
                "请检查 YIBAO_RAY 的地址和集群是否在运行，知识库没有改变。"
            ) from error
        try:
            yield cls(opener)
        finally:
            ray.shutdown()

    def read(
        self, files: Sequence[File], *, progress: FilesDone | None = None
    ) -> Iterator[FileReading]:
        """As ``Crew`` says. Members of archives are read on this machine."""
        done = 0
        for window in windows(files):
            for reading in self._read(window):
                yield reading
                done += 1
                if progress is not None:
                    progress(done, len(files))

    def encode(self, encoder: Encoder, kind: Kind, texts: Sequence[str]) -> Iterator[Made]:
        """As ``Crew`` says."""
        if len(texts) < WORTH_IT:
            yield from Alone().encode(encoder, kind, texts)
            return
        work = (pickle.dumps(Shard(kind, tuple(piece))) for piece in shards(texts, SHARD))
        for encoded in mapped(Encodes, Begin(self._opener, encoder.model), work):
            yield encoded.made

    def _read(self, files: Sequence[File]) -> Iterator[FileReading]:
        """What the files of a window give, in order."""
        held = {file: data for file in files if (data := _bytes(file)) is not None}
        if len(held) <= FILES_AT_ONCE:
            held = {}
        far = tuple(held.items())
        work = (
            pickle.dumps(far[start : start + FILES_AT_ONCE])
            for start in range(0, len(far), FILES_AT_ONCE)
        )
        there = chain.from_iterable(mapped(Reads, reader_digest(), work))
        here = Alone().read([file for file in files if file not in held])
        yield from (next(there if file in held else here) for file in files)


def windows(files: Sequence[File]) -> Iterator[list[File]]:
    """The files in pieces of about ``WINDOW`` bytes."""
    window: list[File] = []
    size = 0
    for file in files:
        window.append(file)
        size += file.size
        if size >= WINDOW:
            yield window
            window, size = [], 0
    if window:
        yield window


def mapped(actor: type, argument: object, work: Iterable[bytes]) -> Iterator[Any]:
    """``actor(argument)`` on every processor of the cluster, called with each piece of work; the
    results in order. Raises ``ModelError`` for a ``Refused`` and for what Ray cannot do."""
    import ray.data

    rows = [{"number": n, "work": piece} for n, piece in enumerate(work)]
    if not rows:
        return
    helpers = min(len(rows), max(1, int(ray.cluster_resources().get("CPU", 1))))
    ray.data.DataContext.get_current().enable_progress_bars = False  # there is one of ours
    data = ray.data.from_items(rows, override_num_blocks=min(len(rows), helpers * BLOCKS_EACH))
    results = data.map_batches(
        actor,
        fn_constructor_args=(argument,),
        batch_size=1,
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=helpers),
        num_cpus=1,
        max_restarts=RESTARTS,
        max_task_retries=RESTARTS,
    )
    waiting: dict[int, bytes] = {}
    number = 0
    try:
        for row in results.iter_rows():
            waiting[row["number"]] = row["result"]
            while number in waiting:
                yield _accepted(waiting.pop(number))
                number += 1
    except ray.exceptions.RayError as error:
        raise ModelError(_FAILED.format(_first_line(error))) from error


def _accepted(result: bytes) -> Any:
    answer = pickle.loads(result)
    if isinstance(answer, Refused):
        raise ModelError(answer.reason)
    return answer


def _bytes(file: File) -> bytes | None:
    """The content of a file that can be sent; None where a process of this machine is to look at it:
    members of archives, what is no plain file, what cannot be read or is too large."""
    if file.member or not file.path.is_file():
        return None
    try:
        return FileOpener().read(file)
    except InputError:
        return None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
