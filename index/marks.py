"""What is read off a passage by patterns: for whom it speaks, and where.

That takes a tenth of a millisecond, and a question looks at thirty passages. So it is read when a
passage is indexed and kept in its article's line (``index.table``), with the ``VERSION`` of all that
reads. A store of another version is not believed: its marks are read again as passages are met.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.names import schemes_in
from corpus.reading import places
from corpus.text import fold
from corpus.types import NATIONAL, Passage, Scheme
from corpus.versions import version_of

VERSION = version_of(__name__)
"""Changes whenever any passage could be read otherwise."""


@dataclass(frozen=True, slots=True)
class Marks:
    """For whom a passage is, and where."""

    schemes: tuple[Scheme, ...] = ()
    region: str = NATIONAL


def mark(passage: Passage) -> Marks:
    """Read a passage."""
    article = passage.article
    title, heading, body = (
        plain(t) for t in (article.title, " ".join(headings(passage)), passage.text)
    )
    # the nearest word on the scheme counts: heading, then title, then the body, then the article
    schemes: tuple[Scheme, ...] = ()
    for where in (heading, title, body):
        if schemes := schemes_in(where):
            break
    region = article.region
    if region == NATIONAL:
        region = places.region_of(" ".join(headings(passage)), body)
    return Marks(schemes=schemes or article.schemes, region=region)


def headings(passage: Passage) -> list[str]:
    """Those of the passage and of its pieces, each once."""
    return list(dict.fromkeys(h for p in (passage, *passage.pieces) for h in p.heading))


def plain(text: str) -> str:
    """Folded and without white space."""
    return "".join(fold(text).split())
