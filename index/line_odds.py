"""How likely single lines of passages answer one question: each is read once for it, whoever wants to know."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Protocol

from corpus.errors import ModelError
from corpus.types import Passage
from index.cross_encoder import CrossEncoder, Line
from index.encoder import cross_encoder
from index.features import SHORT_ANSWER
from index.judgement import Judged
from index.quotable import quotable

log = logging.getLogger(__name__)

READ = 6
"""Lines that are read for the decision: what an answer shows is chosen among eight, mostly the same."""
SHORT, ELSEWHERE = 4.0, -3.0
"""What a line of an article's own short answer, and one of another article than the first, is worth beside the log odds
of its tokens, where it is chosen which lines are read."""
Place = tuple[Passage, int, int]
"""A passage, or a piece of one, and from where to where a line of it stands in ``Article.text``."""


class Reads(Protocol):
    """How likely lines answer."""

    def read(self, places: Sequence[Place]) -> list[float]:
        """The log odds of each."""


class LineOdds:
    """Of one question, which is given as it is searched for."""

    def __init__(self, question: str) -> None:
        self._question = question
        self._known: dict[tuple[str, int], float] = {}

    def read(self, places: Sequence[Place]) -> list[float]:
        """The log odds of each; 0 where the bundled model does not run here."""
        new = {_key(place): place for place in places if _key(place) not in self._known}
        encoder = reader()
        if encoder is not None:
            odds = encoder.odds(self._question, [line_at(*place) for place in new.values()])
            self._known.update(zip(new, odds.tolist(), strict=True))
        return [self._known.get(_key(place), 0.0) for place in places]


def likeliest(judged: Sequence[Judged], else_of: Sequence[Passage] = ()) -> list[Place]:
    """The lines of judged passages, the best hit's first, that are worth reading; the first of ``else_of`` where
    none was judged."""
    if not judged:
        return [place for passage in else_of for place in places_of(passage)][:READ]
    lead = judged[0].passage.article.id
    weighed = [
        (
            one.of(start, end) + beside(piece, first=one.passage.article.id == lead),
            (piece, start, end),
        )
        for one in judged
        for piece, start, end in places_of(one.passage)
    ]
    return [place for _, place in sorted(weighed, key=lambda one: -one[0])[:READ]]


def beside(piece: Passage, *, first: bool) -> float:
    """What lines of a piece are worth beside the log odds of their tokens; ``first``: of the first article."""
    short = SHORT if SHORT_ANSWER in piece.heading else 0.0
    return short if first else short + ELSEWHERE


def places_of(passage: Passage) -> Iterator[Place]:
    """All of a passage that may be quoted."""
    for piece in passage.pieces:
        for line in quotable(piece):
            yield piece, line.start, line.end


def _key(place: Place) -> tuple[str, int]:
    passage, start, _ = place
    return passage.article.id, start


def line_at(passage: Passage, start: int, end: int) -> Line:
    """What is read there."""
    heading = passage.heading[-1] if passage.heading else ""
    return Line(passage.article.title, heading, passage.article.text[start:end])


def reader() -> CrossEncoder | None:
    """The shipped one; None where the bundled model does not run here."""
    try:
        return cross_encoder()
    except ModelError as error:
        log.warning("问题和句子无法一起读：%s", error)
        return None
