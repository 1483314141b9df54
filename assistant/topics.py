"""What an article claims, by what it claims it of: the claims of one article on one matter are a topic.

What the claims are was drawn when the article was indexed (``corpus.claims``). A claim on something that
no matter names (其他) stands only beside the others of its own article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import at_odds
from assistant.at_odds import Said
from assistant.dossier import Dossier
from corpus.types import Article
from index.kept import kept

OTHER = "其他"
"""What a line of 说法不一 is on where none of the names fits."""


@dataclass(frozen=True, slots=True)
class Topic:
    """``family``: what its claims are compared under; ``said``: they, in the order of the text."""

    article: Article
    family: str
    said: tuple[Said, ...]

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others of its generation."""
        return self.article.id, self.family


@kept
def topics_of(article: Article, dossier: Dossier) -> tuple[Topic, ...]:
    """The topics of an article; what lies in none of its passages is left out."""
    passages = dossier.passages(article.id)
    found: dict[str, list[Said]] = {}
    for claim in dossier.claims(article.id):
        holding = [p for p in passages if p.start <= claim.start and claim.end <= p.end]
        if holding:
            about = claim.about
            family = f"{about} {article.id}" if about == OTHER else about
            found.setdefault(family, []).append(Said(claim, article, holding[0]))
    return tuple(Topic(article, family, _apart(article, said)) for family, said in found.items())


def _apart(article: Article, said: Sequence[Said]) -> tuple[Said, ...]:
    """What our editors set side by side, where no value tells it apart: the sentences themselves do."""
    if not article.own or at_odds.disagreeing(said)[1]:
        return tuple(said)
    return tuple(replace(one, claim=replace(one.claim, normal="")) for one in said)
