"""How well questions find their passage, and whether the unanswerable are refused.

    python -m benchmarks.quality [--beir FOLDER ...] [--sets NAME ...] [--held] [--model NAME ...]
                                 [--store DIR --labels FILE ...] [--misses] [--cache DIR]

For each set of ``benchmarks.sets``, and each folder of BEIR form: R@1/5 and MRR@10 with 95% bootstrap
intervals, beside the plain recipes in the same run: the sum of BM25 over pairs of characters and
cosine, each alone, BM25 over words, the sum of the three, and the reciprocal rank fusion of words and
cosine. ``--model``: another model (a name or a folder, such as the bundled one without its adaptation),
alone and in the plain sum. Then how the ranking fares where each origin is left out of its fit
(``benchmarks.tune``); then refusals and false refusals. ``--held`` measures the halves that nothing was
chosen by; ``--misses`` names each question whose right passage did not come first.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant
from benchmarks import tune
from benchmarks.answering import Remembering
from benchmarks.labels import (
    QUALITY,
    Label,
    interval,
    mean_reciprocal_rank,
    rank_in,
    read_labels,
    recall,
)
from benchmarks.sets import Set, read_beir, read_faq, shipped_sets
from corpus.settings import Settings
from corpus.text import fold
from corpus.types import Passage
from corpus.words import words
from index.encoder import Encoder, open_encoder
from index.features import WEIGHTS
from index.retrieve import Retriever
from index.texts import passage_text
from index.types import Probe, Query, Scored, Term

K = 10
RRF_K = 60  # Cormack et al. 2009
Ranking = Callable[[str], Sequence[Passage]]
Kind = Literal["word", "bigram", "dense"]
Scores = NDArray[np.float64]


class Plain:
    """The recipes that our ranking has to beat, over the same passages."""

    def __init__(self, retriever: Retriever) -> None:
        self.retriever = retriever
        entries = (entry for block in retriever.index.blocks() for entry in block)
        seen = [one for entry in entries for one in entry.passages]
        self.passages = [one.passage for one in seen]
        self._place = {one.number: place for place, one in enumerate(seen)}
        self._known: dict[tuple[str, Kind], Scores] = {}

    def scores(self, question: str, kind: Kind) -> Scores:
        """(passages,), 0 for what was not found."""
        if (question, kind) not in self._known:
            given = np.zeros(len(self.passages))
            for number, score in self._found(question, kind):
                given[self._place[number]] = score
            self._known[question, kind] = given
        return self._known[question, kind]

    def _found(self, question: str, kind: Kind) -> Iterable[Scored]:
        index, cut = self.retriever.index, self.retriever.words
        if kind == "dense":
            vector = self.retriever.encoder.encode_queries([question])[0]
            (pool,) = index.search([Probe(vector, np.zeros(0, np.int64), index.size, 0)])
            return pool.near
        terms = (cut.keywords if kind == "word" else cut.bigrams)(fold(question))
        chosen = [Term(text, kind=kind) for text in dict.fromkeys(terms)]
        (matches,) = index.match([Query(chosen, k=index.size)])
        return matches.words

    def summed(self, question: str, kinds: Sequence[Kind]) -> Scores:
        """The sum of standardised scores."""
        return sum((standardised(self.scores(question, k)) for k in kinds), np.zeros(1))

    def fused(self, question: str) -> Scores:
        """Reciprocal rank fusion of words and cosine, of the first fifty of each."""
        total = np.zeros(len(self.passages))
        for kind in ("word", "dense"):
            given = self.scores(question, kind)
            for rank, number in enumerate(_ordered(given)[:50], 1):
                total[number] += 1 / (RRF_K + rank)
        return total


def standardised(scores: Scores) -> Scores:
    """Mean 0, deviation 1."""
    return np.asarray((scores - scores.mean()) / (scores.std() or 1.0))


def rankings(
    retriever: Retriever, others: Mapping[str, Encoder] | None = None
) -> dict[str, Ranking]:
    """Ours and the plain recipes: question -> its first ``K`` passages. ``others``: further models
    by name, alone and in the plain sum."""
    plain = Plain(retriever)

    def of(scores: Callable[[str], Scores]) -> Ranking:
        return lambda q: [plain.passages[n] for n in _ordered(scores(q))[:K]]

    found: dict[str, Ranking] = {
        "ours": lambda q: [hit.passage for hit in retriever.find(q, k=K).hits],
        "bigram BM25 + dense": of(lambda q: plain.summed(q, ("bigram", "dense"))),
        "dense alone": of(lambda q: plain.scores(q, "dense")),
        "bigram BM25 alone": of(lambda q: plain.scores(q, "bigram")),
        "BM25 alone": of(lambda q: plain.scores(q, "word")),
        "sum of the three": of(lambda q: plain.summed(q, ("word", "bigram", "dense"))),
        "BM25 + dense, RRF": of(plain.fused),
    }
    for name, encoder in (others or {}).items():
        cosines = _cosines(plain, encoder)
        found[f"{name} alone"] = of(cosines)
        found[f"bigram + {name}"] = of(
            lambda q, cosines=cosines: (  # type: ignore[misc]
                standardised(plain.scores(q, "bigram")) + standardised(cosines(q))
            )
        )
    return found


def _cosines(plain: Plain, encoder: Encoder) -> Callable[[str], Scores]:
    """Another model over the same passages, which it embeds here."""
    matrix = encoder.encode_passages([passage_text(passage) for passage in plain.passages])
    return lambda question: (matrix @ encoder.encode_queries([question])[0]).astype(np.float64)


def _ordered(scores: Scores) -> list[int]:
    order: list[int] = np.argsort(-scores, kind="stable").tolist()
    return order


def faq(file: Path, folder: Path, **how: Any) -> tuple[Assistant, list[Label]]:
    """A store of the questions and answers in ``file``, made in ``folder``, and its labels.
    ``how``: as for ``Assistant.create``."""
    labels = read_faq(file, folder / "articles")
    return Assistant.create(folder / "store", folder / "articles", **how), list(labels)


def ranks(labels: Sequence[Label], ranking: Ranking) -> list[int | None]:
    """The rank of the first right passage for each label."""
    return [rank_in(label, ranking(label.question)) for label in labels]


def refusals(yibao: Assistant, labels: Sequence[Label]) -> list[bool]:
    """Whether each question is refused."""
    return [yibao.ask(label.question).status == "refused" for label in labels]


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--labels", type=Path, nargs="+")
    parser.add_argument("--beir", type=Path, nargs="+", default=[])
    parser.add_argument("--sets", nargs="+", help="names of sets; all without it")
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--model", nargs="+", default=[])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args(argv)
    settings = Settings.from_environment()
    if args.labels:
        yibao = Assistant.open(args.store)
        labels = [label for file in args.labels for label in read_labels(file)]
        report_labels(yibao, labels, misses=args.misses)
        return
    folder = args.cache or settings.cache.expanduser() / "benchmarks"
    encoder = open_encoder(settings)
    others = {name: open_encoder(replace(settings, model=name)) for name in args.model}
    sets = [one.half(True) if args.held else one for one in shipped_sets(folder / "written")]
    sets += [read_beir(path, folder / "written") for path in args.beir]
    sets = [s for s in sets if s.labels and (not args.sets or s.name in args.sets)]
    cases = {}
    for one in sets:
        yibao = one.open(folder, settings, encoder)
        retriever = Retriever(yibao.retriever.index, Remembering(encoder), words(settings))
        print(
            f"\n{one.name} ({one.origin}): {len(one.labels)} questions, "
            f"{retriever.index.size} passages, model {retriever.index.model}"
        )
        report_ranks(one.labels, rankings(retriever, others), misses=args.misses)
        cases[one.name] = [tune.case(retriever, label) for label in one.labels]
        if one.name == "own":
            report_refusals(yibao, one.labels, read_labels(QUALITY / "outside.jsonl"))
    report_left_out(sets, cases)


def report_left_out(sets: Sequence[Set], cases: tune.Cases) -> None:
    """The ranking where each origin is left out of its fit."""
    if len({one.origin for one in sets}) > 1:
        tune.report(sets, cases, list(WEIGHTS))


def report_labels(yibao: Assistant, labels: Sequence[Label], *, misses: bool) -> None:
    """Some labels over one store."""
    inside = [label for label in labels if label.answerable]
    outside = [label for label in labels if not label.answerable]
    if inside:
        report_ranks(inside, rankings(yibao.retriever), misses=misses)
    report_refusals(yibao, inside, outside)


def report_ranks(labels: Sequence[Label], compared: dict[str, Ranking], *, misses: bool) -> None:
    print(f"{'':24}{'R@1':>20}{'R@3':>7}{'R@5':>7}{'R@10':>7}{'MRR@10':>20}")
    own: list[int | None] = []
    for name, ranking in compared.items():
        found = ranks(labels, ranking)
        own = own or found
        low, high = interval([float(r == 1) for r in found])
        m_low, m_high = interval([1 / r if r else 0.0 for r in found])
        print(
            f"{name[-24:]:24}{recall(found, 1):8.3f} ({low:.2f}–{high:.2f})"
            + "".join(f"{recall(found, k):7.3f}" for k in (3, 5, 10))
            + f"{mean_reciprocal_rank(found):8.3f} ({m_low:.2f}–{m_high:.2f})",
            flush=True,
        )
    if misses:
        print("not first")
        for label, rank in zip(labels, own, strict=True):
            if rank != 1:
                right = " / ".join((*label.gold, *label.articles))
                print(f"  {rank or '-':>3}  {label.id}  {label.question}  {right}")


def report_refusals(yibao: Assistant, inside: Sequence[Label], outside: Sequence[Label]) -> None:
    for name, labels, wanted in (("refused", outside, True), ("falsely refused", inside, False)):
        if not labels:
            continue
        refused = refusals(yibao, labels)
        print(f"{name}: {sum(refused)} of {len(labels)} ({sum(refused) / len(labels):.3f})")
        for label, was in zip(labels, refused, strict=True):
            if was is not wanted:
                print(f"  {label.id}  {label.question}")


if __name__ == "__main__":
    main()
