"""The matters that sources make claims about, as ``data/matters.yaml`` lists them.

What a text claims of them is ``claims``; which of them a question asks for, ``asked``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from corpus.text import fold
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
    # what a question speaks of, however it is put
    "{WHEN}": "多久|多长(?:时间)?|什么时候|何时|(?<![那这好])几个?[月天日年周]|多少(?:天|个月)|几号"
    "|哪(?:一)?(?:天|日|个?月)|马上|立刻|立即|当[天月]|次月|下个?月|第二天|明天|期限",
    "{EFFECT}": "报(?![名告案表送减])|享受|待遇|生效|恢复|[能以好]用|好使|起作用|管用|刷(?![新脸])|(?<![费使信利])用(?![人药工途支微手什])|看病|起算|算数",
    "{BROKEN}": "断|停|欠|漏|离职|辞职|没(?:交|缴|续)|不(?:交|缴|续)",
    "{PAID}": "补|续|接(?:上|着)|重新|恢复|激活|(?<![没不停断漏])(?:交|缴)(?![给])|参保|参加",
    # where a look onward may begin: what stops lies before it or nowhere
    "{ONWARD}": "(?:^|(?<=[不报停]))",
    "{STOPS}": "不(?:给|能|让)(?:再)?(?:报|用|享)|报不了|停止?(?:待遇|报销|享受)|停(?:掉)?$",
}
_PLAIN = (
    (re.compile("什么时候|啥时候?|几时|多会儿?|哪会儿|什么时间"), "什么时候"),
    (re.compile("上哪儿?"), "去哪里"),
    (re.compile("哪儿"), "哪里"),
    (re.compile("啥"), "什么"),
    (re.compile("咋"), "怎么"),
    (re.compile("俩(?=个?月)"), "两个"),
    (re.compile("立马"), "马上"),
    (re.compile("多少号"), "几号"),
    (re.compile("报得了"), "能报"),
    (re.compile("用得了"), "能用"),
    (re.compile("用不了"), "不能用"),
    (re.compile("打水漂|白费|白搭|泡汤"), "白交"),
    (re.compile("作数|认账"), "算"),
    (re.compile("弄"), "办"),
)
"""How people say it -> how the patterns do: the words, not the sense, are put on one footing."""


@dataclass(frozen=True, slots=True)
class Value:
    """One way to state a value; ``normal`` is fixed where the words vary and the claim does not."""

    pattern: re.Pattern[str]
    normal: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter. ``within``, ``excluded``: what a sentence must, must not hold; ``asks`` and
    ``needs``: what a question must hold to be asking for it, ``unasked`` what it must not.
    ``family`` names the matters that are compared together. ``of_break``: its value is itself a
    length of break. ``raw``: its values are compared as written. ``one_answer``: a source that
    gives two contradicts itself. ``per_action``: it differs by what is done (停保, 缴费).
    ``part_of``: wider matters under whose name it is reported where ``part_if`` fits.
    ``words``: what its passages are looked up by. ``bare``: a value is shown without its clause.
    ``scheme``: for whom a claim is made where its source does not say. ``across``: claims are
    compared whatever the scheme. ``counted``: a question that asks how many, which only a value
    with a number answers. ``last_day``: of a stretch of days only the end is compared.
    ``per_channel``: only what is said of the channel asked about is compared. ``unled``: what the clause must not hold before
    a value.
    """

    about: str
    family: str
    asks: re.Pattern[str]
    needs: re.Pattern[str] | None
    unasked: re.Pattern[str] | None
    within: re.Pattern[str] | None
    excluded: re.Pattern[str] | None
    values: tuple[Value, ...]
    of_break: bool = False
    raw: bool = False
    one_answer: bool = False
    per_action: bool = False
    part_of: tuple[str, ...] = ()
    part_if: re.Pattern[str] | None = None
    words: tuple[str, ...] = ()
    bare: bool = False
    scheme: Scheme | None = None
    across: bool = False
    counted: re.Pattern[str] | None = None
    last_day: bool = False
    per_channel: bool = False
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


@lru_cache(maxsize=64)
def asked(question: str) -> tuple[str, ...]:
    """The matters that a question asks for, in the order of the file.

    >>> asked("补缴以后要等多久才能报销")
    ('待遇等待期', '恢复时间')
    """
    said = plain(question)
    return tuple(m.about for m in matters() if _may_ask(m, said) and m.asks.search(said))


def may_ask(about: str, question: str) -> bool:
    """Whether a question holds what it must to be asking for a matter, however it is put."""
    found = matter(about)
    return found is None or found.needs is None or bool(found.needs.search(plain(question)))


def counts(about: str, question: str) -> bool:
    """Whether a question asks for a number of the matter, so that only numbers answer it."""
    found = matter(about)
    return bool(found and found.counted and found.counted.search(plain(question)))


@lru_cache(maxsize=64)
def plain(question: str) -> str:
    """A question folded, its everyday words put as the patterns have them."""
    folded = fold(question)
    for said, usual in _PLAIN:
        folded = said.sub(usual, folded)
    return folded


def _may_ask(matter: Matter, said: str) -> bool:
    if matter.unasked and matter.unasked.search(said):
        return False
    return matter.needs is None or matter.needs.search(said) is not None


def _matter(entry: dict[str, Any]) -> Matter:
    about = str(entry["about"])
    return Matter(
        about=about,
        family=min(about, str(entry.get("with", about))),
        asks=_compiled(entry["asks"]),
        needs=_optional(entry.get("needs")),
        unasked=_optional(entry.get("unasked")),
        within=_optional(entry.get("within")),
        excluded=_optional(entry.get("not")),
        values=tuple(_value(v) for v in entry["values"]),
        of_break=bool(entry.get("of_break")),
        raw=bool(entry.get("raw")),
        one_answer=bool(entry.get("one_answer")),
        counted=_optional(entry.get("counted")),
        per_action=bool(entry.get("per_action")),
        part_of=tuple(entry.get("part_of", ())),
        part_if=_optional(entry.get("part_if")),
        words=tuple(str(entry.get("words", about)).split()),
        bare=bool(entry.get("bare")),
        scheme=entry.get("scheme"),
        across=bool(entry.get("across")),
        unled=_optional(entry.get("unled")),
        per_channel=bool(entry.get("per_channel")),
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
