"""What the sentences of our own articles rest on: the marks behind them, read and taken out.

    职工医保断缴以后，以前的累计缴费年限不会清零。{s3 第三十二条}
    - 健康新闻《断缴3年》说：要缴满1年。{待遇等待期 · 险种未注明 · 地区未注明 · s2}编者注：……。{s1}
    医疗救助可以直接结算。{s2 第三十二条}{from 2027-01-01}

``WRITING.md`` says how to write them. ``read_marks`` gives the text without them, where each stood,
and what it says; ``supported`` makes supports and reports of them. Whether each sentence has one is
``corpus.schema``'s to look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.text import Span, normalise, sentences, strip_span
from corpus.types import NATIONAL, SCHEMES, Relation, Report, Scheme, Source, Support

ADVICE = "advice"
NATIONAL_RULE = "国家规定"
NO_SCHEME, NO_REGION = "险种未注明", "地区未注明"

MARK = re.compile(r"\{(?P<says>[^{}\n]{0,200})\}")
_REF = re.compile(r"(?P<how>[=!]?)(?P<key>s\d+)(?: (?P<locator>\S.*))?")
_DAY = re.compile(r"(?P<which>from|until) (?P<day>\d{4}-\d{2}-\d{2})")
_HOW: dict[str, Relation] = {"=": "quotes", "!": "disputes"}
_ITEM = re.compile(r"(?:- |\d{1,3}\. )?")
CLAIM = re.compile(
    r"\A- (?P<who>[^：\n]{1,200}?)(?P<verb>说)?：(?P<says>[^\n]+?。)(?:编者注：(?P<note>[^\n]+。))?"
)
"""A line of 说法不一 without its marks: who says it, what it says, what we remark."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark. ``at``: where it stood, an offset in the text without marks. ``key`` is "" for advice; ``about``, ``scheme`` and ``region`` are those of a
    claim, "" for other marks. ``since`` or ``until``: the mark says from or until when the sentence
    holds, and nothing else. ``wrong``: what cannot be read as a mark."""

    at: int
    key: str = ""
    locator: str = ""
    how: str = ""
    about: str = ""
    scheme: str = ""
    region: str = ""
    since: date | None = None
    until: date | None = None
    wrong: str | None = None

    @property
    def dates(self) -> bool:
        """Whether it says when the sentence holds instead of what it rests on."""
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its marks, normalised, and the marks in order."""

    text: str
    marks: tuple[Mark, ...]

    def sentences(self) -> Iterator[Span]:
        """The spans of the sentences that want a mark: headings left out, list numbers too; a claim
        is one of them to its end, what we remark on it another."""
        for start, end in _lines(self.text):
            row = self.text[start:end]
            if not row or row.startswith("#"):
                continue
            claim = CLAIM.fullmatch(row)
            if claim and any(m.about for m in self.marks if start < m.at <= end):
                yield start + len("- "), start + claim.end("says")
                if claim["note"] is not None:
                    yield start + claim.end("says"), end
                continue
            item = _ITEM.match(row)
            for a, b in sentences(self.text, start + (item.end() if item else 0), end):
                span = strip_span(self.text, a, b)
                if span[0] < span[1]:
                    yield span

    def of(self, span: Span) -> tuple[Mark, ...]:
        """The marks behind the sentence that ends where ``span`` does."""
        return tuple(mark for mark in self.marks if mark.at == span[1])


def read_marks(body: str) -> Marked:
    """The text of an article's body as readers see it, with the marks that stood in it."""
    raw = normalise(body)
    text, marks, done, at = [], [], 0, 0
    for found in MARK.finditer(raw):
        text.append(raw[done : found.start()].rstrip(" \t"))
        at += len(text[-1])
        done = found.end()
        marks.append(_mark(found["says"].strip(), at))
    return Marked("".join(text) + raw[done:], tuple(marks))


def without_marks(text: str) -> str:
    """A text of somebody else's in our form, as it reads."""
    return MARK.sub(
        lambda found: found[0] if _mark(found["says"], 0).wrong is not None else "", text
    )


def supported(marked: Marked, sources: Mapping[str, Source]) -> tuple[Support, ...]:
    """What each sentence rests on, in order; a mark of a source that is not there is passed over."""
    return tuple(
        Support(*span, sources[mark.key], relation, mark.locator, *_bounds(marked.of(span)))
        for span in marked.sentences()
        for mark, relation in _related(marked.of(span))
        if mark.key in sources
    )


def reports(marked: Marked, sources: Mapping[str, Source]) -> tuple[Report, ...]:
    """What the lines of 说法不一 report, in order."""
    found = []
    for start, end in _lines(marked.text):
        claim = CLAIM.fullmatch(marked.text[start:end])
        mark = next((m for m in marked.marks if m.about and start < m.at <= end), None)
        if claim is None or mark is None or mark.key not in sources:
            continue
        scheme: Scheme | None = next((s for s in SCHEMES if s == mark.scheme), None)
        found.append(
            Report(
                start=start + claim.start("says"),
                end=start + claim.end("says"),
                lead=start + len("- "),
                about=mark.about,
                source=sources[mark.key],
                locator=mark.locator,
                scheme=scheme,
                region=NATIONAL if mark.region == NO_REGION else mark.region,
                national=claim["who"].startswith(NATIONAL_RULE),
                note=claim["note"] or "",
            )
        )
    return tuple(found)


def _related(marks: Sequence[Mark]) -> Iterator[tuple[Mark, Relation]]:
    """Each mark of a sentence that names a source, with how the source bears on it."""
    named = [mark for mark in marks if mark.key]
    together = sum(mark.how != "!" for mark in named) > 1
    plain: Relation = "combines" if together else "paraphrases"
    yield from ((mark, _HOW.get(mark.how, plain)) for mark in named)


def _bounds(marks: Sequence[Mark]) -> tuple[date | None, date | None]:
    """The first and the last day on which the sentence of these marks holds."""
    since = next((mark.since for mark in marks if mark.since), None)
    return since, next((mark.until for mark in marks if mark.until), None)


def _mark(says: str, at: int) -> Mark:
    if says == ADVICE:
        return Mark(at)
    if dated := _DAY.fullmatch(says):
        try:
            day = date.fromisoformat(dated["day"])
        except ValueError:
            return Mark(at, wrong=says)
        return Mark(at, since=day) if dated["which"] == "from" else Mark(at, until=day)
    parts = [part.strip() for part in says.split(" · ")]
    ref = _REF.fullmatch(parts[-1])
    if ref is None or len(parts) not in (1, 4):
        return Mark(at, wrong=says)
    about, scheme, region = parts[:3] if len(parts) == 4 else ("", "", "")
    return Mark(at, ref["key"], ref["locator"] or "", ref["how"], about, scheme, region)


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for row in text.split("\n"):
        yield start, start + len(row)
        start += len(row) + 1
