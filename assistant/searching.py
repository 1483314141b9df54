"""A question is understood as it stands in its talk, and searched for as a whole and ask by ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.asked_for import is_everyday
from assistant.conversation import Resolved, leaning, resolve
from assistant.ground import Asked
from assistant.legal import CANDIDATES
from assistant.models import Models
from assistant.searched import Searched
from assistant.sought import sought, sought_for
from assistant.types import Answer
from corpus.given import characters
from corpus.mention_roles import anywhere
from corpus.text import fold
from index.found import Found, Search
from index.masking import unnumbered
from index.question import Question
from index.retrieve import Retriever
from index.scope import LOOKED_AT, judge

HITS = 10
"""Hits that an answer looks at and carries."""

SURELY = 0.85
"""Probability from which a further ask that by its own words finds no answer is answered as it stands in its talk: then what was told
before would nearly always do."""


class Searching:
    """The search for one question in one generation."""

    def __init__(self, models: Models, retriever: Retriever) -> None:
        self._models = models
        self._retriever = retriever

    def searched(self, asked: Asked, history: Sequence[Answer]) -> Searched:
        """What was found for a question as it stands in its talk, and whether that answers it."""
        turn = self._read(unnumbered(asked.text))
        held: list[frozenset[str]] = []  # asked of the index once, and only where it is wanted

        def known(word: str) -> bool:
            if not held:
                held.append(self._retriever.known(turn.words))
            return word in held[0] or is_everyday(word)

        rewrite = self._models.judge.rewrite
        resolved = resolve(
            turn, history, reads=self._read, known=known, today=asked.today, rewrite=rewrite
        )
        heard = self._generally(self._search(asked, resolved), asked, resolved)
        if resolved.focus and not heard.main.answered:
            whole = self._search(asked, replace(resolved, focus=None))
            if whole.main.judgement.probability >= SURELY:
                return whole
        if heard.main.answered or resolved.follow_up:
            return heard
        again = leaning(turn, history, reads=self._read, today=asked.today, rewrite=rewrite)
        if again is not None:
            further = self._search(asked, again)
            if further.main.answered and self._told(turn, further.main.found):
                return further
        return heard

    def _read(self, text: str) -> Question:
        return self._retriever.placed(self._models.read(text))

    def _search(self, asked: Asked, resolved: Resolved) -> Searched:
        context = resolved.context

        def search(focus: str | None) -> Search:
            return Search(
                resolved.text,
                k=HITS,
                scheme=asked.scheme,
                region=asked.region,
                prefer=asked.scheme or context.scheme,
                place=asked.region or context.region,
                focus=focus,
                laws=CANDIDATES,
            )

        searches = [search(resolved.focus), *(search(ask.text) for ask in resolved.parts)]
        whole, *parts = (
            (found, judge(found, self._retriever, today=asked.today))
            for found in self._retriever.find_all(searches, prepare=self._models.prepare)
        )
        return Searched(
            replace(asked, understood=characters(resolved.text), context=context),
            sought(*whole),
            tuple(
                (ask, sought_for(ask, *part))
                for ask, part in zip(resolved.parts, parts, strict=True)
            ),
        )

    def _generally(self, heard: Searched, asked: Asked, resolved: Resolved) -> Searched:
        """What was found; where that answers nothing and nothing is said of the place, what is found without its name: what
        holds everywhere."""
        if heard.main.answered or not heard.main.found.missing_place:
            return heard

        def without(text: str) -> str:
            return anywhere(fold(text))

        again = replace(
            resolved,
            text=without(resolved.text),
            parts=tuple(replace(ask, text=without(ask.text)) for ask in resolved.parts),
            focus=resolved.focus and without(resolved.focus),
        )
        general = self._search(asked, again)
        return replace(general, asked=heard.asked) if general.main.answered else heard

    def _told(self, turn: Question, found: Found) -> bool:
        """Whether most of a turn's own words are in the first hits, or are such as people use here:
        the talk alone would always find."""
        texts = "".join(found.text_of(hit) for hit in found.hits[:LOOKED_AT])
        groups = [(word, *self._models.words.synonyms(word)) for word in turn.words]
        held = sum(any(word in texts or is_everyday(word) for word in same) for same in groups)
        return 2 * held >= len(groups)
