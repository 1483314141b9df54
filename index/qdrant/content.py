"""Which articles of a refresh are new to an engine: drawn again only where they or what draws them changed.

An article is known by its id, by its head (what was read) and by its line (what was drawn from that);
its number is made of id and line, so that an engine that was refreshed numbers like a fresh one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.claims import claims
from corpus.sections import sections
from corpus.types import Article
from index.build import line_hash
from index.ledger import Item
from index.marks import mark
from index.qdrant.backend import Got
from index.qdrant.schema import hashed
from index.records import dumps
from index.table import Row

_POINTS = ("texts", "words", "tokens")
"""Of ``index.build.versions`` those that make points out of a line."""
_LINES = {"articles": ("splitter", "claims", "marks"), "statutes": ("splitter", "claims")}


@dataclass(frozen=True, slots=True)
class Known:
    """An article as an engine holds it: ``number``, and hashes of its head and its line."""

    number: int
    head: str
    sha: str

    @classmethod
    def of(cls, point: Got) -> Known:
        return cls(int(point.payload["article"]), point.payload["head"], point.payload["sha"])


@dataclass(frozen=True, slots=True)
class Drawn:
    """An article that is to be written."""

    id: str
    known: Known
    line: str

    @property
    def row(self) -> Row:
        """Parsed anew at each call: rows of all articles at once would fill the memory."""
        return Row.from_line(self.line)


@dataclass(frozen=True, slots=True)
class Content:
    """A room of the generation to come, by id. ``drawn``: what is to be written; ``kept``: what stays;
    ``gone``: what dies, be it replaced or removed; ``before``: all that was there."""

    drawn: tuple[Drawn, ...]
    kept: Mapping[str, Known]
    gone: Mapping[str, Known]
    before: Mapping[str, Known]

    @property
    def now(self) -> dict[str, Known]:
        """Every article by id."""
        return {**self.kept, **{one.id: one.known for one in self.drawn}}


def draw(
    room: str,
    items: Sequence[Item],
    before: Mapping[str, Known],
    *,
    was: Mapping[str, str],
    now: Mapping[str, str],
    line_of: Callable[[int], str],
    anew: bool,
) -> Content:
    """Draw what is new or changed. ``was`` and ``now``: versions then and now; ``line_of``: the line of
    an article by its number; ``anew``: everything is to be written."""
    points = not anew and all(was.get(v) == now[v] for v in _POINTS)
    lines = points and all(was.get(v) == now[v] for v in _LINES[room])
    drawn: list[Drawn] = []
    kept: dict[str, Known] = {}
    for item in items:
        old = before.get(item.id)
        if old is not None and lines and _same(item.article, old):
            kept[item.id] = old
            continue
        article = item.article or Row.from_line(line_of(_there(old))).article
        line = _row(article, marked=room == "articles").to_line()
        sha = line_hash(line.encode("utf-8"))
        if old is not None and old.sha == sha and points:
            kept[item.id] = old
        else:
            known = Known(hashed(article.id, sha), _head(article), sha)
            drawn.append(Drawn(item.id, known, line))
    gone = {i: old for i, old in before.items() if i not in kept}
    return Content(tuple(drawn), kept, gone, before)


def renumbered(content: Content, taken: Collection[int], born: int) -> Content:
    """With other numbers for what is drawn where these are ``taken``: by what was replaced or removed so
    lately that it may still be read, and is now as it was."""
    drawn = [
        replace(one, known=replace(one.known, number=hashed(one.id, one.known.sha, born)))
        if one.known.number in taken
        else one
        for one in content.drawn
    ]
    return replace(content, drawn=tuple(drawn))


def _there(old: Known | None) -> int:
    if old is None:
        raise ValueError("an article that is said to be kept was not there before")
    return old.number


def _same(article: Article | None, old: Known) -> bool:
    return article is None or _head(article) == old.head


def _row(article: Article, *, marked: bool) -> Row:
    passages = sections(article)
    marks = tuple(mark(passage) for passage in passages) if marked else ()
    return Row(article, passages, claims(article), marks)


def _head(article: Article) -> str:
    return line_hash(dumps(article).encode("utf-8"))
