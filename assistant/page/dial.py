"""Telephone numbers that can be tapped: the hotlines of the country, wherever the page says them."""

from __future__ import annotations

import re

from markupsafe import Markup

from assistant.page import words

_HOTLINE = re.compile(r"(?<![\d-])(?:12393|12333|12366|12345)(?![\d-])")
"""The hotlines of 医保, 人社, 税务 and the government: the same number in the whole country."""


def dialled(text: str) -> Markup:
    """The words, hotlines in them as links that a telephone dials."""
    parts: list[Markup | str] = []
    end = 0
    for found in _HOTLINE.finditer(text):
        parts += [text[end : found.start()], call(found[0])]
        end = found.end()
    return Markup("").join((*parts, text[end:]))


def call(number: str) -> Markup:
    """A telephone number that can be tapped."""
    return Markup('<a class="call" href="tel:{}">{}</a>').format(number, number)


def doorway() -> Markup:
    """What stands under the answer to one who asked for a person."""
    return Markup(
        '<div class="block person"><a class="call strong" href="tel:12393">{}</a>'
        '<button type="button" class="tool" data-do="person">{}</button></div>'
    ).format(words.CALL, words.PERSON_MORE)
