"""Which of many texts may be alike: MinHash over runs of three characters, all texts at once.

Only candidates are found here; ``duplicates`` decides. Everything is done on one array of code
points, because ten thousand texts have to pass in well under a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold

Codes = NDArray[np.uint32]

_LENGTH = 3  # characters in a shingle; a changed word of two characters changes four of them
# Two rows a band: texts that share half of their shingles meet in one of ten bands with
# probability 1 - (1 - .5²)^10 = .94, those that share two thirds with .997.
BANDS, _ROWS = 10, 2
_PLANE = 0x10000
# 3、 and (3); each pattern begins with one kind of character, which re finds quickly
_LIST_NUMBER = re.compile(r"\d(?:(?<![\d.]\d)|\d(?<![\d.]\d\d))(?:[、)]|[.](?!\d))")
_LIST_BRACKET = re.compile(r"[(][一二三四五六七八九十\d]{1,2}[)]")


def compared(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The texts folded and without list numbers; and the same without punctuation and blanks.

    >>> compared(["１、先停保，再參保。"])
    (['先停保,再参保。'], ['先停保再参保'])
    """
    joined = "\0".join(text.replace("\0", " ") for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32).copy()
    plane = codes < _PLANE
    table, noise = _tables(codes[plane])
    codes[plane] = table[codes[plane]]
    folded = _LIST_NUMBER.sub("", _LIST_BRACKET.sub("", codes.tobytes().decode("utf-32-le")))
    codes = np.frombuffer(folded.encode("utf-32-le"), dtype=np.uint32)
    keep = (codes >= _PLANE) | ~noise[np.minimum(codes, _PLANE - 1)]
    return folded.split("\0"), codes[keep].tobytes().decode("utf-32-le").split("\0")


def _tables(codes: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """(65536,) what ``fold`` makes of each character that there is, and which characters of those
    are neither letter nor digit."""
    table, there = np.arange(_PLANE, dtype=np.uint32), np.zeros(_PLANE, np.bool_)
    there[codes] = True
    own = fold(there.nonzero()[0].astype(np.uint32).tobytes().decode("utf-32-le"))
    table[there] = np.frombuffer(own.encode("utf-32-le"), dtype=np.uint32)
    noise = np.zeros(_PLANE, np.bool_)
    signs = [ord(one) for one in own if not one.isalnum() and one != "\0"]  # it parts the texts
    noise[[sign for sign in signs if sign < _PLANE]] = True
    return table, noise


def signatures(texts: Sequence[str]) -> Codes:
    """(n, BANDS * rows) MinHash rows of the texts (Broder 1997). The share of equal rows of two
    texts estimates the share of their shingles that both have."""
    joined = "".join(text + "\0" * _LENGTH for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
    lengths = np.array([len(text) + _LENGTH for text in texts])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    hashes = codes.copy()
    for shift in range(1, _LENGTH):
        hashes[:-shift] = hashes[:-shift] * np.uint32(0x9E3779B1) + codes[shift:]
    ends = starts + lengths - _LENGTH
    for shift in range(1, _LENGTH):
        # these reach into the next text: a signature must not depend on what stands behind it
        hashes[ends + shift] = hashes[ends]
    hashes ^= hashes >> np.uint32(15)
    seeds = np.random.default_rng(1997).integers(1, 2**31, BANDS * _ROWS, np.uint32)
    rows = [_least(hashes, seed, starts) for seed in seeds]
    return np.stack(rows, axis=1)


def _least(hashes: Codes, seed: np.uint32, starts: NDArray[np.int64]) -> Codes:
    mixed = (hashes ^ seed) * np.uint32(seed | np.uint32(1))
    mixed ^= mixed >> np.uint32(13)
    least: Codes = np.minimum.reduceat(mixed, starts)
    return least


def meetings(rows: Codes, *, least: float, apart: int) -> Iterator[list[int]]:
    """Groups of two and more texts with equal rows in a band, each in ascending order. A text
    stays out that shares fewer than ``least`` of its rows with each of its ``apart`` neighbours
    on either side in the group."""
    for band in range(BANDS):
        pair = rows[:, band * _ROWS : (band + 1) * _ROWS].astype(np.uint64)
        keys = pair[:, 0] << np.uint64(32) | pair[:, 1]
        order = np.argsort(keys, kind="stable")
        ordered, keys = rows[order], keys[order]
        near = np.zeros(len(order), dtype=np.bool_)
        for step in range(1, min(apart, len(order) - 1) + 1):
            share = (ordered[step:] == ordered[:-step]).mean(axis=1)
            meet = (share >= least) & (keys[step:] == keys[:-step])
            near[step:] |= meet
            near[:-step] |= meet
        order, keys = order[near], keys[near]
        for group in np.split(order, np.flatnonzero(np.diff(keys)) + 1):
            if len(group) > 1:
                yield group.tolist()
