"""What the files of a generation hold, and their opening.

articles.index, statutes.index   which articles, in which files; all tables (small)   (``Contents``)
*.rows                           articles with passages and claims                    (index.table)
*.vectors                        a vector for each passage, title and question        (index.rows)
*.tokens                         the tokens of passages, for some models              (index.tokens)
*.words                          the keyword index                                    (index.postings)
*.halves                         vectors again, for a quicker search of many          (index.halves)
*.graph, *.nodes                 the search of very many                              (index.graph)
sources.index, *.read            what was read from which file                        (index.ledger)

All but the indexes hold a piece each (``index.cuts``), are named by their content, and are taken over
by the next generation as long as that piece stays what it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import pack, unpack
from index.blocks import Block, Files
from index.filters import Filters
from index.graph import Graph, Nodes
from index.halves import Halves
from index.keywords import Keywords
from index.postings import Postings
from index.rows import Rows, Stored
from index.table import Table
from index.tokens import Layout, PassageTokens
from index.vectors import Vectors

ROOMS = ("articles", "statutes")
"""The two tables: what people ask about, and the law."""

VECTORS = {"articles": "passages", "statutes": "statutes"}
"""What a table's passages are called among the counts and in reports."""

PASSAGES, ASKED = "passages", "asked"
"""The two matrices of a room: of its passages, and of titles and questions."""

_ARRAYS = (
    *("starts", "cuts", "coarse", "hashes"),
    *("passage_keys", "asked_keys", "schemes", "regions"),
)
_SAID = ("ids", "fixes", "files", "places", "dimension", "bits")


@dataclass(frozen=True, slots=True)
class Contents:
    """The index of a room. ``starts``: see ``Table``; ``cuts`` and ``coarse``: the articles with which
    small and large pieces begin, and the end; ``hashes``: (articles, 16), of each line; ``passage_keys``, ``asked_keys``: (n, 16), what each
    vector was made from (``index.texts``); ``schemes``, ``regions``, ``places``: see ``Filters``, of no
    passages among the statutes; ``token_keys``, ``lengths``: of the tokens, None without;
    ``bits``: of each of their numbers; ``files``: the names of the pieces of each kind, in order."""

    starts: NDArray[np.int64]
    cuts: NDArray[np.int64]
    coarse: NDArray[np.int64]
    hashes: NDArray[np.uint8]
    passage_keys: NDArray[np.uint8]
    asked_keys: NDArray[np.uint8]
    schemes: NDArray[np.uint8]
    regions: NDArray[np.int32]
    ids: Sequence[str]
    fixes: Sequence[tuple[str, str]]
    files: Mapping[str, Sequence[str]]
    places: Sequence[str]
    dimension: int
    token_keys: NDArray[np.uint8] | None = None
    lengths: NDArray[np.int64] | None = None
    bits: int = 0

    @property
    def filters(self) -> Filters:
        return Filters(self.schemes, self.regions, self.places)

    def to_bytes(self) -> bytes:
        said = {name: getattr(self, name) for name in _SAID}
        arrays: dict[str, NDArray[Any]] = {name: getattr(self, name) for name in _ARRAYS}
        text = json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode("ascii")
        arrays["said"] = np.frombuffer(text, np.uint8)
        if self.token_keys is not None and self.lengths is not None:
            arrays |= {"token_keys": self.token_keys, "lengths": self.lengths}
        return pack(arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> Contents:
        """Of what ``to_bytes`` gave. Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
        arrays = unpack(data)
        said: dict[str, Any] = json.loads(arrays["said"].tobytes())
        known: dict[str, Any] = {
            **{name: arrays[name] for name in _ARRAYS},
            **{name: said[name] for name in _SAID},
        }
        return cls(**known, token_keys=arrays.get("token_keys"), lengths=arrays.get("lengths"))


@dataclass(frozen=True, slots=True)
class Half:
    """The articles, or the statutes: their table, vectors and words, and what the index of the room
    says. Nothing is read yet but the index."""

    contents: Contents
    table: Table
    vectors: Vectors
    asked: Vectors
    words: Keywords
    tokens: PassageTokens | None = field(default=None)

    @classmethod
    def read(cls, room: str, files: Files) -> Half:
        """From the files of a generation. Raises ``ValueError``, ``KeyError`` or ``TypeError`` where
        they make no sense, StoreError where the index is damaged."""
        contents = Contents.from_bytes(files.read(index_of(room)))
        pieces = {
            kind: [files.block(name) for name in names] for kind, names in contents.files.items()
        }
        table = Table(
            contents.starts, contents.ids, contents.cuts.tolist(), pieces["rows"], contents.fixes
        )
        passages, asked = (
            _vectors(contents, pieces, which, column)
            for which, column in ((PASSAGES, 1), (ASKED, 2))
        )
        words = Keywords(
            [_postings(block) for block in pieces["words"]],
            np.diff(contents.starts[contents.coarse, 1]).tolist(),
        )
        half = cls(contents, table, passages, asked, words, _tokens(contents, pieces))
        sizes = (
            len(passages),
            len(contents.passage_keys),
            len(half.tokens or contents.passage_keys),
        )
        if {*sizes} != {table.size} or len(contents.asked_keys) != table.questions:
            raise ValueError(f"{room}: {sizes} rows for {table.size} passages")
        return half


def index_of(room: str) -> str:
    """Name of the file with the index of a room."""
    return f"{room}.index"


def asked_name(room: str) -> str:
    """What a room's titles and questions are called in reports."""
    return "questions" if room == "articles" else "statute_questions"


def _vectors(
    contents: Contents, pieces: Mapping[str, Sequence[Block]], which: str, column: int
) -> Vectors:
    rows = Rows(
        contents.starts[contents.cuts, column],
        [Stored(block, which) for block in pieces["vectors"]],
        contents.dimension,
    )
    twins, graph = pieces[f"{which}.halves"], pieces[f"{which}.graph"]
    # one file alone is a graph of before, with all vectors: what it is over is searched row by row
    firsts = contents.starts[contents.coarse[:-1], column].tolist()
    return Vectors(
        rows,
        halves=(lambda: Halves(rows, firsts, [block.whole() for block in twins]))
        if twins
        else None,
        graph=(lambda: _graph(graph[0], graph[1], rows)) if len(graph) == 2 else None,
    )


def _graph(links: Block, nodes: Block, rows: Rows) -> Graph:
    return Graph.from_bytes(links.whole(), Nodes.from_bytes(nodes.whole()), rows)


def _postings(block: Block) -> Callable[[], Postings]:
    return lambda: Postings.from_bytes(block.whole())


def _tokens(contents: Contents, pieces: Mapping[str, Sequence[Block]]) -> PassageTokens | None:
    if contents.token_keys is None or contents.lengths is None:
        return None
    cuts = contents.starts[contents.cuts, 1]
    layout = Layout(contents.token_keys, contents.lengths, cuts)
    return PassageTokens(layout, pieces["tokens"], contents.bits)
