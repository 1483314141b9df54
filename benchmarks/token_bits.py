"""How few bits a number of a token needs: late interaction and the judge at each width.

    python -m benchmarks.token_bits [--bits 8 4 2 1] [--seeds FOLDER] [--held a7] [--every 3]

The tokens are made once by the bundled model and then rounded to so many bits (``index.late.rounded``).
Late interaction alone over our own articles (``benchmarks/questions/own.jsonl`` and ``tests/quality``)
and, with ``--seeds``, over the source pages: how often a right passage comes first, and MRR@10. The
judge over labelled pages of the authors named: the AUC of questions that a page answers in full
against all others, how often its likeliest passage holds a line that answers, and, where several
widths are asked for, in how many of the questions its likeliest passage is that of the first width.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.labels import QUALITY, Label, bare, read_labels
from corpus.reading import read
from corpus.sections import sections
from corpus.settings import ROOT, Settings
from corpus.text import fold
from corpus.types import Article, Passage, Source
from index import texts
from index.encoder import BundledEncoder, open_encoder
from index.judgement import TokenSpans, judged
from index.late import Matrix, basis, late_scores, rounded, step_for
from training.pages import Asked, Page, pages

QUESTIONS = Path(__file__).resolve().parent / "questions"
SOME = 2_000
"""Passages of which the steps are taken, so that no memory is needed for more."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Coordinates of unit length along the directions: of passages and of questions."""

    passages: list[Matrix]
    questions: list[Matrix]

    def at(self, bits: int, step: Matrix) -> list[Matrix]:
        """The passages rounded to so many bits, in the steps of the shipped basis, as floats."""
        return [rounded(p, step, bits) * (step / basis().step) for p in self.passages]

    @property
    def asked(self) -> list[Matrix]:
        """As ``late_scores`` takes them."""
        return [q * basis().step for q in self.questions]


def coordinates(encoder: BundledEncoder, found: Sequence[str], *, query: bool) -> list[Matrix]:
    """(tokens, WIDTH) of each text, along the directions, not rounded."""
    return [basis().along(encoder.engine.tokens(t, query=query)[1]) for t in found]


def late_alone(tokens: Tokens, right: NDArray[np.bool_], bits: int, step: Matrix) -> str:
    """R@1 and MRR@10 of late interaction alone; ``right``: (questions, passages)."""
    codes, ranks = tokens.at(bits, step), []
    for asked, row in zip(tokens.asked, right, strict=True):
        scores = late_scores(asked, codes)[:, 0]
        ranks.append(1 + int((scores > scores[row].max()).sum()))
    found = np.array(ranks)
    mrr = np.where(found <= 10, 1 / found, 0).mean()
    return f"R@1 {(found == 1).mean():.3f}   MRR@10 {mrr:.3f}"


def labelled(folder: Path, labels: Sequence[Label]) -> tuple[list[str], list[str], NDArray]:
    """Texts, questions and which are right, of the labels that the folder answers."""
    passages = [p for article in read([folder]).articles for p in sections(article)]
    bodies = [bare(p.text) for p in passages]
    right = np.array([[any(bare(g) in b for g in x.gold) for b in bodies] for x in labels])
    kept = right.any(axis=1)
    asked = [fold(x.question) for x, k in zip(labels, kept.tolist(), strict=True) if k]
    return [texts.late_text(p) for p in passages], asked, right[kept]


@dataclass(frozen=True, slots=True)
class PageAsked:
    """The passages of one labelled page (numbers among all) and its questions."""

    page: Page
    passages: tuple[Passage, ...]
    asked: tuple[Asked, ...]
    first: int
    first_asked: int

    def right(self, passage: Passage, asked: Asked) -> bool:
        """Whether the passage holds a line that answers."""
        return any(bare(self.page.line(n).text) in bare(passage.text) for n in asked.lines)


def asked_of_pages(held: Sequence[str], every: int) -> list[PageAsked]:
    """Every so many of the questions to the pages of some authors."""
    found: list[PageAsked] = []
    first = first_asked = 0
    for page in pages():
        if page.author in held:
            source = Source("", page.name)
            article = Article(page.name, page.head["title"], page.text.strip(), source)
            passages, asked = sections(article), page.asked[::every]
            found.append(PageAsked(page, tuple(passages), asked, first, first_asked))
            first, first_asked = first + len(passages), first_asked + len(asked)
    return found


def judge_alone(
    tokens: Tokens, given: Sequence[PageAsked], encoder: TokenSpans, bits: int, step: Matrix
) -> tuple[str, NDArray[np.int64]]:
    """AUC and first passage right; and the likeliest passage of each question."""
    codes = tokens.at(bits, step)
    values, full, right, best = [], [], [], []
    for one in given:
        own = codes[one.first : one.first + len(one.passages)]
        for n, asked in enumerate(one.asked, one.first_asked):
            odds = [j.answers for j in judged(tokens.asked[n], one.passages, own, encoder)]
            at = int(np.argmax(odds))
            best.append(at)
            values.append(odds[at])
            full.append(asked.verdict == "full")
            if full[-1]:
                right.append(one.right(one.passages[at], asked))
    told = f"AUC {auc(np.array(values), np.array(full)):.3f}   first passage right {np.mean(right):.3f}"
    return told, np.array(best)


def auc(values: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """How often one of the positive has the greater value, of all pairs with one that is not."""
    above = values[positive][:, None] - values[~positive][None, :]
    return float(((above > 0) + 0.5 * (above == 0)).mean())


def main() -> None:
    """Print a block for each set, a line for each width."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.token_bits")
    parser.add_argument("--bits", type=int, nargs="+", default=[8, 4, 2, 1])
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--held", nargs="+", default=["a7"])
    parser.add_argument("--every", type=int, default=3)
    args = parser.parse_args()
    encoder = open_encoder(Settings.from_environment())
    assert isinstance(encoder, BundledEncoder), "the directions are those of the bundled model"
    own = [QUESTIONS / "own.jsonl", QUALITY / "retrieval.jsonl", QUALITY / "slips.jsonl"]
    sets = [("own articles", ROOT / "corpus" / "articles", own)]
    if args.seeds:
        sets.append(("source pages", args.seeds, [QUALITY / "seeds.jsonl"]))
    steps: dict[int, Matrix] = {}
    for name, folder, files in sets:
        labels = [x for x in chain(*map(read_labels, files)) if x.gold]
        passages, asked, right = labelled(folder, labels)
        tokens = Tokens(
            coordinates(encoder, passages, query=False), coordinates(encoder, asked, query=True)
        )
        print(f"{name}: {len(asked)} questions, {len(passages)} passages", flush=True)
        for bits in args.bits:
            if bits not in steps:
                steps[bits] = step_for(np.concatenate(tokens.passages[:SOME]), bits)
            print(f"    {bits} bits   {late_alone(tokens, right, bits, steps[bits])}", flush=True)
    given = asked_of_pages(args.held, args.every)
    told = [texts.late_text(p) for one in given for p in one.passages]
    asked = [fold(a.text) for one in given for a in one.asked]
    tokens = Tokens(
        coordinates(encoder, told, query=False), coordinates(encoder, asked, query=True)
    )
    print(f"judge: {len(asked)} questions to {len(given)} pages", flush=True)
    first: NDArray[np.int64] | None = None
    for bits in args.bits:
        said, best = judge_alone(tokens, given, encoder, bits, steps[bits])
        first = best if first is None else first
        print(f"    {bits} bits   {said}   same passage {(best == first).mean():.3f}", flush=True)


if __name__ == "__main__":
    main()
