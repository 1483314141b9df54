"""How well the judge tells what answers: on questions judged sentence by sentence.

    python -m benchmarks.judging [FILE ...] [--judge judge.onnx]

Over the shipped articles and files in the form of ``training/judged`` (the held ones, which no judge learned
from, where none is named): the AUC of questions that some sentence answers in full against those that none
answers, by the likeliest verdict of the first passages; the AUC of the judged sentences that answer in full
against those that do not, by their tokens; and what the decision refuses. ``--judge``: another than the
shipped one.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant import Assistant
from assistant.summary import quotable
from benchmarks.scope import auc, look
from index import judgement
from index.judgement import Judged
from index.scope import ANSWERED, JUDGED, THRESHOLD, is_teaser, probability
from training import judged as labels

HELD = labels.FOLDER / "held"


def first_judged(yibao: Assistant, question: str) -> tuple[Judged, ...]:
    """How the first passages that say something were judged."""
    found = yibao.retriever.find(question, k=10)
    whole = [hit for hit in found.hits if not is_teaser(hit)]
    return yibao.retriever.judged(found, [found.seen[hit.number] for hit in whole[:JUDGED]])


def report(yibao: Assistant, file: Path) -> None:
    """A line for each figure."""
    verdicts, kinds, refused = [], [], []
    sentences: list[tuple[float, bool]] = []
    for one in labels.of_file(file):
        judged = first_judged(yibao, one.question)
        verdicts.append(max((j.answers for j in judged), default=-np.inf))
        kinds.append("full" if one.full else "part" if one.part else "none")
        seen = look(yibao, one.question)
        refused.append(seen is None or probability(seen, ANSWERED) < THRESHOLD)
        for of in judged:
            for line in (line for piece in of.passage.pieces for line in quotable(piece)):
                worth = one.worth(of.passage.article.text[line.start : line.end])
                if not np.isnan(worth):
                    sentences.append((of.of(line.start, line.end), worth == 1.0))
    kind, values = np.array(kinds), np.array(verdicts)
    some = kind != "part"
    odds, right = map(np.array, zip(*sentences, strict=True))
    print(f"{file.stem}: {len(kind)} questions, {len(odds)} sentences")
    print(
        f"  verdict, answered in full against not: AUC {auc(values[some], kind[some] == 'full'):.3f}"
    )
    print(f"  sentences, in full against the others: AUC {auc(odds, right):.3f}")
    shares = (f"{k} {np.mean(np.array(refused)[kind == k]):.2f}" for k in ("full", "part", "none"))
    print(f"  refused at {THRESHOLD}: " + ", ".join(shares))


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judging")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--judge", type=Path, default=judgement.JUDGE)
    args = parser.parse_args(argv)
    judgement.JUDGE = args.judge
    yibao = Assistant.open()
    for file in args.files or sorted(HELD.glob("*.jsonl")):
        report(yibao, file)


if __name__ == "__main__":
    main()
