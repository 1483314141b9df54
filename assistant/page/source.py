"""The source panel: one citation of an answer, its article whole, the quoted words marked.

The mark is made from the offsets that the quote carries, on escaped text; a source's own markup
stays text. Links to the original are given only for http and https addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from assistant import phrases
from assistant.citing import kept_words, tier_of
from assistant.page import words
from assistant.page.pieces import day, join, who
from assistant.page.render import rests, state_tag
from assistant.types import Answer, Citation, LegalBasis
from corpus.types import Article, Source

_NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel shows: its key, its neighbours' keys (or ""), its title and its HTML."""

    key: str
    title: str
    html: str
    previous: str = ""
    next: str = ""


def keys(answer: Answer) -> tuple[str, ...]:
    """Everything that can be opened in an answer, in order: citations, then statutes."""
    cited = tuple(str(c.number) for c in answer.citations)
    laws = tuple(
        f"l{n}" for n, b in enumerate(answer.legal_basis, start=1) if b.passage is not None
    )
    return cited + laws


def panel(
    answer: Answer, key: str, today: date, *, current: Callable[[str], Article | None]
) -> Panel | None:
    """The panel of one key, None where the answer has no such source.

    ``current`` finds an article in today's generation. What was removed since is not shown again,
    and what was changed is marked as such.
    """
    every = keys(answer)
    if key not in every:
        return None
    place = every.index(key)
    if key.startswith("l"):
        title, body = _statute(answer.legal_basis[int(key[1:]) - 1], today)
    else:
        cited = next(c for c in answer.citations if str(c.number) == key)
        title, body = _checked(cited, current)
    return Panel(
        key=key,
        title=title,
        html=str(body),
        previous=every[place - 1] if place else "",
        next=every[place + 1] if place + 1 < len(every) else "",
    )


def marked(article: Article, start: int, end: int, *, beside: Markup = _NOTHING) -> Markup:
    """The article's text as paragraphs, ``text[start:end]`` inside ``<mark>``, ``beside`` behind
    the line in which it ends.

    A mark that runs over several lines is one ``<mark>`` in each of them.
    """
    lines: list[Markup] = []
    offset = 0
    for line in article.text.split("\n"):
        kind, skip = _kind(line)
        low, high = max(start - offset, skip), min(end - offset, len(line))
        if low < high:
            parts = line[skip:low], line[low:high], line[high:]
            inner = Markup("{}<mark>{}</mark>{}").format(*parts)
        else:
            inner = escape(line[skip:])
        if line.strip():
            lines.append(Markup('<p class="line{}">{}</p>').format(kind, inner))
        if low < high and end <= offset + len(line):
            lines.append(beside)
        offset += len(line) + 1
    return join(lines)


def _kind(line: str) -> tuple[str, int]:
    """What a line looks like, and how many signs at its beginning are not shown: those of a heading
    are our notation, not the source's words."""
    if line.startswith("#"):
        return " head", len(line) - len(line.lstrip("# "))
    if line.startswith("- "):
        return " item", 0
    return "", 0


def _checked(citation: Citation, current: Callable[[str], Article | None]) -> tuple[str, Markup]:
    article = citation.quote.passage.article
    now = current(article.id)
    if now is not None and now.sha == article.sha:
        return _citation(citation)
    note = Markup('<p class="note">{}</p>').format(words.SOURCE_GONE)
    if now is None:
        return article.title, note
    title, body = _citation(citation)
    return title, note + body


def _facts(rows: list[tuple[str, str | Markup]]) -> Markup:
    return Markup('<dl class="facts">{}</dl>').format(
        join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*row) for row in rows)
    )


def _citation(citation: Citation) -> tuple[str, Markup]:
    """Of words of ours what they rest on stands beside the marked sentence."""
    article = citation.quote.passage.article
    rows: list[tuple[str, str | Markup]]
    if citation.kind == "editorial":
        rows = [(words.EDITED, citation.publisher), (words.CHECKED_ON, day(citation.date))]
    else:
        rows = [
            (words.PUBLISHER, who(citation.publisher)),
            (words.DATE, day(citation.date)),
            (words.TIER, tier_of(citation)),
        ]
    rows.append((words.REGION, citation.region))
    if article.schemes:
        rows.append((words.SCHEME, "、".join(words.SCHEMES[s] for s in article.schemes)))
    others = [] if article.own else [s for s in article.sources if s != article.source]
    if others:
        rows.append((words.ALSO, "；".join(_named(s) for s in others)))
    note = (
        Markup('<p class="note">{} {}</p>').format(
            Markup('<span class="tag excerpt">{}</span>').format(words.EXCERPT),
            words.EXCERPT_NOTE,
        )
        if citation.excerpt
        else _NOTHING
    )
    if article.read_by:
        read_off = phrases.READ_OFF.format(how=article.read_by)
        note += Markup('<p class="note">{}</p>').format(read_off)
    body = Markup('{}{}<div class="text">{}</div>{}').format(
        _facts(rows),
        note,
        marked(article, citation.quote.start, citation.quote.end, beside=_beside(citation)),
        _NOTHING if article.own else _original(article.source),
    )
    return article.title, body


def _beside(citation: Citation) -> Markup:
    """What the marked words of ours rest on; the words of a statute can be unfolded."""
    if citation.kind == "quotation":
        return _NOTHING
    texts = dict.fromkeys(text for support in citation.supports for text in kept_words(support))
    statutes = join(
        Markup("<details><summary>{}</summary><blockquote>{}</blockquote></details>").format(
            words.STATUTE_TEXT, text
        )
        for text in texts
    )
    return Markup('<div class="beside">{}{}</div>').format(rests(citation), statutes)


def _statute(basis: LegalBasis, today: date) -> tuple[str, Markup]:
    assert basis.passage is not None  # keys() leaves the others out
    passage = basis.passage
    rows: list[tuple[str, str | Markup]] = [(words.LAW_STATE, state_tag(basis))]
    if basis.version:
        rows.append((words.LAW_VERSION, words.VERSION.format(day(basis.version))))
    if basis.effective:
        days = (today - basis.effective).days
        span = words.DAYS_IN_FORCE if days >= 0 else words.DAYS_LEFT
        rows.append((words.LAW_EFFECTIVE, day(basis.effective)))
        rows.append((words.LAW_DAYS, span.format(abs(days), day(today))))
    rows.append((words.PUBLISHER, who(passage.article.source.publisher)))
    start = passage.article.text.find(basis.text) if basis.text else -1
    low, high = (start, start + len(basis.text)) if start >= 0 else (passage.start, passage.end)
    body = Markup('{}<div class="text">{}</div>{}').format(
        _facts(rows), marked(passage.article, low, high), _original(passage.article.source)
    )
    return f"《{basis.law}》{basis.article_no}", body


def _named(source: Source) -> str:
    return f"{who(source.publisher)}（{day(source.published)}）"


def _original(source: Source) -> Markup:
    """A link where the source has a web address, its file name or number where it has none."""
    if source.url and source.url.lower().startswith(("https://", "http://")):
        return Markup(
            '<p class="original"><a href="{}" target="_blank" rel="noopener noreferrer nofollow">'
            "{}</a></p>"
        ).format(source.url, words.ORIGINAL)
    return Markup('<p class="original">{}</p>').format(words.NO_LINK.format(source.name))
