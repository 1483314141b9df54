"""A new generation out of articles and of the generation before: only what is new costs work.

Three things are carried over: the line of an article (its passages, claims and marks) while the article
and what draws them are the same; a vector while the text and the model are the same; the words of a
passage while its texts and the dictionary are the same. Which of the files that makes anew is seen in
``index.writing``; where from and where to is the business of ``index.refresh``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.claims import CLAIMS_VERSION, claims
from corpus.neighbours import MERGE_VERSION
from corpus.sections import SECTIONS_VERSION, sections
from corpus.types import Article
from corpus.versions import version_of
from corpus.words import VERSION as WORDS_VERSION
from index import texts
from index.blocks import Files
from index.contents import Half
from index.cuts import COARSE, cuts, mean_size
from index.generations import FORMAT
from index.ingest.alone import Alone
from index.ingest.types import Crew, Kind
from index.ingest.types import Encoder as Encoder
from index.late import TokenEncoder, basis_version
from index.ledger import Item
from index.marks import VERSION as MARKS_VERSION
from index.marks import mark
from index.postings import Document
from index.records import dumps
from index.table import Row, Table
from index.wanted import Wanted, want

Progress = Callable[[str, int, int], object]
"""Called with the stage (``files``, ``passages``, ``words``), how much is done and of how much."""


def versions() -> dict[str, str]:
    """Of all that turns an article into what is stored, apart from the model."""
    return {
        "merge": MERGE_VERSION,
        "splitter": SECTIONS_VERSION,
        "claims": CLAIMS_VERSION,
        "marks": MARKS_VERSION,
        "words": f"{version_of('index.postings')}-{WORDS_VERSION}",
        "texts": version_of("index.texts"),
        "tokens": basis_version(),
    }


@dataclass(frozen=True, slots=True)
class Before:
    """The generation before, as far as it can be used again: a room of it, its files, and what its
    manifest says of versions and of searches."""

    half: Half
    files: Files
    versions: Mapping[str, str]
    search: Mapping[str, Mapping[str, Any]]

    @property
    def table(self) -> Table:
        return self.half.table


@dataclass(frozen=True, slots=True)
class Lines:
    """The articles of a table, drawn. ``kept``: (articles,) number of the same line before, or -1;
    of the others ``rows`` and their ``lines``, by number; ``counts``: (articles, 2), of passages and
    question rows."""

    lines: dict[int, bytes]
    counts: NDArray[np.int64]
    kept: NDArray[np.int64]
    rows: dict[int, Row]


def draw(items: Sequence[Item], before: Before | None, *, marked: bool) -> Lines:
    """Passages, claims and, where ``marked``, marks of the articles, in order; only new and changed
    ones are drawn."""
    now = versions()
    drawing = ("splitter", "claims", "marks") if marked else ("splitter", "claims")
    usable = before is not None and all(before.versions.get(v) == now[v] for v in drawing)
    old_of = {i: n for n, i in enumerate(before.table.ids)} if before is not None else {}
    old_counts = before.table.counts() if before is not None else np.zeros((0, 2), np.int64)
    lines: dict[int, bytes] = {}
    rows: dict[int, Row] = {}
    kept = np.full(len(items), -1, np.int64)
    counts = np.zeros((len(items), 2), np.int64)
    for number, item in enumerate(items):
        old = old_of.get(item.id, -1)
        if usable and before is not None and old >= 0 and _same(item, before.table, old):
            kept[number], counts[number] = old, old_counts[old]
            continue
        article = item.article or _row(before, old).article
        passages = sections(article)
        marks = tuple(mark(passage) for passage in passages) if marked else ()
        row = Row(article, passages, claims(article), marks)
        rows[number] = row
        lines[number] = row.to_line().encode("utf-8")
        counts[number] = len(passages), len(texts.question_texts(article)) if passages else 0
    return Lines(lines, counts, kept, rows)


def _same(item: Item, table: Table, old: int) -> bool:
    return item.article is None or table.line(old).startswith(_head(item.article))


def _line(before: Before | None, old: int) -> bytes:
    if before is None or old < 0:
        raise ValueError("an article that is said to be kept was not there before")
    return before.table.line(old)


def _row(before: Before | None, old: int) -> Row:
    return Row.from_line(_line(before, old))


def _head(article: Article) -> bytes:
    return b'{"article":' + dumps(article).encode("utf-8") + b',"passages":'


@dataclass(frozen=True, slots=True)
class Plan:
    """One table of the new generation before anything costly is done to it. ``cuts`` and ``coarse``:
    the articles with which small and large pieces begin, and the end."""

    room: str
    ids: list[str]
    lines: Lines
    passages: Wanted
    asked: Wanted
    tokens: Wanted | None
    documents: dict[int, Document]
    kept_words: NDArray[np.int64]
    same_words: bool
    before: Before | None
    cuts: list[int]
    coarse: list[int]

    @property
    def size(self) -> int:
        return len(self.passages.keys)

    @property
    def missing(self) -> dict[bytes, str]:
        """Texts whose vector is to be made, equal ones once."""
        return self.passages.missing | self.asked.missing

    def line(self, number: int) -> bytes:
        """An article's, new or as it was before."""
        found = self.lines.lines.get(number)
        return found if found is not None else _line(self.before, int(self.lines.kept[number]))


def plan(
    room: str,
    items: Sequence[Item],
    model: str,
    before: Before | None,
    *,
    tokens: bool = False,
    drawn: Lines | None = None,
) -> Plan:
    """Draw the articles and find out which vectors and words are to be made; ``tokens`` where the
    model gives them. Statutes are not ranked by their marks and have none. ``drawn``: where that was
    done already."""
    drawn = drawn or draw(items, before, marked=room == "articles")
    now = versions()
    same = {v: before is not None and before.versions.get(v) == now[v] for v in ("texts", "words")}
    kept = spread(drawn, before, 0), spread(drawn, before, 1)
    none = np.full(len(kept[0]), -1, np.int64)
    # without the same dictionary or texts every passage is looked at again, by its text
    kept_vectors = kept if same["texts"] else (none, np.full(len(kept[1]), -1, np.int64))
    kept_words = kept[0] if same["words"] else none
    tokens = tokens and room == "articles"
    old = before.half.contents if before is not None else None
    # the same text has other codes in another basis
    known = before is not None and before.versions.get("tokens") == now["tokens"]
    codes = old.token_keys if old is not None and known else None
    kept_tokens = kept_vectors[0] if codes is not None else none
    same["tokens"] = codes is not None or not tokens
    embedded: dict[int, str] = {}
    late: dict[int, str] = {}
    asked: dict[int, str] = {}
    documents: dict[int, Document] = {}
    starts = np.cumsum(np.concatenate([np.zeros((1, 2), np.int64), drawn.counts]), axis=0)
    looked = drawn.rows if all(same.values()) else range(len(items))
    for number in looked:
        row = drawn.rows.get(number) or _row(before, int(drawn.kept[number]))
        first, first_asked = starts[number].tolist()
        for n, passage in enumerate(row.passages, first):
            if kept_vectors[0][n] < 0:
                embedded[n] = texts.passage_text(passage)
            if tokens and kept_tokens[n] < 0:
                late[n] = texts.late_text(passage)
            if kept_words[n] < 0:
                documents[n] = Document.of(passage)
        if row.passages:
            for n, text in enumerate(texts.question_texts(row.article), first_asked):
                if kept_vectors[1][n] < 0:
                    asked[n] = text
    ids, size = [item.id for item in items], mean_size(len(items))
    return Plan(
        room,
        ids,
        drawn,
        want(model, "passage", embedded, kept_vectors[0], old.passage_keys if old else None),
        want(model, "query", asked, kept_vectors[1], old.asked_keys if old else None),
        want(model, "tokens", late, kept_tokens, codes) if tokens else None,
        documents,
        kept_words,
        same["words"],
        before,
        cuts(ids, size),
        cuts(ids, size * COARSE),
    )


def spread(drawn: Lines, before: Before | None, column: int) -> NDArray[np.int64]:
    """For each passage (0) or question row (1) its number before, from that of its article."""
    counts = drawn.counts[:, column]
    if before is None or not len(before.table):
        return np.full(int(counts.sum()), -1, np.int64)
    first_before = np.where(drawn.kept >= 0, before.table.starts(column)[drawn.kept], -1)
    starts = np.cumsum(counts) - counts
    within = np.arange(int(counts.sum())) - np.repeat(starts, counts)
    first = np.repeat(first_before, counts)
    spread: NDArray[np.int64] = np.where(first >= 0, first + within, -1)
    return spread


Made = dict[bytes, NDArray[Any]]
"""By key: a vector (dim,) float32 of a text, or the codes of its tokens (see ``index.late``)."""


def embed(
    plans: Sequence[Plan], encoder: Encoder, progress: Progress, crew: Crew | None = None
) -> Made:
    """What is missing of all plans, by key; equal texts once. ``crew``: who encodes; without one
    this process."""
    crew = crew or Alone()
    work: dict[Kind, dict[bytes, str]] = {
        "passages": {k: t for p in plans for k, t in p.passages.missing.items()},
        "queries": {k: t for p in plans for k, t in p.asked.missing.items()},
    }
    if isinstance(encoder, TokenEncoder):
        work["tokens"] = {k: t for p in plans if p.tokens for k, t in p.tokens.missing.items()}
    total = sum(map(len, work.values()))
    made: Made = {}
    for kind, missing in work.items():
        # of like length together: a helper then waits no longer for its last text than others
        order = sorted(missing, key=lambda key: (len(missing[key]), key))
        keys = iter(order)
        for rows in crew.encode(encoder, kind, [missing[key] for key in order]):
            made.update(zip(islice(keys, len(rows)), rows, strict=True))
            progress("passages", len(made), total)
    return made


def identity(plans: Sequence[Plan], model: str) -> str:
    """Of the generation that the plans make, see ``identified``."""
    return identified(
        model,
        # all of a room at once, as if they came one by one
        [(p.tokens is not None, filter(None, [hashes(p).tobytes().hex("\n", 16)])) for p in plans],
    )


def hashes(p: Plan) -> NDArray[np.uint8]:
    """(articles, 16) the ``line_hash`` of each; of those that were kept as it is known."""
    found = np.zeros((len(p.ids), 16), np.uint8)
    kept = p.lines.kept >= 0
    if p.before is not None:
        found[kept] = p.before.half.contents.hashes[p.lines.kept[kept]]
    for number, line in p.lines.lines.items():
        found[number] = np.frombuffer(bytes.fromhex(line_hash(line)), np.uint8)
    return found


def line_hash(line: bytes) -> str:
    """What stands for a line of an article in a generation's identity."""
    return hashlib.blake2b(line, digest_size=16).hexdigest()


def identified(model: str, rooms: Iterable[tuple[bool, Iterable[str]]]) -> str:
    """A hash of what a generation answers from, in whatever engine: the articles and what made all
    else out of them. Vectors' own bytes are left out: they may differ in a last digit from machine to
    machine. ``rooms``: of each whether it has tokens, and the hashes of its lines in the order of ids."""
    whole = hashlib.sha256(json.dumps([FORMAT, model, versions()], sort_keys=True).encode())
    for tokens, lines in rooms:
        whole.update(b"tokens\n" if tokens else b"")
        for line in lines:
            whole.update(line.encode("ascii") + b"\n")
        whole.update(b"\n")
    return whole.hexdigest()
