"""A turn's answer as bytes, and back: what a talk needs to go on in another process.

The articles that an answer quotes stand in it once each. What names a person is masked in the
words that came from the asker; all else is the sources' words and our own.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from typing import Any

from assistant.types import Answer, Statement
from corpus.types import Article
from index.masking import mask
from index.records import decode, encode

_REF = "@"
_QUICKLY = 1
"""zlib's level: an answer is packed while others are answered."""


def packed(answer: Answer) -> bytes:
    """The answer, masked. ``unpacked(packed(x))`` equals ``masked(x)``."""
    articles: dict[int, tuple[int, Article]] = {}

    def numbered(article: Article) -> dict[str, int]:
        number, _ = articles.setdefault(id(article), (len(articles), article))
        return {_REF: number}

    value = encode(masked(answer), instead={Article: numbered})
    data = [[encode(article) for _, article in articles.values()], value]
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8"), _QUICKLY)


def unpacked(data: bytes) -> Answer:
    """Raises ValueError, KeyError or TypeError for what ``packed`` never made, and zlib.error."""
    articles, value = json.loads(zlib.decompress(data))
    known = [decode(Article, article) for article in articles]
    return _headed(decode(Answer, _filled(value, known)))


def masked(answer: Answer) -> Answer:
    """The answer without what names a person in the words of who asked."""
    context = replace(answer.context, topic=mask(answer.context.topic))
    parts = tuple(replace(part, text=mask(part.text)) for part in answer.parts)
    question, understood = mask(answer.question), mask(answer.understood)
    return replace(answer, question=question, understood=understood, context=context, parts=parts)


def _filled(value: Any, articles: list[Article]) -> Any:
    """The JSON value with the articles in the place of their numbers."""
    if isinstance(value, list):
        return [_filled(item, articles) for item in value]
    if not isinstance(value, dict):
        return value
    if _REF in value:
        return articles[value[_REF]]
    return {key: _filled(item, articles) for key, item in value.items()}


def _headed(answer: Answer) -> Answer:
    """The answer whose parts hold the very statements of its summary: headings are told by them."""

    def same(statement: Statement) -> Statement:
        return next((s for s in answer.summary if s == statement), statement)

    parts = (replace(p, statements=tuple(map(same, p.statements))) for p in answer.parts)
    return replace(answer, parts=tuple(parts))
