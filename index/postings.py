"""What the keyword index stores: which word stands how often in which field of which passage.

Arrays sorted by (field, word, passage), made from texts and from the arrays of the generation
before: only passages that are new are cut into words, and the result is the same array for array as
if all of them had been cut. A text engine's own upserts leave deleted
passages in its counts and sum scores in another order, so that a refreshed store would rank unlike
a fresh one. Scores are left to ``index.keywords``.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.types import Passage
from index.arrays import pack, unpack

FIELDS = ("title", "questions", "heading", "body")
KINDS: tuple[Literal["word", "bigram"], ...] = ("word", "bigram")

FEW = 20
"""Up to one new passage in so many is put in place; more are sorted together with all others."""

_LANES = len(FIELDS) * len(KINDS)
LANE_BITS = 61
_MOST = 255

Keys = NDArray[np.uint8]


class Segmenter(Protocol):
    """The part of ``corpus.words.Words`` that is needed here."""

    def keywords(self, text: str) -> list[str]: ...

    def bigrams(self, text: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Document:
    """The texts of a passage by which it is found, one for each of ``FIELDS``."""

    title: str
    questions: str
    heading: str
    body: str

    @classmethod
    def of(cls, passage: Passage) -> Document:
        # a line break keeps the last character of one question from pairing with the next one's
        article = passage.article
        return cls(
            article.title, "\n".join(article.questions), "\n".join(passage.heading), passage.text
        )

    @property
    def key(self) -> bytes:
        """16 bytes that differ where any of the texts does."""
        texts = "\0".join((self.title, self.questions, self.heading, self.body))
        return hashlib.blake2b(texts.encode("utf-8"), digest_size=16).digest()

    def lanes(self, words: Segmenter) -> list[list[str]]:
        """Words and pairs of characters of each field: (title words, title bigrams, …)."""
        found: list[list[str]] = []
        for text in (self.title, self.questions, self.heading, self.body):
            found += (words.keywords(text), words.bigrams(text)) if text else ([], [])
        return found


@dataclass(frozen=True, slots=True)
class Postings:
    """The arrays. Term t stands in ``docs[starts[t]:starts[t + 1]]``, as often as ``counts`` says.

    ``terms``: (t,) uint64, see ``term_code``; ``starts``: (t + 1,) int64; ``docs``: (p,) int32,
    ascending within a term; ``counts``: (p,) uint8; ``lengths``: (lanes, n) int32 words of each
    passage's field; ``keys``: (n, 16) uint8, of the texts that each passage was cut from.
    """

    terms: NDArray[np.uint64]
    starts: NDArray[np.int64]
    docs: NDArray[np.int32]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.int32]
    keys: Keys

    def to_bytes(self) -> bytes:
        return pack({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> Postings:
        """Of what ``to_bytes`` gave. Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
        return cls(**unpack(data))

    @classmethod
    def empty(cls) -> Postings:
        return cls(
            np.zeros(0, np.uint64),
            np.zeros(1, np.int64),
            np.zeros(0, np.int32),
            np.zeros(0, np.uint8),
            np.zeros((_LANES, 0), np.int32),
            np.zeros((0, 16), np.uint8),
        )

    @classmethod
    def joined(cls, pieces: Sequence[Postings]) -> Postings:
        """Those of the passages of several, one behind the other."""
        if len(pieces) == 1:
            return pieces[0]
        firsts = np.cumsum([0, *map(len, pieces)])
        codes = [np.repeat(piece.terms, np.diff(piece.starts)) for piece in pieces]
        docs = [
            p.docs.astype(np.int64) + first
            for p, first in zip(pieces, firsts.tolist(), strict=False)
        ]
        new = _Cut(
            np.concatenate([np.zeros(0, np.uint64), *codes]),
            np.concatenate([np.zeros(0, np.int64), *docs]),
            np.concatenate([np.zeros(0, np.uint8), *(piece.counts for piece in pieces)]),
            np.concatenate([np.zeros((_LANES, 0), np.int32), *(p.lengths for p in pieces)], axis=1),
        )
        keys = np.concatenate([np.zeros((0, 16), np.uint8), *(piece.keys for piece in pieces)])
        return _merge(cls.empty(), np.zeros(0, np.int64), new, new.lengths, keys)

    def __len__(self) -> int:
        return len(self.keys)


def term_code(lane: int, text: str) -> int:
    """64 bits for a word in a lane: the lane in front, so that a lane's terms lie together."""
    return lane << LANE_BITS | _text_code(text)


@lru_cache(maxsize=1 << 18)
def _text_code(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & (1 << LANE_BITS) - 1


def term_codes(texts: Sequence[str], kinds: Sequence[str]) -> NDArray[np.uint64]:
    """(n, fields) the codes of each text, of its kind, in every field."""
    codes = np.array([_text_code(text) for text in texts], np.uint64)
    in_front: NDArray[np.uint64] = _IN_FRONT[[KINDS.index(kind) for kind in kinds]]
    return in_front | codes[:, None]


def lane_of(field: str, kind: str) -> int:
    """Number of the lane that holds a field's words or pairs."""
    return FIELDS.index(field) * len(KINDS) + KINDS.index(kind)


_IN_FRONT = np.array(
    [[lane_of(field, kind) << LANE_BITS for field in FIELDS] for kind in KINDS], np.uint64
)
"""(kinds, fields) what stands in front of the codes of a lane."""


def build(
    documents: Mapping[int, Document],
    words: Segmenter,
    *,
    old: Postings | None = None,
    kept: NDArray[np.int64] | None = None,
    tick: Callable[[int, int], object] = lambda done, total: None,
) -> Postings:
    """Postings of the passages numbered 0 to n - 1: those of ``documents``, and ``kept`` ones.

    ``kept``: (n,) the number of the same passage in ``old``, -1 for those in ``documents``. Of the
    latter, too, those whose texts stand in ``old`` are not cut again. ``old`` must have been cut by
    the same dictionary. ``tick`` hears how many are cut, and of how many.
    """
    old = Postings.empty() if old is None else old
    kept = np.full(len(documents), -1, np.int64) if kept is None else kept
    keys = np.zeros((len(kept), 16), np.uint8)
    keys[kept >= 0] = old.keys[kept[kept >= 0]]
    for number, document in documents.items():
        keys[number] = np.frombuffer(document.key, np.uint8)
    origin = _found_again(old.keys, keys, kept)
    fresh = np.flatnonzero(origin < 0).tolist()
    new = _cut(documents, fresh, words, tick)
    lengths = np.zeros((_LANES, len(kept)), np.int32)
    lengths[:, origin >= 0] = old.lengths[:, origin[origin >= 0]]
    lengths[:, fresh] = new.lengths
    moved = np.full(len(old), -1, np.int64)
    moved[origin[origin >= 0]] = np.flatnonzero(origin >= 0)
    stayed = moved[moved >= 0]
    if len(fresh) * FEW <= len(stayed) and (np.diff(stayed) > 0).all():
        return _insert(old, moved, new, lengths, keys)
    return _merge(old, moved, new, lengths, keys)


def _found_again(old: Keys, new: Keys, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,) where each passage stands in ``old`` (-1: nowhere): as ``kept`` says, else by its key.

    An old passage stands for one new one at most; of equal ones the earlier for the earlier.
    """
    origin = kept.copy()
    if len(old) and (kept < 0).any():
        free = np.setdiff1d(np.arange(len(old)), kept)
        waiting: defaultdict[bytes, deque[int]] = defaultdict(deque)
        for row in free.tolist():
            waiting[old[row].tobytes()].append(row)
        for number in np.flatnonzero(kept < 0).tolist():
            rows = waiting.get(new[number].tobytes())
            if rows:
                origin[number] = rows.popleft()
    return np.asarray(origin, np.int64)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Postings in no order: ``codes``, ``docs``, ``counts`` go together."""

    codes: NDArray[np.uint64]
    docs: NDArray[np.int64]
    counts: NDArray[np.uint8]
    lengths: NDArray[np.int32]


class _Remembering:
    """Cuts a text once while it keeps coming: passages of an article share title and questions."""

    def __init__(self, words: Segmenter) -> None:
        self.keywords = lru_cache(maxsize=16)(words.keywords)
        self.bigrams = lru_cache(maxsize=16)(words.bigrams)


def _cut(
    documents: Mapping[int, Document],
    chosen: Sequence[int],
    words: Segmenter,
    tick: Callable[[int, int], object],
) -> _Cut:
    codes, docs, counts = array("Q"), array("q"), array("B")
    remembering = _Remembering(words)
    lengths = np.zeros((_LANES, len(chosen)), np.int32)
    for done, number in enumerate(chosen):
        for lane, tokens in enumerate(documents[number].lanes(remembering)):
            lengths[lane, done] = len(tokens)
            for token, count in Counter(tokens).items():
                codes.append(term_code(lane, token))
                docs.append(number)
                counts.append(min(count, _MOST))
        tick(done + 1, len(chosen))
    return _Cut(
        np.array(codes, np.uint64), np.array(docs, np.int64), np.array(counts, np.uint8), lengths
    )


def _merge(
    old: Postings,
    moved: NDArray[np.int64],
    new: _Cut,
    lengths: NDArray[np.int32],
    keys: Keys,
) -> Postings:
    """Old postings at their new numbers and the new ones, sorted by term and passage."""
    n = max(len(keys), 1)
    terms = np.union1d(old.terms, new.codes)
    ranks = np.repeat(np.searchsorted(terms, old.terms), np.diff(old.starts))
    docs = moved[old.docs]
    places, counts = ranks * n + docs, old.counts
    if (moved < 0).any():
        stays = docs >= 0
        places, counts = places[stays], counts[stays]
    places = np.concatenate([places, np.searchsorted(terms, new.codes) * n + new.docs])
    counts = np.concatenate([counts, new.counts])
    # sorted runs one behind the other: the stable sort of numpy merges them in linear time
    order = np.argsort(places, kind="stable")
    places, counts = places[order], counts[order]
    ranks, docs = np.divmod(places, n)
    used, first = np.unique(ranks, return_index=True)
    return Postings(
        terms[used],
        np.append(first, len(ranks)).astype(np.int64),
        docs.astype(np.int32),
        counts,
        lengths,
        keys,
    )


def _insert(
    old: Postings,
    moved: NDArray[np.int64],
    new: _Cut,
    lengths: NDArray[np.int32],
    keys: Keys,
) -> Postings:
    """As ``_merge``, for few new postings among many that stay in their order."""
    docs = moved.astype(np.int32)[old.docs]
    counts, starts, terms = old.counts, old.starts, old.terms
    if len(docs) and int(docs.min()) < 0:
        stays = docs >= 0
        starts = np.append(0, np.cumsum(stays, dtype=np.int64))[starts]
        docs, counts = docs[stays], counts[stays]
    order = np.lexsort((new.docs, new.codes))
    codes, added = new.codes[order], new.docs[order].astype(np.int32)
    at = np.searchsorted(terms, codes)
    places = np.empty(len(codes), np.int64)
    for n, (term, code, doc) in enumerate(zip(at.tolist(), codes.tolist(), added, strict=True)):
        first = int(starts[term])
        places[n] = first
        if term < len(terms) and int(terms[term]) == code:
            places[n] += np.searchsorted(docs[first : int(starts[term + 1])], doc)
    docs = np.insert(docs, places, added)
    counts = np.insert(counts, places, new.counts[order])
    df = np.diff(starts)
    fresh, first_of, times = np.unique(codes, return_index=True, return_counts=True)
    known = np.isin(fresh, terms)
    df[at[first_of[known]]] += times[known]
    terms = np.insert(terms, at[first_of[~known]], fresh[~known])
    df = np.insert(df, at[first_of[~known]], times[~known])
    used = df > 0
    return Postings(terms[used], np.append(0, np.cumsum(df[used])), docs, counts, lengths, keys)


def same(a: Postings, b: Postings) -> bool:
    """True when all arrays are equal."""
    pairs: list[tuple[Any, Any]] = [(getattr(a, s), getattr(b, s)) for s in Postings.__slots__]
    return all(np.array_equal(x, y) for x, y in pairs)
