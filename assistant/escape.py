"""Words of a source or a user as Markdown shows them: nothing in them is markup, HTML or a link.

``unescaped`` takes it back, for a terminal, which shows Markdown as it is written.
"""

from __future__ import annotations

import re

# what moves a cursor, colours a terminal or turns the direction of writing
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_MARKUP = re.compile(
    r"[\\`*_\[\]<>|~$]"
    r"|&(?=[#A-Za-z])"  # &lt; would be shown as <
    r"|:(?=//)|(?<=www)\.|(?<=[\w.-])@(?=\w)"  # addresses that many readers turn into links
)
_BLOCK = re.compile(r"(?=[#+=-])|(?<=\d)(?=[.)])")
_BEGINS = re.compile(r"#|[-+=]|\d{1,9}[.)]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def escaped(text: str) -> str:
    """The same words and blanks, none of them markup."""
    return _MARKUP.sub(r"\\\g<0>", _INVISIBLE.sub("", text))


def inline(text: str) -> str:
    """On one line, to stand within it.

    >>> inline("a <b>\\n*c*")
    'a \\\\<b\\\\> \\\\*c\\\\*'
    """
    return escaped(" ".join(text.split()))


def line(text: str) -> str:
    """The same where the text begins a line: it begins no heading and no list either.

    >>> line("1. 打开"), line("# 停保")
    ('1\\\\. 打开', '\\\\# 停保')
    """
    words = inline(text)
    return _BLOCK.sub(r"\\", words, count=1) if _BEGINS.match(words) else words


def unescaped(markdown: str) -> str:
    """Markdown without its backslashes."""
    return _ESCAPED.sub(r"\1", markdown)
