"""How well pages are read: their procedures, and the kind of each passage.

    python -m benchmarks.readings [FOLDER] [--missed] [--author AUTHOR] [--weights FOLDER]

Over labelled pages (``training/pages`` or another folder of that form), by author. A labelled procedure is
read rightly where one list of steps stands on its very lines and on no other; beside it the same with the
channel right too, and how far the lines of all procedures of a page are those of all its lists (F1). Then
the share of the passages whose kind is that of most of their labelled characters.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.stages import staged
from assistant.steps import Steps, steps_of
from corpus.passages import split
from corpus.types import Article, Passage
from training.aligned import Aligned, Stand, aligned
from training.pages import FOLDER, all_pages
from training.weights import use

KINDS = {
    "step": "steps", "material": "materials", "place": "place", "rule": "rule", "value": "rule",
    "condition": "rule", "entitlement": "rule", "exclusion": "rule", "definition": "definition",
    "legal": "legal", "note": "note",
}  # fmt: skip
"""The kind of a passage for the role of its lines; other roles settle none. A value may be a time."""
LISTS = ("entitlement", "exclusion", "condition", "rule", "value", "material", "definition")
"""Roles of which several lines in a row are a list that is no procedure."""
CHANNELS = {
    "窗口": "窗口", "电话": "电话", "单位代办": "单位办理", "邮寄": "邮寄", "自助机": "自助机"
}  # fmt: skip
"""Our channel for the author's. For 手机 and 网站 it is none of these: 线上, or an app by its name; for 不限 and
others that are not named here it may be any."""
LEAST = 4
"""Characters of a line that a step must cover to stand on it."""


@dataclass(slots=True)
class Figures:
    """Counts over pages. ``kinds``: (kind, kind read) of passages."""

    procedures: int = 0
    right: int = 0
    channel: int = 0
    lists: int = 0
    strange: int = 0
    runs: int = 0
    taken: int = 0
    both: int = 0
    labelled: int = 0
    read: int = 0
    lost: int = 0
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def add(self, other: Figures) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def __str__(self) -> str:
        total = sum(self.kinds.values())
        good = sum(n for (wanted, got), n in self.kinds.items() if wanted == got)
        f1 = 2 * self.both / max(1, self.labelled + self.read)
        return (
            f"procedures {self.right} of {self.procedures} ({self.right / max(1, self.procedures):.3f}), "
            f"with channel {self.channel}; lines F1 {f1:.3f}; {self.lists} lists read, "
            f"{self.strange} on no labelled line; {self.taken} of {self.runs} lists that are no "
            f"procedures read as one; kinds {good} of {total} ({good / max(1, total):.3f})"
        )


def lists_of(article: Article) -> list[Steps]:
    """All lists of steps that an article tells, stages of one procedure put together."""
    pieces = split(article)
    whole = staged(pieces)
    if whole is not None:
        pieces = (whole, *(p for p in pieces if not whole.start <= p.start < whole.end))
    return [steps for passage in pieces for steps in steps_of(passage)]


def read_page(found: Aligned) -> Figures:
    page = found.page
    told: list[tuple[frozenset[int], str]] = []
    figures = Figures()
    for article, stands in found.articles:
        told += [(_lines(steps, stands), steps.channel) for steps in lists_of(article)]
        figures.kinds.update(_kinds(split(article), stands, found))
    told = [(lines, channel) for lines, channel in told if lines]
    wanted = [(frozenset(s.lines), s.channel) for s in page.steps]
    figures.procedures, figures.lists = len(wanted), len(told)
    for lines, channel in wanted:
        same = [name for read, name in told if read == lines]
        figures.right += bool(same)
        figures.channel += any(_is_channel(channel, name) for name in same)
        figures.lost += not lines <= found.found
        if not same:
            figures.missed.append(f"{page.author}/{page.name} {channel} {sorted(lines)}")
    labelled = frozenset().union(*(lines for lines, _ in wanted))
    read = frozenset().union(*(lines for lines, _ in told))
    figures.labelled, figures.read, figures.both = len(labelled), len(read), len(labelled & read)
    figures.strange = sum(not lines & labelled for lines, _ in told)
    for run in _runs(found):
        if not run & labelled:
            figures.runs += 1
            figures.taken += any(len(run & lines) > 1 for lines, _ in told)
    figures.missed += [
        f"{page.author}/{page.name} read {channel} {sorted(lines)}"
        for lines, channel in told
        if not any(lines == want for want, _ in wanted)
    ]
    return figures


def _is_channel(wanted: str, name: str) -> bool:
    if wanted in ("手机", "网站"):
        return name not in CHANNELS.values()
    return name == CHANNELS.get(wanted, name)


def _lines(steps: Steps, stands: Sequence[Stand]) -> frozenset[int]:
    return frozenset(
        s.number
        for s in stands
        if sum(max(0, min(b, s.end) - max(a, s.start)) for a, b in steps.spans)
        >= min(LEAST, s.end - s.start)
    )


def _kinds(
    passages: Sequence[Passage], stands: Sequence[Stand], found: Aligned
) -> Iterator[tuple[str, str]]:
    """Of each passage on labelled lines that settle a kind: that of most characters, and the kind read."""
    for passage in passages:
        sizes: Counter[str] = Counter()
        values = 0
        for s in stands:
            size = min(passage.end, s.end) - max(passage.start, s.start)
            kind = KINDS.get(found.page.line(s.number).role)
            if size > 0 and kind:
                sizes[kind] += size
                values += size if found.page.line(s.number).role == "value" else 0
        if sizes:
            wanted = max(sizes, key=lambda kind: sizes[kind])
            timed = wanted == "rule" and passage.kind == "time" and 2 * values >= sizes["rule"]
            yield ("rule", "rule") if timed else (wanted, passage.kind)


def _runs(found: Aligned) -> Iterator[frozenset[int]]:
    """Three lines or more in a row of one of the roles that make lists."""
    lines = found.page.lines
    start = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or lines[number].role != lines[start].role:
            if number - start > 2 and lines[start].role in LISTS:
                yield frozenset(range(start + 1, number + 1))
            start = number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--missed", action="store_true", help="print what was not read rightly")
    parser.add_argument("--author", help="only this one's pages")
    parser.add_argument("--weights", type=Path, help="those of this folder, not the shipped ones")
    options = parser.parse_args()
    if options.weights:
        use(options.weights)
    chosen = [p for p in all_pages(options.folder) if options.author in (None, p.author)]
    figures: dict[str, Figures] = {}
    everything = Figures()
    for found in aligned(chosen):
        read = read_page(found)
        figures.setdefault(found.page.author, Figures()).add(read)
        everything.add(read)
    for author, sums in sorted(figures.items()):
        print(f"{author}: {sums}")
    print(f"all: {everything}; {everything.lost} procedures with a line that the reader lost")
    for kind in sorted({wanted for wanted, _ in everything.kinds}):
        got = Counter({g: n for (w, g), n in everything.kinds.items() if w == kind})
        print(f"  {kind}: {got[kind]} of {sum(got.values())} {dict(got.most_common())}")
    if options.missed:
        print("\n".join(everything.missed))


if __name__ == "__main__":
    main()
