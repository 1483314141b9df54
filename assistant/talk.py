"""What a turn is that no article answers: a greeting, thanks, a call for a person, anger, an order,
noise, or a wish to see somebody's record.

Learned from examples (``corpus/data/talk.txt``), like what questions ask for. A turn that is none of
these is a question, whatever it is about.
"""

from __future__ import annotations

import re

from assistant import phrases
from assistant.classifier import NONE, Classifier
from assistant.types import Answer
from index.encoder import Encoder

LIST = "talk"
OTHER = "别的事"
"""A question on another subject: it is searched for, but does not lean on the talk before it."""
PERSON = "转人工"
RECORD = "查记录"
"""What only the record of a person or an office could answer. How to look it up oneself may be in an article."""
LONGEST = 60
"""Characters of a turn that may be talk."""
ENOUGH = 0.4
"""Weight from which a turn is talk, if it also outweighs that of a question."""
OTHERWISE, IN_MID_TALK = 0.5, 0.7
"""… and from which it is a question on another subject or for a record, which costs an answer where it is
neither; in mid-talk what is asked is often short."""
_WORD = re.compile(r"\w")


class Talk:
    """Tells talk from questions, by the vectors of ``encoder``."""

    def __init__(self, encoder: Encoder) -> None:
        self.classifier = Classifier(LIST, encoder.model)
        self._encoder = encoder

    def kind(self, turn: str, *, first: bool) -> str:
        """A key of ``phrases.TALK``, ``OTHER``, or "" for a question; a long turn is one, and is not
        encoded for it. ``first``: nothing was said before."""
        if not _WORD.search(turn):
            return phrases.NOISE
        if len(turn) > LONGEST:
            return ""
        weighed = self.classifier.weigh(turn, self._encoder.encode_queries([turn])[0])
        question = weighed.pop(NONE)
        kind = max(weighed, key=lambda label: weighed[label])
        costs = OTHERWISE if first else IN_MID_TALK
        least = costs if kind in (OTHER, RECORD) else ENOUGH
        return kind if weighed[kind] > max(least, question) else ""


def asks_for_a_person(answer: Answer) -> bool:
    """Whether the turn called for a person."""
    return bool(answer.summary) and answer.summary[0].text == phrases.TALK[PERSON]


def is_talk(answer: Answer) -> bool:
    """Whether an answer is the phrase for a turn that asked nothing: no article is missing for it."""
    return answer.summary[0].text in phrases.TALK.values() if answer.summary else False
