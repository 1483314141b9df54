"""Matching words: BM25 over the fields of a passage, words and pairs of characters alike.

    score = Σ over terms and fields of  weight · boost[field] · idf · impact
    idf    = ln(1 + (n - df + 0.5) / (df + 0.5))
    impact = tf · (k1 + 1) / (tf + k1 · (1 - b + b · length / mean length))

(Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009; idf as in Lucene.) Sums are
in float64 and in the order of the query, so that a score is the same to the last digit in any
process. Which words a question is searched by is left to ``index.retrieve``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.postings import FIELDS, KINDS, Postings, lane_edges, term_codes
from index.types import DIGITS, Ranking, Term

K1 = 1.2
B = 0.75
_TINY = 0.01
MOST_KNOWN = 100_000
"""Words whose places are remembered, and as many whose rarity is."""
_Held = list[tuple[slice, float, float]]
"""Of a term, for each field that holds it: its postings, the field's boost, its idf there."""
BOOSTS = {"title": 1.5, "questions": 1.5, "heading": 1.0, "body": 1.0}


class Keywords:
    """The keyword index of one space. Safe to search from many threads.

    ``boosts`` weigh the fields, see ``BOOSTS``.
    """

    def __init__(self, postings: Postings, *, boosts: dict[str, float] | None = None) -> None:
        self.postings = postings
        given = BOOSTS if boosts is None else boosts
        self._boosts = np.array([given[field] for field in FIELDS])
        self._rarity: dict[str, float] = {}
        self._held: dict[str, dict[str, _Held]] = {kind: {} for kind in KINDS}

    def __len__(self) -> int:
        return len(self.postings)

    @cached_property
    def impacts(self) -> NDArray[np.float32]:
        """(postings,) what a term gives a passage before idf and weights."""
        return _impacts(self.postings)

    def matching(
        self, terms: Sequence[Term], k: int, passing: NDArray[np.bool_] | None = None
    ) -> Ranking:
        """The ``k`` best passages in ``index.types.order``, of those only that are ``passing`` (n,);
        none without a common word."""
        slices: list[slice] = []
        factors: list[float] = []
        for (_, weight, _), held in zip(terms, self._where(terms), strict=True):
            for where, boost, idf in held:
                slices.append(where)
                factors.append(weight * boost * idf)
        if k < 1 or not slices:
            return Ranking.empty()
        docs = np.concatenate([self.postings.docs[s] for s in slices])
        parts = np.concatenate([self.impacts[s] for s in slices])
        parts = parts * np.repeat(factors, [s.stop - s.start for s in slices])
        scores = np.bincount(docs, weights=parts, minlength=len(self))
        if passing is not None:
            scores = np.where(passing, scores, 0.0)
        return _best(scores.astype(np.float64, copy=False), k)

    def _where(self, terms: Sequence[Term]) -> list[_Held]:
        """Where each term stands, remembered: people ask in the same words."""
        known = self._held
        missing = [t for t in terms if t.text not in known[t.kind]]
        if missing:
            if sum(map(len, known.values())) > MOST_KNOWN:
                # a new one when it is full: other threads may be reading this one
                known = self._held = {kind: {} for kind in KINDS}
                missing = list(terms)
            found, at = self._find(term_codes([t.text for t in missing], [t.kind for t in missing]))
            starts, ends = self.postings.starts[found], self.postings.starts[found + 1]
            slices = map(slice, starts.tolist(), ends.tolist())
            boosts = self._boosts[at % len(FIELDS)].tolist()
            lists: list[_Held] = [[] for _ in missing]
            for place, where, boost, idf in zip(
                (at // len(FIELDS)).tolist(),
                slices,
                boosts,
                _idf(len(self), ends - starts).tolist(),
                strict=True,
            ):
                lists[place].append((where, boost, idf))
            for term, one in zip(missing, lists, strict=True):
                known[term.kind][term.text] = one
        return [known[term.kind][term.text] for term in terms]

    def rarity(self, words: Sequence[str]) -> list[float]:
        """idf of each word over all fields together: in how many passages it stands anywhere."""
        known = self._rarity
        missing = [word for word in dict.fromkeys(words) if word not in known]
        if missing:
            # a new one when it is full: other threads may be reading this one
            known = self._rarity = known if len(known) <= MOST_KNOWN else {}
            missing = [word for word in dict.fromkeys(words) if word not in known]
            rarity = _idf(len(self), self._frequencies(missing)).tolist()
            known.update(zip(missing, rarity, strict=True))
        return [known[word] for word in words]

    def _frequencies(self, words: Sequence[str]) -> NDArray[np.int64]:
        """(words,) in how many passages each stands."""
        found, at = self._find(term_codes(words, ["word"] * len(words)))
        starts, docs = self.postings.starts, self.postings.docs
        lists: list[list[NDArray[np.int32]]] = [[] for _ in words]
        for term, word in zip(found.tolist(), (at // len(FIELDS)).tolist(), strict=True):
            lists[word].append(docs[starts[term] : starts[term + 1]])
        return np.array([_united(several, len(self)) for several in lists], np.int64)

    def _find(self, codes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of the terms that exist, and the places in ``codes``, row by row, where they
        stand."""
        wanted = codes.ravel()
        terms = self.postings.terms
        if not len(terms) or not len(wanted):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        places = np.minimum(np.searchsorted(terms, wanted), len(terms) - 1)
        at = np.flatnonzero(terms[places] == wanted)
        return places[at], at


def _united(lists: Sequence[NDArray[np.int32]], n: int) -> int:
    """How many of ``n`` passages are in any of the lists, each of which holds a passage once."""
    if len(lists) < 2:
        return sum(map(len, lists))
    seen = np.zeros(n, np.bool_)
    for one in lists:
        seen[one] = True
    return int(np.count_nonzero(seen))


def _idf(n: int, df: NDArray[np.int64]) -> NDArray[np.float64]:
    # math.log rather than np.log: numpy picks its version by processor, the last digit may differ
    return np.array([math.log(1 + (n - d + 0.5) / (d + 0.5)) for d in df.tolist()])


def _impacts(postings: Postings) -> NDArray[np.float32]:
    impacts = np.empty(len(postings.docs), np.float32)
    edges = lane_edges(postings.terms)
    for lane in range(len(FIELDS) * len(KINDS)):
        lengths = postings.lengths[lane]
        mean = max(float(lengths.sum()) / max(len(lengths), 1), 1e-9)
        saturation = (K1 * (1 - B + B * lengths / mean)).astype(np.float32)
        part = slice(postings.starts[edges[lane]], postings.starts[edges[lane + 1]])
        tf = postings.counts[part].astype(np.float32)
        impacts[part] = tf * np.float32(K1 + 1) / (tf + saturation[postings.docs[part]])
    return impacts


def _best(scores: NDArray[np.float64], k: int) -> Ranking:
    """The ``k`` greatest above zero, in ``order``, also at the cut."""
    # numpy picks the k-th of very many slowly: first a threshold that enough of them pass
    least = float(scores.max(initial=0.0))
    found = np.zeros(0, np.int64)
    while len(found) < k and least > 0.0:
        least = least / 2 if least > _TINY else 0.0
        found = np.flatnonzero(scores > least)
    if k < len(found):
        held = scores[found]
        tied = np.partition(held, len(held) - k)[len(held) - k] - 10.0**-DIGITS
        found = np.flatnonzero((scores >= tied) & (scores > 0.0))
    return Ranking.best(found, scores[found], k)
