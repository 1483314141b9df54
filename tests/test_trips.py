"""One question makes few calls of its index, also where it asks several things or goes on in a talk."""

from __future__ import annotations

import numpy as np
from ground import TODAY

from assistant import Assistant
from assistant.asks import asks
from benchmarks.labels import QUALITY, read_rows
from benchmarks.trips import MOST, trips


def test_at_most_seven_calls_of_the_index(shipped: Assistant) -> None:
    questions = [row["question"] for row in read_rows(QUALITY / "people" / "g.jsonl")]
    several = [question for question in questions if asks(question)]
    assert len(several) > 3
    counts, calls = trips(shipped, questions[:24] + several[:8], TODAY)
    assert np.quantile(counts, 0.95) <= MOST
    assert set(calls) == {"match", "search", "passages", "read"}
