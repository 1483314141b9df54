"""HTML as a page: what its markup means (headings, steps, tables, questions) kept as lines.

libxml2 parses, without a network and without entities of its own; the tree is walked, never
recursed into, and let go before the articles are made.
"""

from __future__ import annotations

import re

from lxml import etree

from corpus.errors import InputError
from corpus.reading.htmlfacts import head_facts
from corpus.reading.htmlwalk import Walk
from corpus.reading.layout import BLOCKS, Element, main_part
from corpus.reading.plain import mark_questions
from corpus.reading.types import Page

_DEEPEST = 400  # elements within each other: far beyond any layout, far below what hurts
TOO_DEEP = f"HTML 标签嵌套超过 {_DEEPEST} 层，已跳过；请在浏览器中打开后另存为文本"
_MOST_TAGS = 150_000  # 390,000 paragraphs took 14 s and 240 MB; a long page has a few thousand
_PHRASE, _SENTENCE = 2, re.compile("[。；，！？]")  # what tells running text from entries of menus
_INLINE_FILES = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=\s]+")


def read_html(text: str) -> Page:
    """The page of an HTML file. Raises InputError where it is nested beyond reason or empty."""
    root = _parse(text)
    body = root.find("body")
    if body is None:
        body = root
    lengths, prose = _lengths(body)
    walk = Walk(lengths, main_part(body, lengths, prose), lengths.get(body, 0))
    lines = walk.lines_of(body)
    return Page(tuple(mark_questions(lines)), head_facts(root, lines, text))


def _parse(text: str) -> Element:
    text = _INLINE_FILES.sub("", text)
    if text.count("<") > _MOST_TAGS:
        raise InputError(f"HTML 标签超过 {_MOST_TAGS} 个，已跳过；请在浏览器中打开后另存为文本")
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, huge_tree=True, remove_pis=True,
        remove_comments=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        raise InputError("HTML 无法解析；请在浏览器中打开后另存为文本") from error
    if root is None:
        raise InputError("HTML 里没有内容；请重新保存网页")
    return root


def _lengths(body: Element) -> tuple[dict[Element, int], dict[Element, int]]:
    """Characters outside links in each block, those of them in sentences, a check of the depth."""
    lengths: dict[Element, int] = {}
    prose: dict[Element, int] = {}
    open_blocks: list[Element] = []
    counts: list[int] = []
    said: list[int] = []
    depth = links = unseen = 0
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if event == "start":
            depth += 1
            if depth > _DEEPEST:
                raise InputError(TOO_DEEP)
            links += element.tag == "a"
            unseen += element.tag in ("script", "style")
            if element.tag in BLOCKS:
                open_blocks.append(element)
                counts.append(0)
                said.append(0)
            piece = element.text
        else:
            depth -= 1
            links -= element.tag == "a"
            unseen -= element.tag in ("script", "style")
            if open_blocks and open_blocks[-1] is element:
                block = open_blocks.pop()
                lengths[block], prose[block] = inner, inner_said = counts.pop(), said.pop()
                if counts:
                    counts[-1] += inner
                    said[-1] += inner_said
            piece = element.tail
        if piece and counts and not links and not unseen:
            size = len(piece.strip())
            counts[-1] += size
            said[-1] += size if size >= _PHRASE and _SENTENCE.search(piece) else 0
    return lengths, prose
