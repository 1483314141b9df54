"""HTML inside Markdown: tables as rows, other tags as the Markdown that they stand for, hidden and
struck words gone.

Only names of HTML count as tags, so that 「<18周岁」 and 「<单位名称>」 stay as written.
"""

from __future__ import annotations

import re

from lxml import etree

from corpus.reading.style import Styles
from corpus.reading.tables import read_table

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:\s[^<>]{0,1000})?)/?>")
_ATTRIBUTE = re.compile(r"""([A-Za-z-]{1,30})\s{0,5}=\s{0,5}(?:"([^"]{0,500})"|'([^']{0,500})')""")
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "center",
        "blockquote",
        "details",
        "summary",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "header",
        "footer",
        "main",
        "aside",
        "hr",
        "tabs",
        "tabitem",
    ]
)
_INLINE = frozenset(
    [
        "span",
        "font",
        "u",
        "i",
        "em",
        "small",
        "big",
        "sub",
        "sup",
        "mark",
        "ins",
        "a",
        "img",
        "abbr",
        "kbd",
        "code",
        "label",
    ]
)
_BOLD = frozenset(["b", "strong"])
_STRUCK = frozenset(["del", "s", "strike"])
_UNREAD = frozenset(["script", "style", "template"])
_VOID = frozenset(["br", "hr", "img"])
_KNOWN = _BLOCKS | _INLINE | _BOLD | _STRUCK | _UNREAD | {"br", "li", "table"} | {
    f"h{n}" for n in range(1, 7)
}  # fmt: skip
_NO_STYLES = Styles()
BREAK = "<br>"
"""A line's end within a cell: whoever reads the table takes it."""
_MARK = re.compile(r"[ \t]{0,20}(#{1,6}|\||[-*+]|\d{1,3}[.)])\s{0,4}")
_LONGEST_MARK = 20_000  # characters of a line up to which its beginning is looked for
_LARGEST_TABLE = 400_000  # characters
_DEEPEST = 200  # hidden parts within each other


def without_comments(text: str) -> str:
    """The text without ``<!-- … -->``; one that nobody closed ends with its paragraph."""
    parts: list[str] = []
    place = 0
    while (start := text.find("<!--", place)) >= 0:
        parts.append(text[place:start])
        end = text.find("-->", start)
        if end >= 0:
            place = end + 3
        else:
            blank = text.find("\n\n", start)
            place = blank if blank >= 0 else len(text)
    return "".join([*parts, text[place:]])


def without_html(text: str) -> str:
    """The text with its HTML turned into lines of Markdown."""
    if "<" not in text:
        return text
    out: list[str] = []
    dropped: list[str] = []  # names of hidden parts that are open
    place = 0
    for found in _TAG.finditer(text):
        closing, name = found.group(1), found.group(2).lower()
        if name not in _KNOWN or found.start() < place:
            continue
        if not dropped:
            out.append(text[place : found.start()])
        place = found.end()
        if dropped:
            place = _pass(dropped, closing, name, place)
        elif name == "table":
            if not closing:
                lines, place = _table(text, found.start())
                out.append("\n\n" + "\n".join(map(_escaped, lines)) + "\n\n")
        elif not closing and name not in _VOID and _dropped(name, found.group(3)):
            dropped.append(name)
        elif name == "br":
            out.append(_line_break(text, found.start()))
        else:
            out.append(_as_markdown(name, closing, found.group(3)))
    if not dropped:
        out.append(text[place:])
    return "".join(out)


def _pass(dropped: list[str], closing: str, name: str, place: int) -> int:
    """Keep account of the parts open within a hidden one."""
    if closing and dropped[-1] == name:
        dropped.pop()
    elif not closing and name == dropped[-1] and len(dropped) < _DEEPEST:
        dropped.append(name)
    return place


def _dropped(name: str, attributes: str) -> bool:
    """Whether no reader sees what the element holds."""
    if name in _STRUCK | _UNREAD:
        return True
    if not attributes.strip():
        return False
    element = etree.Element(name)
    for key, double, single in _ATTRIBUTE.findall(attributes)[:20]:
        if key.lower() in ("style", "class", "color"):
            element.set(key.lower(), double or single)
    if re.search(r"(?:^|\s)hidden(?:\s|=|$)", attributes):
        return True
    return _NO_STYLES.look(element) != "shown" or bool(_NO_STYLES.tiny(element))


def _line_break(text: str, place: int) -> str:
    """What stands for a ``<br>``: nothing within a heading, itself within the row of a table, the end
    of the line elsewhere; what follows in an item of a list still belongs to it."""
    line = text[max(text.rfind("\n", 0, place) + 1, place - _LONGEST_MARK) : place]
    found = _MARK.match(line)
    mark = found.group(1) if found else ""
    if mark.startswith("#"):
        return ""
    if mark == "|":
        return BREAK
    return "\n\n" + " " * (found.end() if found and mark else 0)


def _as_markdown(name: str, closing: str, attributes: str) -> str:
    if name in _BOLD:
        return "**"
    if re.fullmatch(r"h[1-6]", name):
        return "\n\n" if closing else f"\n\n{'#' * int(name[1])} "
    if name == "li":
        return "" if closing else "\n- "
    if name == "summary":
        return "\n\n" if closing else "\n\n### "
    if name == "tabitem" and not closing:
        label = dict((k.lower(), a or b) for k, a, b in _ATTRIBUTE.findall(attributes)).get("label")
        return f"\n\n### {label}\n\n" if label else "\n\n"
    return "\n\n" if name in _BLOCKS else ""


def _escaped(line: str) -> str:
    """A cell's own stars (张**) are no markup."""
    return line.replace("*", r"\*").replace("_", r"\_")


def _table(text: str, start: int) -> tuple[list[str], int]:
    """The rows of the table that begins there, and where it ends."""
    depth, end = 0, min(len(text), start + _LARGEST_TABLE)
    for found in re.compile(r"<(/?)table\b[^<>]{0,1000}>", re.I).finditer(text, start, end):
        depth += -1 if found.group(1) else 1
        if depth == 0:
            end = found.end()
            break
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, remove_comments=True)
    root = etree.fromstring(text[start:end].encode("utf-8", "replace"), parser)
    table = root.find(".//table") if root is not None else None
    return (read_table(table) if table is not None else []), end
