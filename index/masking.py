"""What names a person or leads to one is taken out of a text before it is written anywhere.

Numbers and accounts (``private_numbers``), where somebody lives (``homes``), when somebody was born
(``births``) by their form; names of people (``names``) by what was learned of them. Places, offices,
schemes, amounts, lengths and the numbers of laws stay. Where names cannot be looked for, because the bundled
model does not run here, none of the words is written.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache

from corpus.errors import ModelError
from corpus.text import fold
from index.births import births
from index.homes import homes
from index.names import names
from index.private_numbers import addresses, numbers

__all__ = ["ADDRESS", "ALL", "BIRTH", "HOME", "NAME", "NUMBER", "mask", "spans"]

log = logging.getLogger(__name__)

NUMBER = "【号码已隐去】"
ADDRESS = "【邮箱已隐去】"
HOME = "【住址已隐去】"
BIRTH = "【生日已隐去】"
NAME = "【姓名已隐去】"
ALL = "【原文未保存】"

_MASKED = re.compile("|".join(map(re.escape, (NUMBER, ADDRESS, HOME, BIRTH, NAME, ALL))))
_LATIN = re.compile(r"(?<![A-Za-z])[A-Z][a-z]+ [A-Z][a-z]+(?: [A-Z][a-z]+)?(?![A-Za-z])")


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


def spans(text: str) -> list[tuple[int, int, str]]:
    """What has to go and what stands in its place, in order, apart from each other."""
    if not text.strip():
        return []
    try:
        named = names().find(text)
    except ModelError as error:
        _tell(str(error))
        return [(0, len(text), ALL)]
    plain = fold(text)
    found = [(*span, ADDRESS) for span in addresses(plain)]
    found += [(*span, NUMBER) for span in numbers(plain)]
    found += [(*span, BIRTH) for span in births(plain)]
    found += [(*span, HOME) for span in homes(plain)]
    found += [(*match.span(), NAME) for match in _LATIN.finditer(text)]
    found += [(*span, NAME) for span in named]
    already = [match.span() for match in _MASKED.finditer(text)]
    return _apart([s for s in found if not any(a < s[1] and s[0] < b for a, b in already)])


@lru_cache(maxsize=8)
def _tell(reason: str) -> None:
    """Once, not at every question."""
    log.warning("提问的原文不会写入磁盘：%s", reason)


def _apart(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Joined where they overlap, under the name of the longer one."""
    joined: list[tuple[int, int, str]] = []
    for start, end, name in sorted(found):
        if joined and start < joined[-1][1]:
            first, last, other = joined[-1]
            longer = name if end - start > last - first else other
            joined[-1] = (first, max(last, end), longer)
        else:
            joined.append((start, end, name))
    return joined
