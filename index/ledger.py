"""The sources of a generation on disk, and the articles that come of them all, doubles merged.

``sources.index`` holds a line about each file, what its articles could be doubles of, and which
sources our own articles rest on (``index.resting``); the articles as they were read lie in files of lines,
by piece (``index.cuts``), and are read when they are needed; ``index.sourcefiles`` writes both. After a
change only the articles that it may touch are parsed and merged again (``corpus.neighbours``); the others
keep their lines in the table. Save for what was withdrawn, the result depends on what was read, never on
the order or time in which it came.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.duplicates import merge
from corpus.neighbours import Neighbours, neighbours
from corpus.types import Article
from index.arrays import unpack
from index.blocks import Files
from index.corrections import Correction
from index.generations import SOURCES, current_generation, exists, read_manifest, salvage
from index.lines import Data, Lines
from index.records import decode, encode
from index.report import Changes, Folded, Renamed, Withheld
from index.resting import Resting
from index.sources import Scan, SourceFile, Sources


@dataclass(frozen=True, slots=True)
class Pieces:
    """How a ledger lies in its files: the numbers of the sources with which they begin, and the end;
    their names."""

    cuts: Sequence[int]
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ledger:
    """Sources by place, in the order of the places. ``links``: what their articles, one behind the
    other, may be doubles of; ``firsts``: for each source the row of its first article there;
    ``resting``: which sources of our own articles lie here as files or went. ``pieces``: the files that
    it was read from, where it was."""

    sources: Sources
    links: Neighbours
    firsts: Mapping[str, int]
    resting: Resting = field(default_factory=Resting)
    pieces: Pieces | None = None

    @classmethod
    def read(cls, files: Files) -> Ledger:
        """That of a generation. Raises StoreError."""
        return cls.from_bytes(files.read(SOURCES), lambda name: files.block(name).read)

    @classmethod
    def from_bytes(cls, index: bytes, piece: Callable[[str], Data]) -> Ledger:
        """Of what ``index.sourcefiles`` wrote; ``piece`` reads a file of lines."""
        arrays = unpack(index)
        said = json.loads(arrays["said"].tobytes())
        pieces = Pieces(said["cuts"], said["files"])
        heads = json.loads(arrays["heads"].tobytes())
        firsts = [0, *accumulate(head[-1] for head in heads)]
        sources = dict(_sources(arrays, heads, firsts, pieces, piece))
        links = Neighbours(**{name: arrays[name] for name in Neighbours.__slots__})
        resting = decode(Resting, said["resting"])
        return cls(sources, links, dict(zip(sources, firsts, strict=False)), resting, pieces)

    @classmethod
    def of(cls, sources: Sources, before: Ledger | None, was: Resting | None = None) -> Ledger:
        """With the neighbours of files that ``before`` knows as they are; others are worked out.
        ``was``: what came and went before, where ``before`` cannot say."""
        was = before.resting if before is not None else was or Resting()
        now = Resting.of(sources, was)
        touched = now.touched(sources, was)
        # another object counts as changed: what rests on a source that came or went is made anew
        sources = {p: replace(sources[p]) if p in touched else sources[p] for p in sorted(sources)}
        fresh = [s for p, s in sources.items() if before is None or before.sources.get(p) is not s]
        made = neighbours([a for s in fresh for a in parse(s.articles)])
        known = before.links if before is not None else made[:0]
        rows: list[range] = []
        next_made = len(known)
        new = {s.place for s in fresh}
        for place, source in sources.items():
            first = next_made if before is None or place in new else before.firsts[place]
            rows.append(range(first, first + len(source.articles)))
            next_made += len(source.articles) if place in new else 0
        order = np.fromiter(chain.from_iterable(rows), np.int64)
        firsts = dict(zip(sources, accumulate(map(len, rows), initial=0), strict=False))
        return cls(sources, Neighbours.joined([known, made]).take(order), firsts, now)

    def count(self) -> int:
        """How many articles were read."""
        return len(self.links)

    def lines(self) -> Iterator[bytes]:
        return (line for source in self.sources.values() for line in source.articles)

    def some(self, chosen: NDArray[np.bool_]) -> list[bytes]:
        """The lines of some articles, of all one behind the other."""
        numbers = np.flatnonzero(chosen)
        sources, firsts = list(self.sources.values()), np.array([*self.firsts.values()], np.int64)
        owners = np.searchsorted(firsts, numbers, side="right") - 1
        pairs = zip(owners.tolist(), (numbers - firsts[owners]).tolist(), strict=True)
        return [sources[owner].articles[at] for owner, at in pairs]


def kept(source: SourceFile) -> bytes:
    """All that a store knows of one file, to be put back some day (``put_back``)."""
    return b"\n".join(_told(source))


def put_back(found: Scan, known: Sources, restored: Mapping[str, bytes]) -> Scan:
    """The scan with what is known of some files as it was once: ``restored`` holds, by place, what
    ``kept`` gave, or nothing for a file that the store is not to know."""
    sources = dict(found.sources)
    for place, lines in restored.items():
        sources.pop(place, None)
        sources.update(sources_in(lines) if lines else {})
    was, now = found.changes, restored.keys()
    added = {p for p in now & sources.keys() if p not in known}
    changed = {p for p in now & sources.keys() & known.keys() if sources[p] != known[p]}
    changes = Changes(
        added=tuple(sorted({*was.added, *added})),
        changed=tuple(sorted({*was.changed, *changed})),
        removed=tuple(sorted({*was.removed, *((now & known.keys()) - sources.keys())})),
        unchanged=len(sources) - len({*was.added, *added, *was.changed, *changed}),
    )
    return replace(found, sources=sources, changes=changes)


def head_of(s: SourceFile) -> list[object]:
    """What is said about a file, before its articles."""
    told: list[object] = [s.place, s.name, s.sha, s.reader, s.member, s.trust, s.brought]
    return [*told, encode(s.corrected) if s.corrected else {}, len(s.articles)]


def _told(s: SourceFile) -> list[bytes]:
    """A line about a file, then one for each of its articles."""
    return [json.dumps(head_of(s), ensure_ascii=False).encode("utf-8"), *s.articles]


def _source(head: Sequence[Any], articles: Sequence[bytes]) -> SourceFile:
    """What ``head_of`` wrote, read."""
    told = list(head[4:-1])
    # stores of before there were corrections have none
    said = told.pop() if isinstance(told[-1], dict) else {}
    source = SourceFile(head[0], head[1], head[2], head[3], articles, *told)
    return replace(source, corrected=decode(Correction, said)) if said else source


def _sources(
    arrays: Mapping[str, NDArray[Any]],
    heads: Sequence[Sequence[Any]],
    firsts: Sequence[int],
    pieces: Pieces,
    piece: Callable[[str], Data],
) -> Iterator[tuple[str, SourceFile]]:
    """Those that an index tells of, in its order; their articles stay in the files. ``firsts``: the
    articles with which they begin, and the end."""
    bytes_before = np.append(0, np.cumsum(arrays["lengths"]))
    names, names_before = arrays["names"], [0, *np.cumsum(arrays["named"]).tolist()]
    for (begin, end), name in zip(pairwise(pieces.cuts), pieces.names, strict=True):
        data, first = piece(name), firsts[begin]
        ends = bytes_before[first : firsts[end] + 1] - bytes_before[first]
        for n in range(begin, end):
            own = ends[firsts[n] - first : firsts[n + 1] - first + 1]
            named = names[names_before[n] : names_before[n + 1]]
            source = _source(heads[n], Lines(data, own, named))
            yield source.place, source


def sources_in(lines: bytes) -> dict[str, SourceFile]:
    """The sources of lines as ``kept`` gives them. Raises ``ValueError`` for something else."""
    each = lines.split(b"\n")
    # a line about a file begins with [ and one of an article with {: parsed all at once
    at = [n for n, line in enumerate(each) if line.startswith(b"[")]
    heads = json.loads(b"[" + b",".join(each[n] for n in at) + b"]")
    found = (
        _source(head, tuple(each[n + 1 : n + 1 + head[-1]]))
        for n, head in zip(at, heads, strict=True)
    )
    return {source.place: source for source in found}


def sources_of(store: Path) -> Sources:
    """The sources of the current generation of a store, by place. Raises StoreError as
    ``Store.peek`` does."""
    name = current_generation(store)
    return Ledger.read(Files(store, name, read_manifest(store, name))).sources


def salvaged(store: Path) -> Ledger | None:
    """What a store that is damaged elsewhere, or of another format, knows of its sources; None where
    it does not."""
    found = salvage(store) if exists(store) else None
    if found is None:
        return None
    if SOURCES in found:
        return Ledger.from_bytes(
            found[SOURCES], lambda name: lambda first, end: found[name][first:end]
        )
    [lines] = found.values()
    head = lines.partition(b"\n")[0]
    # stores of format 2 say nothing of what our articles rest on
    resting = decode(Resting, json.loads(head)) if head.startswith(b"{") else Resting()
    return Ledger.of(sources_in(lines), None, resting)


def corrections_in(store: Path) -> dict[str, Correction]:
    """What persons corrected, by the place of the file, where a store can still say it."""
    known = salvaged(store)
    sources = known.sources if known is not None else {}
    return {place: source.corrected for place, source in sources.items() if source.corrected}


@dataclass(frozen=True, slots=True)
class Item:
    """An article of the united list, or the word that it is the one under this id before."""

    id: str
    article: Article | None


def parse(lines: Iterable[bytes]) -> Iterator[Article]:
    """The articles of lines of JSON."""
    return (decode(Article, json.loads(line)) for line in lines)


@dataclass(frozen=True, slots=True)
class United:
    """The united list by id, and what happened to the articles that were looked at."""

    items: tuple[Item, ...]
    folded: tuple[Folded, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    withheld: tuple[Withheld, ...] = ()


def united(now: Ledger, before: Ledger | None, ids: Sequence[str]) -> United:
    """All articles, doubles merged, by id, without what rests on withdrawn sources. ``ids``: of
    those that ``before`` came to."""
    if before is None:
        kept, lines = [], list(now.lines())
    else:
        touched_before, lines = _touched(before, now)
        gone = set(_names(touched_before))
        kept = [Item(article_id, None) for article_id in ids if article_id not in gone]
    renamed: list[Renamed] = []
    folded: list[tuple[Article, Article]] = []
    articles, withheld = [], []
    for article in merge(_distinct(lines, renamed), folded):
        rest, lost = now.resting.settled(article)
        withheld += [Withheld(article.title, said, rest is None) for said in lost]
        articles += [rest] if rest is not None else []
    items = sorted([*kept, *(Item(a.id, a) for a in articles)], key=lambda item: item.id)
    return United(
        tuple(items),
        tuple(Folded.of(article, into) for article, into in folded),
        tuple(renamed),
        tuple(withheld),
    )


def _touched(before: Ledger, now: Ledger) -> tuple[list[bytes], list[bytes]]:
    """The articles that a change may touch: as they were, and as they are."""
    links = Neighbours.joined([before.links, now.links])
    changed = np.zeros(len(links), np.bool_)
    for ledger, other, offset in ((before, now, 0), (now, before, len(before.links))):
        for place, source in ledger.sources.items():
            if other.sources.get(place) is not source:
                first = offset + ledger.firsts[place]
                changed[first : first + len(source.articles)] = True
    reached = links.reached(changed)
    sides = (before, reached[: len(before.links)]), (now, reached[len(before.links) :])
    was, now_is = (ledger.some(side) for ledger, side in sides)
    return was, now_is


def _distinct(lines: Iterable[bytes], renamed: list[Renamed]) -> list[Article]:
    """Each article once. Of several under one id all but the first get a mark of their content
    behind it: two folders may hold files of the same name. The one that is believed most keeps
    the id, so that no file takes another source's; ``renamed`` takes the others."""
    by_id: defaultdict[str, list[bytes]] = defaultdict(list)
    articles = {}
    for line in set(lines):
        articles[line] = decode(Article, json.loads(line))
        by_id[articles[line].id].append(line)
    found = []
    for same in by_id.values():
        for n, line in enumerate(sorted(same, key=lambda line: (articles[line].standing, line))):
            article = articles[line]
            if n:
                article = replace(article, id=_marked(article.id, line))
                renamed.append(Renamed(article.title, article.author, article.id))
            found.append(article)
    return found


def _names(lines: Iterable[bytes]) -> Iterator[str]:
    """Every id under which the lines' articles may have gone into the list."""
    for line in lines:
        article_id = json.loads(line)["id"]
        yield article_id
        yield _marked(article_id, line)


def _marked(article_id: str, line: bytes) -> str:
    return f"{article_id}~{hashlib.sha256(line).hexdigest()[:8]}"
