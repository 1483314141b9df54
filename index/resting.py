"""The sources that our own articles rest on, as far as they lie in the store or went from it.

Which texts a reader finds here, and which sentences of ours nothing bears any more, changes with
the files: ``Ledger`` keeps a ``Resting`` beside them and applies it to each article of ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.bearing import article_numbers
from corpus.reading import Trust
from corpus.statutes import indexed
from corpus.types import Article, LawRef, Source, Support, Tier
from corpus.withdrawn import without
from index.lines import name_code, names_in
from index.sources import SourceFile, Sources

_OFFICIAL: tuple[Trust, ...] = ("national", "policy", "agency")


@dataclass(frozen=True, slots=True)
class Resting:
    """``held``: keys (``Source.key``) of sources of our articles whose files lie here;
    ``withdrawn``: of those that lay here once and were removed, or are no longer there."""

    held: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @classmethod
    def of(cls, sources: Sources, was: Resting) -> Resting:
        """As it is now; what was held and is no more is withdrawn until it comes again."""
        known = _keys(sources)
        held = _lying(sources, known)
        gone = ({*was.withdrawn, *was.held} & known.keys()) - held
        return cls(tuple(sorted(held)), tuple(sorted(gone)))

    def touched(self, sources: Sources, was: Resting) -> set[str]:
        """The places of our own articles that rest on a source which came or went."""
        changed = ({*self.held} ^ {*was.held}) | ({*self.withdrawn} ^ {*was.withdrawn})
        return {s.place for s in sources.values() if s.trust == "own" and changed & _of(s).keys()}

    def settled(self, article: Article) -> tuple[Article | None, tuple[str, ...]]:
        """An article as it stands in the store: its sources known as kept or not, without what is
        withdrawn (None where nothing is left); and the sentences that went."""
        if not article.own:
            return article, ()
        rest, lost = without(article, self.withdrawn)
        if rest is None:
            return None, lost
        supports = tuple(replace(s, source=self._kept(s)) for s in rest.supports)
        return replace(rest, supports=supports), lost

    def _kept(self, support: Support) -> Source:
        source = support.source
        if source.tier == "law":
            numbers = article_numbers(support.locator)
            kept = bool(numbers) and all(LawRef(source.name, n) in indexed() for n in numbers)
        else:
            kept = source.key in self.held
        return replace(source, kept=kept)


def _keys(sources: Sources) -> dict[str, Tier]:
    """The key and tier of each source that our own articles rest on."""
    return {key: tier for s in sources.values() if s.trust == "own" for key, tier in _of(s).items()}


def _of(file: SourceFile) -> Mapping[str, Tier]:
    found: dict[str, Tier] = {}
    for line in file.articles:
        article: dict[str, Any] = json.loads(line)
        for source in article.get("sources") or [article["source"]]:
            found[source.get("url") or source["name"]] = source.get("tier", "web")
    return found


def _lying(sources: Sources, known: Mapping[str, Tier]) -> set[str]:
    """Of some keys, those of which a file of the operator's is the source. A page is known by its
    file's name or its address; that it is a law or a document of the state no file can say of itself."""
    held: set[str] = set()
    for believed, wanted in (
        ((*_OFFICIAL, "web"), [key for key, tier in known.items() if tier == "web"]),
        (_OFFICIAL, [key for key, tier in known.items() if tier not in ("law", "web")]),
    ):
        if wanted:
            named = _named(sources, believed)
            numbers = set(named.tolist())
            held |= {key for key in wanted if not numbers.isdisjoint(_marks(key))}
    return held


def _named(sources: Sources, believed: Sequence[Trust]) -> NDArray[np.uint64]:
    """What the operator's files that are believed so far name (``index.lines.names_in``)."""
    found = [
        names_in(s.articles) for s in sources.values() if s.trust in believed and not s.brought
    ]
    return np.unique(np.concatenate([np.zeros(0, np.uint64), *found]))


def _marks(key: str) -> list[int]:
    quoted = json.dumps(key, ensure_ascii=False).encode("utf-8")
    return [name_code(b'"name":' + quoted), name_code(b'"url":' + quoted)]
