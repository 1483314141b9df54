"""The version of readings: apart from ``reader``, for the process that reads need not know it (46 ms)."""

from corpus.versions import version_of

READER_VERSION = version_of(
    __name__, "corpus.reading.reader", "corpus.reading.worker", "corpus.reading.ocr_process"
)
"""Changes whenever the same file could give other articles than before."""
