"""How well the judge tells what answers: on questions judged sentence by sentence.

    python -m benchmarks.judging [FILE ...] [--judge judge.onnx]

Over the shipped articles and files in the form of ``training/judged`` (the held ones, which no judge learned
from, where none is named): the AUC of questions that some sentence answers in full against those that none
answers, by the likeliest verdict of the first passages; the AUC of the judged sentences that answer in full
against those that do not, by their tokens and read beside the question; and what the decision refuses. ``--judge``:
another than the shipped one. Files in the form of ``training/lines`` bring lines of their own.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant import Assistant
from benchmarks.labels import read_rows
from benchmarks.scope import auc, look
from index import judgement
from index.cross_encoder import Line
from index.encoder import cross_encoder
from index.judgement import Judged
from index.line_odds import LineOdds, likeliest, line_at, places_of
from index.scope import ANSWERED, JUDGED, THRESHOLD, is_teaser, probability
from training import judged as labels

HELD = labels.FOLDER / "held"
HELD_LINES = labels.FOLDER.parent / "lines" / "held"


def first_judged(yibao: Assistant, question: str) -> tuple[Judged, ...]:
    """How the first passages that say something were judged."""
    found = yibao.retriever.find(question, k=10)
    whole = [hit for hit in found.hits if not is_teaser(hit)]
    return yibao.retriever.judged(found, [found.seen[hit.number] for hit in whole[:JUDGED]])


def report(yibao: Assistant, file: Path) -> None:
    """A line for each figure."""
    verdicts, read, kinds, refused = [], [], [], []
    sentences: list[tuple[float, float, bool]] = []
    for one in labels.of_file(file):
        judged = first_judged(yibao, one.question)
        lines = LineOdds(one.question)
        verdicts.append(max((j.answers for j in judged), default=-np.inf))
        read.append(max(lines.read(likeliest(judged)), default=-np.inf))
        kinds.append("full" if one.full else "part" if one.part else "none")
        seen = look(yibao, one.question)
        refused.append(seen is None or probability(seen, ANSWERED) < THRESHOLD)
        for of in judged:
            for place in places_of(of.passage):
                worth = one.worth(line_at(*place).text)
                if not np.isnan(worth):
                    sentences.append((of.of(*place[1:]), *lines.read([place]), worth == 1.0))
    kind = np.array(kinds)
    some = kind != "part"
    by_tokens, by_reading, right = map(np.array, zip(*sentences, strict=True))
    print(f"{file.stem}: {len(kind)} questions, {len(right)} sentences")
    for name, values in (("verdict", verdicts), ("likeliest line", read)):
        found = auc(np.array(values)[some], kind[some] == "full")
        print(f"  {name}, answered in full against not: AUC {found:.3f}")
    for name, odds in (("by their tokens", by_tokens), ("read beside the question", by_reading)):
        print(f"  sentences {name}, in full against the others: AUC {auc(odds, right):.3f}")
    shares = (f"{k} {np.mean(np.array(refused)[kind == k]):.2f}" for k in ("full", "part", "none"))
    print(f"  refused at {THRESHOLD}: " + ", ".join(shares), flush=True)


def of_lines(file: Path) -> None:
    """The same of questions with lines of their own, in the form of ``training/lines``."""
    best, answered, odds, right, first = [], [], [], [], []
    for row in read_rows(file):
        told = [Line(line["t"], line["h"], line["s"]) for line in row["lines"]]
        read = cross_encoder().odds(row["q"], told)
        full = np.array([line["v"] == "full" for line in row["lines"]])
        odds += read.tolist()
        right += full.tolist()
        if full.any() or all(line["v"] == "none" for line in row["lines"]):
            best.append(read.max())
            answered.append(full.any())
        if full.any():
            first.append(full[int(read.argmax())])
    questions, lines = (auc(*map(np.array, of)) for of in ((best, answered), (odds, right)))
    print(f"{file.stem}: {len(best)} questions, {len(odds)} lines")
    print(f"  likeliest line, answered in full against not: AUC {questions:.3f}")
    print(
        f"  lines, in full against the others: AUC {lines:.3f}, likeliest right {np.mean(first):.3f}"
    )


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judging")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--judge", type=Path, default=judgement.JUDGE)
    args = parser.parse_args(argv)
    judgement.JUDGE = args.judge
    yibao = Assistant.open()
    held = [*sorted(HELD.glob("*.jsonl")), *sorted(HELD_LINES.glob("*.jsonl"))]
    for file in args.files or held:
        if "lines" in read_rows(file)[0]:
            of_lines(file)
        else:
            report(yibao, file)


if __name__ == "__main__":
    main()
