"""The words of a file that a reader of it sees, found without the reader of its format.

What became articles is measured against them: a plain reading of each format that knows nothing of
titles, steps or noise, so that what the careful one loses shows. Links and menus of web pages do not
count, nor does what is struck out or hidden.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from corpus.reading.encoding import decode
from corpus.reading.layout import BLOCKS
from corpus.reading.mhtml import page_in
from corpus.reading.package import parser
from corpus.reading.style import Styles
from corpus.reading.webreader import web_reader_head

_NOT_SHOWN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "footer",
        "select",
        "button",
        "head",
        "title",
        "svg",
        "iframe",
        "object",
        "video",
        "audio",
        "form",
        "a",
        "del",
        "s",
        "strike",
    ]
)
_HIDDEN = re.compile(
    r"display\s{0,3}:\s{0,3}none|font-size\s{0,3}:\s{0,3}0(?![.\d])|line-through",
    re.I,
)
# what frames a page, by the names in its class and id; with more text in it than this it may be the
# page itself under a name of that kind, and counts
_FRAME = re.compile(
    r"foot|copyright|(?:^|[\s_-])(?:nav|menu|top|header|head)(?:[\s_\d-]|bar|$)|search|crumb|share|toolbar|login|qrcode|ewm|weizhi|position",
    re.I,
)
_LONGEST_FRAME = 500
_LONGEST_COMMENT = 5_000
_LARGEST = 40_000_000  # bytes of XML of a Word document's part
_FRONT = re.compile(r"\A---[ \t]*\n.{0,20000}?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_IMAGE = re.compile(r"!\[[^\]]{0,300}\]\([^)]{0,500}\)")  # may stand in the words of a link
_REMARK = re.compile(r"^\[(?://|comment)\]:[^\n]{0,1000}$", re.M)
_MARKUP = re.compile(
    r"~~.{1,500}?~~|\[[^\]]{0,300}\]\([^)]{0,500}\)"
    r"|</?[a-zA-Z][^<>]{0,300}>|^:::.{0,80}$|\{#[\w-]{1,60}\}|^\s{0,20}\[\^?[^\]]{1,80}\]:\s?\S{0,500}",
    re.S | re.M,
)


PLAIN_KINDS = frozenset((".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".docx", ".mhtml",
                         ".mht"))  # fmt: skip
"""What is read plainly here."""


def visible_words(kind: str, data: bytes) -> str:
    """The visible words of a file's bytes; "" where its kind is not of ``PLAIN_KINDS`` or the bytes
    are broken."""
    try:
        if kind in (".html", ".htm", ".xhtml"):
            return _of_page(decode(data, html=True))
        if kind in (".mhtml", ".mht"):
            return _of_page(page_in(data))
        if kind in (".md", ".markdown"):
            return _of_markdown(decode(data).replace("\r\n", "\n"))
        if kind == ".txt":
            return decode(data)
        if kind == ".docx":
            return "\n".join(_of_word(data))
    except Exception:  # the reader of the format has said what is wrong with it
        return ""
    return ""


def _of_markdown(text: str) -> str:
    """The text without front matter, the head of a web reader, markup, pictures and links."""
    _, body = web_reader_head(_FRONT.sub("", text))
    return _MARKUP.sub("\n", _IMAGE.sub("", _REMARK.sub("", _without_comments(body))))


def _without_comments(text: str) -> str:
    """Without ``<!-- … -->``; searched rather than matched, because a run of 20,000 that nobody
    closed took a pattern 2 s."""
    parts: list[str] = []
    place = behind = 0  # where to look on, and where the last comment ended
    while (start := text.find("<!--", place)) >= 0:
        place = start + len("<!--")
        end = text.find("-->", place, place + _LONGEST_COMMENT + len("-->"))
        if end >= 0:
            parts.append(text[behind:start])
            place = behind = end + len("-->")
    return "\n".join([*parts, text[behind:]])


def _of_page(text: str) -> str:
    """The text of a web page without what is not shown or only leads elsewhere."""
    root = etree.fromstring(
        text.encode("utf-8", "replace"),
        etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, remove_comments=True,
                         remove_pis=True, huge_tree=True),
    )  # fmt: skip
    parts: list[str] = []
    skipped: etree._Element | None = None
    styles = Styles.of(root)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if skipped is None and (_is_left(element) or _is_unseen(element, styles)):
                skipped = element
            if skipped is None:
                parts.append(
                    ("\n" if element.tag in BLOCKS or element.tag == "br" else "")
                    + (element.text or "")
                )
        else:
            if element is skipped:
                skipped = None
            if skipped is None:
                parts.append(("\n" if element.tag in BLOCKS else "") + (element.tail or ""))
    return "".join(parts)


def _is_unseen(element: etree._Element, styles: Styles) -> bool:
    """Whether the page's styles strike the element out, set it in the color of the paper, off the
    screen or too small. What is folded away may open and counts."""
    look = styles.look(element)
    return look in ("struck", "unseen") or styles.tiny(element) is True


def _is_left(element: etree._Element) -> bool:
    return (
        element.tag in _NOT_SHOWN
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
        or _is_frame(element)
    )


def _is_frame(element: etree._Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in ("html", "body") or not _FRAME.search(names[:300]):
        return False
    size = 0
    for text in element.itertext():
        size += len(str(text).strip())
        if size > _LONGEST_FRAME:
            return False
    return True


def _of_word(data: bytes) -> Iterator[str]:
    """A line a paragraph of the document's text, its notes included."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            base = info.filename.rsplit("/", 1)[-1]
            if (
                not re.fullmatch(r"(?:document|footnotes|endnotes)\d{0,3}\.xml", base)
                or info.file_size > _LARGEST
            ):
                continue
            root = etree.fromstring(archive.read(info), parser())
            for again in list(root.iter("{*}Fallback", "{*}moveFrom", "{*}del")):
                again.clear(keep_tail=True)
            for paragraph in root.iter("{*}p"):
                yield "".join(_runs(paragraph))


def _runs(paragraph: etree._Element) -> Iterator[str]:
    for run in paragraph.iterfind(".//{*}r"):
        look = run.find("{*}rPr")
        unseen = look is not None and any(
            _is_on(mark)
            for name in ("vanish", "strike", "dstrike")
            for mark in look.iterfind(f"{{*}}{name}")
        )
        if not unseen:
            yield from (text.text or "" for text in run.iterfind("{*}t"))


def _is_on(mark: etree._Element) -> bool:
    said = next((v for k, v in mark.attrib.items() if str(k).endswith("val")), "1")
    return said not in ("0", "false")
