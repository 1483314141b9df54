"""Is everything in the engine what it was made from? For ``python -m index verify``.

Article by article: its passages with their marks, keys, vectors, tokens and terms, its questions; then
the sums over all of them. Nothing is changed here; the finding names the command that mends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from corpus.errors import StoreError
from index.build import Encoder, versions
from index.late import TokenEncoder
from index.marks import mark
from index.postings import Segmenter
from index.qdrant.backend import Backend, Got, OneOf, Sparse
from index.qdrant.pointer import Names, Pointer
from index.qdrant.points import Texts
from index.qdrant.schema import alive, hashed, lets, shortened, unpacked
from index.qdrant.statistics import Counts
from index.qdrant.tally import Tally
from index.qdrant.terms import Cut, impacts, together
from index.table import Row
from index.verify import CLOSE, NEAR_SHARE, NEAR_STEPS, SAMPLE

BLOCK = 64
"""Articles looked at together."""
_STEP = 1e-5
"""What the terms' weights may differ by: they went through JSON and float32."""


class Verifying:
    """Looks at one generation. ``checked`` counts what was looked at; ``every``: all vectors are made
    again, not some."""

    def __init__(
        self,
        backend: Backend,
        names: Names,
        pointer: Pointer,
        counts: Mapping[str, Counts],
        *,
        encoder: Encoder | None,
        words: Segmenter,
        every: bool,
        progress: Callable[[str, int, int], object],
    ) -> None:
        self._backend = backend
        self._collections = names.of(pointer.epoch)
        self._pointer = pointer
        self._counts = counts
        self._encoder = encoder if encoder is not None and encoder.model == pointer.model else None
        self._words = words
        self._progress = progress
        self._step = 1 if every else max(1, pointer.counts["passages"] // SAMPLE)
        self._cut = pointer.versions.get("words") == versions()["words"]
        self._marked = pointer.versions.get("marks") == versions()["marks"]
        self.checked = {"files": 0, "passages": 0, "words": 0, "vectors": 0, "tokens": 0}

    def problems(self) -> Iterator[str]:
        """A sentence for each thing that is wrong."""
        for room in ("articles", "statutes"):
            tally = Tally()
            for rows in self._blocks(room):
                cuts = tally.add(rows.items(), self._words)
                yield from self._block(room, rows, cuts)
                self._progress("words", tally.articles, self._pointer.counts[room])
            yield from self._sums(room, tally)
        where = alive(self._pointer.number)
        self.checked["files"] = self._backend.count(self._collections["sources"], where)

    def _blocks(self, room: str) -> Iterator[dict[int, Row]]:
        where = alive(self._pointer.number)
        lines: dict[int, str] = {}
        for point in self._backend.scroll(self._collections[room], where, ("article", "line")):
            lines[int(point.payload["article"])] = point.payload["line"]
            if len(lines) == BLOCK:
                yield _rows(lines)
                lines = {}
        if lines:
            yield _rows(lines)

    def _block(
        self, room: str, rows: Mapping[int, Row], cuts: Sequence[Sequence[Cut]]
    ) -> Iterator[str]:
        kind = "passages" if room == "articles" else "statutes"
        where = (OneOf("article", list(rows)), *alive(self._pointer.number))
        vectors = ("dense", "words", "pairs") if room == "articles" else ("dense", "terms")
        points = {
            p.id: p for p in self._backend.scroll(self._collections[kind], where, True, vectors)
        }
        model, tokens = self._pointer.model, any("codes" in p.payload for p in points.values())
        means = np.array(self._pointer.frequencies[room].means)
        for (number, row), cut in zip(rows.items(), cuts, strict=True):
            texts = Texts.of(row, model, tokens=tokens)
            own = [points.get(hashed(number, place)) for place in range(len(row.passages))]
            name = row.article.id
            if any(not 0 <= p.start < p.end <= len(row.article.text) for p in row.passages):
                yield f"{name}：有段落超出文章范围。"
            if not all(own):
                yield f"{name}：缺少段落。"
                continue
            found = [point for point in own if point is not None]
            self.checked["passages"] += len(found)
            if room == "articles":
                yield from self._passages(name, row, texts, found)
            if self._cut:
                yield from self._terms(room, name, found, cut, means)
            yield from self._vectors(name, texts, found)

    def _passages(self, name: str, row: Row, texts: Texts, points: Sequence[Got]) -> Iterator[str]:
        marks = [mark(passage) for passage in row.passages]
        if self._marked and list(row.marks) != marks:
            yield f"{name}：险种、地区等标记与重新判读的不符。"
        elif self._marked and any(
            p.payload["lets"] != lets(m) for p, m in zip(points, marks, strict=True)
        ):
            yield f"{name}：检索用的险种、地区与标记不符。"
        keys = [shortened(key) for key, _ in texts.passages]
        if [p.payload["key"] for p in points] != keys:
            yield f"{name}：有向量不属于它所在的段落。"
        late = [shortened(key) for key, _ in texts.tokens]
        if late and [p.payload.get("tokens") for p in points] != late:
            yield f"{name}：有词元不属于它所在的段落。"

    def _terms(
        self, room: str, name: str, points: Sequence[Got], cuts: Sequence[Cut], means: object
    ) -> Iterator[str]:
        self.checked["words"] += len(points)
        for point, cut in zip(points, cuts, strict=True):
            made = impacts(cut, np.asarray(means))
            wanted = made if room == "articles" else {"terms": together(made)}
            if not all(_alike(point.vectors.get(n), sparse) for n, sparse in wanted.items()):
                yield f"{name}：有词语不属于它所在的段落。"
                return

    def _vectors(self, name: str, texts: Texts, points: Sequence[Got]) -> Iterator[str]:
        """Some of them made again; the first row of a law's is that of its text."""
        encoder = self._encoder
        for point, (_, text) in zip(points, texts.passages, strict=True):
            if encoder is None or point.id % self._step:
                continue
            self.checked["vectors"] += 1
            stored = np.atleast_2d(np.asarray(point.vectors["dense"], np.float32))[0]
            if float(stored @ encoder.encode_passages([text])[0]) < CLOSE:
                yield f"{name}：重新计算的向量与存储的不符。"
                return
        if not isinstance(encoder, TokenEncoder) or not self._known_tokens:
            return
        for point, (_, text) in zip(points, texts.tokens, strict=bool(texts.tokens)):
            if point.id % self._step:
                continue
            self.checked["tokens"] += 1
            stored_codes, again = unpacked(point.payload["codes"]), encoder.encode_tokens([text])[0]
            same = stored_codes.shape == again.shape
            steps = np.abs(stored_codes.astype(np.int16) - again) if same else np.ones(1)
            if not same or (steps <= NEAR_STEPS).mean() < NEAR_SHARE:
                yield f"{name}：重新计算的词元与存储的不符。"
                return

    @property
    def _known_tokens(self) -> bool:
        return self._pointer.versions.get("tokens") == versions()["tokens"]

    def _sums(self, room: str, tally: Tally) -> Iterator[str]:
        counts, where = self._pointer.counts, alive(self._pointer.number)
        prefix = "" if room == "articles" else "statute_"
        now = (tally.articles, tally.passages, tally.questions)
        said = (counts[room], counts[f"{prefix}passages"], counts[f"{prefix}questions"])
        if now != said:
            yield f"{room}：文章、段落、问法的数目是 {now}，应为 {said}。"
        kind = "passages" if room == "articles" else "statutes"
        held = self._backend.count(self._collections[kind], where)
        if held != tally.passages:
            yield f"{kind}：有 {held} 个段落，应为 {tally.passages} 个。"
        if room == "articles":
            held = self._backend.count(self._collections["questions"], where)
            if held != tally.questions:
                yield f"questions：有 {held} 个问法，应为 {tally.questions} 个。"
        whole = self._counts[room]
        again = (tally.terms.keys, tally.terms.passages)
        if self._cut and not all(map(np.array_equal, (whole.keys, whole.passages), again)):
            yield f"{room}：词语的频次与重新统计的不符。"


def _rows(lines: Mapping[int, str]) -> dict[int, Row]:
    try:
        return {number: Row.from_line(line) for number, line in lines.items()}
    except (KeyError, TypeError, ValueError):
        raise StoreError("有文章无法解析。") from None


def _alike(stored: object, made: Sparse) -> bool:
    if not isinstance(stored, Sparse):
        return not len(made.indices)
    by_index = np.argsort(stored.indices)
    return np.array_equal(stored.indices[by_index], made.indices) and np.allclose(
        stored.values[by_index], made.values, atol=_STEP
    )
