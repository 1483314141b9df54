"""How many calls of the index one question makes: the round trips, where that is a program elsewhere.

    python -m benchmarks.trips [FILE ...] [--store DIR]

Over the questions of ``tests/quality/people``, those that ask several things and their follow-ups in a
talk among them. What is asked once a generation (``assistant.warm``) is asked at opening.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, cast

import numpy as np

from assistant import Answer, Assistant
from assistant.asks import asks
from assistant.warm import warm
from benchmarks.labels import QUALITY, read_rows
from index.types import Index

CALLS = ("match", "search", "passages", "read", "blocks", "statutes", "fixed", "regions")
MOST = 7
"""Calls of one question at the 95th percentile."""
FOLLOW_UP = "那要带什么材料"


class Counting:
    """An index that counts the calls made of it in ``calls``, by name."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._index, name)
        return self._counted(name, found) if name in CALLS else found

    def _counted(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def counted(*given: Any, **more: Any) -> Any:
            self.calls[name] += 1
            return call(*given, **more)

        return counted


def counting(yibao: Assistant) -> tuple[Assistant, Counting]:
    """The same assistant over an index that counts, warm as it is after opening."""
    index = Counting(yibao.retriever.index)
    other = yibao.over(cast(Index, index))
    warm(other.retriever, date.today())
    return other, index


def trips(
    yibao: Assistant, questions: Sequence[str], today: date
) -> tuple[list[int], Counter[str]]:
    """Calls of each question, and of each question's follow-up; and how many there were by name."""
    other, index = counting(yibao)
    every: Counter[str] = Counter()
    found: list[int] = []

    def ask(question: str, history: Sequence[Answer] = ()) -> Answer:
        index.calls.clear()
        answer = other.ask(question, history, today=today)
        found.append(index.calls.total())
        every.update(index.calls)
        return answer

    for question in questions:
        ask(FOLLOW_UP, [ask(question)])
    return found, every


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--store", type=Path)
    arguments = parser.parse_args()
    files = arguments.files or sorted((QUALITY / "people").glob("*.jsonl"))
    questions = [row["question"] for file in files for row in read_rows(file)]
    yibao = Assistant.open(arguments.store)
    today = date.today()
    several = [question for question in questions if asks(question)]
    for name, chosen in (
        ("one thing", [q for q in questions if q not in several]),
        ("several", several),
    ):
        begun = time.perf_counter()
        counts, calls = trips(yibao, chosen, today)
        seconds = time.perf_counter() - begun
        print(
            f"{name:10} {len(counts):4} questions: calls p50 {np.median(counts):.0f}, "
            f"p95 {np.quantile(counts, 0.95):.0f}, most {max(counts)} "
            f"({', '.join(f'{call} {n / len(counts):.1f}' for call, n in calls.most_common())}); "
            f"{1e3 * seconds / len(counts):.0f} ms each"
        )


if __name__ == "__main__":
    main()
