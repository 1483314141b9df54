"""The sources of a generation on disk, and the articles that come of them all, doubles merged.

``sources.jsonl`` holds for each file a line about it and then a line for each of its articles;
``sources.keys`` what each of these articles could be a double of. After a change only the articles
that it may touch are parsed and merged again (``corpus.neighbours``); the others keep their lines
in the table. The result depends on what was read, never on the order or time in which it came.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.duplicates import merge
from corpus.neighbours import Neighbours, neighbours
from corpus.types import Article
from index.arrays import pack, unpack
from index.records import decode
from index.sources import SourceFile, Sources

# as index.records writes it; inside a text the quotes would be escaped
_LAW = b'"kind":"statute"'


@dataclass(frozen=True, slots=True)
class Ledger:
    """Sources by place, with the ``Neighbours`` of each one's articles."""

    sources: Sources
    links: Mapping[str, Neighbours]

    def to_bytes(self) -> tuple[bytes, bytes]:
        """The two files."""
        lines: list[bytes] = []
        for place in sorted(self.sources):
            s = self.sources[place]
            head = [s.place, s.name, s.sha, s.reader, s.member, len(s.articles)]
            lines += [json.dumps(head, ensure_ascii=False).encode("utf-8"), *s.articles]
        links = Neighbours.joined([self.links[place] for place in sorted(self.sources)])
        arrays = {name: getattr(links, name) for name in Neighbours.__slots__}
        return b"".join(line + b"\n" for line in lines), pack(arrays)

    @classmethod
    def from_bytes(cls, lines: bytes, keys: bytes) -> Ledger:
        """Of what ``to_bytes`` gave."""
        whole = Neighbours(**unpack(keys))
        sources, links, first = {}, {}, 0
        each = iter(lines.split(b"\n"))
        for head in each:
            if head:
                place, name, sha, reader, member, n = json.loads(head)
                articles = tuple(next(each) for _ in range(n))
                sources[place] = SourceFile(place, name, sha, reader, articles, member)
                links[place] = whole[first : first + n]
                first += n
        return cls(sources, links)

    @classmethod
    def of(cls, sources: Sources, before: Ledger | None) -> Ledger:
        """With the neighbours of files that ``before`` knows as they are; others are worked out."""
        known = before or cls({}, {})
        same = {p for p, s in sources.items() if known.sources.get(p) is s}
        links = {place: known.links[place] for place in same}
        fresh = [place for place in sources if place not in same]
        whole = neighbours([a for p in fresh for a in parse(sources[p].articles)])
        first = 0
        for place in fresh:
            last = first + len(sources[place].articles)
            links[place] = whole[first:last]
            first = last
        return cls(sources, links)

    def laws(self) -> list[Article]:
        """Articles of laws among them; they are no doubles of anything."""
        return _distinct(line for line in self._lines() if _LAW in line)

    def count(self) -> int:
        """How many articles were read, those of laws left out."""
        return sum(_LAW not in line for line in self._lines())

    def _lines(self) -> Iterator[bytes]:
        return (line for source in self.sources.values() for line in source.articles)


@dataclass(frozen=True, slots=True)
class Item:
    """An article of the united list, or the word that it is the one under this id before."""

    id: str
    article: Article | None


def parse(lines: Iterable[bytes]) -> Iterator[Article]:
    """The articles of lines of JSON."""
    return (decode(Article, json.loads(line)) for line in lines)


def united(now: Ledger, before: Ledger | None, ids: Sequence[str]) -> list[Item]:
    """All articles but those of laws, doubles merged, by id. ``ids``: of those that ``before``
    came to."""
    if before is None:
        articles = merge(_distinct(line for line in now._lines() if _LAW not in line))
        return [Item(a.id, a) for a in sorted(articles, key=lambda a: a.id)]
    touched_before, touched = _touched(before, now)
    gone = set(_names(touched_before))
    kept = [Item(article_id, None) for article_id in ids if article_id not in gone]
    merged = [Item(a.id, a) for a in merge(_distinct(touched))]
    return sorted([*kept, *merged], key=lambda item: item.id)


def _touched(before: Ledger, now: Ledger) -> tuple[list[bytes], list[bytes]]:
    """The articles that a change may touch: as they were, and as they are."""
    sides = [(ledger, sorted(ledger.sources)) for ledger in (before, now)]
    parts = [ledger.links[place] for ledger, places in sides for place in places]
    other = {
        place
        for place in before.sources.keys() | now.sources.keys()
        if before.sources.get(place) is not now.sources.get(place)
    }
    lengths = [len(part) for part in parts]
    changed = np.array([place in other for _, places in sides for place in places], np.bool_)
    reached = Neighbours.joined(parts).reached(np.repeat(changed, lengths)).tolist()
    found: list[list[bytes]] = []
    row = 0
    for ledger, places in sides:
        lines = [line for place in places for line in ledger.sources[place].articles]
        found.append([line for n, line in enumerate(lines, row) if reached[n] and _LAW not in line])
        row += len(lines)
    return found[0], found[1]


def _distinct(lines: Iterable[bytes]) -> list[Article]:
    """Each article once. Of several under one id all but the first get a mark of their content
    behind it: two folders may hold files of the same name."""
    by_id: defaultdict[str, list[bytes]] = defaultdict(list)
    articles = {}
    for line in set(lines):
        articles[line] = decode(Article, json.loads(line))
        by_id[articles[line].id].append(line)
    found = []
    for same in by_id.values():
        for n, line in enumerate(sorted(same)):
            article = articles[line]
            found.append(replace(article, id=_marked(article.id, line)) if n else article)
    return found


def _names(lines: Iterable[bytes]) -> Iterator[str]:
    """Every id under which the lines' articles may have gone into the list."""
    for line in lines:
        article_id = json.loads(line)["id"]
        yield article_id
        yield _marked(article_id, line)


def _marked(article_id: str, line: bytes) -> str:
    return f"{article_id}~{hashlib.sha256(line).hexdigest()[:8]}"
