"""What a part of an HTML page is for, by its tag, its role and the names in its class and id."""

from __future__ import annotations

import re

from lxml import etree

from corpus.reading.types import Zone

Element = etree._Element

_UNSEEN_NAMES = """
script style noscript template svg canvas iframe object embed head select button input
textarea audio video map img annotation
"""
UNSEEN = frozenset(_UNSEEN_NAMES.split())
_BLOCKS_NAMES = """
body p div section article main aside header footer nav h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table
caption tr td th blockquote pre figure figcaption details summary fieldset legend form address hr
center thead tbody tfoot menu dir textarea
"""
BLOCKS = frozenset(_BLOCKS_NAMES.split())
# Words that class and id names are made of, on the Chinese sites seen and in common templates.
_AWAY_NAMES = """
ad ads adv adbox advert advertisement adsense gg guanggao banner sponsor sponsored promo promotion
popup modal toolbar share login breadcrumb breadcrumbs crumb crumbs pagination pager qrcode
comment comments cookie kefu nav navbar navigation menu topbar mianbaoxie
"""
_AWAY = frozenset(_AWAY_NAMES.split())
_BESIDE_NAMES = """
sidebar side aside related recommend recommended hot rank ranking lawyer lawyers feed header
rightbar xiangguan tuijian
"""
_BESIDE = frozenset(_BESIDE_NAMES.split())
_FOOT = frozenset(["footer", "foot", "copyright", "bottom", "bottombar"])
_CONTENT_NAMES = """
content article detail details main post entry zoom trs ucap text zhengwen neirong answer con
"""
_CONTENT = frozenset(_CONTENT_NAMES.split())
_NAMES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_ALL_SAID = 0.95  # of a page's sentences, in the part that is its article
_MUCH = 0.6  # of a page's text: a part with that much is no margin, whatever it is called


def names(element: Element) -> set[str]:
    """The words in an element's class and id: ``article-content mainBox`` gives four."""
    if element.get("class") is None and element.get("id") is None:  # as most have neither
        return set()
    named = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    return {word.lower() for word in _NAMES.findall(named)}


def away(element: Element, share: float) -> bool:
    """Whether the element and all in it is no text. ``share``: its part of the page's text."""
    tag = element.tag
    if tag == "textarea" and element.get("readonly", element.get("disabled")) is not None:
        return False  # an answer that a visitor reads and cannot change
    if tag in UNSEEN or tag == "nav" or element.get("role") in ("navigation", "search", "menu"):
        return True
    if tag in ("body", "html", "main", "article", "td", "tr", "table") or share > _MUCH:
        return False
    words = names(element)
    return bool(words & _AWAY)


def zone_of(element: Element, share: float) -> Zone | None:
    """The zone that the element opens, or None when it stays in its parent's."""
    tag = element.tag
    if tag in ("body", "html", "main", "article", "h1") or share > _MUCH:
        return None
    words = names(element)
    if tag == "footer" or element.get("role") == "contentinfo" or words & _FOOT:
        return "footer"
    if tag == "aside" or element.get("role") == "complementary":
        return "outside"
    if words & _BESIDE and not words & _CONTENT:
        return "outside"
    return None


def main_part(body: Element, lengths: dict[Element, int], prose: dict[Element, int]) -> Element:
    """The smallest part that holds nearly all of the page's running text, or the whole body.

    ``lengths``: characters outside links in each element, ``prose``: those of them in sentences.
    Trust goes by the markup first (``articleBody``, ``<article>``, ``<main>``), then by names like
    ``content``; a part so named that holds all sentences of the page is its article, however much
    stands in menus round it.
    """
    whole = lengths.get(body, 0)
    best, least = body, whole + 1
    for element, length in lengths.items():
        if element.get("itemprop") == "articleBody" and length > 80:
            return element
        if element.tag in ("article", "main") or element.get("role") == "main":
            needed = 0.4
        elif element.tag in ("div", "section", "td") and names(element) & _CONTENT:
            needed = 0.7
        else:
            continue
        if length >= needed * whole and length < least:
            best, least = element, length
    if best is not body or not (said := prose.get(body, 0)):
        return best
    whole_said = (
        element
        for element in lengths
        if element.tag in ("div", "section", "td", "article", "main")
        and names(element) & _CONTENT
        and prose.get(element, 0) >= _ALL_SAID * said
    )
    return max(whole_said, key=lambda element: lengths[element], default=body)
