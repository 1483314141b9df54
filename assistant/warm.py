"""What answers look up of each passage and each article, worked out before the first question.

All of it is kept once it has been looked up; without this it would be the first hundreds of
questions that wait. ``python -m benchmarks.answering`` prints what opening and the first questions
take.
"""

from __future__ import annotations

from datetime import date

from assistant.cautions import wrong_in
from assistant.conflicts import claims_of
from assistant.kept import MOST
from assistant.steps import steps_of
from assistant.summary import quotable
from index.retrieve import Retriever


def warm(retriever: Retriever, today: date) -> None:
    """Look at every passage and every article, in a store of which all that is found can be kept."""
    index = retriever.index
    if index.size > MOST:
        return
    retriever.warm()
    articles = {}
    for number in range(index.size):
        passage = index.passage(number)
        articles[passage.article.id] = passage.article
        for piece in passage.pieces:
            quotable(piece)
            steps_of(piece)
    for article in articles.values():
        claims_of(article, index)
        wrong_in(article, today)
