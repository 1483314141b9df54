"""What an article may say of itself, by where its file was taken in.

A file says who published it, and is quoted under that name; that it is ours, a statute or the rule
of the country it cannot say. Only the folder of our own articles makes an article ours, and only
whoever runs a refresh makes a source official (``--trust``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from corpus.reading.types import File, Trust
from corpus.supports import NATIONAL_RULE
from corpus.types import Article, Source, Tier

_TIERS: dict[Trust, Tier] = {
    "national": "policy", "policy": "policy", "agency": "agency", "web": "web", "own": "web",
}  # fmt: skip
_OURS = re.compile(r"医保问答(?:编写|整理|编辑)|" + NATIONAL_RULE)
_MARKS = re.compile(r"[\W_]+")
_TAKEN = ("corpus/", "statute/")
"""How the ids of our own articles and of statutes begin."""


def stamped(article: Article, file: File) -> Article:
    """An article of a file that is not ours, with the trust that its file was given."""
    source = _source(article.source, article, file)
    return replace(
        article,
        id=f"file/{article.id}" if article.id.startswith(_TAKEN) else article.id,
        source=source,
        sources=tuple(
            dict.fromkeys((source, *(_source(s, article, file) for s in article.sources)))
        ),
        kind="policy" if article.kind == "statute" else article.kind,
        author=source.publisher,
        checked=None,
        supports=(),
        reports=(),
    )


def claims_to_be_ours(publisher: str) -> bool:
    """Whether a name is ours or that of the national rule, however it is spaced or written.

    >>> claims_to_be_ours("医保 问答·编写组"), claims_to_be_ours("某市医疗保障局")
    (True, False)
    """
    return _OURS.search(_MARKS.sub("", unicodedata.normalize("NFKC", publisher))) is not None


def _source(source: Source, article: Article, file: File) -> Source:
    return replace(
        source,
        publisher="" if claims_to_be_ours(source.publisher) else source.publisher,
        title=source.title or article.title,
        tier=_TIERS[file.trust],
        kept=True,
        national=file.trust == "national",
        brought=file.brought,
    )
