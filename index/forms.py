"""What each character of a text is by its form: what the tagger is told beside what the model read.

A model of pieces of words sees neither how many digits a row has nor that 殳 is a family name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.bert_folder import Matrix
from index.births import births
from index.private_numbers import addresses, bare, numbers

_NUMBER = r"(?:\d{1,5}|[一二三四五六七八九十]{1,4})"
_CLASSES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d+",
        r"(?<![a-z\d])[a-z]+(?![a-z\d])",
        r"(?<![a-z\d_-])(?=[a-z_-]*\d)(?=\d*[a-z_-])[a-z\d_-]{5,}",
        r"[^\w\s]",
        r"\s",
        r"\d{4,6}",
        r"\d{7,}",
        # a house, a flat, a group of a village
        rf"{_NUMBER}\s?(?:号|弄|栋|幢|座|单元|室|户|组|排|层|楼|房|队|社)",
        r"\d{1,3}-\d{1,3}-\d{1,4}|(?<=[号栋幢楼座元])\d{3,4}",
        r"(?<![\d-])(?:[48]00|12\d|95|96)[\d-]*\d",
    )
)
_CAPITAL = re.compile("[A-Z]")
SURNAMES = Path(__file__).with_name("data") / "surnames.txt"
FORMS = len(_CLASSES) + 8


def forms(text: str) -> Matrix:
    """(characters, ``FORMS``) of 0 and 1, of a text as ``tagger.as_read`` gives it."""
    plain, family = bare(text), _family()
    whole = [[match.span() for match in pattern.finditer(plain)] for pattern in _CLASSES]
    for spans in (numbers(plain), addresses(plain), births(plain)):
        ends = list(spans)
        whole += [ends, [(start, start + 1) for start, _ in ends]]
    whole.append([match.span() for match in _CAPITAL.finditer(text)])
    whole.append([(n, n + 1) for n, c in enumerate(text) if c in family])
    found = np.zeros((len(text), FORMS), np.float32)
    for column, every in enumerate(whole):
        for start, end in every:
            found[start:end, column] = 1
    return found


@lru_cache(maxsize=1)
def _family() -> frozenset[str]:
    """The characters that are a family name."""
    *single, _ = surnames()
    return frozenset("".join(single))


def surnames() -> list[str]:
    """The lines of ``SURNAMES``: those of one character, most frequent first, then those of two."""
    lines = SURNAMES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
