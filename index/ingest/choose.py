"""Which crew a refresh from the command line has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from corpus.errors import InputError
from corpus.reading.workers import processors
from corpus.settings import Settings
from index.encoder import BundledEncoder, open_encoder
from index.ingest.cluster import Cluster
from index.ingest.processes import Processes
from index.ingest.types import Crew, Encoder

THREADS_DO = 8
"""Processors that the threads of one process keep at work: so many an encoder has at most. What of a
text's time is not the model's holds the interpreter (``python -m benchmarks.ingest``)."""


@contextmanager
def crew(settings: Settings, *, jobs: int | None = None, ray: bool = False) -> Iterator[Crew]:
    """``jobs``: processes of this machine, None for as many as it pays for. ``ray``: a cluster, the
    one at ``settings.ray`` or, without an address, one made of this machine.

    Raises InputError where the two are mixed or a number is none, ModelError where Ray cannot be had.
    """
    opener = partial(one_at_a_time, settings.model)
    if ray or settings.ray:
        if jobs is not None:
            raise InputError(
                "--jobs 用于本机的进程，不能与 --ray（或 YIBAO_RAY）同用：请去掉一个。"
            )
        with Cluster.connected(opener, settings.ray) as cluster:
            yield cluster
        return
    if jobs is not None and jobs < 1:
        raise InputError(f"--jobs 应为 1 或更大的整数，现为 {jobs}。")
    if jobs is None:
        jobs = processors() if processors() > THREADS_DO else 1
    processes = Processes(opener, jobs)
    try:
        yield processes
    finally:
        processes.close()


def one_at_a_time(model: str) -> Encoder:
    """The model of that name, on one thread; unpacked into the cache of whatever machine this is."""
    encoder = open_encoder(replace(Settings.from_environment(), model=model))
    if isinstance(encoder, BundledEncoder):
        encoder.engine.at_once = 1
    return encoder
