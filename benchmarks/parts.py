"""Whether each ask of a question with several is answered, and said to be open where nothing answers it.

    python -m benchmarks.parts [FILE ...] [--misses] [--today 2026-11-28]

Over the shipped articles. Each question of the sets (``tests/quality/parts``) holds its asks: ``said``, the ask's words;
``must``, phrases of the articles of which any shows that it was answered ([] where none answers); ``may_not``, phrases
that mislead there. *told*: of the asks that can be answered, a quote of the answer says so; *beneath*: one under the
heading of that ask, where the answer has headings, or else among its first three; *open*: of the others, the part is named
as not answered, or the whole is refused; *misled*: of the answers, a phrase is shown that may not; *right*: of the
questions, each ask is told beneath or open, and nothing misleads.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant import Answer, Assistant
from assistant.types import Part, Statement
from benchmarks.labels import QUALITY, read_rows
from benchmarks.people import FIRST, bare

PARTS = QUALITY / "parts"


def says(statements: Sequence[Statement], phrases: Sequence[str]) -> bool:
    """Whether a quote among some statements holds any of the phrases."""
    quotes = [bare(s.text) for s in statements if s.citations]
    return any(bare(phrase) in quote for phrase in phrases for quote in quotes)


def part_of(answer: Answer, said: str) -> Part | None:
    """The part whose ask shares most characters in a row with what is ``said``."""

    def shared(part: Part) -> int:
        a, b = bare(part.text), bare(said)
        return sum(a[i : i + 2] in b for i in range(len(a) - 1))

    best = max(answer.parts, key=shared, default=None)
    return best if best is not None and shared(best) else None


def outcomes(row: Mapping[str, Any], answer: Answer) -> Iterator[tuple[str, bool]]:
    """What there is to say of an answer: pairs of a figure's name and whether it is so."""
    right = True
    for ask in row["asks"]:
        part = part_of(answer, ask["said"])
        refused = answer.status == "refused"
        if ask["must"]:
            beneath = part.statements if part else () if answer.parts else answer.summary[:FIRST]
            found = not refused and says(beneath, ask["must"])
            yield "told", not refused and says(answer.summary, ask["must"])
            yield "beneath", found
        else:
            found = refused or (part is not None and part.status == "refused")
            yield "open", found
        right &= found
    misled = any(says(answer.summary, ask["may_not"]) for ask in row["asks"])
    if answer.status != "refused":
        yield "misled", misled
    yield "right", right and not misled


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parts")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--misses", action="store_true", help="name what was not right")
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 28))
    args = parser.parse_args(argv)
    yibao = Assistant.open()
    for file in args.files or sorted(PARTS.glob("*.jsonl")):
        found: dict[str, list[bool]] = {}
        for row in read_rows(file):
            answer = yibao.ask(row["question"], today=args.today)
            each = [*outcomes(row, answer)]
            for name, so in each:
                found.setdefault(name, []).append(so)
            if args.misses and not each[-1][1]:
                print(f"  {row['id']} {row['question'][:90]}")
                for ask in row["asks"]:
                    print(f"      {ask['said']} -> {'' if ask['must'] else 'open'}")
                for statement in answer.summary:
                    print(f"      - {statement.text[:70]}")
        figures = (f"{name} {sum(so) / len(so):.3f} ({len(so)})" for name, so in found.items())
        print(f"{file.stem:8}" + "  ".join(figures))


if __name__ == "__main__":
    main()
