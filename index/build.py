"""A new generation out of articles and of the generation before: only what is new costs work.

Three things are carried over: the line of an article (its passages, claims and marks) while the article
and what draws them are the same; a vector while the text and the model are the same; the words of a
passage while its texts and the dictionary are the same. Where from and where to is the business of
``index.refresh``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.claims import CLAIMS_VERSION, claims
from corpus.duplicates import MERGE_VERSION
from corpus.neighbours import NEIGHBOURS_VERSION
from corpus.sections import SECTIONS_VERSION, sections
from corpus.types import Article
from corpus.words import VERSION as WORDS_VERSION
from index import files, texts
from index.arrays import pack
from index.contents import SOURCE_KEYS, VECTORS, asked_name
from index.generations import FORMAT, SOURCES, FileEntry, Manifest
from index.late import TokenEncoder, basis_version
from index.ledger import Item
from index.marks import VERSION as MARKS_VERSION
from index.marks import mark
from index.postings import POSTINGS_VERSION, Document, Postings, Segmenter
from index.postings import build as build_postings
from index.records import dumps
from index.table import Row, Table, pack_table
from index.tokens import Before as TokensBefore
from index.tokens import write_tokens
from index.vectors import Matrix
from index.wanted import Space, Wanted, want

BATCH = 256
"""Texts embedded at a time, between two reports of progress."""

Progress = Callable[[str, int, int], object]
"""Called with the stage (``files``, ``passages``, ``words``), how much is done and of how much."""


class Encoder(Protocol):
    """The part of ``index.encoder``'s that is needed here."""

    @property
    def model(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def encode_queries(self, texts: Sequence[str]) -> Matrix: ...

    def encode_passages(self, texts: Sequence[str]) -> Matrix: ...


def versions() -> dict[str, str]:
    """Of all that turns an article into what is stored, apart from the model."""
    # the module itself: to change a text that is embedded is to change the store
    embedded = hashlib.sha256(Path(texts.__file__).read_bytes())
    return {
        "merge": f"{MERGE_VERSION}-{NEIGHBOURS_VERSION}",
        "splitter": SECTIONS_VERSION,
        "claims": CLAIMS_VERSION,
        "marks": MARKS_VERSION,
        "words": f"{POSTINGS_VERSION}-{WORDS_VERSION}",
        "texts": embedded.hexdigest()[:16],
        "tokens": basis_version(),
    }


@dataclass(frozen=True, slots=True)
class Before:
    """The generation before, as far as it can be used again. Any part may be missing."""

    table: Table
    passages: Space
    asked: Space
    postings: Postings
    versions: Mapping[str, str]
    tokens: TokensBefore | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """The articles of a table, drawn. ``kept``: (articles,) number of the same line before, or -1;
    ``rows``: those that were drawn now, by number."""

    lines: list[bytes]
    counts: list[tuple[int, int]]
    kept: NDArray[np.int64]
    rows: dict[int, Row]


def draw(items: Sequence[Item], before: Before | None, *, marked: bool) -> Lines:
    """Passages, claims and, where ``marked``, marks of the articles, in order; only new and changed
    ones are drawn."""
    now = versions()
    drawing = ("splitter", "claims", "marks") if marked else ("splitter", "claims")
    usable = before is not None and all(before.versions.get(v) == now[v] for v in drawing)
    old_of = {i: n for n, i in enumerate(before.table.ids)} if before is not None else {}
    lines, counts, kept, rows = [], [], [], {}
    for number, item in enumerate(items):
        old = old_of.get(item.id, -1)
        if before is not None and old >= 0:
            line = before.table.line(old)
            if usable and (item.article is None or line.startswith(_head(item.article))):
                kept.append(old)
                lines.append(line)
                counts.append(before.table.counts(old))
                continue
        article = item.article or _row(before, old).article
        passages = sections(article)
        pieces = [piece for passage in passages for piece in passage.pieces]
        marks = tuple(mark(passage) for passage in passages) if marked else ()
        row = Row(article, passages, claims(article, pieces), marks)
        kept.append(-1)
        rows[number] = row
        lines.append(row.to_line().encode("utf-8"))
        counts.append((len(passages), len(texts.question_texts(article)) if passages else 0))
    return Lines(lines, counts, np.array(kept, np.int64), rows)


def _row(before: Before | None, old: int) -> Row:
    if before is None or old < 0:
        raise ValueError("an article that is said to be kept was not there before")
    return Row.from_line(before.table.line(old))


def _head(article: Article) -> bytes:
    return b'{"article":' + dumps(article).encode("utf-8") + b',"passages":'


@dataclass(frozen=True, slots=True)
class Plan:
    """One table of the new generation before anything costly is done to it."""

    room: str
    ids: list[str]
    lines: Lines
    passages: Wanted
    asked: Wanted
    tokens: Wanted | None
    documents: dict[int, Document]
    kept_words: NDArray[np.int64]
    old_words: Postings | None
    before: Before | None

    @property
    def size(self) -> int:
        return len(self.passages.keys)

    @property
    def missing(self) -> dict[bytes, str]:
        """Texts whose vector is to be made, equal ones once."""
        return self.passages.missing | self.asked.missing


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
    kept = _spread(drawn, before, 0), _spread(drawn, before, 1)
    none = np.full(len(kept[0]), -1, np.int64)
    # without the same dictionary or texts every passage is looked at again, by its text
    kept_vectors = kept if same["texts"] else (none, np.full(len(kept[1]), -1, np.int64))
    kept_words = kept[0] if same["words"] else none
    embedded: dict[int, str] = {}
    late: dict[int, str] = {}
    asked: dict[int, str] = {}
    documents: dict[int, Document] = {}
    tokens = tokens and room == "articles"
    spans = None
    # the same text has other codes in another basis
    if before is not None and before.tokens and before.versions.get("tokens") == now["tokens"]:
        spans = before.tokens.spans
    kept_tokens = kept_vectors[0] if spans is not None else none
    same["tokens"] = spans is not None or not tokens
    starts = np.cumsum([(0, 0), *drawn.counts], axis=0)
    for number in range(len(items)):
        if all(same.values()) and number not in drawn.rows:
            continue
        row = drawn.rows.get(number) or Row.from_line(drawn.lines[number])
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
    return Plan(
        room,
        [item.id for item in items],
        drawn,
        want(model, "passage", embedded, kept_vectors[0], before.passages.keys if before else None),
        want(model, "query", asked, kept_vectors[1], before.asked.keys if before else None),
        want(model, "tokens", late, kept_tokens, spans.keys if spans is not None else None)
        if tokens
        else None,
        documents,
        kept_words,
        before.postings if before is not None and same["words"] else None,
        before,
    )


def _spread(drawn: Lines, before: Before | None, column: int) -> NDArray[np.int64]:
    """For each passage (0) or question row (1) its number before, from that of its article."""
    counts = np.array([c[column] for c in drawn.counts], np.int64)
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


def embed(plans: Sequence[Plan], encoder: Encoder, progress: Progress) -> Made:
    """What is missing of all plans, by key; equal texts once."""
    passages = {k: t for p in plans for k, t in p.passages.missing.items()}
    asked = {k: t for p in plans for k, t in p.asked.missing.items()}
    work: list[tuple[dict[bytes, str], Callable[[list[str]], Iterable[NDArray[Any]]]]] = [
        (passages, encoder.encode_passages),
        (asked, encoder.encode_queries),
    ]
    if isinstance(encoder, TokenEncoder):
        late = {k: t for p in plans if p.tokens for k, t in p.tokens.missing.items()}
        work.append((late, encoder.encode_tokens))
    total = sum(len(missing) for missing, _ in work)
    made: Made = {}
    for missing, encode in work:
        # of like length together: padding is work
        order = sorted(missing, key=lambda key: (len(missing[key]), key))
        for i in range(0, len(order), BATCH):
            batch = order[i : i + BATCH]
            made.update(zip(batch, encode([missing[key] for key in batch]), strict=True))
            progress("passages", len(made), total)
    return made


def write(
    folder: Path,
    plans: Sequence[Plan],
    made: Made,
    sources: Sequence[bytes],
    *,
    encoder: Encoder,
    words: Segmenter,
    progress: Progress,
) -> Manifest:
    """Write all files of a generation but its manifest, which is returned."""
    entries: dict[str, FileEntry] = {}

    def put(name: str, data: bytes | memoryview) -> None:
        files.write(folder / name, data)
        entries[name] = FileEntry.of(data)

    def link(name: str, source: Path, entry: FileEntry) -> None:
        files.link(source, folder / name)
        entries[name] = entry

    for name, data in zip((SOURCES, SOURCE_KEYS), sources, strict=True):
        put(name, data)
    counts: dict[str, int] = {}
    search: dict[str, dict[str, Any]] = {}
    for p in plans:
        space = VECTORS[p.room]
        lines, table = pack_table(p.lines.lines, p.lines.counts)
        put(f"{p.room}.jsonl", lines)
        put(f"{p.room}.table", table)
        known = (p.before.passages, p.before.asked) if p.before else (None, None)
        wanted_of = ((space, p.passages), (asked_name(p.room), p.asked))
        for (name, wanted), before in zip(wanted_of, known, strict=True):
            vectors = wanted.vectors(made, encoder.dimension, before)
            put(f"{name}.faiss", vectors.to_bytes())
            put(f"{name}.keys", pack({"keys": wanted.keys}))
            search[name] = {"kind": vectors.kind, "recall@10": round(vectors.recall(), 4)}
        if p.tokens is not None:
            old = p.before.tokens if p.before else None
            write_tokens(p.tokens.keys, p.tokens.origin, made, old, put, link)
        postings = build_postings(
            p.documents,
            words,
            old=p.old_words,
            kept=p.kept_words,
            tick=lambda done, total: progress("words", done, total),
        )
        put(f"{space}.words", postings.to_bytes())
        counts[p.room] = len(p.lines.lines)
        counts[space if space != p.room else "statute_passages"] = p.size
    now = versions()
    return Manifest(
        generation=identity(plans, encoder.model),
        model=encoder.model,
        dimension=encoder.dimension,
        versions=now,
        counts=counts,
        search=search,
        files=entries,
    )


def identity(plans: Sequence[Plan], model: str) -> str:
    """A hash of what a store answers from: the articles and what made all else out of them. The
    vectors' own bytes are left out: they may differ in a last digit from machine to machine."""
    whole = hashlib.sha256(json.dumps([FORMAT, model, versions()], sort_keys=True).encode())
    for p in plans:
        whole.update(b"tokens\n" if p.tokens is not None else b"")
        for line in p.lines.lines:
            whole.update(line + b"\n")
        whole.update(b"\n")
    return whole.hexdigest()
