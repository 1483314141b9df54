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
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.postings import FIELDS, KINDS, LANE_BITS, Postings, term_codes
from index.types import DIGITS, Ranking, Term

K1 = 1.2
B = 0.75
_TINY = 0.01
MOST_KNOWN = 100_000
"""Words whose places are remembered, and as many whose rarity is."""
_Held = list[tuple[int, int, int, int, float, float]]
"""Of a term, for each piece and each field that holds it: the piece, its first posting there and the
end, its lane, the field's boost, its idf in the field."""
BOOSTS = {"title": 1.5, "questions": 1.5, "heading": 1.0, "body": 1.0}


class Keywords:
    """The keyword index of one space. Safe to search from many threads.

    ``pieces``: the postings of the first passages, of the next, and so on, read at the first search;
    ``sizes``: of how many passages each. ``boosts`` weigh the fields, see ``BOOSTS``.
    """

    def __init__(
        self,
        pieces: Sequence[Callable[[], Postings]],
        sizes: Sequence[int],
        *,
        boosts: dict[str, float] | None = None,
    ) -> None:
        self._pieces_of = pieces
        self.cuts = np.append(0, np.cumsum(sizes, dtype=np.int64))
        given = BOOSTS if boosts is None else boosts
        self._boosts = np.array([given[field] for field in FIELDS])
        self._rarity: dict[str, float] = {}
        self._held: dict[str, dict[str, _Held]] = {kind: {} for kind in KINDS}

    @classmethod
    def of(cls, postings: Postings, *, boosts: dict[str, float] | None = None) -> Keywords:
        """Over postings in one piece."""
        return cls([lambda: postings], [len(postings)], boosts=boosts)

    def __len__(self) -> int:
        return int(self.cuts[-1])

    @cached_property
    def pieces(self) -> list[Postings]:
        return [self.piece(number) for number in range(len(self._pieces_of))]

    def piece(self, number: int) -> Postings:
        """One of them. Raises ``ValueError`` where it is not of the size that was named."""
        found = self._pieces_of[number]()
        if len(found) != self.cuts[number + 1] - self.cuts[number]:
            raise ValueError("the postings are not of as many passages as they should be")
        return found

    @cached_property
    def _saturation(self) -> NDArray[np.float32]:
        """(lanes * n,) how much a count is damped in each passage's field, lane by lane."""
        lengths = np.concatenate([piece.lengths for piece in self.pieces], axis=1)
        found = np.empty(lengths.shape, np.float32)
        for lane, own in enumerate(lengths):
            mean = max(float(own.sum()) / max(len(own), 1), 1e-9)
            found[lane] = K1 * (1 - B + B * own / mean)
        return found.ravel()

    def matching(
        self, terms: Sequence[Term], k: int, passing: NDArray[np.bool_] | None = None
    ) -> Ranking:
        """The ``k`` best passages in ``index.types.order``, of those only that are ``passing`` (n,);
        none without a common word."""
        places: list[tuple[int, int, int, int]] = []
        factors: list[float] = []
        for (_, weight, _), held in zip(terms, self._where(terms), strict=True):
            for piece, first, end, lane, boost, idf in held:
                places.append((piece, first, end, lane))
                factors.append(weight * boost * idf)
        if k < 1 or not places:
            return Ranking.empty()
        docs = np.concatenate([self.pieces[p].docs[first:end] for p, first, end, _ in places])
        tf = np.concatenate([self.pieces[p].counts[first:end] for p, first, end, _ in places])
        at = np.array(places, np.int64)
        times = at[:, 2] - at[:, 1]
        docs = docs + np.repeat(self.cuts[at[:, 0]], times)
        damped = self._saturation[docs + np.repeat(at[:, 3] * len(self), times)]
        counts = tf.astype(np.float32)
        parts = counts * np.float32(K1 + 1) / (counts + damped) * np.repeat(factors, times)
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
            for term, one in zip(missing, self._places(missing), strict=True):
                known[term.kind][term.text] = one
        return [known[term.kind][term.text] for term in terms]

    def _places(self, terms: Sequence[Term]) -> list[_Held]:
        if not self._pieces_of:
            return [[] for _ in terms]
        codes = term_codes([t.text for t in terms], [t.kind for t in terms])
        df = np.zeros(codes.size, np.int64)
        found = []
        for number, postings in enumerate(self.pieces):
            rows, at = _find(postings, codes)
            first, end = postings.starts[rows], postings.starts[rows + 1]
            df[at] += end - first
            found.append((np.full(len(at), number), at, first, end))
        piece, at, first, end = (np.concatenate(column) for column in zip(*found, strict=True))
        idf, lanes = _idf(len(self), df), codes.ravel() >> np.uint64(LANE_BITS)
        lists: list[_Held] = [[] for _ in terms]
        # of a term field by field, so that sums are made in one order however many pieces there are
        for n in np.lexsort((piece, at)).tolist():
            place = int(at[n])
            boost = float(self._boosts[place % len(FIELDS)])
            held = (int(piece[n]), int(first[n]), int(end[n]), int(lanes[place]), boost, idf[place])
            lists[place // len(FIELDS)].append(held)
        return lists

    def rarity(self, words: Sequence[str]) -> list[float]:
        """idf of each word over all fields together: in how many passages it stands anywhere."""
        known = self._rarity
        missing = [word for word in dict.fromkeys(words) if word not in known]
        if missing:
            # a new one when it is full: other threads may be reading this one
            known = self._rarity = known if len(known) <= MOST_KNOWN else {}
            missing = [word for word in dict.fromkeys(words) if word not in known]
            rarity = _idf(len(self), self._frequencies(missing))
            known.update(zip(missing, rarity, strict=True))
        return [known[word] for word in words]

    def _frequencies(self, words: Sequence[str]) -> NDArray[np.int64]:
        """(words,) in how many passages each stands."""
        total = np.zeros(len(words), np.int64)
        codes = term_codes(words, ["word"] * len(words))
        for postings in self.pieces:
            rows, at = _find(postings, codes)
            starts, docs = postings.starts, postings.docs
            lists: list[list[NDArray[np.int32]]] = [[] for _ in words]
            for term, word in zip(rows.tolist(), (at // len(FIELDS)).tolist(), strict=True):
                lists[word].append(docs[starts[term] : starts[term + 1]])
            total += [_united(several, len(postings)) for several in lists]
        return total


def _find(
    postings: Postings, codes: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the terms that exist, and the places in ``codes``, row by row, where they stand."""
    wanted, terms = codes.ravel(), postings.terms
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


def _idf(n: int, df: NDArray[np.int64]) -> list[float]:
    # math.log rather than np.log: numpy picks its version by processor, the last digit may differ
    return [math.log(1 + (n - d + 0.5) / (d + 0.5)) for d in df.tolist()]


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
