"""Who disagrees: sources that say different things of the same matter, side by side, each cited.

A conflict needs a matter that the question asks for, the same scheme, and values that exclude each
other where the circumstances (place, length of the break) do not. What the claims are was drawn
when the sources were indexed (``corpus.claims``); which pairs are at odds is ``at_odds``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from assistant import at_odds
from assistant.at_odds import Said
from assistant.doing import STOPS, aimed_at
from assistant.dossier import Dossier
from assistant.kept import kept
from assistant.types import Citation, ClaimCited, Conflict, Statement
from corpus import matters
from corpus.names import actions_in, channels_in, schemes_in
from corpus.text import fold
from corpus.types import NATIONAL, Article, Passage, Scheme
from index.question import lengths_in
from index.types import Hit, Index, Pool, Query, Term

_Key = tuple[str, str, str, str, str]
Number = Callable[[Passage, int, int], Citation]

MAX_CONFLICTS = 2
MAX_CLAIMS = 8
NEAR_PASSAGES, NEAR_QUESTIONS = 20, 12
"""How many more are heard beside the hits: a page that disagrees seldom answers best."""
OLD_YEARS = 2
UNDATED, OLD, EXCERPT = "日期未注明", "来源较旧", "节选"
_WITHIN = re.compile(
    r"(?:多久|多长时间|几个?月|几天|多少天)(?:之内|以内|内|以下)|不超过(?:多久|多长|几|多少)"
    r"|最(?:多|长|晚|迟)(?:能|可以|可)?[^,。;?补]{0,3}(?:空|断|歇|停|隔)"
)
"""Asks how long a break may be, so that claims differ by their condition (60天内, 3个月以下)."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a question decides which claims bear on it."""

    about: tuple[str, ...]
    schemes: frozenset[Scheme]
    region: str | None
    months: float | None
    actions: frozenset[str]
    channels: tuple[str, ...]
    years: frozenset[str]
    within: bool
    counted: frozenset[str]


def conflicts(
    question: str,
    hits: Sequence[Hit],
    dossier: Dossier,
    *,
    scheme: Scheme | None,
    region: str | None,
    today: date,
    number: Number,
    beside: Sequence[int] = (),
    about: Sequence[str] | None = None,
    actions: frozenset[str] = frozenset(),
) -> tuple[Conflict, ...]:
    """What the sources of one question's hits say differently of what it asks, at most two
    conflicts. ``about``: the matters it asks for, where the caller knows, ``actions``: what else it
    wants done than its words name. ``number`` makes the
    citation of ``passage.article.text[start:end]``; ``beside``: the numbers of further articles that
    are heard, as the function of that name gives them. ``dossier`` holds all of them."""
    asked = _read(question, scheme, region, about, actions)
    if not asked.about:
        return ()
    articles = _articles(hits, dossier, beside)
    said = [s for s in _gather(articles, dossier, asked) if _bears(s, asked)]
    found: list[Conflict] = []
    for family in dict.fromkeys(matters.family(about) for about in asked.about):
        if len(found) == MAX_CONFLICTS:
            break  # before anything more is numbered: every number must be shown
        of_family = [s for s in said if matters.family(s.claim.about) == family]
        for group in at_odds.by_scheme(of_family, asked.schemes):
            conflict = _conflict(group, asked, today, number)
            if conflict is not None:
                found.append(conflict)
                break
    return tuple(found)


def _read(
    question: str,
    scheme: Scheme | None,
    region: str | None,
    about: Sequence[str] | None,
    actions: frozenset[str],
) -> _Asked:
    folded = fold(question)
    about = matters.asked(question) if about is None else tuple(about)
    return _Asked(
        about=about,
        schemes=frozenset((scheme,) if scheme else schemes_in(folded)),
        region=region,
        months=at_odds.break_in(folded, next(iter(lengths_in(folded)), None)),
        actions=aimed_at(actions_in(folded) | actions),
        channels=channels_in(folded),
        years=frozenset(at_odds.YEAR.findall(folded)),
        within=_WITHIN.search(folded) is not None,
        counted=frozenset(a for a in about if matters.counts(a, question)),
    )


def beside(pool: Pool, about: Sequence[str], index: Index) -> list[int]:
    """The numbers of articles that are heard beside the hits' where a question asks ``about``
    matters: the next nearest by passage and by question, then those that speak of the matter, each
    once; none where it asks about none."""
    if not about:
        return []
    numbers = pool.articles_of(pool.near.numbers[:NEAR_PASSAGES]).tolist()
    numbers += pool.questions.numbers[:NEAR_QUESTIONS].tolist()
    speaking = speaking_of(index)
    for matter in (m for m in matters.matters() if m.about in about):
        numbers += speaking[matter.about]
    return list(dict.fromkeys(numbers))


def _articles(hits: Sequence[Hit], dossier: Dossier, beside: Sequence[int]) -> list[Article]:
    """The hits' articles, then those beside them, each once."""
    passages = (passage for hit in hits for passage in (hit.passage, *hit.also))
    found: dict[str, Article] = {}
    for article in (*(p.article for p in passages), *map(dossier.article, beside)):
        if article is not None:
            found.setdefault(article.id, article)
    return list(found.values())


_SPEAKING: WeakKeyDictionary[Index, Mapping[str, list[int]]] = WeakKeyDictionary()


def speaking_of(index: Index) -> Mapping[str, list[int]]:
    """For each matter the articles whose passages hold most of its words: no question is part of it,
    so they are looked up once in each generation, for all matters together."""
    known = _SPEAKING.get(index)
    if known is None:
        known = _SPEAKING[index] = _speaking(index)
    return known


def _speaking(index: Index) -> dict[str, list[int]]:
    every = list(matters.matters())
    found = index.match([Query([Term(w) for w in m.words], k=NEAR_PASSAGES) for m in every])
    numbers = sorted({number for of in found for number in of.words.numbers.tolist()})
    seen = index.passages(numbers, codes=False) if numbers else ()
    owner = {one.number: one.article for one in seen}
    return {
        matter.about: list(dict.fromkeys(owner[n] for n in of.words.numbers.tolist()))
        for matter, of in zip(every, found, strict=True)
    }


def _gather(articles: Sequence[Article], dossier: Dossier, asked: _Asked) -> list[Said]:
    """The claims of the articles on what is asked, in their order."""
    wanted = {matters.family(about) for about in asked.about}
    found: dict[_Key, Said] = {}
    for article in articles:
        for family, key, said in claims_of(article, dossier):
            if family in wanted:
                found.setdefault(key, said)
    return list(found.values())


@kept
def claims_of(article: Article, dossier: Dossier) -> tuple[tuple[str, _Key, Said], ...]:
    """The claims of an article, each with the family of its matter and what tells it from others."""
    passages = dossier.passages(article.id)
    found = []
    for claim in dossier.claims(article.id):
        holding = [p for p in passages if p.start <= claim.start and claim.end <= p.end]
        if holding:
            said = Said(claim, article, holding[0])
            value = claim.normal or claim.value
            key = (said.source, claim.about, value, claim.condition, said.region)
            found.append((matters.family(claim.about), key, said))
    return tuple(found)


def _bears(said: Said, asked: _Asked) -> bool:
    claim = said.claim
    if asked.region and claim.region not in (NATIONAL, asked.region):
        return False
    matter = matters.matter(claim.about)
    if matter is None:
        return False
    if asked.years and said.years and not asked.years & said.years:
        return False
    if claim.about in asked.counted and not any(c.isdigit() for c in claim.value):
        return False
    narrowed = asked.months is not None and not matter.of_break
    if narrowed and not at_odds.holds_after(claim.condition, asked.months or 0.0):
        return False
    if matter.per_channel and asked.channels and said.passage:
        named = channels_in(fold(" ".join((*said.passage.heading, said.passage.text))))
        if not set(asked.channels) & set(named):
            return False
    if matter.per_action:
        done = said.actions  # who moves from one scheme to another does not ask how to stop
        return bool(asked.actions & done) and (bool(asked.actions & STOPS) or not done & STOPS)
    return True


def _conflict(group: Sequence[Said], asked: _Asked, today: date, number: Number) -> Conflict | None:
    """The conflict among claims on one matter for one scheme, or None where they agree."""
    national = _national(group, asked)
    others = [s for s in group if not s.claim.national]
    shown, kinds = at_odds.disagreeing(others, national)
    if not kinds:
        return None
    claims = tuple(_cited(s, today, number) for s in _varied(shown, asked.within))
    about = next((a for a in asked.about if any(s.claim.about == a for s in shown)), "")
    explained = "" if "at odds" in kinds else "、".join(sorted(kinds))
    rule = _rule(national) if national else ""
    return Conflict(
        about,
        claims,
        _statement(national, number),
        explained,
        rule=rule,
        rule_date=national.date if national else None,
    )


def _rule(national: Said) -> str:
    source = national.claim.source or national.article.source
    return f"{source.name} {national.claim.locator}".strip()


def _national(group: Sequence[Said], asked: _Asked) -> Said | None:
    """What the national rule says: of the very matter asked, else of one compared with it."""
    rules = [s for s in group if s.claim.national]
    for about in asked.about:
        for rule in rules:
            if rule.claim.about == about:
                return rule
    return rules[0] if rules else None


def _varied(said: Sequence[Said], within: bool) -> list[Said]:
    """At most ``MAX_CLAIMS``, each value (or, where a question asks for it, each length up to which
    a break is short) once before any comes after another length of break, and that before any
    comes twice; dated first, newest first."""
    seen: set[tuple[object, str]] = set()
    words: set[tuple[str, str]] = set()
    turns: tuple[list[Said], ...] = ([], [], [])
    for one in said:
        condition = one.claim.condition
        told: tuple[object, str] = (one.values, "")
        under = (one.values, condition or "-")
        if within and condition.startswith("≤"):
            told = ("", condition)
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
    assert passage is not None  # _gather keeps no other
    lead = None if claim.national else claim.lead
    return number(passage, claim.start if lead is None else lead, claim.end)
