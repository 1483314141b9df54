"""The collections of an engine: what their points hold, and which of them a generation sees.

    passages    vector, words and pairs of characters, tokens; of which article, for whom and where
    questions   a vector for each title and each further way to ask, of which article
    articles    a line of JSON (``index.table.Row``): article, passages, claims, marks
    statutes    a passage of an article of a law with that line, and the vectors of text and questions
    sources     what was read from which file (``index.ledger``)
    state       the pointer to the current generation, who is refreshing, frequencies of terms

Every point of the first five was ``born`` in a generation and, once it is replaced or removed, has
``died`` in another: a generation sees what was born before or in it and has not died by then. The
five are made anew when everything is (another model, ``--rebuild``): an *epoch*, part of their names.
"""

from __future__ import annotations

import base64
import hashlib

import numpy as np

from corpus.types import NATIONAL
from index.late import WIDTH, Codes
from index.marks import Marks
from index.qdrant.backend import Between, Condition, Filter, OneOf, Shape
from index.types import Filter as Asked

ALIVE = 1 << 40
"""The generation in which a point dies that has not died."""
KINDS = ("passages", "questions", "articles", "statutes", "sources")

_LIVES = ("born", "died")


def shapes(dimension: int) -> dict[str, Shape]:
    """Of the collections of an epoch whose vectors have so many dimensions. They keep 32 bits, as in a
    folder: in 16 scores were off by up to .035, more than what now and then parts two hits."""
    one, several = {"dense": (dimension, False)}, {"dense": (dimension, True)}
    return {
        "passages": Shape(
            one, ("words", "pairs"), ("article", "key", "tokens", *_LIVES), ("lets",)
        ),
        "questions": Shape(one, (), ("article", "key", *_LIVES), ("lets",)),
        "articles": Shape({}, (), ("article", *_LIVES), ("id",)),
        "statutes": Shape(several, ("terms",), ("article", *_LIVES)),
        "sources": Shape({}, (), ("article", *_LIVES)),
    }


STATE = Shape({}, (), _LIVES, ("holder",))


def alive(number: int) -> Filter:
    """What generation ``number`` sees."""
    return (Between("born", upto=number), Between("died", above=number))


def lets(marks: Marks) -> list[str]:
    """The keys under which a passage is found by a filter: scheme and place, and each alone."""
    pairs = [(s, r) for s in marks.schemes or ("*",) for r in (marks.region, "")]
    return [f"{scheme}|{region}" for scheme, region in (*pairs, ("", marks.region))]


def let_through(only: Asked) -> Filter:
    """The condition under which a passage is found; none where all are."""
    if not only:
        return ()
    schemes = ("*", *only.schemes) if only.schemes else ("",)
    regions = ("",) if only.region is None else tuple(dict.fromkeys((NATIONAL, only.region)))
    found: Condition = OneOf("lets", [f"{s}|{r}" for s in schemes for r in regions])
    return (found,)


def hashed(*parts: object) -> int:
    """63 bits that differ where any of the parts does: ids of points, numbers of passages."""
    text = "\0".join(map(str, parts)).encode("utf-8")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1


def shortened(key: bytes) -> int:
    """63 bits of what a vector is known by (``index.texts.keys_of``)."""
    return int.from_bytes(key[:8], "big") >> 1


def packed(codes: Codes) -> str:
    """The tokens of a passage as text: a payload has no bytes. Not a multivector: ``index.late``
    also asks for the best window of neighbouring tokens, which MaxSim cannot tell."""
    return base64.b64encode(np.ascontiguousarray(codes).tobytes()).decode("ascii")


def unpacked(text: str) -> Codes:
    """(tokens, WIDTH), of what ``packed`` gave. Raises ``ValueError`` for anything else."""
    return np.frombuffer(base64.b64decode(text, validate=True), np.int8).reshape(-1, WIDTH)
