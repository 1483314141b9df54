"""Who disagrees: sources that say different things of what is asked, side by side, each cited.

What our own articles report of others: topics that bear on the question (``disputed``), for the same scheme, with values that
exclude each other where the circumstances (place, year, length of the break) do not (``at_odds``). What pages of others
say: lines that answer the question differently (``unlike``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant import at_odds
from assistant.at_odds import Said, Verdict
from assistant.topics import OTHER, Topic
from assistant.types import Citation, ClaimCited, Conflict, Statement
from assistant.unlike import Read
from corpus.circumstances import conditions, region_in
from corpus.names import schemes_in
from corpus.text import fold
from corpus.time_roles import Lapse, lapse, told_in
from corpus.types import NATIONAL, Claim, Passage, Scheme

Number = Callable[[Passage, int, int], Citation]

MAX_CONFLICTS = 2
MAX_CLAIMS = 8
OLD_YEARS = 2
ASKED = "这一点"
"""What lines of others are on that answer the question differently."""
UNDATED, OLD, EXCERPT = "日期未注明", "来源较旧", "节选"


@dataclass(frozen=True, slots=True)
class _Case:
    """What of a question narrows the claims that can hold for it."""

    schemes: frozenset[Scheme]
    region: str | None
    lapse: Lapse | None
    years: frozenset[str]

    def admits(self, said: Said) -> bool:
        claim = said.claim
        if self.region and not self.here(said):
            return False
        if self.years and said.years and not self.years & said.years:
            return False
        return self.lapse is None or at_odds.holds_after(claim.condition, self.lapse.compared)

    def here(self, said: Said) -> bool:
        """Whether it is said of the asker's place or of the whole country."""
        return said.region in (NATIONAL, self.region)


def conflicts(
    question: str,
    topics: Sequence[Topic],
    unlike: Sequence[tuple[Read, Read]] = (),
    *,
    scheme: Scheme | None,
    region: str | None,
    today: date,
    number: Number,
) -> tuple[Conflict, ...]:
    """What the ``topics`` that bear on a question, the likeliest first, say differently, and then the lines that are
    ``unlike``: at most two conflicts. ``number`` makes the citation of ``passage.article.text[start:end]``."""
    case = _case(question, scheme, region, today)
    found: list[Conflict] = []
    for family in dict.fromkeys(topic.family for topic in topics):
        if len(found) == MAX_CONFLICTS:
            break  # before anything more is numbered: every number must be shown
        said = _once(s for t in topics if t.family == family for s in t.said if case.admits(s))
        for group in at_odds.by_scheme(said, case.schemes):
            # what other places say is of use to one who names none where there is nothing else
            differing = _differing([s for s in group if case.here(s)]) or _differing(group)
            if differing is not None:
                found.append(_shown(*differing, today, number))
                break
    if len(found) < MAX_CONFLICTS and (group := _together(unlike, case)):
        found.append(_shown(group, at_odds.kinds_of(group), today, number))
    return tuple(found)


def _together(unlike: Sequence[tuple[Read, Read]], case: _Case) -> list[Said]:
    """The lines of the likeliest pair that the case admits, with those that are told apart from one of them."""
    pairs = [(_said(a), _said(b)) for a, b in unlike]
    pairs = [pair for pair in pairs if all(case.admits(said) for said in pair)]
    group = list(pairs[0]) if pairs else []
    for a, b in pairs[1:]:
        group += [one for one, other in ((a, b), (b, a)) if other in group[:2] and one not in group]
    return group


def _said(read: Read) -> Said:
    """A line of somebody's page, as a claim."""
    article = read.passage.article
    folded = fold(read.line.text)
    region = region_in(folded, article)
    named = conditions(folded)
    claim = Claim(
        about=ASKED,
        value=read.line.text.rstrip("。"),
        normal="",
        start=read.start,
        end=read.end,
        scheme=read.scheme,
        region=region,
        condition=named[0][2] if named else "",
        national=article.source.national and region == NATIONAL,
    )
    return Said(claim, article, read.passage)


def _case(question: str, scheme: Scheme | None, region: str | None, today: date) -> _Case:
    folded = fold(question)
    return _Case(
        schemes=frozenset((scheme,) if scheme else schemes_in(folded)),
        region=region,
        lapse=lapse(told_in(folded), folded, today),
        years=frozenset(at_odds.YEAR.findall(folded)),
    )


def _once(said: Iterable[Said]) -> list[Said]:
    """What one source says once: several articles may report it."""
    found: dict[tuple[str, ...], Said] = {}
    for one in said:
        claim = one.claim
        value = claim.normal or claim.value
        found.setdefault((one.source, claim.about, value, claim.condition, one.region), one)
    return list(found.values())


def _differing(group: Sequence[Said]) -> tuple[list[Said], set[Verdict]] | None:
    """Those claims on one matter for one scheme that differ, with the national rule, and how; None where they agree."""
    rules = [said for said in group if said.claim.national]
    national = rules[0] if rules else None
    others = [said for said in group if not said.claim.national]
    shown, kinds = at_odds.disagreeing(others, national)
    return ([*shown, *rules[:1]], kinds) if kinds else None


def _shown(
    said: Sequence[Said], kinds: Collection[Verdict], today: date, number: Number
) -> Conflict:
    """The claims side by side, what the national rule says beside them."""
    national = next((one for one in said if one.claim.national), None)
    others = [one for one in said if one is not national]
    first = (others or said)[0]
    claims = tuple(_cited(one, today, number) for one in _varied(others))
    return Conflict(
        first.article.title if first.claim.about == OTHER else first.claim.about,
        claims,
        _statement(national, number),
        "" if "at odds" in kinds else "、".join(sorted(kinds)),
        rule=_rule(national) if national else "",
        rule_date=national.date if national else None,
    )


def _rule(national: Said) -> str:
    source = national.claim.source or national.article.source
    return f"{source.name} {national.claim.locator}".strip()


def _varied(said: Sequence[Said]) -> list[Said]:
    """At most ``MAX_CLAIMS``, each value once before any comes after another length of break, and that
    before any comes twice; dated first, newest first."""
    seen: set[tuple[object, str]] = set()
    words: set[tuple[str, str]] = set()
    turns: tuple[list[Said], ...] = ([], [], [])
    for one in said:
        told = (one.values, "")
        under = (one.values, one.claim.condition or "-")
        if (one.source, one.claim.value) not in words:  # one sentence may give two values
            turns[(told in seen) + (under in seen)].append(one)
        seen |= {told, under}
        words.add((one.source, one.claim.value))
    kept = [one for turn in turns for one in turn][:MAX_CLAIMS]
    return sorted(kept, key=lambda s: s.date or date.min, reverse=True)


def _cited(said: Said, today: date, number: Number) -> ClaimCited:
    claim = said.claim
    remarks = []
    if said.date is None:
        remarks.append(UNDATED)
    elif (today - said.date).days > OLD_YEARS * 365:
        remarks.append(OLD)
    if said.article.excerpt or claim.locator.endswith(EXCERPT):
        remarks.append(EXCERPT)
    return ClaimCited(
        value=claim.value,
        citation=_citation(said, number),
        scheme=claim.scheme,
        region=claim.region,
        date=said.date,
        condition=claim.condition,
        remarks=tuple(remarks),
        publisher=(claim.source or said.article.source).publisher,
        source=claim.source or said.article.source,
        locator=claim.locator.removesuffix(EXCERPT),
        note=claim.note,
    )


def _statement(said: Said | None, number: Number) -> Statement | None:
    if said is None:
        return None
    citation = _citation(said, number)
    return Statement(citation.quote.text, (citation,))


def _citation(said: Said, number: Number) -> Citation:
    """The sentence; where it reports another with the words that say whose claim it is (the
    national rule is named beside it)."""
    claim, passage = said.claim, said.passage
    assert passage is not None  # a topic has no other
    lead = None if claim.national else claim.lead
    return number(passage, claim.start if lead is None else lead, claim.end)
