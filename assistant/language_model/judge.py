"""Lets a language model rewrite questions and choose sentences; whatever it gives is checked.

What does not hold is as if it had not come: the judge behind decides, and the log has one line that
says why, without a word of the question. Personal numbers do not leave.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.asks import Ask
from assistant.conversation import Rewritten, core_of, last_answered
from assistant.judges import Judge
from assistant.language_model.client import ChatClient, NoReplyError
from assistant.language_model.own_words import keeps, of_words_given
from assistant.language_model.prompts import MOST_CHOSEN, MOST_PARTS, SELECT, SPLIT
from assistant.phrases import SCHEME_NAMES
from assistant.types import Answer
from corpus.words import Words
from index.masking import mask
from index.question import MAX_LENGTH, Question

log = logging.getLogger(__name__)
TURNS = 4
"""Earlier questions that are told: each holds already what it took from those before it."""
OFFERED = 20
"""Sentences that are offered, the likeliest."""
SENTENCE = 300
"""Characters of each; what a sentence is about stands at its beginning."""
_HIDDEN = re.compile("【[^【】]{1,12}已隐去】")


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Questions(_Form):
    questions: list[str] = Field(min_length=1, max_length=MOST_PARTS)


class _Numbers(_Form):
    numbers: list[int] = Field(min_length=1, max_length=MOST_CHOSEN)


_F = TypeVar("_F", bound=_Form)


class ModelJudge:
    """``behind`` decides where the model gives nothing that can be used."""

    def __init__(self, client: ChatClient, words: Words, behind: Judge) -> None:
        self._client = client
        self._words = words
        self._behind = behind

    def rewrite(self, asked: Question, history: Sequence[Answer]) -> Rewritten:
        """As ``Judge.rewrite``. A turn that leans on nothing keeps its own text and is only split."""
        ours, last = self._behind.rewrite(asked, history), last_answered(history)
        try:
            parts = self._parts(asked, history, last)
        except NoReplyError as error:
            _tell(error)
            return ours
        several = tuple(Ask(part, part) for part in parts) if len(parts) > 1 else ()
        if last is None:
            return Rewritten(ours.text, ours.topic, several)
        text = _joined(parts)
        # the subject of the talk changes where the judge behind changed it
        return Rewritten(text, text if ours.topic == ours.text else ours.topic, several)

    def select(
        self, question: str, sentences: Sequence[str], likeliest: Sequence[int]
    ) -> Sequence[int]:
        """As ``Judge.select``; nothing is asked where there is nothing to choose."""
        offered = sentences[:OFFERED]
        ours = self._behind.select(question, sentences, likeliest)
        if len(offered) < 2:
            return ours
        numbered = {str(n): text[:SENTENCE] for n, text in enumerate(offered, 1)}
        try:
            reply = self._client.complete(
                SELECT, _json({"问题": _sent(question), "句子": numbered})
            )
            numbers = _formed(_Numbers, reply).numbers
            if len(set(numbers)) < len(numbers) or not all(0 < n <= len(offered) for n in numbers):
                raise NoReplyError("numbers that were not offered, or one twice")
        except NoReplyError as error:
            _tell(error)
            return ours
        return [n - 1 for n in numbers]

    def _parts(
        self, asked: Question, history: Sequence[Answer], last: Answer | None
    ) -> tuple[str, ...]:
        """The questions in a turn, each standing by itself, in the user's words."""
        talk = [_sent(a.understood) for a in history if a.status != "refused"][-TURNS:]
        known = _facts(last) if last else {}
        turns = (_sent(asked.text), _sent(asked.folded))  # as typed, and with its slips mended
        told = {"对话": talk, "已知": known, "问题": turns[0]}
        parts = tuple(_formed(_Questions, self._client.complete(SPLIT, _json(told))).questions)
        if len(set(parts)) < len(parts) or not all(map(self._words.keywords, parts)):
            raise NoReplyError("a question without a word, or one twice")
        given = [*turns, *talk, *known.values()]
        if not all(of_words_given(part, given, self._words) for part in parts):
            raise NoReplyError("words that the user did not use")
        whole = _joined(parts)
        if last and not any(keeps(whole, core_of(turn), self._words) for turn in turns):
            raise NoReplyError("a question that lacks words of the user's")
        if last and keeps(turns[0], whole, self._words):
            raise NoReplyError("a turn that leans on the talk, without a word of it")
        if len(whole) > MAX_LENGTH:
            raise NoReplyError(f"questions of more than {MAX_LENGTH} characters")
        return parts


def _joined(parts: Sequence[str]) -> str:
    return "，".join(part.strip(" ？?。") for part in parts)


def _facts(last: Answer) -> dict[str, str]:
    """What is known of the asker's case, by name."""
    scheme, region = last.context.scheme, last.context.region
    facts = {"险种": SCHEME_NAMES[scheme] if scheme else "", "参保地": region or ""}
    return {name: value for name, value in facts.items() if value}


def _sent(text: str) -> str:
    """A text as it may leave: without personal numbers, and without the words that stand for them."""
    return _HIDDEN.sub("", mask(text))


def _json(given: Mapping[str, object]) -> str:
    return json.dumps(given, ensure_ascii=False)


def _formed(form: type[_F], reply: str) -> _F:
    try:
        return form.model_validate_json(reply)
    except ValidationError as error:
        raise NoReplyError("not the form that was asked for") from error


def _tell(error: NoReplyError) -> None:
    if not error.known:
        log.warning("the language model gave nothing to use: %s", error)
