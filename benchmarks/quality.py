"""How well questions find their passage, and whether the unanswerable are refused.

    python -m benchmarks.quality [--store DIR] [--labels FILE ...] [--faq FILE ...] [--misses]

Prints R@1/3/5/10 and MRR@10 with 95% bootstrap intervals, beside BM25 over words, over pairs of
characters, dense alone, their plain sum and the reciprocal rank fusion of words and dense in the same
run, then per type of question; then refusals and false refusals; with ``--misses`` each question whose
right passage did not come first. ``--faq``: lists of questions and answers of other fields
(``tests/quality/faq``), for which nothing here was made; each file is a store of its own.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant import Assistant
from benchmarks.labels import (
    QUALITY,
    Label,
    interval,
    mean_reciprocal_rank,
    rank_of,
    read_labels,
    read_rows,
    recall,
)
from corpus.text import fold
from index.retrieve import Retriever
from index.types import Term

K = 10
RRF_K = 60  # Cormack et al. 2009
Ranking = Callable[[str], Sequence[str]]


def rankings(retriever: Retriever) -> dict[str, Ranking]:
    """Ours and the recipes that it has to beat: question -> texts of the first ``K`` passages."""
    index = retriever.index

    def texts(numbers: Sequence[int]) -> list[str]:
        return [index.passage(n).text for n in numbers[:K]]

    def scores(question: str, kind: str) -> dict[int, float]:
        most = index.size
        if kind == "dense":
            vector = retriever.encoder.encode_queries([question])[0]
            return dict(index.nearest(vector, most, "passages"))
        cut = retriever.words.keywords if kind == "word" else retriever.words.bigrams
        terms = [Term(text, kind=kind) for text in dict.fromkeys(cut(fold(question)))]  # type: ignore[arg-type]
        return dict(index.matching(terms, most, "passages"))

    def alone(question: str, kind: str) -> list[int]:
        return _ordered(scores(question, kind))

    def summed(question: str) -> list[int]:
        total = np.zeros(index.size)
        for kind in ("word", "bigram", "dense"):
            given = np.zeros(index.size)
            for number, score in scores(question, kind).items():
                given[number] = score
            total += (given - given.mean()) / (given.std() or 1.0)
        return _ordered(dict(enumerate(total.tolist())))

    def fused(question: str) -> list[int]:
        found: dict[int, float] = {}
        for kind in ("word", "dense"):
            for rank, number in enumerate(alone(question, kind)[:50], 1):
                found[number] = found.get(number, 0.0) + 1 / (RRF_K + rank)
        return _ordered(found)

    return {
        "ours": lambda q: [h.passage.text for h in retriever.find(q, k=K).hits],
        "BM25 alone": lambda q: texts(alone(q, "word")),
        "bigram BM25 alone": lambda q: texts(alone(q, "bigram")),
        "dense alone": lambda q: texts(alone(q, "dense")),
        "sum of the three": lambda q: texts(summed(q)),
        "BM25 + dense, RRF": lambda q: texts(fused(q)),
    }


def _ordered(scores: Mapping[int, float]) -> list[int]:
    return sorted(scores, key=lambda n: (-scores[n], n))


def faq(file: Path, folder: Path, **how: Any) -> tuple[Assistant, list[Label]]:
    """A store of the questions and answers in ``file``, made in ``folder``, and other words for
    each question, whose answer is to be found. ``how``: as for ``Assistant.create``."""
    labels = []
    articles = folder / "articles"
    articles.mkdir(parents=True)
    for number, entry in enumerate(read_rows(file)):
        page = f"# {entry['title']}\n\n{entry['text']}\n"
        (articles / f"{number:03}.md").write_text(page, encoding="utf-8")
        for question in entry["asked"]:
            labels.append(Label(f"{number:03}", question, (entry["text"],), file.stem))
    return Assistant.create(folder / "store", articles, **how), labels


def ranks(labels: Sequence[Label], ranking: Ranking) -> list[int | None]:
    """The rank of the first right passage for each label."""
    return [rank_of(label.gold, ranking(label.question)) for label in labels]


def refusals(yibao: Assistant, labels: Sequence[Label]) -> list[bool]:
    """Whether each question is refused."""
    return [yibao.ask(label.question).status == "refused" for label in labels]


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--labels", type=Path, nargs="+")
    parser.add_argument("--faq", type=Path, nargs="+", default=[])
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args(argv)
    for file in args.faq:
        with tempfile.TemporaryDirectory() as folder:
            yibao, labels = faq(file, Path(folder))
            print(f"\n{file.stem}: {len(labels)} questions, {yibao.retriever.index.size} passages")
            report_ranks(labels, rankings(yibao.retriever), misses=args.misses)
    if args.faq:
        return
    files = args.labels or [
        QUALITY / n for n in ("retrieval.jsonl", "outside.jsonl", "slips.jsonl")
    ]
    labels = [label for file in files for label in read_labels(file)]
    inside = [label for label in labels if label.gold]
    outside = [label for label in labels if not label.gold]
    yibao = Assistant.open(args.store)
    retriever = yibao.retriever
    print(
        f"{len(inside)} questions in scope, {len(outside)} out of scope, "
        f"{retriever.index.size} passages, model {retriever.index.model}"
    )
    if inside:
        report_ranks(inside, rankings(retriever), misses=args.misses)
    report_refusals(yibao, inside, outside)


def report_ranks(labels: Sequence[Label], compared: dict[str, Ranking], *, misses: bool) -> None:
    print(f"\n{'':20}{'R@1':>20}{'R@3':>7}{'R@5':>7}{'R@10':>7}{'MRR@10':>20}")
    own: list[int | None] = []
    for name, ranking in compared.items():
        found = ranks(labels, ranking)
        own = own or found
        low, high = interval([float(r == 1) for r in found])
        m_low, m_high = interval([1 / r if r else 0.0 for r in found])
        print(
            f"{name:20}{recall(found, 1):8.3f} ({low:.2f}–{high:.2f})"
            + "".join(f"{recall(found, k):7.3f}" for k in (3, 5, 10))
            + f"{mean_reciprocal_rank(found):8.3f} ({m_low:.2f}–{m_high:.2f})"
        )
    print("\nper type")
    for kind in sorted({label.type for label in labels}):
        of_kind = [r for label, r in zip(labels, own, strict=True) if label.type == kind]
        print(f"{kind:20}{recall(of_kind, 1):8.3f}{recall(of_kind, 5):8.3f}  n={len(of_kind)}")
    if misses:
        print("\nnot first")
        for label, rank in zip(labels, own, strict=True):
            if rank != 1:
                print(f"  {rank or '-':>3}  {label.id}  {label.question}  {' / '.join(label.gold)}")


def report_refusals(yibao: Assistant, inside: Sequence[Label], outside: Sequence[Label]) -> None:
    for name, labels, wanted in (("refused", outside, True), ("falsely refused", inside, False)):
        if not labels:
            continue
        refused = refusals(yibao, labels)
        print(f"\n{name}: {sum(refused)} of {len(labels)} ({sum(refused) / len(labels):.3f})")
        for label, was in zip(labels, refused, strict=True):
            if was is not wanted:
                print(f"  {label.id}  {label.question}")


if __name__ == "__main__":
    main()
