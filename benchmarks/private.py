"""How much of what is private goes before anything is written, and how much else goes with it.

    python -m benchmarks.private [--all] [--set FILE]

Each sentence of ``tests/quality/private.jsonl`` marks what has to go: ``我叫⟦李秀兰⟧，断缴了``. It is
masked when no character between the marks is left; a clean one (without marks) is touched when any
character of it changes. Sentences with ``first`` were written after rules and weights were done.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.masking import spans

SET = Path(__file__).resolve().parent.parent / "tests" / "quality" / "private.jsonl"
_MARKED = re.compile("⟦([^⟧]*)⟧")


@dataclass(frozen=True, slots=True)
class Case:
    """``private``: spans of ``text`` that have to go. ``first``: written after all was done."""

    text: str
    private: tuple[tuple[int, int], ...]
    style: str
    first: bool

    @property
    def covered(self) -> list[bool]:
        """For each character whether it is masked."""
        gone = [False] * len(self.text)
        for start, end, _ in spans(self.text):
            gone[start:end] = [True] * (end - start)
        return gone

    @property
    def masked(self) -> bool:
        gone = self.covered
        return all(all(gone[start:end]) for start, end in self.private)

    @property
    def touched(self) -> int:
        """Characters that are not private and went all the same, marks and blanks aside."""
        mine = [False] * len(self.text)
        for start, end in self.private:
            mine[start:end] = [True] * (end - start)
        rows = zip(self.text, self.covered, mine, strict=True)
        return sum(gone and not own and c.isalnum() for c, gone, own in rows)


def cases(path: Path = SET) -> list[Case]:
    """The labelled sentences."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text, private, at = "", [], 0
        for match in _MARKED.finditer(row["marked"]):
            text += row["marked"][at : match.start()]
            private.append((len(text), len(text) + len(match[1])))
            text += match[1]
            at = match.end()
        text += row["marked"][at:]
        found.append(Case(text, tuple(private), row["style"], row.get("first", False)))
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares: of private sentences that are masked whole and masked whole with nothing beside, of
    clean ones that are touched."""

    private: int
    masked: float
    exact: float
    clean: int
    touched: float

    @classmethod
    def of(cls, cases: Iterable[Case]) -> Figures:
        all_of = list(cases)
        private = [c for c in all_of if c.private]
        clean = [c for c in all_of if not c.private]
        return cls(
            len(private),
            _share(c.masked for c in private),
            _share(c.masked and not c.touched for c in private),
            len(clean),
            _share(c.touched > 0 for c in clean),
        )

    def __str__(self) -> str:
        return (
            f"{self.private:4} private: {self.masked:.3f} masked, {self.exact:.3f} exactly;"
            f" {self.clean:4} clean: {self.touched:.3f} touched"
        )


def _share(given: Iterable[bool]) -> float:
    found = list(given)
    return sum(found) / len(found) if found else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=SET)
    parser.add_argument("--all", action="store_true", help="print what went wrong")
    given = parser.parse_args()
    held = cases(given.set)
    print("worked on    ", Figures.of(c for c in held if not c.first))
    print("at first look", Figures.of(c for c in held if c.first))
    by_style = defaultdict(list)
    for case in held:
        by_style[case.style].append(case)
    for style, members in sorted(by_style.items()):
        print(f"{style:13}", Figures.of(members))
    for case in held if given.all else ():
        if not case.masked or case.touched:
            shown = "".join("＿" if g else c for c, g in zip(case.text, case.covered, strict=True))
            print("-" if not case.masked else "+", case.text, "->", shown)


if __name__ == "__main__":
    main()
