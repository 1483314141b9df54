"""What a time in a question or on a page is of: the break, the point from which or until which it lasts, or something else.

A linear model over the characters of the time, of what stands close before and behind it, and of the rest, the same for both,
with weights for either; ``training/time_roles.py`` found them on labelled questions and sentences (``data/TIMES_CARD.md``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, get_args

from corpus import hashed
from corpus.hashed import Weights
from corpus.times import Bound, Time, times

Kind = Literal["question", "page"]
"""Where a time is told."""
_DATA = Path(__file__).with_name("data")
FILES: Mapping[Kind, Path] = {
    "question": _DATA / "time_roles.npz",
    "page": _DATA / "page_times.npz",
}
Role = Literal["break", "since", "until", "unpaid", "other"]
"""A length without cover; a point from which, or until which, cover was missing; a year or a month that was not
paid as a whole; any other time (an age, a pregnancy, a wait, a deadline, how long one has paid)."""
ROLES: tuple[Role, ...] = get_args(Role)
_THROUGH, _FROM, _FEW = ("到", "至", "-", "~"), ("起", "开始", "到", "至", "以来"), 8
_TIME = "\u231a"
"""Stands for another time."""
_COMPARED: Mapping[Bound, float] = {
    "": 0.0,
    "more": 0.1,
    "at least": 0.1,
    "at most": -0.1,
    "less": -0.1,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A time and what it is of."""

    time: Time
    role: Role


@dataclass(frozen=True, slots=True)
class Lapse:
    """How long cover is missing, in months of 30 days, and what that is told as."""

    months: float
    bound: Bound = ""

    @property
    def compared(self) -> float:
        """A little more or less than what it is told as, so that it is compared with a rule's limit rightly."""
        return self.months + _COMPARED[self.bound]


def told_in(
    folded: str, kind: Kind = "question", weights: Weights | None = None
) -> tuple[Told, ...]:
    """The times of a folded question, or of a sentence of a page, in order. ``weights``: others than the shipped ones.

    >>> [told.role for told in told_in("孩子3个月大,医保断了2个月")]
    ['other', 'break']
    """
    found = times(folded)
    weights = weights or hashed.weights_in(FILES[kind])
    told: list[Told] = []
    for n, time in enumerate(found):
        if n and _goes_on(found[n - 1], time, folded):
            told.append(Told(time, told[-1].role))
        else:
            odds = hashed.odds(weights, fields(folded, found, n))
            told.append(Told(time, ROLES[int(odds.argmax())]))
    return tuple(told)


def _goes_on(before: Time, time: Time, folded: str) -> bool:
    """Whether two lengths are the two ends of one: 1年以上不满3年, 超过3个月但未超过1年."""
    if before.months is None or time.months is None or not before.bound:
        return False
    return folded[before.whole[1] : time.whole[0]] in ("", "但", "、", ",但")


def fields(folded: str, found: Sequence[Time], n: int) -> tuple[str, ...]:
    """What is read of the ``n``-th of the times of a text."""
    own = folded[found[n].start : found[n].end]
    kind = "长" if found[n].months is not None else "点" if found[n].point else "几"
    spans = [(time.start, time.end) for time in found]
    return (kind + own[-2:], *hashed.around(folded, spans, n, _TIME))


def lapse(told: Sequence[Told], folded: str, today: date) -> Lapse | None:
    """How long cover is missing by what a question tells, at the latest until ``today``; None where it does not say.

    >>> folded = "3月15号离职,7月1号入职"
    >>> lapse(told_in(folded), folded, date(2026, 11, 29))
    Lapse(months=3.5, bound='')
    """
    for one in told:
        if one.role == "break" and one.time.months is not None:
            least = one.time.months if one.time.least is None else one.time.least
            return Lapse((least + one.time.months) / 2, one.time.bound)
    since = next((t.time for t in told if t.role == "since" and t.time.point), None)
    until = next((t.time for t in told if t.role == "until" and t.time.point), None)
    if since is not None:
        return _between(since, until, folded, today)
    unpaid = [t.time.point for t in told if t.role == "unpaid" and t.time.point]
    spans = [point.span(today) for point in unpaid]
    return _rounded(sum((min(last, today) - first).days + 1 for first, last in spans))


def _between(since: Time, until: Time | None, folded: str, today: date) -> Lapse | None:
    begin, end = _begun(since, folded, today), today
    if until is not None and until.point is not None:
        first, last = until.point.span(today)
        # 10月到2月没交 holds both months; what is taken up in February ends in it
        through = folded[since.end : until.start] in _THROUGH
        end = last + timedelta(days=1) if through else first + (last - first) / 2
        if end <= begin and not until.point.dated and since.point and since.point.dated:
            end += timedelta(days=365)
        elif end <= begin and since.point and not since.point.dated:
            begin -= timedelta(days=365)
    return _rounded((end - begin).days)


def _begun(since: Time, folded: str, today: date) -> date:
    """The day from which a break is reckoned: after what was paid up to it (交到10月), from the beginning of what it begins
    with (从10月起, 10月到2月), in the middle of what is told no nearer (10月断的)."""
    assert since.point is not None
    first, last = since.point.span(today)
    if folded[: since.start].endswith(_THROUGH[:2]):
        return last + timedelta(days=1)
    whole = folded[: since.start].endswith(("从", "自")) or folded[since.end :].startswith(_FROM)
    return first if whole else first + (last - first) / 2


def _rounded(days: int) -> Lapse | None:
    """To half months; a few days are no break."""
    return Lapse(max(0.5, round(days / 30.4 * 2) / 2)) if days >= _FEW else None
