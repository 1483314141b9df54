"""An article cut into passages: spans that can answer by themselves and be cited by offset.

A list of steps, papers or conditions stays whole with the sentence that introduces it; only a very
long one is cut, between two steps. Paragraphs under one heading are joined while they are short.
Every character that is neither blank nor part of a heading lies in exactly one passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.kinds import kind_of
from corpus.pieces import _LAW_START, Piece, pieces
from corpus.text import Span, fold, sentences, strip_span
from corpus.types import Article, Passage

SPLITTER_VERSION = "1"
"""Part of a store's identity: raise it whenever the same text would be cut otherwise."""

_JOIN = 300  # characters up to which paragraphs of one heading are one passage
_JOIN_ALIKE = 500  # the same where they are of one kind
_LONG_TEXT = 600  # a paragraph beyond this is cut between sentences
_LONG_LIST = 1200  # a list beyond this is cut between steps …
_LIST_PART = 1000  # … into parts of about this many characters
_TINY = 30  # a last title without a body is no passage of its own


def split(article: Article) -> tuple[Passage, ...]:
    """The passages of an article, in order, not overlapping. No text, no passages.

    >>> from corpus.types import Article, Source
    >>> text = "办理流程：\\n1. 打开支付宝。\\n2. 点击市民中心。"
    >>> [p.kind for p in split(Article("a", "怎么续保", text, Source("某站", "a.txt")))]
    ['steps']
    """
    if article.kind == "statute":
        found: Iterable[Piece] = _statute(article)
    else:
        found = _joined(article, _tail_kept(article, pieces(article.text, article.title)))
    folded = fold(article.text)
    title = fold(article.title)
    return tuple(_passage(article, folded, title, part) for p in found for part in _cut(article, p))


def is_cut(passage: Passage) -> bool:
    """The source broke off inside or right after this passage: what it lists may be incomplete."""
    article = passage.article
    return article.excerpt and not article.text[passage.end :].strip()


def _statute(article: Article) -> list[Piece]:
    """An article of a law is one passage; its items are the lines that carry a number."""
    inside = pieces(article.text, article.title)
    if not inside:
        return []
    items = tuple(item for piece in inside for item in piece.items)
    start, end = strip_span(article.text, 0, len(article.text))
    return [Piece(start, end, (), items, whole=True)]


def _passage(article: Article, folded: str, title: str, piece: Piece) -> Passage:
    start, end = strip_span(article.text, piece.start, piece.end)
    items = tuple(item for item in piece.items if start <= item[0] < item[1] <= end)
    if article.kind == "statute":
        return Passage(article, start, end, "legal", piece.path, items)
    listed = [folded[a:b] for a, b in items]
    headings = [fold(heading) for heading in piece.path]
    kind = kind_of(folded[start:end], headings, listed, title=title)
    if not piece.whole and kind not in ("steps", "materials"):
        items = ()  # sentences that a blank happened to part are a list only if they list something
    return Passage(article, start, end, kind, piece.path, items)


def _tail_kept(article: Article, found: Sequence[Piece]) -> list[Piece]:
    """Titles under which nothing stands join a neighbour: a passage of theirs answers nothing."""
    kept: list[Piece] = []
    for number, piece in enumerate(found):
        last = number == len(found) - 1
        short = piece.end - piece.start <= _TINY
        if piece.orphan and short and kept and (last or piece.inline):
            kept[-1] = replace(kept[-1], end=piece.end)
        else:
            kept.append(piece)
    return kept


def _joined(article: Article, found: Sequence[Piece]) -> Iterator[Piece]:
    current: Piece | None = None
    for piece in found:
        if current is not None and _may_join(article, current, piece):
            current = replace(current, end=piece.end, items=(*current.items, *piece.items))
            continue
        if current is not None:
            yield current
        current = piece
    if current is not None:
        yield current


def _may_join(article: Article, one: Piece, other: Piece) -> bool:
    if one.path != other.path or one.whole or other.whole:
        return False
    text = article.text
    if _LAW_START.match(text, other.start):
        return False
    length = other.end - one.start
    if length <= _JOIN:
        return True
    return length <= _JOIN_ALIKE and _kind(article, one) == _kind(article, other)


def _kind(article: Article, piece: Piece) -> str:
    return kind_of(fold(article.text[piece.start : piece.end]), [fold(h) for h in piece.path])


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
    for start, end in zip(starts, [*starts[1:], piece.end], strict=True):
        items = tuple(item for item in piece.items if _inside(item, start, end))
        yield replace(piece, start=start, end=end, path=path, items=items)


def _inside(item: Span, start: int, end: int) -> bool:
    return start <= item[0] and item[1] <= end
