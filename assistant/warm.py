"""What answers look up of each passage and each article, worked out before the first question.

All of it is kept once it has been looked up; without this it would be the first hundreds of
questions that wait. ``python -m benchmarks.answering`` prints what opening and the first questions
take.
"""

from __future__ import annotations

from datetime import date

from assistant.cautions import wrong_in
from assistant.conflicts import claims_of, speaking_of
from assistant.dossier import Dossier
from assistant.kept import MOST
from assistant.laws import laws_of
from assistant.steps import steps_of
from assistant.summary import quotable
from index.retrieve import Retriever


def warm(retriever: Retriever, today: date) -> None:
    """Ask for what is asked once a generation; and look at every passage and every article, in a
    store of which all that is found can be kept."""
    index = retriever.index
    laws_of(index)
    speaking_of(index)
    _ = retriever.fixed
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
            claims_of(entry.article, dossier)
            wrong_in(entry.article, today)
