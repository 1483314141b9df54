"""How much of what is private goes before anything is written, and how much else goes with it.

    python -m benchmarks.private [FILE ...] [--all]

Without a FILE the sentences of ``tests/quality/private.jsonl``. Each line marks what has to go, ``{"marked":
"我叫⟦李秀兰⟧，断缴了"}``, or names it beside the text, ``{"text": "我叫李秀兰，断缴了", "private": ["李秀兰"]}``:
there every place where such a string stands has to go.

Masked: none of the private strings is left as it stood. Whole: not one character of them is left, not even
the 女士 of 王女士 or a district before a street. Touched: any character changes of a sentence in which nothing is
private.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from index.masking import mask, spans

SET = Path(__file__).resolve().parent.parent / "tests" / "quality" / "private.jsonl"
_MARKED = re.compile("⟦([^⟧]*)⟧")


@dataclass(frozen=True)
class Case:
    """``private``: spans of ``text`` that have to go. ``first``: written after all was done."""

    text: str
    private: tuple[tuple[int, int], ...]
    style: str = ""
    first: bool = False

    @cached_property
    def covered(self) -> list[bool]:
        """For each character whether it is masked."""
        gone = [False] * len(self.text)
        for start, end, _ in spans(self.text):
            gone[start:end] = [True] * (end - start)
        return gone

    @property
    def masked(self) -> bool:
        left = mask(self.text)
        return not any(self.text[start:end] in left for start, end in self.private)

    @property
    def whole(self) -> bool:
        return all(all(self.covered[start:end]) for start, end in self.private)

    @property
    def touched(self) -> int:
        """Characters that are not private and went all the same, marks and blanks aside."""
        mine = [False] * len(self.text)
        for start, end in self.private:
            mine[start:end] = [True] * (end - start)
        rows = zip(self.text, self.covered, mine, strict=True)
        return sum(gone and not own and c.isalnum() for c, gone, own in rows)


def cases(path: Path = SET) -> list[Case]:
    """The labelled sentences of either form."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_case(json.loads(line)) for line in lines if line.strip()]


def _case(row: dict[str, Any]) -> Case:
    style, first = row.get("style", ""), row.get("first", False)
    if "marked" not in row:
        text = row["text"]
        found = [m.span() for s in row["private"] for m in re.finditer(re.escape(s), text)]
        return Case(text, tuple(sorted(found)), style, first)
    text, private, at = "", [], 0
    for match in _MARKED.finditer(row["marked"]):
        text += row["marked"][at : match.start()]
        private.append((len(text), len(text) + len(match[1])))
        text += match[1]
        at = match.end()
    return Case(text + row["marked"][at:], tuple(private), style, first)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares: of private sentences that are masked, that are masked whole, and whole with nothing
    beside; of clean ones that are touched."""

    private: int
    masked: float
    whole: float
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
            _share(c.whole for c in private),
            _share(c.whole and not c.touched for c in private),
            len(clean),
            _share(c.touched > 0 for c in clean),
        )

    def __str__(self) -> str:
        return (
            f"{self.private:4} private: {self.masked:.3f} masked, {self.whole:.3f} whole,"
            f" {self.exact:.3f} exactly; {self.clean:4} clean: {self.touched:.3f} touched"
        )


def _share(given: Iterable[bool]) -> float:
    found = list(given)
    return sum(found) / len(found) if found else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[SET], metavar="FILE")
    parser.add_argument("--all", action="store_true", help="print what went wrong")
    given = parser.parse_args()
    for path in given.files:
        held = cases(path)
        print(f"{path.name:15}", Figures.of(held))
        by_style = defaultdict(list)
        for case in held:
            by_style[case.style].append(case)
        for style, members in sorted(by_style.items()) if len(by_style) > 1 else ():
            print(f"  {style:13}", Figures.of(members))
        for case in held if given.all else ():
            if not case.whole or case.touched:
                rows = zip(case.text, case.covered, strict=True)
                shown = "".join("＿" if gone else c for c, gone in rows)
                sign = "-" if not case.masked else "+" if case.touched else "~"
                print(sign, repr(case.text), "->", repr(shown))


if __name__ == "__main__":
    main()
