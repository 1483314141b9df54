"""Reading any article that someone brings: files to clean Articles."""

from corpus.reading.finding import discover
from corpus.reading.reader import READER_VERSION, read, read_each, read_file
from corpus.reading.types import File, FileReading, Reading, Skipped, Trust

__all__ = [
    "READER_VERSION",
    "File",
    "FileReading",
    "Reading",
    "Skipped",
    "Trust",
    "discover",
    "read",
    "read_each",
    "read_file",
]
