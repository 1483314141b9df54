"""How often the right article of a law leads a question's basis.

    python -m benchmarks.basis [FILE ...] [--today 2026-11-30] [--misses] [--answers]

Over the shipped articles. ``any_of`` names the articles of which any is right as the first; where it is empty none of
the articles speaks on the question, and none should be shown as speaking. ``--answers``: what whole answers show, of the
questions that are answered.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant import Assistant
from assistant.legal import speaks
from assistant.types import LegalBasis
from benchmarks.labels import QUALITY, read_rows
from corpus import statutes

NOT_IN_THREE = 99


def place(basis: Sequence[LegalBasis], row: Mapping[str, Any]) -> int:
    """At which place, from 0, the first right article stands."""
    names = [f"{b.law}:{statutes.parse_number(b.article_no)}" for b in basis]
    return min(
        (i for i, name in enumerate(names[:3]) if name in row["any_of"]), default=NOT_IN_THREE
    )


def answers(yibao: Assistant, path: Path, today: date) -> str:
    """What the answers to a file's questions show of the law."""
    right, none = [], []
    for row in read_rows(path):
        answer = yibao.ask(row["question"], today=today)
        if answer.status == "refused":
            continue
        if row["any_of"]:
            right.append(place(answer.legal_basis, row) < NOT_IN_THREE)
        else:
            none.append(not answer.legal_basis)
    told = sum(right) / max(1, len(right))
    return f"{path.stem}: a right one shown {told:.3f} of {len(right)}, none {sum(none)} of {len(none)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", type=Path, nargs="*", default=[QUALITY / "legal.jsonl"])
    parser.add_argument("--today", type=date.fromisoformat, default=date.today())
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--answers", action="store_true")
    arguments = parser.parse_args()
    yibao = Assistant.open()
    for path in arguments.files:
        if arguments.answers:
            print(answers(yibao, path, arguments.today))
            continue
        places, shown, silent = [], [], []
        for row in read_rows(path):
            basis = yibao.legal(row["question"], today=arguments.today)
            if not row["any_of"]:
                silent.append(not speaks(basis))
                continue
            places.append(place(basis, row))
            shown.append(place(speaks(basis), row) < NOT_IN_THREE)
            if arguments.misses and places[-1]:
                names = [f"{b.law}:{statutes.parse_number(b.article_no)}" for b in basis[:3]]
                print(places[-1], row["question"], row["any_of"], names)
        first = sum(p == 0 for p in places) / max(1, len(places))
        in_three = sum(p < NOT_IN_THREE for p in places) / max(1, len(places))
        told = sum(shown) / max(1, len(shown))
        print(
            f"{path.stem}: first {first:.3f}  in three {in_three:.3f}  shown {told:.3f} of {len(places)}",
            end="",
        )
        print(f"  silent {sum(silent)} of {len(silent)}" if silent else "")


if __name__ == "__main__":
    main()
