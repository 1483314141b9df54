"""Where pages of others answer a question differently: two lines at a time, read together beside it.

Of the best hits' articles the likeliest lines are read, each by itself, and the likeliest of those in pairs
(``index.pair_encoder``). What our own articles report of such differences is told by ``disputed``: here at least one
of the two lines is somebody else's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from assistant.at_odds import for_others
from assistant.sought import Sought
from corpus.circumstances import scheme_of
from corpus.claims import values
from corpus.errors import ModelError
from corpus.text import fold
from corpus.types import Passage, Scheme
from index.cross_encoder import Line
from index.encoder import pair_encoder
from index.line_odds import line_at, places_of
from index.pair_encoder import PairEncoder

log = logging.getLogger(__name__)

EACH, MOST, LEAST = 3, 8, -5.0
"""Lines of an article that are read; of all of them those that are read in pairs, and the log odds that they have at least."""
UNLIKE = -0.6
"""Log odds from which two lines are shown as different answers."""


@dataclass(frozen=True, slots=True)
class Read:
    """A line that may be quoted, as it is read, and how likely it answers."""

    passage: Passage
    start: int
    end: int
    line: Line
    odds: float

    @property
    def scheme(self) -> Scheme | None:
        """For whom it is."""
        article = self.passage.article
        over = (fold(article.title), *(fold(heading) for heading in self.passage.heading))
        return scheme_of(fold(self.line.text), over, article)


def unlike(sought: Sought) -> tuple[tuple[Read, Read], ...]:
    """The pairs of lines that answer differently, the likeliest first."""
    pairs = [*pairs_of(lines_of(sought))]
    encoder = reader() if pairs else None
    if encoder is None:
        return ()
    odds = encoder.odds(sought.found.asked, [(a.line, b.line) for a, b in pairs])
    order = sorted(range(len(pairs)), key=lambda n: -odds[n])
    return tuple(pairs[n] for n in order if odds[n] >= UNLIKE)


def lines_of(sought: Sought) -> list[Read]:
    """The lines that are read in pairs, the likeliest first; none where all is our own."""
    if all(one.passage.article.own for one in sought.judgement.judged):
        return []
    weighed: dict[str, list[tuple[float, Passage, int, int]]] = {}
    for one in sought.judgement.judged:
        for piece, start, end in places_of(one.passage):
            of_article = weighed.setdefault(one.passage.article.id, [])
            of_article.append((one.of(start, end), piece, start, end))
    places = [
        (piece, start, end)
        for own in weighed.values()
        for _, piece, start, end in sorted(own, key=lambda one: (-one[0], one[2]))[:EACH]
    ]
    odds = sought.lines.read(places)
    read = [
        Read(piece, start, end, line_at(piece, start, end), one)
        for (piece, start, end), one in zip(places, odds, strict=True)
    ]
    return sorted((r for r in read if r.odds >= LEAST), key=lambda r: -r.odds)[:MOST]


def pairs_of(lines: list[Read]) -> Iterator[tuple[Read, Read]]:
    """Two of different articles, not both ours, for the same people as far as they say, and not with the very same values."""
    gives = [frozenset(values(fold(read.line.text))) for read in lines]
    for (one, first), (other, second) in combinations(zip(lines, gives, strict=True), 2):
        a, b = one.passage.article, other.passage.article
        same = first and first == second
        if a.id != b.id and not (same or (a.own and b.own) or for_others(one.scheme, other.scheme)):
            yield one, other


@lru_cache(maxsize=1)
def reader() -> PairEncoder | None:
    """The shipped one; None where the bundled model does not run here."""
    try:
        return pair_encoder()
    except ModelError as error:
        log.warning("两句话无法对照着读：%s", error)
        return None
