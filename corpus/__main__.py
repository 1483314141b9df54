"""``python -m corpus check``: look over the articles of ``corpus/articles``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from corpus.check import check
from corpus.errors import InputError
from corpus.given import path_given, print_anything
from corpus.reading import read
from corpus.settings import ROOT, Settings

SHARED = ROOT.parent / "shared"


def main(argv: Sequence[str] | None = None) -> int:
    """Print each slip as ``file:line: what; mend`` and the counts; 1 when there is a slip, 2 where
    there is nothing to look at."""
    print_anything()
    try:
        settings = Settings.from_environment()
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="python -m corpus", description=__doc__)
    parser.add_argument("command", choices=["check"])
    parser.add_argument("--articles", default=str(settings.articles))
    parser.add_argument(
        "--pages", type=Path, nargs="+", default=[SHARED / "seeds", SHARED / "documents"],
        help="folders of the pages and documents that the facts come from",
    )  # fmt: skip
    parser.add_argument("--today", type=date.fromisoformat, default=None, help="2026-11-21")
    given = parser.parse_args(argv)
    try:
        articles = path_given(given.articles)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    folders = [folder for folder in given.pages if folder.is_dir()]
    found = check(articles, today=given.today or date.today(), pages=texts(folders))
    for problem in found.problems:
        print(problem)
    print("\n".join(f"{name}: {count}" for name, count in found.counts.items()))
    for day, path in found.due:
        print(f"due {day}: {path}")
    for folder in given.pages:
        if folder not in folders:
            print(f"not compared with source pages: no folder {folder}")
    print("ok" if not found.problems else f"{len(found.problems)} to mend")
    return 1 if found.problems else 0


def texts(folders: Sequence[Path]) -> list[str]:
    """What can be read of the files in the folders, with what a reading would leave out of the text
    files."""
    plain = [p.read_text("utf-8", "replace") for f in folders for p in sorted(f.rglob("*.txt"))]
    return plain + [article.text for article in read(folders).articles]


if __name__ == "__main__":
    sys.exit(main())
