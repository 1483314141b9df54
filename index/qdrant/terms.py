"""BM25 as sparse vectors: what a passage gives each of its terms, and what a question asks of them.

    score = Σ over terms and fields of  (weight · boost[field] · idf)  ·  impact
                                         the question's vector           the passage's

``index.keywords`` has the formula. The passage's side needs nothing but the passage and the mean
lengths of the fields, which are frozen when an epoch begins (``index.qdrant.pointer``): so a new
passage touches no other. How often a term stands in the store is asked on the question's side
(``index.qdrant.statistics``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.keywords import BOOSTS, K1, B
from index.postings import FIELDS, KINDS, Document, Segmenter, lane_of, term_code, term_codes
from index.qdrant.backend import Sparse
from index.qdrant.statistics import Statistics
from index.types import Term

LANES = len(FIELDS) * len(KINDS)
VECTORS = {"word": "words", "bigram": "pairs"}
"""Names of the two sparse vectors of a passage."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_TEXT = np.uint64((1 << 61) - 1)
_ANY = np.uint64(len(KINDS) << 32)
_BOOSTS = np.array([BOOSTS[field] for field in FIELDS])
_KIND_OF = np.array([lane % len(KINDS) for lane in range(LANES)], np.uint64)


@dataclass(frozen=True, slots=True)
class Cut:
    """The terms of one passage. ``codes`` (t,) uint64 (``index.postings.term_code``), each once;
    ``counts`` (t,) how often; ``lengths`` (LANES,) words of each field."""

    codes: NDArray[np.uint64]
    counts: NDArray[np.float32]
    lengths: NDArray[np.int64]

    @property
    def keys(self) -> NDArray[np.uint64]:
        """What is counted in the statistics: each term in its field, each word in any."""
        lanes = (self.codes >> np.uint64(61)).astype(np.int64)
        words = self.codes[_KIND_OF[lanes] == 0] & _TEXT
        return np.unique(np.concatenate([_key(self.codes), _any(words)]))


def cut(document: Document, words: Segmenter) -> Cut:
    """The terms of a passage's texts."""
    codes: list[int] = []
    counts: list[int] = []
    lengths = np.zeros(LANES, np.int64)
    for lane, tokens in enumerate(document.lanes(words)):
        lengths[lane] = len(tokens)
        for token, count in Counter(tokens).items():
            codes.append(term_code(lane, token))
            counts.append(min(count, 255))
    return Cut(np.array(codes, np.uint64), np.array(counts, np.float32), lengths)


def impacts(one: Cut, means: NDArray[np.float64]) -> dict[str, Sparse]:
    """The passage's sparse vectors by name. ``means`` (LANES,): the mean lengths of the fields."""
    lanes = (one.codes >> np.uint64(61)).astype(np.int64)
    lengths = one.lengths / np.maximum(means, 1e-9)
    saturation = (K1 * (1 - B + B * lengths)).astype(np.float32)
    given = one.counts * np.float32(K1 + 1) / (one.counts + saturation[lanes])
    return {
        name: _summed(_index(one.codes[at]), given[at])
        for name, at in (
            (VECTORS[kind], _KIND_OF[lanes] == np.uint64(n)) for n, kind in enumerate(KINDS)
        )
    }


def together(vectors: Mapping[str, Sparse]) -> Sparse:
    """Words and pairs in one vector, for a space in which they are ranked together."""
    parts = [vectors[name] for name in VECTORS.values()]
    return _summed(
        np.concatenate([p.indices for p in parts]), np.concatenate([p.values for p in parts])
    )


def asked(terms: Sequence[Term], statistics: Statistics) -> Sparse:
    """The question's side: of the terms that stand anywhere in the store."""
    if not terms:
        return _summed(np.zeros(0, np.uint32), np.zeros(0, np.float32))
    codes = term_codes([t.text for t in terms], [t.kind for t in terms]).ravel()
    idf, known = statistics.idf(_key(codes))
    weights = np.repeat([t.weight for t in terms], len(FIELDS)) * np.tile(_BOOSTS, len(terms))
    return _summed(_index(codes)[known], (weights * idf)[known].astype(np.float32))


def rarity(words: Sequence[str], statistics: Statistics) -> list[float]:
    """idf of each word over all fields together: in how many passages it stands anywhere."""
    if not words:
        return []
    lane = lane_of(FIELDS[0], "word")
    texts = np.array([term_code(lane, word) for word in words], np.uint64) & _TEXT
    found: list[float] = statistics.idf(_any(texts))[0].tolist()
    return found


def _index(codes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """32 bits of a code, for that is what an index of a sparse vector has. Of 8 million terms in so
    many fields two in a thousand share theirs with another."""
    mixed: NDArray[np.uint32] = ((codes * _MIX) >> np.uint64(32)).astype(np.uint32)
    return mixed


def _key(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    kinds = _KIND_OF[(codes >> np.uint64(61)).astype(np.int64)]
    return np.asarray(kinds << np.uint64(32) | _index(codes), np.uint64)


def _any(texts: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return np.asarray(_ANY | _index(texts), np.uint64)


def _summed(indices: NDArray[np.uint32], values: NDArray[np.float32]) -> Sparse:
    """Each index once."""
    each, back = np.unique(indices, return_inverse=True)
    return Sparse(each, np.bincount(back, values, len(each)).astype(np.float32))
