"""What answers look up of each passage and each article, worked out before the first question.

All of it is kept once it has been looked up; without this it would be the first hundreds of
questions that wait. ``python -m benchmarks.answering`` prints what opening and the first questions
take.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from assistant.cautions import wrong_in
from assistant.dossier import Dossier
from assistant.laws import laws_of
from assistant.steps import steps_of
from assistant.topics import topics_of
from index.kept import MOST
from index.quotable import quotable
from index.retrieve import Retriever
from index.types import Index, Probe, Query, Term


def look(index: Index, dimension: int) -> None:
    """Ask once for what matches and what is near, so that what each search goes through is in memory:
    the copies of a process then share it. ``dimension``: of the vectors."""
    word, some = Term("医保"), np.zeros(dimension, np.float32)
    some[0] = 1.0
    index.match([Query([word], statutes=[word], k=1, statutes_k=1)])
    index.search([Probe(some, np.zeros(0, np.int64), 1, 1, 1)])


def warm(retriever: Retriever, today: date) -> None:
    """Ask for what is asked once a generation; and look at every passage and every article, in a
    store of which all that is found can be kept."""
    index = retriever.index
    laws_of(index)
    _ = retriever.fixed, retriever.regions
    if index.size > MOST:
        return
    for block in index.blocks():
        dossier = Dossier(block)
        for entry in block:
            for seen in entry.passages:
                retriever.facets(seen)
                for piece in seen.passage.pieces:
                    quotable(piece)
                    steps_of(piece)
            topics_of(entry.article, dossier)
            wrong_in(entry.article, today)
