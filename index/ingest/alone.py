"""One process, with the threads of its encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.reading import File, FileReading, read_each
from index.ingest.types import Encoder, FilesDone, Kind, Made, encode, shards

BATCH = 256
"""Texts encoded at a time, between two reports of progress."""


class Alone:
    """Files by the reading processes of ``corpus.reading``, texts by the encoder itself."""

    def read(
        self, files: Sequence[File], *, progress: FilesDone | None = None
    ) -> Iterator[FileReading]:
        """As ``Crew`` says."""
        return read_each(files, progress=progress)

    def encode(self, encoder: Encoder, kind: Kind, texts: Sequence[str]) -> Iterator[Made]:
        """As ``Crew`` says."""
        return (encode(encoder, kind, piece) for piece in shards(texts, BATCH))
