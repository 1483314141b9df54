"""What a turn points back to: a step of the list that was just shown, or an earlier question of the talk.

「第二步呢」 asks nothing that could be searched for: the step stands in the last answer. 「上一个问题要带什么材料」 leans on
the question before the last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import phrases
from assistant.book import CitationBook
from assistant.ground import Asked
from assistant.types import Answer, Procedure, Statement, Step
from corpus.names import channels_in
from corpus.quantities import number
from corpus.text import fold

LONGEST = 16
"""Characters of a turn that may ask for a step of a list."""
_COUNT = r"([一二三四五六七八九十两]{1,3}|\d{1,2})"
_STEP = re.compile(rf"第{_COUNT}步|最后一?步")
_EARLIER = re.compile(
    rf"(?:回到|说回)?(?:(?:上一?|前一|(?:刚才|刚刚|前面|最开始|最早)(?:问?的)?那)个问题|(?:刚才|刚刚|前面)?的?第{_COUNT}个(?:问题|(?=[,，])))的?"
)


def step_again(asked: Asked, history: Sequence[Answer]) -> Answer | None:
    """The step that a turn asks for, of the list that was shown last; None where it asks for none, or nothing was shown."""
    folded = fold(asked.text)
    named = _STEP.search(folded)
    last = next((a for a in reversed(history) if a.procedures), None)
    if not named or last is None or len(folded) > LONGEST:
        return None
    ways = channels_in(folded)
    shown = next((p for p in last.procedures if p.channel in ways), last.procedures[0])
    count = len(shown.steps)
    place = int(number(named[1]) or 0) if named[1] else count
    book = CitationBook()
    said = Statement(phrases.SO_MANY_STEPS.format(n=count))
    if 0 < place <= count:
        step = shown.steps[place - 1]
        quote = step.citations[0].quote
        start = quote.passage.article.text.index(step.text, quote.start)
        cited = book.cite(quote.passage, start, start + len(step.text))
        said = Statement(step.text, (cited,))
    return Answer(
        question=asked.text,
        understood=f"{last.understood}，{asked.text}",
        status="answered",
        summary=(said,),
        procedures=(_cited(shown, book),),
        citations=book.citations,
        hits=last.hits,
        context=last.context,
        today=asked.today,
    )


def earlier(text: str, history: Sequence[Answer]) -> tuple[str, Sequence[Answer]]:
    """A turn without the words that point to an earlier question, and the talk up to that; as they are where it points to none."""
    named = _EARLIER.search(text)
    answered = [n for n, answer in enumerate(history) if answer.status != "refused"]
    if not named or not answered:
        return text, history
    place = int(number(named[1]) or 0) - 1 if named[1] else max(0, len(answered) - 2)
    if not 0 <= place < len(answered):
        return text, history
    rest = text[: named.start()] + text[named.end() :]
    return rest.strip(" ,，、") or text, history[: answered[place] + 1]


def _cited(shown: Procedure, book: CitationBook) -> Procedure:
    """A list of steps, cited in another answer."""

    def again(step: Step) -> Step:
        quotes = [c.quote for c in step.citations]
        return replace(step, citations=tuple(book.cite(q.passage, q.start, q.end) for q in quotes))

    return replace(shown, steps=tuple(map(again, shown.steps)))
