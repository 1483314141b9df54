"""What is known of a topic around a question: how near its article lies, for whom its claims are, what
kind of value they give, what the question wants, and how like it is to those that ask for the matter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assistant.asked_for import Weights
from assistant.dossier import Dossier
from assistant.sought import Sought
from assistant.topics import Topic, topics_of
from corpus.quantities import quantities
from corpus.text import fold
from corpus.types import Article, Scheme
from index.kept import kept
from index.question import Question
from index.segments import WANTS

FAR, UNJUDGED, BEHIND = 0.4, -5.0, 12
"""Of an article of which a search brought nothing: how near, how well it answers, which hit it is."""
_EMPLOYED = frozenset[Scheme]({"职工", "灵活就业"})
_KINDS = ("length", "date", "sum", "share")
_UNITS = {"天": "length", "个月": "length", "年": "length", "周": "length", "个工作日": "length",
          "日": "date", "月": "date", "元": "sum", "%": "share"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Near:
    """How near an article comes to a question: the best of its ways to ask, their mean, its passages."""

    asked: float
    mean: float
    said: float


NOWHERE = Near(FAR, FAR, FAR)


@dataclass(frozen=True, slots=True)
class Around:
    """``near``: by number of article; ``rank`` and ``answers``: by its id, of its best hit."""

    question: Question
    probability: float
    near: Mapping[int, Near]
    rank: Mapping[str, int]
    answers: Mapping[str, float]
    wants: tuple[float, ...]
    asked_for: Weights

    @classmethod
    def of(cls, sought: Sought, asked_for: Weights) -> Around:
        found, judgement = sought.found, sought.judgement
        rank: dict[str, int] = {}
        for place, hit in enumerate(found.hits):
            for passage in (hit.passage, *hit.also):
                rank.setdefault(passage.article.id, place)
        answers: dict[str, float] = {}
        for one in judgement.judged:
            article = one.passage.article.id
            answers[article] = max(one.answers, answers.get(article, one.answers))
        asked = found.question.asked_for
        wants = tuple(float(want in asked) for want in WANTS)
        return cls(
            found.question, judgement.probability, _near(sought), rank, answers, wants, asked_for
        )

    def signs(self, topic: Topic, dossier: Dossier) -> list[float]:
        """Of one topic, each about between -1 and 2."""
        article = topic.article
        entry = dossier.entry(article.id)
        near = self.near.get(entry.number, NOWHERE) if entry else NOWHERE
        first = max((n.asked for n in self.near.values()), default=0.0)
        nearest = max((n.said for n in self.near.values()), default=0.0)
        rank = self.rank.get(article.id, BEHIND)
        answers = self.answers.get(article.id, UNJUDGED)
        best = max(self.answers.values(), default=UNJUDGED)
        return [
            *(4 * near.asked, 4 * near.mean, 4 * near.said),
            *(8 * (near.asked - first), 8 * (near.said - nearest)),
            *(1 / (1 + rank), float(rank == 0), float(rank < 3)),
            *(answers / 4, (answers - best) / 4, best / 4, self.probability),
            *_for_whom(topic, frozenset(self.question.schemes)),
            *_for_whom(topic, frozenset(self.question.hinted)),
            math.log(len(self.question.text) or 1) / 3,
            len(topic.said) / 4,
            float(bool(self.question.lengths)),
            *_kinds(article, dossier)[topic.family],
            *self.wants,
            *self._asks_for(topic),
        ]

    def _asks_for(self, topic: Topic) -> tuple[float, ...]:
        """How likely the matter of a topic is what is asked for; 0 where it has no name."""
        families, nothing = self.asked_for.families, self.asked_for.nothing
        own = families.get(topic.family, 0.0)
        most = max(families.values())
        likelier = 2 * (own - most), 2 * (own - nothing)
        return 2 * nothing, 3 * own, 2 * most, *likelier, float(topic.family in families)


def _near(sought: Sought) -> dict[int, Near]:
    """By number of article, of all that a search brought."""
    pool = sought.found.pool
    mean = np.where(np.isnan(pool.asked[:, 1]), pool.asked[:, 0] - 0.05, pool.asked[:, 1])
    found: dict[int, Near] = {}
    columns = (pool.articles, pool.asked[:, 0], mean, pool.cosines)
    for article, asked, each, said in zip(*(c.tolist() for c in columns), strict=True):
        before = found.get(article)
        found[article] = Near(asked, each, max(said, before.said if before else said))
    return found


def _for_whom(topic: Topic, schemes: frozenset[Scheme]) -> tuple[float, float]:
    """Whether its claims are for those schemes, and whether they are for others alone."""
    claimed = {said.claim.scheme for said in topic.said} - {None}
    if not schemes or not claimed:
        return 0.0, 0.0
    wide = schemes | _EMPLOYED if schemes & _EMPLOYED else schemes
    return float(bool(wide & claimed)), float(not wide & claimed)


@kept
def _kinds(article: Article, dossier: Dossier) -> Mapping[str, tuple[float, ...]]:
    """Of each topic which kinds of value its claims give; the last where they give none."""
    return {topic.family: _kinds_of(topic) for topic in topics_of(article, dossier)}


def _kinds_of(topic: Topic) -> tuple[float, ...]:
    text = topic.article.text
    told = (fold(text[s.claim.start : s.claim.end]) for s in topic.said)
    units = {q.normals[0].lstrip("0123456789.") for one in told for q in quantities(one)}
    kinds = {_UNITS.get(unit) for unit in units}
    given = tuple(float(kind in kinds) for kind in _KINDS)
    return *given, float(not any(given))
