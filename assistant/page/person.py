"""What stands in the panel 转人工: whom to call, where to go, and the slip to take along."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant import phrases
from assistant.page import words
from assistant.page.dial import dialled
from assistant.page.office import Office
from assistant.page.slip import Slip, slip_html

_JOIN = Markup("").join


def person_html(place: str | None, found: Sequence[Office], slip: Slip | None) -> Markup:
    """The panel. ``place``: where the asker is insured, as far as the talk says so."""
    lines = _JOIN(Markup("<p>{}</p>").format(dialled(line)) for line in words.HOTLINES)
    return Markup("<h3>{}</h3>{}<h3>{}</h3>{}<h3>{}</h3>{}").format(
        words.BY_PHONE, lines, words.AT_COUNTER, _offices(place, found), words.SLIP, _slip(slip)
    )


def _offices(place: str | None, found: Sequence[Office]) -> Markup:
    if not place:
        return Markup("<p>{}</p>").format(words.SAY_PLACE)
    if not found:
        return Markup("<p>{}</p>").format(dialled(words.NO_OFFICE.format(place)))
    items = _JOIN(map(_office, found))
    return Markup("<p>{}</p><ul>{}</ul>").format(words.OFFICES.format(place), items)


def _office(office: Office) -> Markup:
    """Words of ours stand as they are, those of others in their marks."""
    article = office.article
    text = office.text if article.own else f"「{office.text}」"
    who = phrases.EDITORIAL if article.own else article.author or words.UNSIGNED
    day = article.checked if article.own else article.source.published
    about = f"《{article.title}》 · {who} · {day.isoformat() if day else words.UNDATED}"
    return Markup('<li>{}<span class="from">{}</span></li>').format(text, about)


def _slip(slip: Slip | None) -> Markup:
    if slip is None:
        return Markup("<p>{}</p>").format(words.NO_SLIP)
    buttons = _JOIN(
        Markup('<button type="button" class="tool strong" data-do="{}">{}</button>').format(*what)
        for what in (("print-slip", words.SLIP_PRINT), ("word-slip", words.SLIP_WORD))
    )
    return Markup('<p>{}</p><div class="slip-tools">{}</div>{}').format(
        words.SLIP_HINT, buttons, slip_html(slip)
    )
