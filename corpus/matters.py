"""The matters that sources make claims about, as ``data/matters.yaml`` lists them.

What a text claims of them is ``claims``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from corpus.types import Scheme

_DATA = Path(__file__).resolve().parent / "data" / "matters.yaml"
_NUMBER = r"(?<![\d.])(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_UNIT = r"(?:个月|个工作日|天|日(?!期)|年(?![\d度底末]))"
LENGTH = rf"(?:{_NUMBER}[ ]?(?:\(含\))?{_UNIT}|半年|半个月)"
"""A length of time: 3个月, 九十天, 1年, 半年. Not a year (2025年), not a day (3月5日)."""
_MACROS = {
    "{D}": LENGTH,
    "{DATE}": r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|\d{1,2}号|底|末)?",
    "{GAP}": "(?:中断|断缴|断交|断保|停缴|欠缴)(?:参保|缴纳|缴费)?(?:基本医疗保险费|医保费?)?",
    "{OFFICE}": "(?:社保局|医保中心|社保经办机构|医保经办机构|社会保险经办机构|社保部门|社区(?:社保处|[^,。;]{0,4}服务中心)?"
    "|街道办事处|村委会|税务局|税务部门|医保局|社保处|服务点|个账窗口|经办机构)",
}


@dataclass(frozen=True, slots=True)
class Value:
    """One way to state a value; ``normal`` is fixed where the words vary and the claim does not."""

    pattern: re.Pattern[str]
    normal: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter. ``within``, ``excluded``: what a sentence must, must not hold. ``family`` names the matters that are compared together. ``of_break``: its value is itself a
    length of break. ``raw``: its values are compared as written. ``one_answer``: a source that
    gives two contradicts itself.
    ``part_of``: wider matters under whose name it is reported where ``part_if`` fits.
    ``bare``: a value is shown without its clause.
    ``scheme``: for whom a claim is made where its source does not say. ``across``: claims are
    compared whatever the scheme. ``last_day``: of a stretch of days only the end is compared.
    ``unled``: what the clause must not hold before a value.
    """

    about: str
    family: str
    within: re.Pattern[str] | None
    excluded: re.Pattern[str] | None
    values: tuple[Value, ...]
    of_break: bool = False
    raw: bool = False
    one_answer: bool = False
    part_of: tuple[str, ...] = ()
    part_if: re.Pattern[str] | None = None
    bare: bool = False
    scheme: Scheme | None = None
    across: bool = False
    last_day: bool = False
    unled: re.Pattern[str] | None = None


@lru_cache(maxsize=1)
def matters() -> tuple[Matter, ...]:
    """All matters, in the order of the file."""
    return tuple(_matter(entry) for entry in yaml.safe_load(_DATA.read_text(encoding="utf-8")))


def matter(about: str) -> Matter | None:
    """The matter of that name, or None."""
    return _by_name().get(about)


@lru_cache(maxsize=1)
def _by_name() -> dict[str, Matter]:
    return {m.about: m for m in matters()}


def narrower(about: str, folded: str) -> str:
    """The part of a matter that a folded sentence speaks of: 缴费标准 of 补缴 is 补缴费用."""
    for m in matters():
        if about in m.part_of and m.part_if and m.part_if.search(folded):
            return m.about
    return about


def family(about: str) -> str:
    """The name under which a matter is compared with others (its own, if with none)."""
    found = matter(about)
    return found.family if found else about


def across_schemes(about: str) -> bool:
    """Whether the claims of a matter are compared whatever the scheme."""
    found = matter(about)
    return found is not None and found.across


def _matter(entry: dict[str, Any]) -> Matter:
    about = str(entry["about"])
    return Matter(
        about=about,
        family=min(about, str(entry.get("with", about))),
        within=_optional(entry.get("within")),
        excluded=_optional(entry.get("not")),
        values=tuple(_value(v) for v in entry["values"]),
        of_break=bool(entry.get("of_break")),
        raw=bool(entry.get("raw")),
        one_answer=bool(entry.get("one_answer")),
        part_of=tuple(entry.get("part_of", ())),
        part_if=_optional(entry.get("part_if")),
        bare=bool(entry.get("bare")),
        scheme=entry.get("scheme"),
        across=bool(entry.get("across")),
        unled=_optional(entry.get("unled")),
        last_day=bool(entry.get("last_day")),
    )


def _value(entry: str | dict[str, str]) -> Value:
    if isinstance(entry, str):
        return Value(_compiled(entry))
    return Value(_compiled(entry["when"]), str(entry["is"]))


def _optional(pattern: str | None) -> re.Pattern[str] | None:
    return _compiled(pattern) if pattern else None


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, meaning in _MACROS.items():
        pattern = pattern.replace(name, meaning)
    return re.compile(pattern)
