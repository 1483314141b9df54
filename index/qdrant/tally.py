"""What a generation counts: passages, places, lengths, fixed questions, in how many passages a term
stands. Kept up by what came and what went, so that no refresh counts everything again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from corpus.fixed import question_key
from index import texts
from index.marks import Marks
from index.postings import Document, Segmenter
from index.qdrant.pointer import Fixes
from index.qdrant.statistics import Counts
from index.qdrant.terms import LANES, Cut, cut
from index.table import Row


@dataclass(slots=True)
class Tally:
    """Of some articles of one room: how many there are, their ``passages`` and ``questions``, passages
    by place, summed ``lengths`` (LANES,) of fields, who fixes which answers, and the terms."""

    articles: int = 0
    passages: int = 0
    questions: int = 0
    regions: Counter[str] = field(default_factory=Counter)
    fixed: dict[str, Fixes] = field(default_factory=dict)
    lengths: NDArray[np.int64] = field(default_factory=lambda: np.zeros(LANES, np.int64))
    terms: Counts = field(default_factory=lambda: Counts.of(()))

    def add(self, rows: Iterable[tuple[int, Row]], words: Segmenter) -> list[list[Cut]]:
        """Count articles, each with its number; returns the terms of their passages."""
        cuts: list[list[Cut]] = []
        for number, row in rows:
            self.articles += 1
            self.passages += len(row.passages)
            self.questions += len(texts.question_texts(row.article)) if row.passages else 0
            marks = row.marks or [Marks()] * len(row.passages)
            self.regions.update(one.region for one in marks)
            if row.article.fixed:
                keys = tuple(question_key(one.question) for one in row.article.fixed)
                self.fixed[row.article.id] = Fixes(number, keys)
            cuts.append([cut(Document.of(passage), words) for passage in row.passages])
        flat = [one for several in cuts for one in several]
        self.lengths = sum((one.lengths for one in flat), self.lengths)
        self.terms = Counts.total([(1, self.terms), (1, Counts.of(one.keys for one in flat))])
        return cuts
