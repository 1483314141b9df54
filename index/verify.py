"""``python -m index verify``: is everything in the store what it was made from?

Whatever is used is compared with its hash before. Here all files are, and their content as well: each
passage with its article, its marks, its vector, its tokens and its words, and a graph with its rows.
Mending is a command that each finding names; nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import StoreError
from index import texts
from index.build import Encoder, versions
from index.contents import ROOMS, VECTORS, Half, asked_name
from index.generations import (
    build_command,
    check_sizes,
    current_generation,
    damaged,
    read_checked,
    read_manifest,
)
from index.late import Codes, TokenEncoder
from index.marks import mark
from index.postings import Document, Postings, Segmenter, build, same
from index.rows import Matrix
from index.store import Store
from index.table import Row
from index.tokens import PassageTokens
from index.vectors import Vectors

SAMPLE = 50
"""Vectors made again in each space, spread evenly, where not all are asked for."""

CLOSE = 0.99
"""Cosine that a vector made again reaches: processors differ in the last digits."""

NEAR_STEPS, NEAR_SHARE = 2, 0.99
"""So few steps (a level is two) apart are so many of the codes of a passage's tokens, for the same
reason."""


FOUND = 0.9
"""Share of the nearest that a graph of these rows finds at least: .99 and more when its links are made and
a fifth of the rows went since (``python -m benchmarks.refresh --sizes --graph 100000``); one of other rows
finds hardly any."""


@dataclass(frozen=True, slots=True)
class Verification:
    """``problems``: a sentence each; ``mend``: the command; ``checked``: how much was looked at."""

    generation: str
    problems: tuple[str, ...]
    mend: str
    checked: dict[str, int]

    @property
    def sound(self) -> bool:
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "sound": self.sound,
            "generation": self.generation,
            "problems": list(self.problems),
            "mend": "" if self.sound else self.mend,
            "checked": self.checked,
        }

    def to_text(self) -> str:
        """Some lines of Chinese."""
        c = self.checked
        if self.sound:
            return (
                f"完好：{c['files']} 个文件、{c['passages']} 个段落、{c['words']} 个段落的词语、"
                f"{c['vectors']} 个向量和 {c['tokens']} 个段落的词元（重新计算）均相符。"
            )
        return "\n".join([*self.problems, f"修复：{self.mend}"])


def verify(
    store: str | Path,
    *,
    encoder: Encoder | None = None,
    words: Segmenter,
    every: bool = False,
    progress: Callable[[str, int, int], object] = lambda *_: None,
) -> Verification:
    """Look at everything. Without an encoder no vector is made again, with ``every`` all are.

    Raises StoreError where there is no store at all; damage is reported, not raised.
    """
    folder = Path(store).expanduser()
    name = current_generation(folder)
    mend = build_command(folder, rebuild=True)
    checked = {"files": 0, "passages": 0, "words": 0, "vectors": 0, "tokens": 0}
    try:
        problems = list(_files(folder, name, checked))
        if problems:
            return Verification(name, tuple(problems), mend, checked)
        opened = Store.open(folder)
    except (StoreError, OSError) as error:
        return Verification(name, (_told(folder, error),), mend, checked)
    for room in ROOMS:
        problems += _room(opened, room, encoder, words, every, checked, progress)
    return Verification(opened.generation, tuple(problems), mend, checked)


def _files(folder: Path, name: str, checked: dict[str, int]) -> Iterator[str]:
    """Every file of the generation against its hash, also those that opening does not read."""
    manifest = read_manifest(folder, name)
    check_sizes(folder, name, manifest)
    for file in manifest.files:
        try:
            read_checked(folder, name, manifest, file)
        except (StoreError, OSError) as error:
            yield _told(folder, error)
        checked["files"] += 1


def _told(folder: Path, error: StoreError | OSError) -> str:
    """A sentence that names the file."""
    if isinstance(error, StoreError):
        return str(error)
    file = Path(error.filename or "").name
    if isinstance(error, FileNotFoundError):
        return str(damaged(folder, f"缺少文件 {file}"))
    return f"文件 {file} 无法读取（{error.strerror or error}）：请检查文件权限和磁盘。"


def _room(
    store: Store,
    room: str,
    encoder: Encoder | None,
    words: Segmenter,
    every: bool,
    checked: dict[str, int],
    progress: Callable[[str, int, int], object],
) -> Iterator[str]:
    half = store.half(room)
    rows = list(half.table.rows())
    yield from _passages(rows, half, room, checked)
    passages = [texts.passage_text(p) for row in rows for p in row.passages]
    asked = [t for row in rows if row.passages for t in texts.question_texts(row.article)]
    for kind, name, all_texts, vectors, keys in (
        ("passage", VECTORS[room], passages, half.vectors, half.contents.passage_keys),
        ("query", asked_name(room), asked, half.asked, half.contents.asked_keys),
    ):
        yield from _graph(name, vectors)
        if not np.array_equal(keys, texts.keys_of(store.model, kind, all_texts)):
            yield f"{name}：有向量不属于它所在的段落。"
        elif encoder is not None and encoder.model == store.model:
            encode = encoder.encode_passages if kind == "passage" else encoder.encode_queries
            yield from _vectors(name, all_texts, vectors.matrix, encode, every, checked)
    if half.tokens is not None:
        late = [texts.late_text(p) for row in rows for p in row.passages]
        known = store.manifest.versions.get("tokens") == versions()["tokens"]
        maker = encoder if known else None
        yield from _tokens(half.tokens, late, store.model, maker, every, checked)
    if store.manifest.versions.get("words") == versions()["words"]:
        documents = {n: Document.of(p) for n, p in enumerate(p for r in rows for p in r.passages)}
        again = build(documents, words, tick=lambda done, of: progress("words", done, of))
        checked["words"] += len(documents)
        if not same(again, Postings.joined(half.words.pieces)):
            yield f"{VECTORS[room]}：有词语不属于它所在的段落。"
    if store.manifest.versions.get("marks") == versions()["marks"] and room == "articles":
        yield from _marks(rows)


def _passages(rows: list[Row], half: Half, room: str, checked: dict[str, int]) -> Iterator[str]:
    ids = [row.article.id for row in rows]
    if ids != sorted(set(ids)):
        yield f"{room}：文章没有按编号排列，或编号有重复。"
    for number, row in enumerate(rows):
        length = len(row.article.text)
        spans = [(p.start, p.end) for p in row.passages]
        if any(not 0 <= start < end <= length for start, end in spans):
            yield f"{row.article.id}：有段落超出文章范围。"
        if len(half.table.passages_of(number)) != len(spans):
            yield f"{row.article.id}：段落数与目录不符。"
        checked["passages"] += len(spans)


def _marks(rows: list[Row]) -> Iterator[str]:
    for row in rows:
        if list(row.marks) != [mark(passage) for passage in row.passages]:
            yield f"{row.article.id}：险种、地区等标记与重新判读的不符。"


def _graph(name: str, vectors: Vectors) -> Iterator[str]:
    try:
        found = vectors.recall()
    except (ValueError, KeyError, TypeError):
        found = 0.0
    if found < FOUND:
        yield f"{name}：检索图不属于这些向量。"


def _vectors(
    name: str,
    all_texts: list[str],
    matrix: Matrix,
    encode: Callable[[list[str]], Matrix],
    every: bool,
    checked: dict[str, int],
) -> Iterator[str]:
    chosen = _sample(all_texts, every)
    if not chosen:
        return
    made = encode([all_texts[n] for n in chosen])
    cosines = np.einsum("ij,ij->i", made, matrix[chosen])
    checked["vectors"] += len(chosen)
    wrong = int((cosines < CLOSE).sum())
    if wrong:
        yield f"{name}：重新计算的 {len(chosen)} 个向量中有 {wrong} 个与存储的不符。"


def _tokens(
    tokens: PassageTokens,
    all_texts: list[str],
    model: str,
    encoder: Encoder | None,
    every: bool,
    checked: dict[str, int],
) -> Iterator[str]:
    if not np.array_equal(tokens.keys, texts.keys_of(model, "tokens", all_texts)):
        yield "tokens：有词元不属于它所在的段落。"
    elif isinstance(encoder, TokenEncoder) and encoder.model == model:
        chosen = _sample(all_texts, every)
        made = encoder.encode_tokens([all_texts[n] for n in chosen])
        checked["tokens"] += len(chosen)
        pairs = zip(made, map(tokens.codes, chosen), strict=True)
        wrong = sum(not _alike(again, stored) for again, stored in pairs)
        if wrong:
            yield f"tokens：重新计算的 {len(chosen)} 个段落的词元中有 {wrong} 个与存储的不符。"


def _alike(one: Codes, other: Codes) -> bool:
    if one.shape != other.shape:
        return False
    steps = np.abs(one.astype(np.int16) - other)
    return bool((steps <= NEAR_STEPS).mean() >= NEAR_SHARE)


def _sample(all_texts: list[str], every: bool) -> list[int]:
    """Numbers of the texts to look at, spread evenly."""
    return list(range(0, len(all_texts), 1 if every else max(1, len(all_texts) // SAMPLE)))
