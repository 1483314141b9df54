"""An answer as JSON-ready values."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date

from assistant.parts import Answered, Citation
from corpus.types import Article, Passage, Source, Support

VERSION = 2
"""Of the JSON form: 2 tells quotations from our own words and names what these rest on."""


def to_dict(answer: Answered) -> dict[str, object]:
    """The answer as JSON-ready values. Passages are given by id, title and offsets; a quote also by
    its text; the articles themselves stay out."""
    told = value(answer)
    assert isinstance(told, dict)
    return {"version": VERSION, **told, "completeness": answer.completeness}


def value(item: object) -> object:
    """Anything of an answer as JSON-ready values."""
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, Passage):
        return {
            "id": item.id,
            "article": item.article.id,
            "title": item.article.title,
            "start": item.start,
            "end": item.end,
            "kind": item.kind,
            "heading": list(item.heading),
            "text": item.text,
        }
    if isinstance(item, Article):
        return item.id
    if isinstance(item, Citation):
        source = item.quote.passage.article.source
        return {
            "number": item.number,
            "text": item.quote.text,
            "article": item.quote.passage.article.id,
            "start": item.quote.start,
            "end": item.quote.end,
            "title": item.title,
            "kind": item.kind,
            "publisher": item.publisher,
            "date": value(item.date),
            "region": item.region,
            "excerpt": item.excerpt,
            "url": None if item.kind == "editorial" else source.url,
            "source": "" if item.kind == "editorial" else source.name,
            "tier": None if item.kind == "editorial" else source.tier,
            "supports": [value(support) for support in item.supports],
        }
    if isinstance(item, Support):
        return {"start": item.start, "end": item.end, **_told(item.source),
                "relation": item.relation, "locator": item.locator}  # fmt: skip
    if isinstance(item, Source):
        return _told(item)
    if is_dataclass(item) and not isinstance(item, type):
        return {f.name: value(getattr(item, f.name)) for f in fields(item)}
    if isinstance(item, dict):
        return {str(k): value(v) for k, v in item.items()}
    if isinstance(item, (tuple, list)):
        return [value(v) for v in item]
    return item


def _told(source: Source) -> dict[str, object]:
    return {
        "publisher": source.publisher,
        "title": source.title,
        "name": source.name,
        "date": value(source.published),
        "tier": source.tier,
        "url": source.url,
        "kept": source.kept,
    }
