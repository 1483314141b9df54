"""Reading any article that someone brings: files to clean Articles."""

from corpus.reading.finding import discover
from corpus.reading.reader import read, read_each, read_file
from corpus.reading.types import File, FileReading, Reading, Skipped, Trust
from corpus.reading.workers import start_early

__all__ = [
    "File",
    "FileReading",
    "Reading",
    "Skipped",
    "Trust",
    "discover",
    "read",
    "read_each",
    "read_file",
    "start_early",
]
