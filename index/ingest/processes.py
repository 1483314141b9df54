"""Several processes of this machine: for the many files and texts of a large refresh.

A refresh of a few articles is done by this process alone, as if there were no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.in_order import in_order
from corpus.reading import File, FileReading, read_each
from index.ingest.alone import Alone
from index.ingest.messages import Begin
from index.ingest.process import Process
from index.ingest.types import Encoder, FilesDone, Kind, Made, Opener, shards

SHARD = 32
"""Texts sent at once: a message costs 0.3 ms, a text 40 (of 155 characters)."""
WORTH_IT = 500
"""Texts for which processes are started: 20 s of work, where a start takes 2."""
FILES_EACH = 300
"""Files for which another process reads: below, its start takes longer than it saves."""


class Processes:
    """Up to ``jobs`` of them, each with the model that ``opener`` opens (see ``Helper``)."""

    def __init__(self, opener: Opener, jobs: int) -> None:
        self._opener = opener
        self._jobs = jobs
        self._processes: list[Process] = []

    def read(
        self, files: Sequence[File], *, progress: FilesDone | None = None
    ) -> Iterator[FileReading]:
        """As ``Crew`` says."""
        jobs = min(self._jobs, 1 + len(files) // FILES_EACH)
        return read_each(files, progress=progress, jobs=jobs)

    def encode(self, encoder: Encoder, kind: Kind, texts: Sequence[str]) -> Iterator[Made]:
        """As ``Crew`` says."""
        if self._jobs == 1 or (not self._processes and len(texts) < WORTH_IT):
            yield from Alone().encode(encoder, kind, texts)
            return
        pieces = map(tuple, shards(texts, SHARD))
        processes = self._started(encoder.model, -(-len(texts) // SHARD))
        yield from in_order(pieces, processes, lambda p, t: p.encode(kind, t), stop=self.close)

    def close(self) -> None:
        """End the processes; another ``encode`` would start new ones."""
        processes, self._processes = self._processes, []
        for process in processes:
            process.stop()

    def _started(self, model: str, most: int) -> list[Process]:
        while len(self._processes) < min(self._jobs, most):
            self._processes.append(Process(Begin(self._opener, model)))
        return self._processes
