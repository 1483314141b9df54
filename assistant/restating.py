"""A question said of another case: another scheme, place, length or day of the break, somebody else who acts, the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.phrases import SCHEME_NAMES
from corpus.names import SCHEME
from corpus.text import fold
from corpus.time_roles import told_in
from corpus.types import Scheme
from index.question import Question

_ACTORS = (re.compile(r"企业|用人单位|单位|公司"), re.compile(r"个人|自己|本人"))


def with_scheme(text: str, scheme: Scheme) -> str:
    """The text said of another scheme."""
    name = SCHEME_NAMES[scheme]
    if SCHEME.search(text):
        return SCHEME.sub(name, text)
    if re.search(r"医保|医疗保险", text):
        return re.sub(r"医保|医疗保险", name, text, count=1)
    return f"{name}{text}"


def with_region(text: str, region: str, old: str | None) -> str:
    """The text said of another place."""
    if region in text:
        return text
    return text.replace(old, region) if old and old in text else f"{region}{text}"


def with_length(text: str, asked: Question) -> str:
    """The text said of another length of time: 断缴2个月怎么补 with 超过3个月; "" where one tells of none, or of no break."""
    told = [one.time.whole for one in asked.times if one.time.months is not None]
    length = _new([asked.folded[slice(*one)] for one in told], text)
    if not length:
        return ""
    lengths = [told for told in told_in(fold(text)) if told.time.months is not None]
    if not lengths:
        return f"断缴{length}，{text}" if "断" in text + asked.folded else ""
    old = next((told for told in lengths if told.role == "break"), lengths[0]).time
    return text[: old.whole[0]] + length + text[old.whole[1] :]


def with_day(text: str, asked: Question) -> str:
    """The text said of another day: the one that it tells of the same thing, else its only one; "" where there is none."""
    days = [one for one in asked.times if one.time.point is not None]
    day = _new([asked.folded[one.time.start : one.time.end] for one in days], text)
    roles = {one.role for one in days if asked.folded[one.time.start : one.time.end] == day}
    told = [one for one in told_in(fold(text)) if one.time.point is not None]
    same = [one for one in told if one.role in roles] or (told if len(told) == 1 else [])
    if not day or not same:
        return ""
    old = same[0].time
    return text[: old.start] + day + text[old.end :]


def with_actor(text: str, actor: str) -> str:
    """The text said of somebody else who acts."""
    for pattern in _ACTORS:
        if not pattern.fullmatch(actor) and pattern.search(text):
            return pattern.sub(actor, text, count=1)
    return text if actor in text else f"{actor}{text}"


def swapped(text: str) -> str:
    """新农合能转职工医保吗 the other way round; "" where there are no two schemes."""
    named = list(SCHEME.finditer(text))
    if len(named) != 2:
        return ""
    one, other = named
    between = text[one.end() : other.start()]
    return f"{text[: one.start()]}{other[0]}{between}{one[0]}{text[other.end() :]}"


def _new(told: Sequence[str], text: str) -> str:
    """Of several times the last that a text does not tell yet: of 「不是5月，是9月」 and 「是9月，不是5月」 9月."""
    return next((one for one in reversed(told) if one not in fold(text)), "")
