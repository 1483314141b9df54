"""Late interaction: each word of a question looks for the word of a passage that is nearest to it.

One vector a text blurs what a long passage says; here every token keeps its own, in its context, and

    late(question, passage) = mean over the question's tokens of the greatest cosine with any of
                              the passage's tokens                       (ColBERT, Khattab 2020)

re-ranks the best candidates. Tokens are compared along ``WIDTH`` directions and kept in four bits each:
alone it leads .776 of our questions to a right passage first and .938 of those to the source pages, against
.783 and .938 in eight bits, .762 and .941 in two, .732 and .935 in one (``benchmarks.token_bits``).
``python -m benchmarks.token_basis`` learned the directions from questions and the passages that answer them,
so that 断了 and 中断缴费 come near and what only sounds alike does not; they belong to the bundled model.
Other models have no tokens here, and their ranking goes without.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

WIDTH = 128
"""Of 384."""
BLOCK, WINDOW = 8, 32
"""Tokens, both powers of two: a window moves by blocks."""
ONE_THREAD = 200_000
"""Multiplications up to which OpenBLAS starts no threads (its threshold is 4 · 65,536)."""
BASIS = Path(__file__).resolve().parent / "data" / "e5_tokens.npz"

Codes = NDArray[np.int8]
"""(tokens, WIDTH): a passage's tokens, as numbers of steps."""
Matrix = NDArray[np.float32]


@runtime_checkable
class TokenAsker(Protocol):
    """An encoder that also gives a question's tokens; without one a search has no such ranking."""

    def encode_question(self, text: str) -> tuple[Matrix, Matrix | None]:
        """A question's vector (dim,) and its tokens (tokens, WIDTH), ready for ``late_scores``."""


@runtime_checkable
class TokenEncoder(TokenAsker, Protocol):
    """One that also gives those of passages."""

    def encode_tokens(self, texts: Sequence[str]) -> list[Codes]:
        """The codes of each passage."""


@dataclass(frozen=True, slots=True)
class Basis:
    """``directions`` (dim, WIDTH) and the ``step`` (WIDTH,) that one unit of a code stands for; a code
    has so many ``bits``, see ``rounded``."""

    directions: Matrix
    step: Matrix
    bits: int

    def codes(self, states: Matrix) -> Codes:
        """Of a passage's token states (tokens, dim)."""
        small: Codes = rounded(self.along(states), self.step, self.bits).astype(np.int8)
        return small

    def asked(self, states: Matrix) -> Matrix:
        """Of a question's: the steps of the codes are taken in here, once."""
        return self.along(states) * self.step

    def along(self, states: Matrix) -> Matrix:
        """(tokens, WIDTH) of unit length: where token states (tokens, dim) lie."""
        return _unit(_unit(states) @ self.directions)


def rounded(along: Matrix, step: Matrix, bits: int) -> Matrix:
    """(tokens, WIDTH) the odd number of steps that is nearest to each coordinate, of those that so
    many bits can tell apart: as many below zero as above, the greatest for all beyond."""
    most = 2**bits - 1
    odd: Matrix = np.clip(2 * np.floor(along / (2 * step)) + 1, -most, most)
    return odd


def step_for(along: Matrix, bits: int) -> Matrix:
    """(WIDTH,) the steps that keep coordinates (tokens, WIDTH) nearest to what they were."""
    spread = along.std(axis=0)
    best, least = spread, np.full(WIDTH, np.inf)
    for share in np.geomspace(0.005, 1.2, 60):
        step = (share * spread).astype(np.float32)
        missed = ((rounded(along, step, bits) * step - along) ** 2).sum(axis=0)
        best, least = np.where(missed < least, step, best), np.minimum(missed, least)
    steps: Matrix = best.astype(np.float32)
    return steps


@lru_cache(maxsize=1)
def basis() -> Basis:
    """The basis of the bundled model."""
    with np.load(BASIS) as file:
        directions, step = file["directions"].astype(np.float32), file["step"].astype(np.float32)
        return Basis(directions, step, int(file["bits"]))


@lru_cache(maxsize=1)
def basis_version() -> str:
    """Tokens of two versions cannot be compared."""
    return hashlib.sha256(BASIS.read_bytes()).hexdigest()[:16]


def late_scores(asked: Matrix, passages: Sequence[Codes]) -> Matrix:
    """(n, 2) float32 for n passages: the mean over all of the question's tokens, and the greatest mean
    that ``WINDOW`` neighbouring tokens reach by themselves: an answer stands in one place.
    """
    if not passages:
        return np.zeros((0, 2), np.float32)
    counts = np.array([-(-len(codes) // BLOCK) for codes in passages])
    owner = np.repeat(np.arange(len(passages)), counts)
    firsts = np.cumsum(counts) - counts
    # each passage from the beginning of a block, so that all blocks are halved together: half the
    # time of np.maximum.reduceat
    best = np.full((len(owner), BLOCK * len(asked)), -np.inf, np.float32)
    near = best.reshape(-1, len(asked))
    tokens = np.ascontiguousarray(asked.T)
    # so small a product that BLAS keeps to this thread: on a busy machine its threads wait for each
    # other for longer than the whole takes
    most = max(1, ONE_THREAD // asked.size)
    for codes, start in zip(passages, (firsts * BLOCK).tolist(), strict=True):
        for begin in range(0, len(codes), most):
            piece = codes[begin : begin + most].astype(np.float32)
            at = start + begin
            np.dot(piece, tokens, out=near[at : at + len(piece)])
    while (half := best.shape[1] // 2) >= len(asked):
        best = np.maximum(best[:, :half], best[:, half:])
    whole = np.maximum.reduceat(best, firsts, axis=0)
    window = best.copy()
    for shift in range(1, WINDOW // BLOCK):
        inside = owner[shift:] == owner[:-shift]
        np.maximum(window[:-shift], best[shift:], out=window[:-shift], where=inside[:, None])
    means = np.maximum.reduceat(window.mean(axis=1), firsts)
    scores: Matrix = np.stack([whole.mean(axis=1), means], axis=1)
    return scores


def question_vectors(encoder: object, text: str) -> tuple[Matrix, Matrix | None]:
    """A question's vector, and its tokens where the encoder gives any."""
    if isinstance(encoder, TokenAsker):
        return encoder.encode_question(text)
    vector: Matrix = encoder.encode_queries([text])[0]  # type: ignore[attr-defined]
    return vector, None


def _unit(states: Matrix) -> Matrix:
    unit: Matrix = states / np.linalg.norm(states, axis=1, keepdims=True)
    return unit
