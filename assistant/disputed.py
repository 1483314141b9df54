"""Which of the topics that articles make claims on bear on a question: one learned judgement.

A topic bears where its claims answer the very thing asked, for the scheme and the case of the question, so
that who heard only one side would be misled. What the judge of passages (``index.judgement``) makes of the
question beside the topic's own sentences, and a few signs around it, go into a small network; nothing in it
is the name of a matter or of an article. Of the few topics that it holds likeliest the sentences are read beside the
question (``index.cross_encoder``). ``training/disputes.py`` taught it (``data/DISPUTED_CARD.md``).

It belongs to the bundled model: with another the topics of the article that answers are all there is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from assistant.asked_for import AskedFor
from assistant.dossier import Dossier
from assistant.signs import Around
from assistant.sought import Sought
from assistant.topics import Topic, topics_of
from corpus.types import Article
from index.found import Found
from index.judgement import Lines, TokenSpans, lines_of, seen_in
from index.line_odds import Reads
from index.retrieve import Retriever
from index.types import Index

FILE = Path(__file__).resolve().parent / "data" / "disputed.npz"
NEAR_PASSAGES, NEAR_QUESTIONS = 30, 20
"""How many are looked at beside the hits: an article that disagrees seldom answers best."""
LOOKED_AT, MOST = 40, 12
"""Topics of the nearest articles, and those of them that are weighed: the likeliest to be asked for."""
KEPT = 2_000
"""Topics whose tokens are kept, some 8 KB each."""
BEARS = 0.2
"""Log odds from which a topic bears on the question, chosen on ``conflicts_b`` to ``_f`` (``python -m benchmarks.disputes``) and
so that our own articles invent no more than one of twenty."""
BESIDE = -2.25
"""… and from which one is set beside a topic of the same matter that does."""
READ, SENTENCES, WORTH_READING = 3, 3, -2.5
"""Topics of which sentences are read beside the question: so many of those with such log odds or more, so many sentences each."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """A network of one hidden layer: ``first`` (signs, hidden), ``second`` (hidden,); and what its log odds weigh beside
    those of the likeliest sentence, ``read``: (4,) of both, of none having been read, and of nothing."""

    first: Matrix
    first_bias: Matrix
    second: Matrix
    second_bias: float
    read: Matrix

    @classmethod
    def open(cls, file: Path = FILE) -> Head:
        """The shipped one."""
        with np.load(file, allow_pickle=False) as held:
            first, first_bias, second, read = (
                held[name].astype(np.float32) for name in ("first", "first_bias", "second", "read")
            )
            return cls(first, first_bias, second, float(held["second_bias"]), read)

    def odds(self, signs: Matrix) -> list[float]:
        """The log odds of each row, (n, signs)."""
        hidden = np.maximum(signs @ self.first + self.first_bias, 0)
        found: list[float] = (hidden @ self.second + self.second_bias).tolist()
        return found

    def with_read(self, odds: Sequence[float], read: Sequence[float | None]) -> list[float]:
        """The log odds of topics from the network's and those of the likeliest sentence of each, None where none was
        read."""
        own, said, unread, bias = self.read.tolist()
        return [
            own * one + bias + (unread if best is None else said * best)
            for one, best in zip(odds, read, strict=True)
        ]


@lru_cache(maxsize=1)
def head() -> Head:
    """The shipped one, read once (it never changes)."""
    return Head.open()


def near(found: Found) -> list[int]:
    """The numbers of the articles that are looked at beside the hits', the nearest first."""
    pool = found.pool
    asked = pool.questions.numbers[:NEAR_QUESTIONS].tolist()
    said = pool.articles_of(pool.near.numbers[:NEAR_PASSAGES]).tolist()
    turns = max(len(asked), len(said))
    both = (of[n] for n in range(turns) for of in (asked, said) if n < len(of))
    return list(dict.fromkeys(both))


def bearing(
    sought: Sought, asked_for: AskedFor, dossier: Dossier, retriever: Retriever
) -> tuple[Topic, ...]:
    """The topics that bear on a question, the likeliest first, those after it that only stand beside
    one. ``dossier`` holds the articles of the hits and those ``near``."""
    topics = candidates(sought.found, asked_for, dossier)
    weighed = sorted(
        zip(weigh(sought, topics, asked_for, dossier, retriever), topics, strict=True),
        key=lambda x: -x[0],
    )
    families = {topic.family for odds, topic in weighed if odds >= BEARS}
    return tuple(t for odds, t in weighed if odds >= BESIDE and t.family in families)


def candidates(found: Found, asked_for: AskedFor, dossier: Dossier) -> list[Topic]:
    """The topics that are weighed, those of the nearest articles first where they are as likely."""
    passages = (passage for hit in found.hits for passage in (hit.passage, *hit.also))
    articles: dict[str, Article] = {}
    for article in (*(p.article for p in passages), *map(dossier.article, near(found))):
        if article is not None:
            articles.setdefault(article.id, article)
    every = (topic for article in articles.values() for topic in topics_of(article, dossier))
    families = asked_for.weigh(found.question.text, found.vector).families
    close = list(islice(every, LOOKED_AT))
    return sorted(close, key=lambda topic: -families.get(topic.family, 0.0))[:MOST]


def weigh(
    sought: Sought,
    topics: Sequence[Topic],
    asked_for: AskedFor,
    dossier: Dossier,
    retriever: Retriever,
) -> list[float]:
    """The log odds that each topic bears on the question."""
    if not topics:
        return []
    if (rows := signs(sought, topics, asked_for, dossier, retriever)) is None:
        first = sought.found.hits[0].passage.article.id
        return [math.inf if topic.article.id == first else -math.inf for topic in topics]
    odds = head().odds(rows)
    return head().with_read(odds, likeliest_said(topics, worth_reading(odds), sought.lines))


def worth_reading(odds: Sequence[float]) -> list[int]:
    """Which topics have sentences read, by the network's log odds of each."""
    order = sorted(range(len(odds)), key=lambda n: -odds[n])
    return [n for n in order[:READ] if odds[n] >= WORTH_READING]


def likeliest_said(
    topics: Sequence[Topic], chosen: Sequence[int], lines: Reads
) -> list[float | None]:
    """Of each topic the log odds that the likeliest of its first sentences answers; None of those that are not
    ``chosen``."""
    found: list[float | None] = [None] * len(topics)
    for n in chosen:
        places = {
            s.claim.start: (s.passage, s.claim.start, s.claim.end)
            for s in topics[n].said
            if s.passage
        }
        read = lines.read(list(islice(places.values(), SENTENCES)))
        found[n] = max(read, default=None)
    return found


def signs(
    sought: Sought,
    topics: Sequence[Topic],
    asked_for: AskedFor,
    dossier: Dossier,
    retriever: Retriever,
) -> Matrix | None:
    """(n, signs) of each topic; None where there are no tokens to judge by."""
    tokens, encoder = sought.found.tokens, retriever.encoder
    if tokens is None or not isinstance(encoder, TokenSpans):
        return None
    lines = _lines(topics, dossier, retriever, encoder)
    if lines is None:
        return None
    found = sought.found
    around = Around.of(sought, asked_for.weigh(found.question.text, found.vector))
    rows = np.array([around.signs(topic, dossier) for topic in topics], np.float32)
    return np.concatenate([seen_in(tokens, lines), rows], axis=1)


_LINES: WeakKeyDictionary[Index, dict[tuple[str, str], Lines]] = WeakKeyDictionary()


def _lines(
    topics: Sequence[Topic], dossier: Dossier, retriever: Retriever, encoder: TokenSpans
) -> list[Lines] | None:
    """The sentences of each topic with their tokens; None where there are none. Those of a topic that was
    not met before are asked of the index, all in one call, and kept as long as its generation."""
    known = _LINES.setdefault(retriever.index, {})
    if len(known) > KEPT:
        known.clear()
    new = [topic for topic in topics if topic.key not in known]
    numbers = {
        seen.passage.id: seen.number
        for topic in new
        for seen in dossier.entry(topic.article.id).passages  # type: ignore[union-attr]  # it is there
    }
    wanted = dict.fromkeys(numbers[s.passage.id] for t in new for s in t.said if s.passage)
    seen = retriever.index.passages(list(wanted)) if wanted else ()
    codes = {one.passage.id: one.codes for one in seen if one.codes is not None}
    if len(codes) < len(wanted):
        return None
    for topic in new:
        held = {(s.claim.start, s.claim.end): s.passage for s in topic.said if s.passage}
        passages = list(held.values())
        known[topic.key] = lines_of(passages, [codes[p.id] for p in passages], list(held), encoder)
    return [known[topic.key] for topic in topics]
