"""What answers change before a refresh is made current: old and new side by side.

Asked are the saved check questions, the questions of the very article, and those that readers asked
most among the ones that are kept (unanswered and rated). Answers are reduced to what an editor
compares, because those of a trial go with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from assistant.page import words as page_words
from assistant.page.admin import desk_words as words
from assistant.page.pieces import join
from assistant.types import Answer
from corpus.fixed import question_key
from index.checks import read_checks
from index.feedback import Entry

FIRST = 3
"""Statements of the short answer that are compared."""
MOST_ASKED = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """What is compared of one answer, each as its reader sees it."""

    status: str
    says: tuple[str, ...]
    cites: tuple[str, ...]
    laws: tuple[str, ...]

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """In the order of ``desk_words.SHOWN_HEADS``."""
        return ((self.status,), self.says, self.cites, self.laws)


def shown(answer: Answer) -> Shown:
    """Status, first statements, cited articles, laws."""
    cited = (f"《{c.title}》{c.publisher}" for c in answer.citations)
    return Shown(
        page_words.STATUSES[answer.status],
        tuple(s.text for s in answer.summary[:FIRST]),
        tuple(dict.fromkeys(cited)),
        tuple(f"{b.law}{b.article_no}" for b in answer.legal_basis),
    )


def questions(entries: Iterable[Entry], further: Sequence[str] = ()) -> tuple[str, ...]:
    """What is asked: ``further`` first, then the saved ones, then those that were asked most."""
    asked = Counter(entry.question for entry in entries)
    most = [q for q, _ in sorted(asked.items(), key=lambda one: (-one[1], one[0]))[:MOST_ASKED]]
    found: dict[str, str] = {}
    for question in (*further, *read_checks(), *most):
        if key := question_key(question):
            found.setdefault(key, question)
    return tuple(found.values())


def side_by_side(changed: Mapping[str, tuple[Shown, Shown]]) -> Markup:
    """The answers that change, old and new beside each other."""
    if not changed:
        return Markup("<p>{}</p>").format(words.REHEARSE_NONE)
    other = {q: pair for q, pair in changed.items() if pair[0] != pair[1]}
    count = Markup("<p>{}</p>").format(words.REHEARSED.format(len(changed), len(other)))
    return count + join(_pair(question, *pair) for question, pair in other.items())


def told(changed: Mapping[str, tuple[Shown, Shown]]) -> str:
    """The same as text, for a report."""
    if not changed:
        return words.REHEARSE_NONE
    other = {q: pair for q, pair in changed.items() if pair[0] != pair[1]}
    lines = [words.REHEARSED.format(len(changed), len(other))]
    for question, (before, after) in other.items():
        lines.append(f"「{question}」")
        for head, was, now in zip(words.SHOWN_HEADS, before.rows, after.rows, strict=True):
            if was != now:
                lines.append(f"  {head}：{'；'.join(was) or '–'} → {'；'.join(now) or '–'}")
    return "\n".join(lines)


def _pair(question: str, before: Shown, after: Shown) -> Markup:
    rows = join(
        Markup('<tr{}><th scope="row">{}</th><td>{}</td><td>{}</td></tr>').format(
            Markup(' class="differs"') if was != now else "", head, _lines(was), _lines(now)
        )
        for head, was, now in zip(words.SHOWN_HEADS, before.rows, after.rows, strict=True)
    )
    return Markup(
        '<table class="pair"><caption>{}</caption><thead><tr><td></td><th scope="col">{}</th>'
        '<th scope="col">{}</th></tr></thead><tbody>{}</tbody></table>'
    ).format(question, words.BEFORE, words.AFTER, rows)


def _lines(said: Sequence[str]) -> Markup:
    return join(Markup("<p>{}</p>").format(line) for line in said) if said else Markup("–")
