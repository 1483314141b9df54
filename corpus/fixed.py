"""Questions whose answer is fixed: an own article names the question and the sentences that answer.

    fixed:
      - question: 断缴两个月怎么补
        says: [中断不满三个月的，可以补缴。]

The question is one of the article's own, and each sentence stands in its text: so a fixed answer is
made of quotes like any other, and one whose sentence is edited away is a slip of the article's form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.supports import Marked, read_marks
from corpus.text import Span, fold, normalise
from corpus.types import Fixed

MOST = 5
"""Sentences of a fixed answer: it is the short answer, the rest of the article stands below it."""


def question_key(question: str) -> str:
    """What two spellings of one question share: letters and digits, folded.

    >>> question_key("断缴两个月，怎么补？") == question_key("断缴两个月怎么补")
    True
    """
    return "".join(c for c in fold(question) if c.isalnum())


def fixed_of(fields: Mapping[str, Any], marked: Marked) -> tuple[Fixed, ...]:
    """What the front matter fixes, of an article whose form was looked at."""
    at = _sentences(marked)
    return tuple(
        Fixed(item["question"].strip(), tuple(at[_plain(said)] for said in item["says"]))
        for item in fields.get("fixed", ())
    )


def fixed_problems(fields: Mapping[str, Any], body: str) -> Iterator[tuple[str, str]]:
    """What is wrong with ``fixed``, and what would mend it."""
    items = fields.get("fixed", [])
    if not isinstance(items, list):
        yield "`fixed` is not a list", "write one item a line after `- `"
        return
    at = _sentences(read_marks(body))
    asked = fields.get("questions")
    own = {
        question_key(question)
        for question in (fields.get("title"), *(asked if isinstance(asked, list) else ()))
        if isinstance(question, str)
    }
    seen: set[str] = set()
    for item in items:
        question, says = (
            (item.get("question"), item.get("says")) if isinstance(item, dict) else (None, None)
        )
        if not isinstance(question, str) or not isinstance(says, list) or set(item) > _KEYS:
            yield f"`fixed` holds {item!r}", "write question: … and says: [a sentence, …]"
            continue
        if question_key(question) not in own:
            yield f"{question} is fixed and not asked here", "add it to `questions`"
        if question_key(question) in seen:
            yield f"{question} is fixed twice", "keep one"
        seen.add(question_key(question))
        if not 1 <= len(says) <= MOST:
            what = f"the fixed answer to {question} has {len(says)} sentences"
            yield what, f"name 1 to {MOST}"
        for said in says:
            if not isinstance(said, str) or _plain(said) not in at:
                yield f"「{said}」 is no sentence of this article", "copy a whole sentence of it"


_KEYS = {"question", "says"}


def _sentences(marked: Marked) -> dict[str, Span]:
    """The first span of each sentence, by its words."""
    found: dict[str, Span] = {}
    for start, end in marked.sentences():
        found.setdefault(marked.text[start:end], (start, end))
    return found


def _plain(said: str) -> str:
    return normalise(said).strip()
