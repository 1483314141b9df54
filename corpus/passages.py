"""An article cut into passages: spans that can answer by themselves and be cited by offset.

A list of steps, papers or conditions stays whole with the sentence that introduces it; only a very
long one is cut, between two steps. Paragraphs under one heading are joined while they are short.
Every character that is neither blank nor part of a heading lies in exactly one passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus.kinds import kind_of, units_of
from corpus.line_roles import Lines
from corpus.markers import marker_at
from corpus.pieces import LAW_START, Piece, pieces
from corpus.text import fold, sentences, strip_span
from corpus.told import ON, REMARK, told, units_in
from corpus.types import Article, Passage, PassageKind

_JOIN = 300  # characters up to which paragraphs of one heading are one passage
_JOIN_ALIKE = 500  # the same where they are of one kind
_LONG_TEXT = 600  # a paragraph beyond this is cut between sentences
_LONG_LIST = 1200  # a list beyond this is cut between steps …
_LIST_PART = 1000  # … into parts of about this many characters
_TINY = 30  # a last title without a body is no passage of its own
_SAYS = re.compile("[。；;！!，,：:]")
_ENDS = re.compile("[。；！!]")


def split(article: Article) -> tuple[Passage, ...]:
    """The passages of an article, in order, not overlapping. No text, no passages.

    >>> from corpus.types import Article, Source
    >>> text = "办理流程：\\n1. 打开支付宝。\\n2. 点击市民中心。"
    >>> [p.kind for p in split(Article("a", "怎么续保", text, Source("某站", "a.txt")))]
    ['steps']
    """
    if article.kind == "statute":
        return tuple(
            Passage(article, part.start, part.end, "legal", part.path, part.items)
            for piece in _statute(article)
            for part in _cut(article, piece)
        )
    lines = Lines(fold(article.text), article.title)
    whole = _whole(article.text, lines, pieces(article.text, article.title, lines))
    found = _Joiner(article.text, lines).joined(whole)
    return tuple(_passage(article, lines, part) for p in found for part in _cut(article, p))


def is_cut(passage: Passage) -> bool:
    """The source broke off inside or right after this passage: what it lists may be incomplete.

    Not so where the words of the next section follow the last item: then the list was done.
    A number behind which nothing stands is a step that was cut off.
    """
    text = passage.article.text
    if not passage.article.excerpt or text[passage.end :].strip():
        return False
    if not passage.items:
        return True
    start, end = strip_span(text, passage.items[-1][1], passage.end)
    number = marker_at(text, start, end)
    return start == end or (number is not None and number.end >= end)


def _statute(article: Article) -> list[Piece]:
    """An article of a law is one passage; its items are the lines that carry a number."""
    inside = pieces(article.text, article.title)
    if not inside:
        return []
    items = tuple(item for piece in inside for item in piece.items)
    start, end = strip_span(article.text, 0, len(article.text))
    return [Piece(start, end, (), items, whole=True)]


def _passage(article: Article, lines: Lines, piece: Piece) -> Passage:
    start, end = strip_span(article.text, piece.start, piece.end)
    items = tuple(item for item in piece.items if start <= item[0] < item[1] <= end)
    piece = replace(piece, start=start, end=end, items=items)
    kind = _kind(article.text, lines, piece)
    if not piece.listed and not (kind == "steps" and _mostly(lines.tell(items, piece.path))):
        items = ()  # sentences that a blank happened to part, not a list
    return Passage(article, start, end, kind, piece.path, items)


def _mostly(told: Sequence[bool]) -> bool:
    return 2 * sum(told) >= len(told)


def _kind(text: str, lines: Lines, piece: Piece) -> PassageKind:
    listed = piece.items if piece.listed and len(piece.items) > 1 else ()
    return kind_of(lines, listed or units_of(text, piece.start, piece.end), piece.path)


def _whole(text: str, lines: Lines, found: Sequence[Piece]) -> list[Piece]:
    """The pieces, those put together over which one procedure goes on."""
    units = [units_in(text, p.start, p.end, p.path, p.items if p.listed else ()) for p in found]
    labels = told(text, lines, [unit for each in units for unit in each])
    whole: list[Piece] = []
    at = 0
    for piece, each in zip(found, units, strict=True):
        goes_on = bool(each) and labels[at] in (ON, REMARK)
        at += len(each)
        last = whole[-1] if whole else None
        if goes_on and last and last.path == piece.path and piece.end - last.start <= _LONG_LIST:
            whole[-1] = _glued(text, last, piece)
        else:
            whole.append(piece)
    return whole


def _glued(text: str, one: Piece, other: Piece) -> Piece:
    """Two pieces over which a procedure goes on. What bears no mark is as many items as it has lines."""
    items = tuple(
        item
        for p in (one, other)
        for item in (p.items if p.listed else units_of(text, p.start, p.end))
    )
    return replace(one, end=other.end, items=items, whole=True, listed=True)


class _Joiner:
    """Joins the pieces of one article that are too small to stand alone."""

    def __init__(self, text: str, lines: Lines) -> None:
        self.text = text
        self.lines = lines

    def joined(self, found: Sequence[Piece]) -> Iterator[Piece]:
        current: Piece | None = None
        kind = ""  # of ``current``
        for piece in self.without_titles(found):
            own = _kind(self.text, self.lines, piece)
            if current is not None and self.same_place(current, piece):
                length = piece.end - current.start
                # what tells what to do stands by itself
                alike = kind == own or "steps" not in (kind, own)
                if alike and length <= (_JOIN_ALIKE if kind == own else _JOIN):
                    items = (*current.items, *piece.items)
                    current = replace(current, end=piece.end, items=items)
                    continue
            if current is not None:
                yield current
            current, kind = piece, own
        if current is not None:
            yield current

    def same_place(self, one: Piece, other: Piece) -> bool:
        if one.path != other.path or one.whole or other.whole:
            return False
        return not LAW_START.match(self.text, other.start)

    def without_titles(self, found: Sequence[Piece]) -> Iterator[Piece]:
        """Titles under which nothing stands join a neighbour: they answer nothing alone."""
        held: Piece | None = None
        for number, piece in enumerate(found):
            if number == 1 and held is not None and self.is_opening(held, piece):
                held = replace(piece, start=held.start)
            elif held is not None and self.is_title(piece, last=number == len(found) - 1):
                held = replace(held, end=piece.end)
            else:
                if held is not None:
                    yield held
                held = piece
        if held is not None:
            yield held

    def is_opening(self, piece: Piece, after: Piece) -> bool:
        """A few words before everything else (「线上或线下」): they open the first passage."""
        words = self.text[piece.start : piece.end]
        if piece.whole or piece.path != after.path[: len(piece.path)]:
            return False
        return len(words) <= _TINY and not _ENDS.search(words)

    def is_title(self, piece: Piece, *, last: bool) -> bool:
        if piece.end - piece.start > _TINY or piece.items:
            return False
        if not (piece.inline or (last and piece.orphan)):
            return False
        words = self.text[piece.start : piece.end]
        return piece.orphan or not (
            _SAYS.search(words) or self.lines.says([(piece.start, piece.end)], piece.path)
        )


def _cut(article: Article, piece: Piece) -> Iterator[Piece]:
    """A piece that is too long, in parts; any other as it is."""
    length = piece.end - piece.start
    if len(piece.items) > 1 and piece.whole:
        if length <= _LONG_LIST:
            yield piece
        else:
            yield from _list_parts(article, piece)
    elif length <= _LONG_TEXT:
        yield piece
    else:
        yield from _text_parts(article, piece)


def _list_parts(article: Article, piece: Piece) -> Iterator[Piece]:
    """Cut between steps. Each part's heading repeats the introduction."""
    path = piece.path
    if piece.intro > piece.start:
        introduction = article.text[piece.start : piece.intro].strip().rstrip("：:")
        path = (*path, introduction.split("\n")[-1][-60:])
    starts = [piece.start]
    for before, item in zip(piece.items, piece.items[1:], strict=False):
        if item[1] - starts[-1] > _LIST_PART:
            starts.append(before[1])
    yield from _parts(piece, path, starts)


def _text_parts(article: Article, piece: Piece) -> Iterator[Piece]:
    starts = [piece.start]
    for start, end in sentences(article.text, piece.start, piece.end):
        if end - starts[-1] > _JOIN_ALIKE and start > starts[-1]:
            starts.append(start)
    yield from _parts(piece, piece.path, starts)


def _parts(piece: Piece, path: tuple[str, ...], starts: Sequence[int]) -> Iterator[Piece]:
    first = 0  # item that does not begin before the part
    for start, end in zip(starts, [*starts[1:], piece.end], strict=True):
        while first < len(piece.items) and piece.items[first][0] < start:
            first += 1
        behind = first
        while behind < len(piece.items) and piece.items[behind][1] <= end:
            behind += 1
        items = piece.items[first:behind]
        first = behind
        yield replace(piece, start=start, end=end, path=path, items=items)
