"""How well vectors lead questions to their answers, on sets of other origins than the training's.

    python -m training.judge FOLDER ... [--letters FILE] [--pages FOLDER LABELS] ...
        [--labelled FOLDER [--held AUTHOR ...]]

For each sentence-transformers folder: R@1, R@10 and MRR@10 by cosine alone, and by the sum with
bigram BM25 (a tenth of it, as in the first experiment), on the last 800 letters of the file
(offices that are held out) asked by their text and by their subject line, on the labelled questions
of ``tests/quality`` and on the sets given. Nothing is fitted here.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from benchmarks.labels import QUALITY, bare, read_labels, read_rows
from corpus.passages import split
from corpus.reading import read
from corpus.settings import ROOT
from corpus.text import fold
from index.texts import passage_text
from training.pages import Page, by_author, pages
from training.pairs import Letter, around

Matrix = NDArray[np.float32]
Embed = Callable[[Sequence[str], bool], Matrix]
"""Texts, whether they are questions -> (n, dim) of unit length."""
FIRST = 800
BM25_SHARE = 0.1
K1, B = 1.2, 0.75


def embed_with(model: SentenceTransformer) -> Embed:
    """In bf16, several texts at once: for judging, where the last digit does not matter."""

    def embed(texts: Sequence[str], query: bool) -> Matrix:
        encode = model.encode_query if query else model.encode_document
        was = model.training
        model.eval()
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            found = encode(list(texts), batch_size=32, show_progress_bar=False, convert_to_tensor=True)  # fmt: skip
        model.train(was)
        return np.asarray(torch.nn.functional.normalize(found.float(), dim=1))

    return embed


def figures(scores: Matrix, right: NDArray[np.bool_]) -> dict[str, float]:
    """``scores`` and ``right`` (questions, passages)."""
    best = np.where(right, scores, -np.inf).max(axis=1, keepdims=True)
    rank = ((scores > best) & ~right).sum(axis=1) + 1
    return {
        "R@1": float((rank == 1).mean()),
        "R@5": float((rank <= 5).mean()),
        "MRR": float(np.where(rank <= 10, 1 / rank, 0).mean()),
    }


def letters(embed: Embed, held: Sequence[Letter]) -> dict[str, float]:
    """Letters to their replies (without titles), and subject lines to them."""
    given = embed([x.answer for x in held], False)
    right = np.eye(len(held), dtype=bool)
    found = figures(embed([x.question for x in held], True) @ given.T, right)
    short = figures(embed([x.title for x in held], True) @ given.T, right)
    return found | {"short " + name: value for name, value in short.items()}


def bm25(questions: Sequence[str], passages: Sequence[str]) -> Matrix:
    """(questions, passages) over pairs of characters."""
    from scipy.sparse import csr_matrix, diags
    from sklearn.feature_extraction.text import CountVectorizer

    count = CountVectorizer(analyzer="char", ngram_range=(2, 2))
    tf: csr_matrix = count.fit_transform([bare(fold(p)) for p in passages]).astype(np.float32)
    length = np.asarray(tf.sum(axis=1)).ravel()
    norm = K1 * (1 - B + B * length / length.mean())
    df = np.asarray((tf > 0).sum(axis=0)).ravel()
    idf = np.log(1 + (len(passages) - df + 0.5) / (df + 0.5))
    rows = np.repeat(np.arange(len(passages)), np.diff(tf.indptr))
    tf.data = tf.data * (K1 + 1) / (tf.data + norm[rows])
    asked = (count.transform([bare(fold(q)) for q in questions]) > 0).astype(np.float32)
    return np.asarray((asked @ diags(idf) @ tf.T).todense(), np.float32)


class Set:
    """Questions, passages and which answer which: ``right`` (questions, passages)."""

    def __init__(
        self, name: str, questions: Sequence[str], passages: Sequence[str], right: NDArray[np.bool_]
    ) -> None:
        kept = right.any(axis=1)
        self.name, self.passages, self.right = name, passages, right[kept]
        self.questions = [q for q, k in zip(questions, kept.tolist(), strict=True) if k]

    @classmethod
    def of_pages(cls, name: str, folder: Path, files: Sequence[Path]) -> Set:
        """Labelled questions over the articles of a folder."""
        texts = [passage_text(p) for a in read([folder]).articles for p in split(a)]
        bodies = [bare(t) for t in texts]
        labels = [x for file in files for x in read_labels(file) if x.gold]
        right = np.array([[any(bare(g) in b for g in x.gold) for b in bodies] for x in labels])
        return cls(name, [x.question for x in labels], texts, right)

    @classmethod
    def of_labelled(cls, found: Sequence[Page]) -> Set:
        """Questions to labelled pages, to be led to one of the lines that answer them."""
        lines = [(p, n) for p in found for n in range(1, len(p.lines) + 1)]
        place = {(id(p), n): k for k, (p, n) in enumerate(lines)}
        asked = [(p, a) for p in found for a in p.asked if a.verdict == "full" and a.lines]
        right = np.zeros((len(asked), len(lines)), bool)
        for row, (page, a) in enumerate(asked):
            right[row, [place[id(page), n] for n in a.lines]] = True
        texts = [f"{p.head['title']}\n{around(p, (n,))}" for p, n in lines]
        return cls("labelled pages", [a.text for _, a in asked], texts, right)

    @classmethod
    def of_faq(cls, file: Path) -> Set:
        """Other words for the questions of a list, over its answers."""
        rows = read_rows(file)
        pairs = [(q, n) for n, row in enumerate(rows) for q in row["asked"]]
        right = np.zeros((len(pairs), len(rows)), bool)
        right[np.arange(len(pairs)), [n for _, n in pairs]] = True
        return cls(f"faq {file.stem}", [q for q, _ in pairs], [r["text"] for r in rows], right)


def sets(file: Path | None, pages: Sequence[tuple[Path, Path]]) -> list[Set]:
    """All sets, the given ones first."""
    found = []
    if file is not None:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines][-FIRST:]
        answers, eye = [r["answer"] for r in rows], np.eye(len(rows), dtype=bool)
        found.append(Set("letters", [r["question"] for r in rows], answers, eye))
        found.append(Set("subject lines", [r["title"] for r in rows], answers, eye))
    found += [Set.of_pages(f"{f.parent.name}/{f.stem}", folder, [f]) for folder, f in pages]
    own = [QUALITY / "retrieval.jsonl", QUALITY / "slips.jsonl"]
    found.append(Set.of_pages("own articles", ROOT / "corpus" / "articles", own))
    return found + [Set.of_faq(f) for f in sorted((QUALITY / "faq").glob("*.jsonl"))]


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.judge")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--letters", type=Path)
    parser.add_argument("--pages", nargs=2, type=Path, action="append", default=[])
    parser.add_argument("--labelled", type=Path, help="a folder of labelled pages")
    parser.add_argument("--held", nargs="+", default=[], help="their authors; all without it")
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    given = sets(args.letters, args.pages)
    if args.labelled:
        found = pages(args.labelled)
        given.append(Set.of_labelled(by_author(found, args.held)[1] if args.held else found))
    words = [BM25_SHARE * bm25(s.questions, s.passages) for s in given]
    for folder in args.folders:
        how = {"attn_implementation": "eager", "torch_dtype": torch.bfloat16}
        embed = embed_with(SentenceTransformer(str(folder), device="cpu", model_kwargs=how))
        passages: dict[tuple[str, ...], Matrix] = {}  # two sets may ask for the same
        for one, lexical in zip(given, words, strict=True):
            key = tuple(one.passages)
            if key not in passages:
                passages[key] = embed(one.passages, False)
            dense = embed(one.questions, True) @ passages[key].T
            rows = (figures(dense, one.right), figures(dense * 10 + lexical, one.right))
            said = "  ".join(" ".join(f"{v:.3f}" for v in row.values()) for row in rows)
            print(f"{folder.name:20} {one.name:24} n={len(one.questions):4}  {said}", flush=True)


if __name__ == "__main__":
    main()
