"""What kind of passage a piece of text is: steps, papers to bring, a place, a time, a rule …

What most of its characters are for, by ``corpus.line_roles``: of its items where it is a list, else of its
lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corpus.line_roles import KINDS, Lines
from corpus.text import Span, strip_span
from corpus.types import PassageKind


def kind_of(lines: Lines, units: Sequence[Span], path: Sequence[str] = ()) -> PassageKind:
    """The kind of a passage of these units, which stand under the headings ``path``."""
    scores = lines.scores(units, path)
    sizes = np.array([end - start for start, end in units], np.float32)
    # longer items say no more than short ones: one of five lines does not decide
    shares = np.sqrt(sizes) @ (1 / (1 + np.exp(-scores[:, : len(KINDS)])))
    return KINDS[int(shares.argmax())]


def units_of(text: str, start: int, end: int) -> list[Span]:
    """The lines of ``text[start:end]`` that are not blank, without the blanks at their ends."""
    found: list[Span] = []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        line = strip_span(text, start, stop)
        if line[0] < line[1]:
            found.append(line)
        start = stop + 1
    return found
