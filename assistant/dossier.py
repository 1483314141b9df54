"""What one answer is made of: articles brought from the index in one call, and read here as often as
the answer is put together of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.types import Article, Claim, Passage
from index.types import Entry, Index


class Dossier:
    """Some articles of one generation, by id and by number. It never changes."""

    def __init__(self, entries: Iterable[Entry | None]) -> None:
        there = [entry for entry in entries if entry is not None]
        self._by_id = {entry.article.id: entry for entry in there}
        self._by_number = {entry.number: entry for entry in there}

    @classmethod
    def bring(
        cls, index: Index, articles: Iterable[int | str], *, codes_of: Iterable[int | str] = ()
    ) -> Dossier:
        """The articles of these numbers and ids, each once, as far as there are any; with the tokens
        of those in ``codes_of``."""
        wanted = list(dict.fromkeys(articles))
        return cls(index.read(wanted, codes_of=tuple(codes_of)) if wanted else ())

    def entry(self, article: int | str) -> Entry | None:
        """An article with all that was drawn from it, by number or id."""
        if isinstance(article, str):
            return self._by_id.get(article)
        return self._by_number.get(article)

    def article(self, article: int | str) -> Article | None:
        """An article by number or id."""
        entry = self.entry(article)
        return entry.article if entry is not None else None

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The passages of an article that is here, in the order of the text. Raises ``KeyError``."""
        return tuple(seen.passage for seen in self._by_id[article_id].passages)

    def claims(self, article_id: str) -> Sequence[Claim]:
        """What an article that is here claims. Raises ``KeyError``."""
        return self._by_id[article_id].claims
