"""The desk's pages as HTML: their frame, their tables, their small forms. Works without a script.

Every address is written relative to the page, so that the desk works below any path.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from markupsafe import Markup

from assistant.page.admin import desk_words as words
from assistant.page.pieces import join

MOST_ROWS = 500
"""Of a table that grows without end; the exports have them all."""


def page(title: str, body: Markup, *, who: str, told: Markup | str = "") -> str:
    """A whole page; ``told``: what the last action came to."""
    nav = join(
        Markup('<a href="{}"{}>{}</a>').format(
            to, Markup(' aria-current="page"') if name == title else "", name
        )
        for to, name in words.NAV
    )
    said = Markup('<div class="told" role="status">{}</div>').format(told) if told else ""
    return Markup(
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{0} · {1}</title>'
        '<link rel="icon" href="../../favicon.ico">'
        '<link rel="stylesheet" href="../../page/page.css">'
        '<link rel="stylesheet" href="../../page/desk.css">'
        '<script src="../../page/desk.js" defer></script></head><body class="desk"><header>'
        '<a class="home" href="../">{2}</a><nav aria-label="{1}">{3}</nav>'
        '<span class="who">{4}</span></header><main><h1>{0}</h1>{5}{6}</main></body></html>'
    ).format(title, words.TITLE, words.BACK_TO_ADMIN, nav, words.SIGNED_IN.format(who), said, body)


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[Markup | str]],
    empty: str,
    *,
    scrolls: bool = False,
) -> Markup:
    """Rows under heads; ``empty``: said where there is none. ``scrolls``: in a window of its own,
    which the keyboard has to reach."""
    filled = list(rows)
    if not filled:
        return Markup("<p>{}</p>").format(empty)
    head = join(Markup('<th scope="col">{}</th>').format(h) for h in heads)
    body = join(
        Markup("<tr>{}</tr>").format(
            join(
                Markup('<td data-head="{}">{}</td>').format(h, cell)
                for h, cell in zip(heads, row, strict=True)
            )
        )
        for row in filled
    )
    return Markup(
        '<div class="rows"{}><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(Markup(' tabindex="0"') if scrolls else "", head, body)


def link(to: str, text: str, about: str = "", **query: str) -> Markup:
    """A link; ``about``: what it is about, for those who hear it alone."""
    address = f"{to}?{urlencode(query)}" if query else to
    label = Markup(' aria-label="{}：{}"').format(text, about) if about else Markup("")
    return Markup('<a href="{}"{}>{}</a>').format(address, label, text)


def button(to: str, text: str, about: str = "", **fields: str) -> Markup:
    """A form of one button that sends these fields."""
    hidden = join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in fields.items()
    )
    label = Markup(' aria-label="{}：{}"').format(text, about) if about else Markup("")
    return Markup(
        '<form class="one" method="post" action="{}" enctype="multipart/form-data">{}'
        '<button class="tool"{}>{}</button></form>'
    ).format(to, hidden, label, text)


def report(text: str) -> Markup:
    """What a refresh reports, its lines kept."""
    return Markup('<pre class="report">{}</pre>').format(text)
