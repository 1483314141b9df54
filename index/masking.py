"""What names a person or leads to one is taken out of a text before it is written anywhere.

Mobile phones, numbers of persons, of cards and of stays, and addresses of e-mail (``private_numbers``) by their form;
names, homes, days of birth, accounts and all other numbers by what was learned of them (``tagger``). Places, offices,
schemes, amounts, lengths and the numbers of laws stay. Where the bundled model does not run here, none of the
words is written.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from functools import lru_cache

from corpus.errors import ModelError
from corpus.text import fold
from index.private_numbers import addresses, alone, sure
from index.tagger import tagger

__all__ = [
    "ADDRESS",
    "ALL",
    "BIRTH",
    "HOME",
    "NAME",
    "NUMBER",
    "joined",
    "mask",
    "spans",
    "unnumbered",
]

log = logging.getLogger(__name__)

NUMBER = "【号码已隐去】"
ADDRESS = "【邮箱已隐去】"
HOME = "【住址已隐去】"
BIRTH = "【生日已隐去】"
NAME = "【姓名已隐去】"
ALL = "【原文未保存】"

_MASKED = re.compile("|".join(map(re.escape, (NUMBER, ADDRESS, HOME, BIRTH, NAME, ALL))))
_OF_KIND = {"name": NAME, "home": HOME, "account": NUMBER, "birth": BIRTH}


def mask(text: str) -> str:
    """The text without personal data. ``mask(mask(x)) == mask(x)``.

    >>> mask("我叫李秀兰，电话１３８ ００１３-8000，断缴3个月，2025年")
    '我叫【姓名已隐去】，电话【号码已隐去】，断缴3个月，2025年'
    """
    masked, place = [], 0
    for start, end, name in spans(text):
        masked += [text[place:start], name]
        place = end
    return "".join([*masked, text[place:]])


def unnumbered(text: str) -> str:
    """The text without the numbers and addresses that lead to a person, by their form alone: no source speaks of
    them. As it was where nothing else is left.

    >>> unnumbered("我的电话13800138000，断缴两个月怎么补")
    '我的电话，断缴两个月怎么补'
    """
    plain, left, place = fold(text), [], 0
    for start, end in sorted([*addresses(plain), *sure(plain)]):
        left.append(text[place:start])
        place = max(place, end)
    without = "".join([*left, text[place:]])
    return without if without.strip() else text


def spans(text: str) -> list[tuple[int, int, str]]:
    """What has to go and what stands in its place, in order, apart from each other."""
    if not text.strip():
        return []
    try:
        return joined(text, tagger().find(text))
    except ModelError as error:
        _tell(str(error))
        return [(0, len(text), ALL)]


def joined(text: str, tagged: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """What was tagged in a text (``Tagger.find``) together with what goes by its form, as ``spans``."""
    plain = fold(text)
    found = [(*span, ADDRESS) for span in addresses(plain)]
    found += [(*span, NUMBER) for of in (sure, alone) for span in of(plain)]
    found += [(start, end, _OF_KIND[kind]) for start, end, kind in tagged]
    already = [match.span() for match in _MASKED.finditer(text)]
    return _apart([s for s in found if not any(a < s[1] and s[0] < b for a, b in already)])


@lru_cache(maxsize=8)
def _tell(reason: str) -> None:
    """Once, not at every question."""
    log.warning("提问的原文不会写入磁盘：%s", reason)


def _apart(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Joined where they overlap, under the name of the longest, or of the first that was found."""
    apart: list[tuple[int, int, str]] = []
    for start, end, name in sorted(found, key=lambda span: span[0]):
        if apart and start < apart[-1][1]:
            first, last, other = apart[-1]
            longer = name if end - start > last - first else other
            apart[-1] = (first, max(last, end), longer)
        else:
            apart.append((start, end, name))
    return apart
