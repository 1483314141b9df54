"""A small page of its own, without Gradio: the form at the door of the admin corner, and what a
person is told whose browser asked for something that there is not."""

from __future__ import annotations

from markupsafe import Markup

from assistant.page import words


def sheet(root: str, title: str, body: Markup | str) -> str:
    """HTML in the page's own dress, with the way back to the chat; ``body`` is escaped where it is
    no markup. ``root``: the root path."""
    return Markup(
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        '<link rel="icon" href="{root}/favicon.ico">'
        '<link rel="stylesheet" href="{root}/page/page.css">'
        '<script src="{root}/page/page.js"></script></head>'
        '<body class="login"><main><h1>{title}</h1>{body}<p><a href="{root}/">{back}</a></p></main>'
        "</body></html>"
    ).format(root=root, title=title, body=body, back=words.BACK)


def told(root: str, sentence: str) -> str:
    """The page that says one sentence."""
    return sheet(root, words.TITLE, Markup('<p role="alert">{}</p>').format(sentence))
