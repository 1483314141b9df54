"""Which disagreements between the sources are shown for questions on which they do and do not disagree.

    python -m benchmarks.disputes [FILE ...] [--bar ODDS] [--every N]

Over the shipped articles, or the store that ``YIBAO_STORE`` names. A line of a file is a question with
``values``, what sources say differently of the very thing asked, or [] (``tests/quality/conflicts_*.jsonl``).
*Shown*: a conflict is shown where there is one; *two values*: one that holds two of the values; *invented*: one
is shown where there is none. ``--bar``: other log odds than the shipped ``disputed.BEARS``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assistant import Assistant, disputed
from assistant.types import Conflict
from benchmarks.labels import QUALITY, read_rows
from benchmarks.people import bare

TODAY = date(2026, 11, 28)


def held(conflict: Conflict, values: Sequence[str]) -> int:
    """How many of the values its quotes give."""
    said = [bare(claim.citation.quote.text) for claim in conflict.claims]
    said += [bare(conflict.national.text)] if conflict.national else []
    return sum(any(bare(value) in text for text in said) for value in set(values))


def report(yibao: Assistant, file: Path, every: int) -> str:
    """The figures of a file."""
    shown, two, invented = [], [], []
    for row in read_rows(file)[::every]:
        got = yibao.ask(row["question"], today=TODAY).conflicts
        if row["values"]:
            shown.append(bool(got))
            two.append(any(held(conflict, row["values"]) > 1 for conflict in got))
        else:
            invented.append(bool(got))
    parts = (("shown", shown), ("two values", two), ("invented", invented))
    return ", ".join(f"{name} {sum(x) / max(1, len(x)):.3f} of {len(x)}" for name, x in parts)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.disputes")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--bar", type=float, default=disputed.BEARS)
    parser.add_argument("--every", type=int, default=1, help="only every so many questions")
    args = parser.parse_args(argv)
    disputed.BEARS = args.bar
    yibao = Assistant.open()
    for file in args.files or sorted(QUALITY.glob("conflicts_*.jsonl")):
        print(f"{file.stem}: {report(yibao, file, args.every)}", flush=True)


if __name__ == "__main__":
    main()
