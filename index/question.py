"""Reading a question the way a clerk hears it: about which scheme, which place, how long a break, told by what times,
and what kind of thing is asked for (steps, papers, a place, a date, a rule, the law).

What it names is read off the folded text (``corpus.names``); what it wants is told by a model
(``index.segments``). Nothing here looks at the store. What a question leaves open stays None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from corpus.mention_roles import unwanted, where_covered
from corpus.names import (
    channels_at,
    channels_in,
    online_in,
    scheme_names,
    schemes_hinted_in,
    schemes_in,
    with_present_names,
)
from corpus.reading.places import region_of
from corpus.text import fold
from corpus.time_roles import Lapse, Told, lapse, told_in
from corpus.types import NATIONAL, PassageKind, Scheme
from corpus.words import Words
from index.segments import Want, segments

SUBJECT = 30
"""Characters of a subject line at most."""
MAX_LENGTH = 1000
"""Characters of a question that are read at most; a longer one is refused as input."""

_KINDS: dict[Want, PassageKind] = {
    "材料": "materials", "地点": "place", "日期": "time", "期限": "time", "步骤": "steps", "渠道": "steps",
    "定义": "definition", "区别": "definition", "依据": "legal",
}  # fmt: skip
"""The kind of passage that gives what is wanted; of a sum or a yes, none does before the others."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what it says. ``words`` are its folded content words, in order.

    ``folded`` leaves out the ways of doing things that are not wanted, which are ``excluded``.
    ``schemes`` are named outright, ``hinted`` only suggested; ``times`` are those that it names, with what each
    is of.
    """

    text: str
    folded: str
    words: tuple[str, ...]
    schemes: tuple[Scheme, ...] = ()
    hinted: tuple[Scheme, ...] = ()
    region: str | None = None
    times: tuple[Told, ...] = ()
    years: tuple[int, ...] = ()
    online: bool | None = None
    channels: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def lengths(self) -> tuple[float, ...]:
        """The lengths of time that it names, whatever they are of, in months of 30 days."""
        return tuple(told.time.months for told in self.times if told.time.months is not None)

    def lapse(self, today: date) -> Lapse | None:
        """How long the asker's cover is missing; None where the question does not say."""
        return lapse(self.times, self.folded, today)

    @property
    def asked_for(self) -> tuple[Want, ...]:
        """What its asks want, in their order; read when it is looked at."""
        return tuple(dict.fromkeys(want for s in segments(self.text) for want in s.wants))

    @property
    def wants(self) -> tuple[PassageKind, ...]:
        """The kinds of passage that would answer, in the order of the asks."""
        return kinds_of(self.asked_for)

    @property
    def yes_no(self) -> bool:
        return "能否" in self.asked_for

    @property
    def amount(self) -> bool:
        return not {"金额", "比例"}.isdisjoint(self.asked_for)


def kinds_of(wants: Iterable[Want]) -> tuple[PassageKind, ...]:
    """The kinds of passage that give what is wanted, each once."""
    return tuple(dict.fromkeys(_KINDS[want] for want in wants if want in _KINDS))


def by_present_name(asked: Question) -> str:
    """The folded question, with the one scheme that it names by an old name under the present one: of 断了两年怎么补,
    新农合 only says for whom, and what bears that name in its title is no better for it.

    A question about the old scheme itself (新农合是什么), or one about two, keeps its words.
    """
    present = with_present_names(asked.folded) if len(scheme_names(asked.folded)) == 1 else ""
    return asked.folded if not present or "定义" in asked.asked_for else present


def subject_line(text: str) -> str | None:
    """The subject of a letter: a short first line above a longer text, or None.

    >>> subject_line("咨询医保断缴\n您好，我去年八月辞职回老家照顾老人，现在又回来上班了。")
    '咨询医保断缴'
    """
    first, _, rest = text.partition("\n")
    subject = first.strip()
    return (
        subject if 2 <= len(subject) <= SUBJECT and len(rest.strip()) > 2 * len(subject) else None
    )


def read_question(text: str, words: Words) -> Question:
    """Read a question; ``words`` does the segmentation. Never raises on any text."""
    return _read(text.strip()[:MAX_LENGTH], words)


@lru_cache(maxsize=256)
def _read(text: str, words: Words) -> Question:
    folded = fold(text)
    repaired = words.repair(folded)
    ways = channels_at(repaired)
    against = unwanted(repaired, [(start, end) for start, end, _ in ways])
    excluded = tuple(
        dict.fromkeys(name for (*_, name), no in zip(ways, against, strict=True) if no)
    )
    # all that bears the name: 「怎么在支付宝上交，除了支付宝呢」 wants it no more
    searched = _cut(repaired, [way for way in ways if way[2] in excluded])
    named = schemes_in(searched)
    hinted = tuple(s for s in schemes_hinted_in(searched) if s not in named)
    return Question(
        text=text,
        folded=searched,
        words=tuple(dict.fromkeys(words.keywords(searched))),
        schemes=named,
        hinted=hinted,
        region=place if (place := region_of(where_covered(searched), "")) != NATIONAL else None,
        times=told_in(searched),
        years=tuple(int(y) for y in re.findall(r"(?<!\d)(20\d\d)(?=年|年度|$|\D)", searched)),
        online=_online(searched, excluded),
        channels=channels_in(searched),
        excluded=excluded,
    )


def _cut(text: str, ways: Sequence[tuple[int, int, str]]) -> str:
    for start, end, _ in reversed(ways):
        text = text[:start] + text[end:]
    return text


def _online(searched: str, excluded: Sequence[str]) -> bool | None:
    """By the ways that are left, or else by those that are not wanted."""
    online = online_in(searched)
    if online is None and ("线上" in excluded) != ("窗口" in excluded):
        return "窗口" in excluded
    return online
