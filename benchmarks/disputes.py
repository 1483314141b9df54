"""Which disagreements between the sources are shown for questions on which they do and do not disagree.

    python -m benchmarks.disputes [FILE ...] [--bar ODDS] [--unlike ODDS] [--every N]

Over the shipped articles, or the store that ``YIBAO_STORE`` names. A line of a file is a question with
``values``, what sources say differently of the very thing asked, or [] (``tests/quality/conflicts_*.jsonl``). A file with
lines that are pages (``tests/quality/differing``) is asked over a store of its pages.
*Shown*: a conflict is shown where there is one; *two values*: one that holds two of the values; *invented*: one
is shown where there is none. ``--bar``, ``--unlike``: other log odds than the shipped ``disputed.BEARS`` and ``unlike.UNLIKE``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant import Assistant, disputed, unlike
from assistant.types import Conflict
from benchmarks.labels import QUALITY, read_rows
from benchmarks.people import bare
from corpus.settings import Settings
from index.encoder import open_encoder
from index.refresh import refresh

Row = Mapping[str, Any]

TODAY = date(2026, 11, 28)


def held(conflict: Conflict, values: Sequence[str]) -> int:
    """How many of the values its quotes give."""
    said = [bare(claim.citation.quote.text) for claim in conflict.claims]
    said += [bare(conflict.national.text)] if conflict.national else []
    return sum(any(bare(value) in text for text in said) for value in set(values))


def store_of(rows: Sequence[Row], folder: Path) -> Path:
    """A store of the pages among the lines of a file, made in a folder where it is not there yet."""
    pages, store = folder / "pages", folder / "store"
    if not store.exists():
        pages.mkdir(parents=True)
        for row in rows:
            if "page" in row:
                (pages / f"{row['page']}.md").write_text(row["text"], "utf-8")
        encoder = open_encoder(Settings.from_environment())
        refresh(store, [pages], encoder=encoder)
    return store


def report(yibao: Assistant, rows: Sequence[Row]) -> str:
    """The figures of a file."""
    shown, two, invented = [], [], []
    for row in rows:
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
    parser.add_argument("--unlike", type=float, default=unlike.UNLIKE)
    parser.add_argument("--every", type=int, default=1, help="only every so many questions")
    args = parser.parse_args(argv)
    disputed.BEARS, unlike.UNLIKE = args.bar, args.unlike
    shipped: Assistant | None = None
    for file in args.files or sorted(QUALITY.glob("conflicts_*.jsonl")):
        rows = read_rows(file)
        asked = [row for row in rows if "question" in row][:: args.every]
        with tempfile.TemporaryDirectory() as folder:
            if any("page" in row for row in rows):
                yibao = Assistant.open(store_of(rows, Path(folder)))
            else:
                yibao = shipped = shipped or Assistant.open()
            print(f"{file.stem}: {report(yibao, asked)}", flush=True)


if __name__ == "__main__":
    main()
