"""The true transcripts. They live on the server; a browser only names a talk and its questions.

Nothing that a browser sends can become an answer: where a talk is no longer known (nobody went on
with it for hours), its questions are asked again. What other processes know of is in
``shared_talks``.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field, replace

from assistant.types import Answer, Context

PARTS = ("scheme", "region", "months", "online")
"""The parts of a ``Context`` that a reader can take away."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said in one turn: the question, and what they took back of what was known."""

    question: str
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer. ``key`` is unique in its talk and never used twice."""

    key: str
    said: Said
    answer: Answer


@dataclass(slots=True)
class Talk:
    """Turns in order. ``made`` counts the turns ever made, so that keys stay unique. ``unseen``
    turns at the beginning belong to whoever shared the talk: they are known, and never shown.
    ``version`` counts how often it was kept, in whichever process; ``gone`` are the keys of turns
    that were taken back."""

    id: str
    turns: list[Turn] = field(default_factory=list)
    made: int = 0
    unseen: int = 0
    version: int = 0
    gone: tuple[str, ...] = ()

    @property
    def shown(self) -> list[Turn]:
        return self.turns[self.unseen :]

    def turn(self, key: str) -> Turn | None:
        return next((t for t in self.shown if t.key == key), None)

    def add(self, said: Said, answer: Answer) -> Turn:
        self.made += 1
        turn = Turn(str(self.made), said, answer)
        self.turns.append(turn)
        return turn

    def take_back(self, key: str) -> None:
        """Take the turn of that key out, or the last one where none is named. One that is gone
        already takes no other with it: the talk may stand in two tabs."""
        left = [t for t in self.turns if t.key != key] if key else self.turns[:-1]
        self.gone += tuple(t.key for t in self.turns if t not in left)
        self.turns = left

    def history(self, dropped: tuple[str, ...] = ()) -> tuple[Answer, ...]:
        """Earlier answers, oldest first, without what was taken back."""
        return tuple(without(t.answer, dropped) for t in self.turns)


def without(answer: Answer, dropped: tuple[str, ...]) -> Answer:
    """The answer, its context without the parts named."""
    if not dropped:
        return answer
    known = answer.context
    return replace(
        answer,
        context=Context(
            scheme=None if "scheme" in dropped else known.scheme,
            region=None if "region" in dropped else known.region,
            months=None if "months" in dropped else known.months,
            online=None if "online" in dropped else known.online,
            topic=known.topic,
        ),
    )


class Talks:
    """Talks by id, the longest unused forgotten first when there are more than ``most`` turns.

    Used from the event loop only, so it needs no lock.
    """

    def __init__(self, *, most: int = 5000) -> None:
        self._most = most
        self._talks: OrderedDict[str, Talk] = OrderedDict()

    def __len__(self) -> int:
        return len(self._talks)

    def get(self, talk_id: str) -> Talk | None:
        talk = self._talks.get(talk_id)
        if talk is not None:
            self._talks.move_to_end(talk_id)
        return talk

    def all(self) -> list[Talk]:
        """Those that are known, the longest unused first."""
        return list(self._talks.values())

    def keep(self, talk: Talk) -> None:
        """Keep a talk that was built aside, and forget old ones where there are too many."""
        self._talks[talk.id] = talk
        self._talks.move_to_end(talk.id)
        total = sum(len(t.turns) for t in self._talks.values())
        while total > self._most and len(self._talks) > 1:
            _, old = self._talks.popitem(last=False)
            total -= len(old.turns)


def new_talk() -> Talk:
    """An empty talk. Its id cannot be guessed (128 bits): who knows it may read the talk."""
    return Talk(secrets.token_urlsafe(16))
