"""Trains what ``corpus/line_roles.py`` reads lines with (``training.told`` writes the file).

    python -m training.roles --apart

On the labelled pages (``training/pages``) and the sections of our own articles whose headings say what
their lines are. A logistic regression for each output over hashed n-grams. ``--apart`` leaves out one author
after the other, a7 never learned from, and says how lines that tell a procedure are found.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from corpus.line_roles import (
    BAR,
    BEGINS,
    BEGUN,
    BUCKETS,
    FIELDS,
    KINDS,
    NONE,
    OUTPUTS,
    TELLS,
    Lines,
    bare,
    grams,
    windows,
)  # fmt: skip
from corpus.pieces import pieces
from corpus.reading import read
from corpus.settings import ROOT
from corpus.text import Span, fold, strip_span
from corpus.types import Article, PassageKind, Source
from training.aligned import Aligned, aligned
from training.pages import all_pages

HELD = "a7"
LISTS = Path(__file__).with_name("lists") / "ours.txt"
COUNTS = (1.2, 0.8, 0.3, 0.3, 0.2, 0.2, 0.5, 0.2)
"""How far the fields count: what a line says more than what stands round it. With all at 1, lines that
tell are found with an F1 of .776 instead of .818 on two authors left out."""
COUNTS_KINDS = (1.0, 0.8, 0.3, 0.3, 0.2, 0.2, 1.0, 0.5)
"""The same for the kinds, of which headings say more."""
COUNTS_BEGINS = (0.3, 0.6, 0.1, 1.5, 0.2, 0.1, 0.5, 0.1)
"""The same for what begins a procedure, which the end of the line before says best: right for .875 of the
lines of authors left out instead of .837."""
_COUNTS = (*[COUNTS_KINDS] * (NONE + 1), COUNTS, COUNTS_BEGINS)
LESS = 0.3
"""How far a line of our own articles counts, which are all alike, or a clause, beside a line of a page."""
_PART = re.compile(r"[^，；。,;]+[，；。,;]*")
STRENGTH = 10.0
"""Inverse of the penalty; 3 and 30 find lines that tell with an F1 lower by .01 on authors left out."""
KIND_OF: dict[str, PassageKind] = {
    "step": "steps", "channel": "steps", "material": "materials", "place": "place", "rule": "rule",
    "value": "rule", "condition": "rule", "entitlement": "rule", "exclusion": "rule",
    "definition": "definition", "legal": "legal", "note": "note",
}  # fmt: skip
OURS: dict[str, PassageKind] = {
    "办理步骤": "steps", "所需材料": "materials", "办理时限": "time", "办理地点": "place",
    "注意事项": "note", "简要回答": "rule",
}  # fmt: skip
"""Headings of our own articles, and what stands under them."""
_TIMED = re.compile("时间|期|日|限|起|止|多久")
_DATE = re.compile("[日天月年时周]")
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Example:
    """``fields``: the n-grams of each; ``tells`` and ``begins`` 0, 1 or ``UNKNOWN``; ``kind`` counts in
    ``KINDS``, ``NONE`` beside. ``part``: it is a clause, and what is said of it is said of its line."""

    author: str
    fields: tuple[NDArray[np.int64], ...]
    kind: int
    tells: int
    begins: int
    part: bool = False


def of_pages(found: Sequence[Aligned]) -> Iterator[Example]:
    for one in found:
        begins = {steps.lines[0] for steps in one.page.steps}
        tells = {line for steps in one.page.steps for line in steps.lines}
        timed = _timed(one)
        for article, stands in one.articles:
            reader = _Fields(article)
            for stand in stands:
                role = one.page.line(stand.number).role
                kind = KINDS.index(KIND_OF[role]) if role in KIND_OF else NONE
                if role == "value" and stand.number in timed:
                    kind = KINDS.index("time")
                told = stand.number in tells
                author, span = one.page.author, (stand.start, stand.end)
                begun = int(stand.number in begins) if told else UNKNOWN
                yield Example(author, reader.fields(span), kind, int(told), begun)
                parts = [
                    strip_span(article.text, *m.span()) for m in _PART.finditer(article.text, *span)
                ]
                for part in parts if len(parts) > 1 else ():
                    fields = reader.fields(part)
                    yield Example(author, fields, kind, int(told), UNKNOWN, part=True)


def of_lists(path: Path = LISTS) -> Iterator[Example]:
    """Short lists written by hand: a title, then in each line a kind, its heading if it has one, and its
    items. On their page they have numbers, bullets or no marks."""
    marks = ("{n}. ", "（{n}）", "- ", "", "{n}、", "第{n}步 ")
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        title, *rows = block.split("\n")
        text, found = "", []
        for row, (kind, *items) in enumerate([c.strip() for c in r.split("|")] for r in rows):
            mark = marks[(row + len(title)) % len(marks)]
            kind, _, heading = kind.partition(" ")
            text += "\n" if row else ""
            text += f"## {heading}\n\n" if heading else ""
            for number, item in enumerate(items, 1):
                text += mark.format(n=number) if kind == "steps" or mark[:1] != "第" else ""
                found.append((kind, number, (len(text), len(text) + len(item))))
                text += f"{item}\n"
        reader = _Fields(Article(title, title, text, Source("", title)))
        for kind, number, span in found:
            told = int(kind == "steps")
            begins = int(number == 1) if told else UNKNOWN
            fields = reader.fields(span)
            yield Example("lists", fields, KINDS.index(cast("PassageKind", kind)), told, begins)


def _timed(found: Aligned) -> frozenset[int]:
    """The lines of which all that is read off is a date or a length of time."""
    said = defaultdict(list)
    for value in found.page.values:
        given = value.given
        said[value.line].append(
            bool(_TIMED.search(given.get("of", "")) and _DATE.search(given.get("value", "")))
        )
    return frozenset(line for line, each in said.items() if all(each))


def of_articles(articles: Sequence[Article]) -> Iterator[Example]:
    """The lines of the sections whose headings settle a kind."""
    for article in articles:
        reader = _Fields(article)
        for piece in reader.pieces:
            kind = next((OURS[name] for name in piece.path if name in OURS), None)
            if kind is None:
                continue
            spans = piece.items or ((piece.start, piece.end),)
            sure = kind in ("steps", "materials", "time", "place")
            for number, span in enumerate(spans):
                told = int(kind == "steps") if sure else UNKNOWN
                begins = int(number == 0) if told == 1 else UNKNOWN
                # every other one without its headings: its own words have to do
                fields = reader.fields(span, headed=number % 2 == 0)
                yield Example("ours", fields, KINDS.index(kind), told, begins)


class _Untaught(Lines):
    """So that what is learned does not hang on what was learned before."""

    def __init__(self) -> None:
        super().__init__("")

    def tell(self, spans: Sequence[Span], path: Sequence[str] = ()) -> list[bool]:
        return [False] * len(spans)


class _Fields:
    def __init__(self, article: Article) -> None:
        self._folded = fold(article.text)
        self._grams = grams(self._folded)
        self._title = grams(fold(article.title)).ravel()
        self.pieces = pieces(article.text, article.title, _Untaught())

    def fields(self, span: Span, *, headed: bool = True) -> tuple[NDArray[np.int64], ...]:
        start, end = bare(self._folded, *span)
        path = next((p.path for p in self.pieces if p.start <= start < p.end), ())
        names = [grams(fold(name)).ravel() for name in path if headed]
        near = names[-1] if names else np.zeros(0, np.int64)
        own = [self._grams[a:b].ravel() for a, b in windows(start, end, len(self._folded))]
        return (*own, near, np.concatenate([self._title, *names[:-1]]))


def table(examples: Sequence[Example], counts: Sequence[float] = COUNTS) -> csr_matrix:
    """(n, fields · ``BUCKETS``)."""
    rows, columns, values = [], [], []
    for row, example in enumerate(examples):
        for field, ids in enumerate(example.fields):
            if len(ids):
                rows.append(np.full(len(ids), row))
                columns.append(ids + field * BUCKETS)
                values.append(np.full(len(ids), counts[field] / len(ids) ** 0.5))
    shape = (len(examples), FIELDS * BUCKETS)
    where = (np.concatenate(rows), np.concatenate(columns))
    return csr_matrix((np.concatenate(values), where), shape=shape)


def learn(examples: Sequence[Example]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(``OUTPUTS``, ``FIELDS``, ``BUCKETS``) weights of n-grams and (``OUTPUTS``,) biases."""
    kinds = np.array([e.kind for e in examples])
    given = {
        TELLS: np.array([e.tells for e in examples]),
        BEGINS: np.array([e.begins for e in examples]),
    }
    worth = np.array([LESS if e.author == "ours" or e.part else 1.0 for e in examples])
    tables = {counts: table(examples, counts) for counts in {*_COUNTS}}
    found = np.zeros((OUTPUTS, FIELDS, BUCKETS))
    biases = np.zeros(OUTPUTS)
    for output in range(OUTPUTS):
        counts = _COUNTS[output]
        wanted = given[output] if output in given else (kinds == output).astype(int)
        known = np.flatnonzero(wanted != UNKNOWN)
        model = LogisticRegression(C=STRENGTH, solver="liblinear", tol=1e-2, random_state=0)
        model.fit(tables[counts][known], wanted[known], sample_weight=worth[known])
        # what a field counts for goes into its weights
        found[output] = model.coef_[0].reshape(FIELDS, BUCKETS) * np.array(counts)[:, None]
        biases[output] = model.intercept_[0]
    return found, biases


def apart(examples: Sequence[Example]) -> None:
    whole = table(examples, (1.0,) * FIELDS)
    authors = np.array([e.author for e in examples])
    whole_lines = np.array([not e.part for e in examples])
    kinds = np.array([e.kind for e in examples])
    tells = np.array([e.tells for e in examples])
    begins = np.array([e.begins for e in examples])
    for author in sorted({*authors} - {"ours", "lists"}):
        known = np.flatnonzero((authors != author) & (authors != HELD))
        left = np.flatnonzero((authors == author) & whole_lines)
        weights, bias = learn([examples[n] for n in known.tolist()])
        odds = whole[left] @ weights.reshape(OUTPUTS, -1).T + bias
        said, wanted = odds[:, TELLS] > BAR, tells[left] == 1
        both = (said & wanted).sum()
        first = begins[left] != UNKNOWN
        kind = (odds[:, : NONE + 1].argmax(axis=1) == kinds[left]).mean()
        begun = ((odds[first, BEGINS] > BEGUN) == begins[left][first]).mean()
        print(
            f"{author}: lines that tell F1 {2 * both / (said.sum() + wanted.sum()):.3f} (precision "
            f"{both / said.sum():.3f}, recall {both / wanted.sum():.3f}), kinds {kind:.3f}, "
            f"beginnings {begun:.3f}",
            flush=True,
        )


def write(examples: Sequence[Example], path: Path) -> None:
    weights, bias = learn(examples)
    unit = np.abs(weights).max(axis=(1, 2)) / 127
    whole = np.rint(weights / unit[:, None, None]).astype(np.int8)
    held = whole.transpose(2, 1, 0).reshape(BUCKETS, -1)
    np.savez_compressed(
        path, weights=held, unit=unit.astype(np.float32), bias=bias.astype(np.float32)
    )
    print(f"{path.stat().st_size} bytes, {(held != 0).mean():.3f} of the weights are not 0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--apart", action="store_true", required=True)
    parser.parse_args()
    ours = read(ROOT / "corpus" / "articles").articles
    apart([*of_pages(aligned(all_pages())), *of_articles(ours), *of_lists()])


if __name__ == "__main__":
    main()
