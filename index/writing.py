"""The files of a new generation: what did not change is taken over, piece by piece.

A piece is taken over where all of its rows were one piece before, in the same order; each of its kinds
(lines, vectors, tokens, words …) by itself, because a new dictionary changes no vector. Which pieces
there are follows from the ids alone (``index.cuts``), so that a store that was refreshed a hundred times
has the files of one that was made at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import pack
from index.blocks import Writer
from index.build import Encoder, Made, Plan, Progress, hashes, spread, versions
from index.contents import ASKED, PASSAGES, VECTORS, Contents, asked_name, index_of
from index.filters import Filters
from index.generations import Manifest
from index.graph import Graph, Nodes
from index.halves import WORTH_IT, packed
from index.late import basis
from index.postings import Postings, Segmenter
from index.postings import build as build_postings
from index.rows import Rows, Run
from index.table import fixes_of, starts_of
from index.tokens import PassageTokens, pack_codes
from index.vectors import FLAT_LIMIT, Vectors
from index.wanted import Wanted, run_of


def write(
    writer: Writer,
    plans: Sequence[Plan],
    made: Made,
    *,
    generation: str,
    encoder: Encoder,
    words: Segmenter,
    progress: Progress,
) -> Manifest:
    """Write all files of a generation but its manifest, which is returned. ``writer`` may hold others
    that belong to it; ``generation``: their ``index.build.identity``."""
    counts: dict[str, int] = {}
    search: dict[str, dict[str, Any]] = {}
    for p in plans:
        room = _Room(p, made, writer, encoder.dimension)
        tick = partial(progress, "words")
        writer.put(index_of(p.room), room.write(words, tick).to_bytes())
        search |= room.search
        counts[p.room] = len(p.ids)
        counts[VECTORS[p.room] if p.room == "articles" else "statute_passages"] = p.size
    return Manifest(
        generation=generation,
        model=encoder.model,
        dimension=encoder.dimension,
        versions=versions(),
        counts=counts,
        search=search,
        files=writer.entries,
    )


def _known(p: Plan, kind: str, column: int, *, coarse: bool = False) -> list[tuple[Run, str]]:
    """The files of a kind before, with what they hold: articles (0), passages (1), question rows (2)."""
    if p.before is None:
        return []
    contents = p.before.half.contents
    at = contents.coarse if coarse else contents.cuts
    rows = contents.starts[at, column] if column else at
    return list(zip(pairwise(rows.tolist()), contents.files[kind], strict=False))


def _files(p: Plan, kind: str, column: int, *, coarse: bool = False) -> dict[Run | None, str]:
    """The same by what they hold; no file holds rows that are no run."""
    return dict(_known(p, kind, column, coarse=coarse))


class _Room:
    """Writes the pieces of one room. ``search``: how its matrices are searched, for the manifest."""

    def __init__(self, p: Plan, made: Made, writer: Writer, dimension: int) -> None:
        self._plan = p
        self._made = made
        self._writer = writer
        self._dimension = dimension
        self._old = p.before.half if p.before is not None else None
        self._starts = starts_of(self._sizes(), p.lines.counts)
        self.search: dict[str, dict[str, Any]] = {}

    def write(self, words: Segmenter, tick: Callable[[int, int], object]) -> Contents:
        p = self._plan
        files = {
            "rows": list(self._lines()),
            "vectors": self._vectors(),
            "tokens": [],
            "words": list(self._words(words, tick)),
        }
        for which, wanted, name in (
            (PASSAGES, p.passages, VECTORS[p.room]),
            (ASKED, p.asked, asked_name(p.room)),
        ):
            files[f"{which}.graph"] = self._graph(which, wanted, name)
            files[f"{which}.halves"] = list(self._halves(which, wanted))
        lengths = None
        if p.tokens is not None:
            lengths, files["tokens"] = self._tokens(p.tokens)
        filters = self._filters()
        return Contents(
            self._starts,
            np.array(p.cuts, np.int64),
            np.array(p.coarse, np.int64),
            hashes(p),
            p.passages.keys,
            p.asked.keys,
            filters.schemes,
            filters.regions,
            p.ids,
            self._fixes(),
            files,
            filters.places,
            self._dimension,
            p.tokens.keys if p.tokens is not None else None,
            lengths,
            basis().bits if p.tokens is not None else 0,
        )

    def _sizes(self) -> NDArray[np.int64]:
        """(articles,) bytes of each line, its end included."""
        kept, sizes = self._plan.lines.kept, np.zeros(len(self._plan.ids), np.int64)
        if self._old is not None and (kept >= 0).any():
            sizes[kept >= 0] = self._old.table.sizes()[kept[kept >= 0]]
        for number, line in self._plan.lines.lines.items():
            sizes[number] = len(line) + 1
        return sizes

    def _fixes(self) -> list[tuple[str, str]]:
        """Those of articles that were kept, and of new ones, in the order of the articles."""
        lines, ids = self._plan.lines, self._plan.ids
        found = [fix for row in lines.rows.values() for fix in fixes_of(row.article)]
        if self._old is not None:
            kept = {ids[number] for number in np.flatnonzero(lines.kept >= 0).tolist()}
            found += [fix for fix in self._old.table.fixes if fix[1] in kept]
        return sorted(found, key=lambda fix: fix[1])

    def _filters(self) -> Filters:
        """Of passages that were kept, and of new ones; statutes are not filtered."""
        p, before = self._plan, self._old
        if p.room != "articles":
            return Filters.of(())
        marks = {
            number: one
            for article, row in p.lines.rows.items()
            for number, one in enumerate(row.marks, int(self._starts[article, 1]))
        }
        old = before.contents.filters if before is not None else None
        return Filters.joined(marks, spread(p.lines, p.before, 0), old)

    def _take(self, name: str) -> str:
        assert self._plan.before is not None, "nothing is taken over of nothing"
        return self._writer.take(name, self._plan.before.files)

    def _lines(self) -> Iterator[str]:
        p = self._plan
        known = _files(p, "rows", 0)
        for run in pairwise(p.cuts):
            name = known.get(run_of(p.lines.kept, run))
            if name is not None:
                yield self._take(name)
            else:
                lines = (p.line(number) + b"\n" for number in range(*run))
                yield self._writer.add("rows", b"".join(lines))

    def _rows(self, run: Run, column: int) -> Run:
        """The passages (1) or question rows (2) of some articles."""
        return int(self._starts[run[0], column]), int(self._starts[run[1], column])

    def _before(self, which: str) -> Vectors | None:
        if self._old is None:
            return None
        return self._old.vectors if which == PASSAGES else self._old.asked

    def _matrix(self, which: str, wanted: Wanted, run: Run) -> NDArray[np.float32]:
        before = self._before(which)
        rows: Rows | None = before.rows if before is not None else None
        return wanted.rows(run, self._made, self._dimension, rows)

    def _vectors(self) -> list[str]:
        p = self._plan
        pairs = zip(_known(p, "vectors", 1), _known(p, "vectors", 2), strict=True)
        known: dict[tuple[Run | None, Run | None], str] = {
            (passages, asked): name for (passages, name), (asked, _) in pairs
        }
        found = []
        for run in pairwise(p.cuts):
            rows, asked = self._rows(run, 1), self._rows(run, 2)
            name = known.get((run_of(p.passages.origin, rows), run_of(p.asked.origin, asked)))
            if name is not None:
                found.append(self._take(name))
                continue
            arrays = {
                PASSAGES: self._matrix(PASSAGES, p.passages, rows),
                ASKED: self._matrix(ASKED, p.asked, asked),
            }
            found.append(self._writer.add("vectors", pack(arrays)))
        return found

    def _halves(self, which: str, wanted: Wanted) -> Iterator[str]:
        if not WORTH_IT <= len(wanted.keys) <= FLAT_LIMIT:
            return
        column = 1 if which == PASSAGES else 2
        known = _files(self._plan, f"{which}.halves", column, coarse=True)
        for run in pairwise(self._plan.coarse):
            rows = self._rows(run, column)
            name = known.get(run_of(wanted.origin, rows))
            if name is not None:
                yield self._take(name)
            else:
                yield self._writer.add("halves", packed(self._matrix(which, wanted, rows)))

    def _graph(self, which: str, wanted: Wanted, name: str) -> list[str]:
        """The links and the nodes of a graph over very many rows, and how it finds; none over fewer.
        The links are those of before, with all that was found of them, as long as they serve."""
        count, before = len(wanted.keys), self._plan.before
        if count <= FLAT_LIMIT:
            self.search[name] = {"kind": "flat", "recall@10": 1.0}
            return []
        old = before.half.contents.files[f"{which}.graph"] if before is not None else []
        nodes = None
        if before is not None and len(old) == 2:
            links = before.files.block(old[0])
            nodes = Nodes.from_bytes(before.files.block(old[1]).whole()).moved(wanted.origin)
            if not nodes.worn and not nodes.outgrown:
                self.search[name] = dict(before.search[name])
                return [self._take(old[0]), self._writer.add("nodes", nodes.to_bytes())]
        rows = Rows.of(self._matrix(which, wanted, (0, count)))
        if nodes is None or nodes.worn:
            graph = Graph.build(rows)
        else:
            graph = Graph.from_bytes(links.whole(), nodes, rows).grown()
        made = Vectors(rows, graph=lambda: graph)
        self.search[name] = {"kind": made.kind, "recall@10": round(made.recall(), 4)}
        return [
            self._writer.add("graph", graph.to_bytes()),
            self._writer.add("nodes", graph.nodes.to_bytes()),
        ]

    def _tokens(self, wanted: Wanted) -> tuple[NDArray[np.int64], list[str]]:
        """(n,) how many tokens each passage has, and the files."""
        old: PassageTokens | None = self._old.tokens if self._old is not None else None
        lengths = np.zeros(len(wanted.keys), np.int64)
        kept = wanted.origin >= 0
        if old is not None:
            lengths[kept] = old.lengths[wanted.origin[kept]]
        for row in np.flatnonzero(~kept).tolist():
            lengths[row] = len(self._made[wanted.keys[row].tobytes()])
        known = _files(self._plan, "tokens", 1)
        found = []
        for run in pairwise(self._plan.cuts):
            rows = self._rows(run, 1)
            name = known.get(run_of(wanted.origin, rows))
            if name is not None:
                found.append(self._take(name))
            else:
                found.append(self._writer.add("tokens", b"".join(self._packed(wanted, rows, old))))
        return lengths, found

    def _packed(self, wanted: Wanted, rows: Run, old: PassageTokens | None) -> Iterator[bytes]:
        """The tokens of a run of rows; what stood one behind the other is read at once."""
        origin = wanted.origin[slice(*rows)]
        new = origin < 0
        breaks = np.flatnonzero(new[1:] | new[:-1] | (np.diff(origin) != 1)) + 1
        for first, end in pairwise([0, *breaks.tolist(), len(origin)] if len(origin) else [0]):
            at = int(origin[first])
            if old is not None and at >= 0:
                yield old.packed((at, at + end - first))
            else:
                made = self._made[wanted.keys[rows[0] + first].tobytes()]
                yield pack_codes(made, basis().bits).tobytes()

    def _words(self, words: Segmenter, tick: Callable[[int, int], object]) -> Iterator[str]:
        p, done = self._plan, 0
        known = _files(p, "words", 1, coarse=True)
        for run in pairwise(p.coarse):
            first, end = self._rows(run, 1)
            name = known.get(run_of(p.kept_words, (first, end)))
            if name is not None:
                yield self._take(name)
                continue
            documents = {n - first: p.documents[n] for n in range(first, end) if n in p.documents}
            old, old_first = self._old_words(run)
            kept = p.kept_words[first:end]
            postings = build_postings(
                documents,
                words,
                old=old,
                kept=np.where(kept >= 0, kept - old_first, -1),
                tick=lambda n, _, so_far=done: tick(so_far + n, len(p.documents)),  # type: ignore[misc]
            )
            done += len(documents)
            yield self._writer.add("words", postings.to_bytes())

    def _old_words(self, run: Run) -> tuple[Postings | None, int]:
        """The postings before of all articles between the first and the last of a run, and the number
        of their first passage."""
        if self._old is None or not self._plan.same_words:
            return None, 0
        table, contents, ids = self._old.table, self._old.contents, self._plan.ids
        begin, end = bisect_left(table.ids, ids[run[0]]), bisect_right(table.ids, ids[run[1] - 1])
        if begin == end:
            return None, 0
        first = int(np.searchsorted(contents.coarse, begin, side="right")) - 1
        last = int(np.searchsorted(contents.coarse, end - 1, side="right")) - 1
        pieces = [self._old.words.piece(n) for n in range(first, last + 1)]
        return Postings.joined(pieces), int(contents.starts[contents.coarse[first], 1])
