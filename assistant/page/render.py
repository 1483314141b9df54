"""An Answer as HTML, block by block. Nothing here decides what to say; it only sets it on the page.

Every word that comes from a person, a source or the assistant passes through ``markupsafe``, which
escapes it. ``Markup`` literals in this file are the only HTML that reaches the conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import Markup

from assistant.citing import (
    Reference,
    by_line,
    references,
    steps_with_marks,
    support_lines,
    tier_of,
    words_of,
)
from assistant.page import words
from assistant.page.dial import dialled, doorway
from assistant.talk import asks_for_a_person
from assistant.types import (
    Answer,
    Citation,
    ClaimCited,
    Conflict,
    LegalBasis,
    Procedure,
    Statement,
)
from assistant.wording import claim_remarks, rule_line, who_says
from corpus.types import NATIONAL

_NOTHING = Markup("")
_SECTIONS = ("", words.SUMMARY, words.STEPS)


def blocks(answer: Answer, turn: str) -> tuple[Markup, ...]:
    """The answer's sections in reading order, empty ones left out.

    ``turn`` is the turn's key; a citation's address is ``#p<turn>-<number>``, a statute's
    ``#p<turn>-l<place in the list>``.
    """
    parts = (
        chips(answer),
        _summary(answer, turn),
        doorway() if asks_for_a_person(answer) else _NOTHING,
        _conflicts(answer.conflicts, turn),
        _procedures(answer.procedures, turn),
        _list(words.MATERIALS, "materials", answer.materials, turn),
        _list(words.PLACES, "places", answer.places, turn),
        _list(words.TIMES, "times", answer.times, turn),
        _legal(answer.legal_basis, turn),
        _cautions(answer.cautions, turn),
        _sources(answer, turn),
        _replies(words.CLARIFY, "options", answer.options),
        _replies(words.NEAREST, "nearest", answer.nearest),
        _replies(words.FOLLOW_UPS, "follow-ups", answer.follow_ups),
    )
    return tuple(part for part in parts if part)


def join(parts: Iterable[Markup]) -> Markup:
    """Markup after markup, nothing between."""
    return Markup("").join(parts)


def section(kind: str, title: str, body: Markup) -> Markup:
    return Markup('<section class="block {}"><h3>{}</h3>{}</section>').format(kind, title, body)


def day(value: date | None) -> str:
    """A date as the sources write it, or that there is none."""
    return value.isoformat() if value else words.UNDATED


def who(publisher: str) -> str:
    """A publisher, or that none is named."""
    return publisher or words.UNSIGNED


def marks(citations: Sequence[Citation], turn: str) -> Markup:
    """The ``[n]`` after a statement: links that open the source."""
    if not citations:
        return _NOTHING
    return Markup('<span class="marks">{}</span>').format(
        join(
            Markup('<a class="cite" href="#p{}-{}" data-n="{}" aria-label="{}">[{}]</a>').format(
                turn, c.number, c.number, _spoken(c), c.number
            )
            for c in citations
        )
    )


def _spoken(citation: Citation) -> str:
    return words.SOURCE_OF.format(
        citation.number, f"{by_line(citation).replace(' · ', '，')}，{citation.title}"
    )


def _said(statement: Statement, turn: str) -> Markup:
    return Markup("{}{}").format(dialled(statement.text), marks(statement.citations, turn))


# --- what was understood -------------------------------------------------------------------------


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
        else _NOTHING
    )
    if not labels and not note:
        return _NOTHING
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
        else _NOTHING
    )
    return Markup('<div class="block known">{}{}</div>').format(note, row)


# --- sections ------------------------------------------------------------------------------------


def _summary(answer: Answer, turn: str) -> Markup:
    if not answer.summary:
        return _NOTHING
    heads = answer.headings
    lines = join(
        (Markup("<h4>{}</h4>").format(heads[n]) if n in heads else _NOTHING)
        + Markup("<p>{}</p>").format(_said(statement, turn))
        for n, statement in enumerate(answer.summary)
    )
    if answer.status == "refused":
        return Markup('<section class="block refused">{}</section>').format(lines)
    return section("summary", words.SUMMARY, lines)


def _list(title: str, kind: str, statements: Sequence[Statement], turn: str) -> Markup:
    if not statements:
        return _NOTHING
    items = join(Markup("<li>{}</li>").format(_said(s, turn)) for s in statements)
    return section(kind, title, Markup("<ul>{}</ul>").format(items))


def _cautions(cautions: Sequence[Statement], turn: str) -> Markup:
    if not cautions:
        return _NOTHING
    items = join(Markup("<li>{}</li>").format(_said(s, turn)) for s in cautions)
    return section("cautions", words.CAUTIONS, Markup("<ul>{}</ul>").format(items))


def _procedures(procedures: Sequence[Procedure], turn: str) -> Markup:
    if not procedures:
        return _NOTHING
    headings = [(p.channel, p.scheme, p.place) for p in procedures]
    return section(
        "steps",
        words.STEPS,
        join(
            _procedure(p, turn, alone=headings.count(heading) == 1)
            for p, heading in zip(procedures, headings, strict=True)
        ),
    )


def _procedure(procedure: Procedure, turn: str, *, alone: bool) -> Markup:
    """``alone``: no other list has the same heading; else each says which article it is from."""
    where = [procedure.channel]
    if procedure.scheme:
        where.append(words.SCHEMES.get(procedure.scheme, procedure.scheme))
    if procedure.place:
        where.append(procedure.place)
    head = Markup('<h4><span class="channel">{}</span> <span class="where">{}</span></h4>').format(
        where[0], " · ".join(where[1:])
    )
    cited = [c for step in procedure.steps for c in step.citations]
    # a heading that only names the channel again, or a section, says nothing more
    adds = procedure.channel not in procedure.title and procedure.title not in _SECTIONS
    name = "" if alone or not cited else cited[0].title
    title = procedure.title if adds else name
    about = Markup('<p class="for">{}</p>').format(title) if title else _NOTHING
    steps = join(
        Markup("<li>{}{}</li>").format(text, marks(cited, turn))
        for text, cited in steps_with_marks(procedure)
    )
    cut = (
        Markup('<p class="cut">{}</p>').format(words.TRUNCATED.format(len(procedure.steps)))
        if procedure.truncated
        else _NOTHING
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
        return _NOTHING
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
    text = Markup("<blockquote>{}</blockquote>").format(basis.text) if basis.text else _NOTHING
    return Markup('<div class="law"><h4>{} {}</h4>{}</div>').format(link, state_tag(basis), text)


def _conflicts(conflicts: Sequence[Conflict], turn: str) -> Markup:
    if not conflicts:
        return _NOTHING
    return section("conflicts", words.CONFLICTS, join(_conflict(c, turn) for c in conflicts))


def _conflict(conflict: Conflict, turn: str) -> Markup:
    head = join(Markup('<th scope="col">{}</th>').format(name) for name in words.CLAIM_HEADS)
    rows = join(_claim(claim, turn) for claim in conflict.claims)
    national = (
        Markup('<p class="national"><b>{}</b> {}</p>').format(
            rule_line(conflict), _said(conflict.national, turn)
        )
        if conflict.national
        else _NOTHING
    )
    explained = (
        Markup('<p class="explained">{}</p>').format(words.EXPLAINED.format(conflict.explained))
        if conflict.explained
        else _NOTHING
    )
    return Markup(
        '<div class="conflict"><div class="table" role="group" tabindex="0" aria-label="{}">'
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
        "{}{}</div>"
    ).format(
        f"{words.CONFLICTS}：{conflict.about}", conflict.about, head, rows, national, explained
    )


def spelled(condition: str) -> str:
    """``>3个月`` as people say it: 超过3个月."""
    for sign, word in words.CONDITIONS.items():
        condition = condition.replace(sign, word)
    return condition


def _claim(claim: ClaimCited, turn: str) -> Markup:
    condition = (
        Markup('<span class="condition">{}</span>').format(spelled(claim.condition))
        if claim.condition
        else _NOTHING
    )
    remarks = join(Markup('<span class="remark">{}</span>').format(r) for r in claim_remarks(claim))
    cells = (
        words.SCHEMES.get(claim.scheme or "", words.NO_SCHEME),
        claim.region,
        day(claim.date),
    )
    rest = join(Markup("<td>{}</td>").format(cell) for cell in cells)
    return Markup('<tr><th scope="row">{}{}{}</th>{}<td>{}{}</td></tr>').format(
        condition,
        claim.value,
        remarks,
        rest,
        who_says(claim),
        marks((claim.citation,), turn),
    )


# --- the end of an answer ------------------------------------------------------------------------


def _sources(answer: Answer, turn: str) -> Markup:
    if not answer.citations:
        return _NOTHING
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
        return _NOTHING
    return Markup('<ul class="rests" aria-label="{}">{}</ul>').format(
        words.RESTS_ON, join(Markup("<li>{}</li>").format(line) for line in lines)
    )


def _replies(title: str, kind: str, replies: Sequence[str]) -> Markup:
    if not replies:
        return _NOTHING
    buttons = join(
        Markup('<li><button type="button" class="reply" data-ask="{}">{}</button></li>').format(
            reply, reply
        )
        for reply in replies
    )
    return Markup('<div class="block replies {}"><h3>{}</h3><ul>{}</ul></div>').format(
        kind, title, buttons
    )
