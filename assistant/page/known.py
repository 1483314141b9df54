"""What was understood of the asker's case, as it stands over an answer."""

from __future__ import annotations

from markupsafe import Markup

from assistant.page import words
from assistant.page.pieces import NOTHING, join
from assistant.types import Answer
from corpus.types import NATIONAL


def case(answer: Answer) -> list[tuple[str, str]]:
    """What is known of the asker's case: the name of each part (``talks.PARTS``) and its words."""
    known = answer.context
    labels: list[tuple[str, str]] = []
    if known.scheme:
        labels.append(("scheme", words.SCHEMES.get(known.scheme, known.scheme)))
    if known.region and known.region != NATIONAL:
        labels.append(("region", known.region))
    if known.months is not None:
        labels.append(("months", words.MONTHS.format(f"{known.months:g}")))
    if known.online is not None:
        labels.append(("online", words.ONLINE if known.online else words.OFFLINE))
    return labels


def chips(answer: Answer) -> Markup:
    """The asker's case; each part is a button that drops it."""
    labels = case(answer)
    resolved = answer.understood.strip()
    note = (
        Markup('<p class="resolved">{}：{}</p>').format(words.UNDERSTOOD_AS, resolved)
        if resolved and resolved != answer.question.strip()
        else NOTHING
    )
    if not labels and not note:
        return NOTHING
    buttons = join(
        Markup(
            '<li><button type="button" class="chip" data-drop="{}" aria-label="{}">{}'
            '<span class="x" aria-hidden="true">×</span></button></li>'
        ).format(key, words.DROP.format(label), label)
        for key, label in labels
    )
    row = (
        Markup('<ul class="chips" aria-label="{}">{}</ul>').format(words.UNDERSTOOD, buttons)
        if labels
        else NOTHING
    )
    return Markup('<div class="block known">{}{}</div>').format(note, row)
