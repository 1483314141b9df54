"""Trains what ``corpus/channels.py`` reads channels with, on the labelled procedures of ``training/pages``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from corpus.channels import CHANNELS, FAR, fields
from corpus.hashed import BUCKETS
from corpus.line_roles import Lines
from corpus.names import APPS
from corpus.pieces import pieces
from corpus.text import fold
from corpus.types import Article
from training import hashed
from training.aligned import Aligned
from training.roles import LESS, OURS

COUNTS = (1.0, 0.5, 0.5, 0.3, 0.5, 0.2, 0.3)
"""How far the fields count."""
STRENGTH = 30.0
_LIKE = {"银行代扣": "窗口", "短信": "手机", "医院代办": "单位代办"}


@dataclass(frozen=True, slots=True)
class Labelled:
    author: str
    channel: str
    read: tuple[str, ...]
    worth: float = 1.0


def of_pages(found: Sequence[Aligned]) -> Iterator[Labelled]:
    """The procedures that name a channel and stand in one article. Where two stand on the same lines, what the
    lines say is of both, and of neither alone: they teach nothing."""
    for one in found:
        for steps in one.page.steps:
            name = _LIKE.get(steps.channel, steps.channel)
            alone = sum(set(other.lines) == set(steps.lines) for other in one.page.steps) == 1
            if name not in CHANNELS or not alone:
                continue
            for article, stands in one.articles:
                spans = [(s.start, s.end) for s in stands if s.number in steps.lines]
                if len(spans) == len(set(steps.lines)):
                    text, start = article.text, spans[0][0]
                    own = "\n".join(text[a:b] for a, b in spans)
                    lines = Lines(fold(text), article.title)
                    inside = pieces(text, article.title, lines)
                    path = next((p.path for p in inside if p.start <= start < p.end), ())
                    read = fields(own, text[max(0, start - FAR) : start], path, article.title)
                    yield Labelled(one.page.author, name, read)
                    break


def of_articles(articles: Sequence[Article]) -> Iterator[Labelled]:
    """The lists of steps of our own articles that name an app: they are done on a phone."""
    for article in articles:
        lines = Lines(fold(article.text), article.title)
        for piece in pieces(article.text, article.title, lines):
            own = article.text[piece.start : piece.end]
            steps = any(OURS.get(name) == "steps" for name in piece.path)
            if steps and any(word in fold(own) for words in APPS.values() for word in words):
                before = article.text[max(0, piece.start - FAR) : piece.start]
                read = fields(own, before, piece.path, article.title)
                yield Labelled("ours", "手机", read, LESS)


def learn(found: Sequence[Labelled]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(fields, ``BUCKETS``, channels) weights and (channels,) biases, one regression for each channel."""
    read = hashed.table([one.read for one in found], COUNTS)
    weights = np.zeros((len(COUNTS), BUCKETS, len(CHANNELS)))
    bias = np.full(len(CHANNELS), -9.0)
    for n, name in enumerate(CHANNELS):
        wanted = np.array([one.channel == name for one in found])
        if wanted.any():
            model = LogisticRegression(C=STRENGTH, solver="liblinear", tol=1e-2, random_state=0)
            model.fit(read, wanted, sample_weight=[one.worth for one in found])
            own = model.coef_[0].reshape(len(COUNTS), BUCKETS)
            weights[:, :, n] = own * np.array(COUNTS)[:, None]
            bias[n] = model.intercept_[0]
    return weights, bias


def write(found: Sequence[Labelled], path: Path) -> None:
    hashed.write(*learn(found), path)
