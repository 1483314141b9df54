"""What the last turn of a talk is answered: whether it is heard in its talk, and answered as such.

    python -m benchmarks.talks [FILE ...] [--misses] [--today 2026-11-30]

Over the shipped articles. A row: ``turns``; ``answerable``: yes, no (the sources tell nothing of it, which has to be said) or
talk (nothing is asked); ``must``: what has to be told in what is quoted, each as phrases of which any will do; ``may_not``:
patterns that no quoted sentence may fit; ``context``: what has to be known after the last turn of scheme, region and months of the break, null
where it must not. The sets (``tests/quality/talks``) were written by hands that had seen the articles and no code.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant
from assistant.talk import is_talk
from benchmarks.labels import QUALITY, read_rows
from benchmarks.people import bare

TALKS = QUALITY / "talks"
MONTHS = 0.5
"""How far the months of a break may lie from those that were labelled."""


def last_of(yibao: Assistant, row: Mapping[str, Any], today: date) -> Answer:
    """The answer to the last turn."""
    history: list[Answer] = []
    for turn in row["turns"]:
        history.append(yibao.ask(turn, history, today=today))
    return history[-1]


def score(row: Mapping[str, Any], answer: Answer) -> dict[str, bool]:
    """Whether the kind of answer is right, what has to be told is, nothing wrong is, and what is known is."""
    refused = answer.status == "refused" or any(p.status == "refused" for p in answer.parts[-1:])
    quotes = [s.text for s in answer.summary if s.citations]
    steps = [step.text for procedure in answer.procedures[:1] for step in procedure.steps]
    said = [bare(text) for text in (*quotes, *steps)]
    status = {
        "yes": answer.status != "refused",
        "no": refused and not is_talk(answer),
        "talk": is_talk(answer),
    }
    known = {"scheme": answer.context.scheme, "region": answer.context.region}
    held = all(
        _near(answer.context.months, value) if name == "months" else known[name] == value
        for name, value in row["context"].items()
    )
    return {
        "status": status[row["answerable"]],
        "told": all(any(bare(p) in one for p in group for one in said) for group in row["must"]),
        "clean": not any(re.search(p, text) for p in row["may_not"] for text in quotes),
        "known": held,
    }


def _near(told: float | None, wanted: float | None) -> bool:
    if told is None or wanted is None:
        return told is wanted
    return abs(told - wanted) <= MONTHS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", type=Path, nargs="*", default=sorted(TALKS.glob("*.jsonl")))
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 30))
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    yibao = Assistant.open()
    for path in given.files:
        scores = []
        for row in read_rows(path):
            answer = last_of(yibao, row, given.today)
            scores.append(score(row, answer))
            if given.misses and not all(scores[-1].values()):
                wrong = ",".join(name for name, fine in scores[-1].items() if not fine)
                quotes = [s.text[:40] for s in answer.summary[:3]]
                print(
                    f"{row['id']} {wrong} | {' / '.join(row['turns'])} | {answer.understood} | {quotes}"
                )
        figures = {name: sum(s[name] for s in scores) / len(scores) for name in scores[0]}
        right = sum(all(s.values()) for s in scores) / len(scores)
        told = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
        print(f"{path.stem}: right {right:.3f} of {len(scores)}  {told}")


if __name__ == "__main__":
    main()
