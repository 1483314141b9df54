"""What people would make of the answers: status, the first statements, what does not belong.

    python -m benchmarks.people [FILE ...] [--misses] [--today 2026-11-28]

Over the shipped articles. The sets (``tests/quality/people``) hold questions of 43 askers who had seen
neither code nor articles, and of one who had seen the articles (``ar``); and labels by others who had read the articles: ``answerable`` full, part or
no; ``must``: what the first three quotes have to say, each as phrases of which any will do; ``may_not``:
patterns that no statement of the summary may fit; ``steps`` yes, no or either, and fragments of what they
are to be about. *good*: refused where it is to be refused, or else said directly, nothing that misleads and
no steps that do not belong.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant
from assistant.types import Procedure
from benchmarks.labels import QUALITY, read_rows

PEOPLE = QUALITY / "people"
FIRST = 3


@dataclass(frozen=True, slots=True)
class Score:
    """One answer; None where a figure does not apply."""

    status_right: bool
    refused_wrongly: bool | None
    answered_wrongly: bool | None
    direct: bool | None
    misled: bool | None
    noise_steps: bool | None
    good: bool


def bare(text: str) -> str:
    """Letters, digits and characters alone."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LN")


def score(row: dict[str, Any], answer: Answer) -> Score:
    """What there is to say of an answer to one labelled question."""
    told, can = answer.status != "refused", row["answerable"] != "no"
    quotes = [
        bare(s.text)
        for s in answer.summary
        if any(bare(c.quote.text) in bare(s.text) for c in s.citations)
    ]
    first = quotes[:FIRST]
    said = all(any(bare(p) in quote for p in phrases for quote in first) for phrases in row["must"])
    direct = told and bool(row["must"]) and said
    misled = any(re.search(p, s.text) for p in row["may_not"] for s in answer.summary)
    noise = bool(answer.procedures) and (
        row["steps"] == "no"
        or (
            bool(row["steps_about"])
            and not any(_about(p, row["steps_about"]) for p in answer.procedures)
        )
    )
    return Score(
        status_right=told == can,
        refused_wrongly=not told if can else None,
        answered_wrongly=told if not can else None,
        direct=direct if can else None,
        misled=misled if told else None,
        noise_steps=noise if told else None,
        good=told == can and (not told or (direct and not misled and not noise)),
    )


def _about(procedure: Procedure, fragments: Sequence[str]) -> bool:
    """Whether a procedure is of the matter, by its title, its article or its steps."""
    named = [procedure.channel, procedure.title, *(step.text for step in procedure.steps)]
    for step in procedure.steps:
        for citation in step.citations:
            named += [citation.title, *citation.quote.passage.heading]
    return any(bare(fragment) in bare(text) for fragment in fragments for text in named)


def figures(scores: Iterable[Score]) -> Iterator[tuple[str, float, int]]:
    """Name, mean and count of each figure."""
    rows = [asdict(one) for one in scores]
    for name in Score.__dataclass_fields__:
        values = [row[name] for row in rows if row[name] is not None]
        if values:
            yield name, sum(values) / len(values), len(values)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.people")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--misses", action="store_true", help="name what was not good")
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 28))
    args = parser.parse_args(argv)
    yibao = Assistant.open()
    every: list[Score] = []
    for file in args.files or sorted(PEOPLE.glob("*.jsonl")):
        scores = []
        for row in read_rows(file):
            answer = yibao.ask(row["question"], today=args.today)
            scores.append(score(row, answer))
            if args.misses and not scores[-1].good:
                said = " | ".join(s.text[:40] for s in answer.summary[:FIRST])
                print(f"  {row['id']} [{row['answerable']}] {row['question'][:60]} -> {said}")
        print(f"{file.stem:10}" + "  ".join(f"{n} {v:.3f}" for n, v, _ in figures(scores)))
        every += scores
    print(f"{'all':10}" + "  ".join(f"{n} {v:.3f} ({k})" for n, v, k in figures(every)))


if __name__ == "__main__":
    main()
