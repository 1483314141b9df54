"""Whether a rewritten question holds the user's own words, all that matter and no others.

A language model that follows an order in a question, answers it, adds a condition or drops one is found
out here: its text has a word that was not given, or lacks one that was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.text import fold
from corpus.words import Words

_SAYS = re.compile(r"[^\W_]")
_DENIES = "不没未无非别"
"""Stop words for a search, and yet they turn a question round."""


def of_words_given(text: str, given: Sequence[str], words: Words) -> bool:
    """Whether each word of a text stands in one of the texts ``given``, marks apart. A single character
    counts only where it is a word there."""
    folded = [fold(one) for one in given]
    whole = {one[start:end] for one in folded for start, end in words.cut(one)}
    said = fold(text)
    for start, end in words.cut(text):
        word = said[start:end]
        inside = len(word) > 1 and any(word in one for one in folded)
        if _SAYS.search(word) and word not in whole and not inside:
            return False
    return True


def keeps(text: str, core: str, words: Words) -> bool:
    """Whether a text holds each word of ``core`` that a search would look for, and what denies."""
    said = fold(text)
    looked_for = set(words.keywords(text))
    told = all(word in looked_for or word in said for word in words.keywords(core))
    return told and all(c in said for c in _DENIES if c in core)
