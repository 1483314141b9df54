"""How well a passage answers a question: one learned judgement, of the whole and of its sentences.

A small transformer reads the question's tokens beside the passage's, as the search keeps them
(``index.late``): nothing is encoded anew, a passage costs some milliseconds. It says how likely the
passage answers, and for each of its tokens how likely that stands in what answers. ``training.answering``
taught it on labelled pages (``data/JUDGE_CARD.md``). It belongs to the bundled model: where another model
made the tokens, or none, there is no judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from corpus.types import Passage
from index.e5_engine import session
from index.late import Codes, Matrix, basis
from index.texts import late_text

JUDGE = Path(__file__).resolve().parent / "data" / "judge.onnx"
MOST = 512
"""Tokens of a text that are looked at."""
NEARNESS = 10.0
"""On half the pages of the held author the two together name the right line for .711 of the questions,
the odds alone for .594, late interaction alone for .682."""
TITLE, HEADING, TEXT = 1, 2, 3
"""Where a token of ``index.texts.late_text`` stands."""

Spans = NDArray[np.int64]


@runtime_checkable
class TokenSpans(Protocol):
    """An encoder that says where its tokens stand in a text."""

    def token_spans(self, text: str) -> Spans:
        """(tokens, 2): begin and end, in characters of the text, of each token that ``encode_tokens``
        gives for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """``answers``: the log odds that the passage answers the question. ``spans`` (n, 2): where its
    tokens stand in ``Article.text``; ``odds`` (n,): the log odds that each stands in what answers;
    ``near`` (n, m): its cosine with each of the question's tokens."""

    passage: Passage
    answers: float
    spans: Spans
    odds: Matrix
    near: Matrix

    def of(self, start: int, end: int) -> float:
        """How well ``text[start:end]`` answers: the mean log odds of the tokens that begin there, and
        ``NEARNESS`` times their late interaction with the question. -inf without one."""
        inside = (self.spans[:, 0] >= start) & (self.spans[:, 0] < end)
        if not inside.any():
            return -np.inf
        late = self.near[inside].max(axis=0).mean()
        return float(self.odds[inside].mean() + NEARNESS * late)


def judged(
    asked: Matrix, passages: Sequence[Passage], codes: Sequence[Codes], encoder: TokenSpans
) -> tuple[Judged, ...]:
    """``asked`` (tokens, WIDTH): the question's tokens as ``late_scores`` takes them; ``codes``: those of
    each passage."""
    texts = [late_text(passage) for passage in passages]
    spans = [encoder.token_spans(text)[:MOST] for text in texts]
    parts = [kinds(p, t, s) for p, t, s in zip(passages, texts, spans, strict=True)]
    found = []
    for n, passage in enumerate(passages):
        read = _read(asked, codes[n][:MOST], parts[n])
        own = parts[n] == TEXT
        moved = spans[n][own] + passage.start - (len(texts[n]) - len(passage.text))
        near = codes[n][:MOST][own].astype(np.float32) @ asked.T
        found.append(Judged(passage, read.answers, moved, read.odds[own], near))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Some sentences of an article under its title: ``codes`` (n, WIDTH) of their tokens and ``parts``
    (n,), what each is part of."""

    codes: Codes
    parts: Spans


def lines_of(
    passages: Sequence[Passage],
    codes: Sequence[Codes],
    spans: Sequence[tuple[int, int]],
    encoder: TokenSpans,
) -> Lines:
    """The sentences ``text[start:end]`` of an article, ``spans`` in order, each with the passage that it
    lies in; the title and heading are those of the first."""
    kept, parts = [], []
    for n, (passage, own, (start, end)) in enumerate(zip(passages, codes, spans, strict=True)):
        text = late_text(passage)
        places = encoder.token_spans(text)[:MOST]
        kind = kinds(passage, text, places)
        begins = places[:, 0] + passage.start - (len(text) - len(passage.text))
        inside = (kind == TEXT) & (begins >= start) & (begins < end)
        chosen = inside | (kind != TEXT) if n == 0 else inside
        kept.append(own[:MOST][chosen])
        parts.append(kind[chosen])
    return Lines(np.concatenate(kept)[:MOST], np.concatenate(parts)[:MOST])


def seen_in(asked: Matrix, lines: Sequence[Lines]) -> Matrix:
    """(n, 3 * SIZE): what the judge makes of a question beside some sentences before it gives its verdict,
    for another judgement to stand on."""
    return np.stack([_read(asked, one.codes, one.parts).seen for one in lines])


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What the judge makes of one passage: its log odds, (tokens,) those of its tokens, and (3 * SIZE,)
    what the first stand on."""

    answers: float
    odds: Matrix
    seen: Matrix


def _read(asked: Matrix, codes: Codes, parts: Spans) -> _Read:
    """One passage at a time: nothing is padded, and none depends on those beside it, whose range would
    be that of the 8-bit products too."""
    step = basis().step
    question = (asked[:MOST] / step).astype(np.float32)
    given = {
        "question": question[None],
        "asked": np.ones((1, len(question)), np.float32),
        "passage": (codes * step).astype(np.float32)[None],
        "said": np.ones((1, len(codes)), np.float32),
        "kind": parts.astype(np.int64)[None],
    }
    answers, odds, seen = _session().run(None, given)
    return _Read(float(answers[0]), odds[0], seen[0])


def kinds(passage: Passage, text: str, spans: Spans) -> Spans:
    """(tokens,) of what each token is part."""
    begins = spans[:, 0]
    head = np.where(begins < len(passage.article.title), TITLE, HEADING)
    return np.where(begins >= len(text) - len(passage.text), TEXT, head)


@lru_cache(maxsize=1)
def _session() -> Any:
    return session(JUDGE.read_bytes())
