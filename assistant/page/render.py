"""An Answer as HTML, block by block. Nothing here decides what to say; it only sets it on the page.

Every word that comes from a person, a source or the assistant passes through ``markupsafe``, which
escapes it. ``Markup`` literals in this file and in those that it puts together are the only HTML that
reaches the conversation.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.citing import (
    Reference,
    by_line,
    references,
    steps_with_marks,
    support_lines,
    tier_of,
    titles_of,
    words_of,
)
from assistant.page import words
from assistant.page.dial import doorway
from assistant.page.differing import at_odds
from assistant.page.known import chips
from assistant.page.pieces import NOTHING, day, join, marks, said, section
from assistant.talk import asks_for_a_person
from assistant.types import (
    Answer,
    Citation,
    LegalBasis,
    Procedure,
    Statement,
    Step,
)

_SECTIONS = ("", words.SUMMARY, words.STEPS)


def blocks(answer: Answer, turn: str) -> tuple[Markup, ...]:
    """The answer's sections in reading order, empty ones left out.

    ``turn`` is the turn's key; a citation's address is ``#p<turn>-<number>``, a statute's
    ``#p<turn>-l<place in the list>``.
    """
    parts = (
        chips(answer),
        _summary(answer, turn),
        doorway() if asks_for_a_person(answer) else NOTHING,
        at_odds(answer.conflicts, turn),
        _procedures(answer.procedures, turn),
        _list(
            words.MATERIALS, "materials", answer.materials, turn, over=_drawn_from(answer.materials)
        ),
        _list(words.PLACES, "places", answer.places, turn, over=_drawn_from(answer.places)),
        _list(words.TIMES, "times", answer.times, turn, over=_drawn_from(answer.times)),
        _legal(answer.legal_basis, turn),
        _list(words.CAUTIONS, "cautions", answer.cautions, turn, over=NOTHING),
        _sources(answer, turn),
        _replies(words.CLARIFY, "options", answer.options),
        _replies(words.NEAREST, "nearest", answer.nearest),
        _replies(words.FOLLOW_UPS, "follow-ups", answer.follow_ups),
    )
    return tuple(part for part in parts if part)


def _summary(answer: Answer, turn: str) -> Markup:
    if not answer.summary:
        return NOTHING
    heads = answer.headings
    lines = join(
        (Markup("<h4>{}</h4>").format(heads[n]) if n in heads else NOTHING)
        + Markup("<p>{}</p>").format(said(statement, turn))
        for n, statement in enumerate(answer.summary)
    )
    if answer.status == "refused":
        return Markup('<section class="block refused">{}</section>').format(lines)
    return section("summary", words.SUMMARY, lines)


def _list(
    title: str, kind: str, statements: Sequence[Statement], turn: str, *, over: Markup
) -> Markup:
    if not statements:
        return NOTHING
    items = join(Markup("<li>{}</li>").format(said(s, turn)) for s in statements)
    return section(kind, title, over + Markup("<ul>{}</ul>").format(items))


def _drawn_from(of: Sequence[Statement] | Sequence[Step], *, under: str = "") -> Markup:
    """Over a list: the article that it is from, and the heading that it stands under there."""
    titles = titles_of(citation for one in of for citation in one.citations)
    told = " · ".join(dict.fromkeys(part for part in (titles, under) if part))
    return Markup('<p class="for">{}</p>').format(told) if told else NOTHING


def _procedures(procedures: Sequence[Procedure], turn: str) -> Markup:
    if not procedures:
        return NOTHING
    return section("steps", words.STEPS, join(_procedure(p, turn) for p in procedures))


def _procedure(procedure: Procedure, turn: str) -> Markup:
    where = [procedure.channel]
    if procedure.scheme:
        where.append(words.SCHEMES.get(procedure.scheme, procedure.scheme))
    if procedure.place:
        where.append(procedure.place)
    head = Markup('<h4><span class="channel">{}</span> <span class="where">{}</span></h4>').format(
        where[0], " · ".join(where[1:])
    )
    # a heading that only names the channel again, or a section, says nothing more
    adds = procedure.channel not in procedure.title and procedure.title not in _SECTIONS
    about = _drawn_from(procedure.steps, under=procedure.title if adds else "")
    steps = join(
        Markup("<li>{}{}</li>").format(text, marks(cited, turn))
        for text, cited in steps_with_marks(procedure)
    )
    cut = (
        Markup('<p class="cut">{}</p>').format(words.TRUNCATED.format(len(procedure.steps)))
        if procedure.truncated
        else NOTHING
    )
    return Markup('<div class="procedure">{}{}<ol>{}</ol>{}</div>').format(head, about, steps, cut)


def state_tag(basis: LegalBasis) -> Markup:
    """A law's state on the day asked, in words and in colour."""
    label = words.STATES.get(basis.state, basis.state)
    if basis.state == "not yet in force":
        label = label.format(day(basis.effective)) if basis.effective else words.STATE_SOON
    return Markup('<span class="tag {}">{}</span>').format(basis.state.replace(" ", "-"), label)


def _legal(legal: Sequence[LegalBasis], turn: str) -> Markup:
    if not legal:
        return NOTHING
    laws = join(_law(basis, turn, place) for place, basis in enumerate(legal, start=1))
    return section("legal", words.LEGAL, laws)


def _law(basis: LegalBasis, turn: str, place: int) -> Markup:
    name = f"《{basis.law}》{basis.article_no}"
    link = (
        Markup('<a class="cite statute" href="#p{}-l{}" data-n="l{}">{}</a>').format(
            turn, place, place, name
        )
        if basis.passage is not None
        else Markup("<span>{}</span>").format(name)
    )
    text = Markup("<blockquote>{}</blockquote>").format(basis.text) if basis.text else NOTHING
    return Markup('<div class="law"><h4>{} {}</h4>{}</div>').format(link, state_tag(basis), text)


def _sources(answer: Answer, turn: str) -> Markup:
    if not answer.citations:
        return NOTHING
    entries = references(answer)
    items = join(_reference(entry, turn) for entry in entries)
    return Markup(
        '<details class="block sources"><summary>{}（{}）</summary><ol>{}</ol></details>'
    ).format(words.SOURCES, len(entries), items)


def _reference(entry: Reference, turn: str) -> Markup:
    """An article, and under it what is cited of it; under words of ours what they rest on."""
    first = entry.first
    tags = [tier_of(first)] if first.kind == "quotation" else []
    tags += [words.EXCERPT] if first.excerpt else []
    tags += [words.READ_OFF] if entry.article.read_by else []
    return Markup(
        '<li class="{}"><a class="cite title" href="#p{}-{}" data-n="{}">{}</a>'
        '<span class="from">{} · {}</span>{}<ul class="cited">{}</ul></li>'
    ).format(
        first.kind,
        turn,
        first.number,
        first.number,
        first.title,
        by_line(first),
        first.region,
        join(Markup('<span class="tag excerpt">{}</span>').format(tag) for tag in tags),
        join(_cited(run, turn) for run in entry.runs),
    )


def _cited(run: Sequence[Citation], turn: str) -> Markup:
    said = join(Markup("{} {} ").format(marks((c,), turn), words_of(c)) for c in run)
    return Markup("<li>{}{}</li>").format(said, rests(run[0]))


def rests(citation: Citation) -> Markup:
    """What words of ours rest on, a line a source; nothing for a quotation."""
    lines = support_lines(citation)
    if not lines:
        return NOTHING
    return Markup('<ul class="rests" aria-label="{}">{}</ul>').format(
        words.RESTS_ON, join(Markup("<li>{}</li>").format(line) for line in lines)
    )


def _replies(title: str, kind: str, replies: Sequence[str]) -> Markup:
    if not replies:
        return NOTHING
    buttons = join(
        Markup('<li><button type="button" class="reply" data-ask="{}">{}</button></li>').format(
            reply, reply
        )
        for reply in replies
    )
    return Markup('<div class="block replies {}"><h3>{}</h3><ul>{}</ul></div>').format(
        kind, title, buttons
    )
