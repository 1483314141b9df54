"""The store, opened: one generation of it, its files mapped, nothing read but two small tables.

Implements ``index.types.Index``. Opening compares the sizes of all files, and the hashes of the manifest's
tables; every other file is compared with its hash before the first byte of it is used, by whoever comes
first or by a thread that ``open`` starts (``index.blocks``). So a store that lacks a file or has one of
another size raises at opening, and one with a changed byte raises at opening or where that file is first
needed; in neither case it answers from it. To read all of it at each opening instead would cost a second
for each half gigabyte. ``python -m index verify`` compares everything now.

A refresh may replace and remove the files under an opened store: a mapping outlives the name. How a
generation comes to be is left to ``index.refresh``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreError
from corpus.types import Article, Claim, Passage
from index.blocks import Files
from index.contents import Half
from index.encoder import same_family
from index.generations import (
    CURRENT,
    Manifest,
    check_sizes,
    current_generation,
    damaged,
    exists,
    other_model,
    other_tokens,
    read_manifest,
    unreadable,
)
from index.late import Codes, basis_version
from index.marks import VERSION as MARKS_VERSION
from index.marks import Marks
from index.types import NEAREST_QUESTIONS, Ranking, Space, Term

# a refresh may remove a generation while it is read; more often in a row is no coincidence
_TRIES = 20


class Store:
    """One generation of a store folder. ``Store.open(path)``; safe to read from many threads.

    ``name`` is the folder of its generation, ``manifest`` what stands there about it.
    """

    def __init__(
        self, path: Path, name: str, manifest: Manifest, files: Files, halves: tuple[Half, Half]
    ) -> None:
        articles, statutes = halves
        self.path = path
        self.name = name
        self.manifest = manifest
        self.files = files
        self.articles = articles
        self.statutes = statutes
        self._current = path / CURRENT
        self._seen: tuple[int, int, int] | None = None
        self._marked = manifest.versions.get("marks") == MARKS_VERSION
        self._compared = manifest.versions.get("tokens") == basis_version()

    @staticmethod
    def exists(path: str | Path) -> bool:
        """True when a store was made there, whether or not it can be opened."""
        return exists(Path(path).expanduser())

    @classmethod
    def open(cls, path: str | Path, *, model: str | None = None) -> Store:
        """The current generation. ``model``: the identity of the model that will ask it.

        Raises StoreError where there is no store, or it is damaged, of another format, of
        another model or with tokens of an older program; the message gives the command that mends it.
        """
        found = cls.read(path)
        if model is not None and not same_family(model, found.model):
            raise other_model(found.path, found.model, model)
        if found.articles.tokens is not None and not found._compared:
            raise other_tokens(found.path)
        found.files.check_beside()
        return found

    @classmethod
    def read(cls, path: str | Path) -> Store:
        """As ``open``, for a few questions or a refresh: of any model, and only what is needed is
        compared with its hash."""
        store = Path(path).expanduser()
        for _ in range(_TRIES):
            name = current_generation(store)
            try:
                return cls.open_generation(store, name)
            except FileNotFoundError as error:
                if current_generation(store) == name:
                    missing = Path(error.filename or name).name
                    raise damaged(store, f"缺少文件 {missing}") from None
            except StoreError:
                # files can vanish between two looks at them; only a lasting damage is one
                if current_generation(store) == name:
                    raise
        raise StoreError(f"知识库 {store} 不断被替换，{_TRIES} 次都没能读完：请稍后再试。")

    @classmethod
    def open_generation(cls, store: Path, name: str) -> Store:
        """A generation by the name of its folder. Raises FileNotFoundError when it is gone."""
        try:
            manifest = read_manifest(store, name)
            check_sizes(store, name, manifest)
            files = Files(store, name, manifest)
            halves = Half.read("articles", files), Half.read("statutes", files)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise unreadable(store, error) from error
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise damaged(store, f"第 {name} 代无法解析：{error}") from error
        return cls(store, name, manifest, files, halves)

    def stale(self) -> bool:
        """True when a refresh has put another generation in the place of this one. Cheap enough
        for each question: what ``current`` says is read when the file is another one; False where
        the store cannot be read now, because this one still answers."""
        try:
            found = os.stat(self._current)
            file = (found.st_ino, found.st_mtime_ns, found.st_size)
            if file == self._seen:
                return False
            if current_generation(self.path) != self.name:
                return True
        except (OSError, StoreError):
            return False
        self._seen = file
        return False

    @property
    def generation(self) -> str:
        return self.manifest.generation

    @property
    def model(self) -> str:
        return self.manifest.model

    @property
    def size(self) -> int:
        return self.articles.table.size

    def nearest(self, vector: NDArray[np.float32], k: int, space: Space) -> Ranking:
        """As in the Protocol. A statute counts by its text or by the best of its questions."""
        if space == "passages":
            return self.articles.vectors.nearest(vector, k)
        if space == "questions":
            return _by_owner(self.articles, vector, k)
        # there are few, and looking at each is quicker than two searches
        cosines = self.statutes.vectors.cosines(vector)
        np.maximum.at(
            cosines,
            self.statutes.table.starts(0)[self.statutes.table.question_owners()],
            self.statutes.asked.cosines(vector),
        )
        order = np.argsort(-cosines, kind="stable")[: max(k, 0)]
        return Ranking(order, cosines[order])

    def matching(self, terms: Sequence[Term], k: int, space: Space) -> Ranking:
        if space == "questions":
            return Ranking.empty()
        return self._half(space).words.matching(terms, k)

    def asked_like(
        self, vector: NDArray[np.float32], numbers: Sequence[int]
    ) -> NDArray[np.float32]:
        """As in the Protocol: all rows at once, then article by article."""
        table = self.articles.table
        each, back = np.unique(table.articles_of(numbers), return_inverse=True)
        rows = [table.asked_rows(article) for article in each.tolist()]
        cosines = self.articles.asked.cosines(vector, list(chain.from_iterable(rows)))
        found = np.zeros((len(each), 2), np.float32)
        end = 0
        for place, own in enumerate(rows):
            start, end = end, end + len(own)
            best = np.sort(cosines[start:end])[: -NEAREST_QUESTIONS - 1 : -1]
            found[place] = best[0], best.mean() if len(best) == NEAREST_QUESTIONS else np.nan
        return found[back]

    def cosines(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> NDArray[np.float32]:
        return self.articles.vectors.cosines(vector, numbers)

    def late(
        self, asked: NDArray[np.float32], numbers: Sequence[int]
    ) -> NDArray[np.float32] | None:
        tokens = self.articles.tokens
        return tokens.scores(asked, numbers) if tokens is not None and self._compared else None

    def tokens(self, numbers: Sequence[int]) -> list[Codes] | None:
        tokens = self.articles.tokens
        return list(map(tokens.codes, numbers)) if tokens is not None and self._compared else None

    def rarity(self, words: Sequence[str]) -> Sequence[float]:
        return self.articles.words.rarity(words)

    def passage(self, number: int, space: Space = "passages") -> Passage:
        return self._half(space).table.passage(number)

    def marks(self, number: int) -> Marks | None:
        return self.articles.table.marks(number) if self._marked else None

    def passages_of(self, article: int) -> Sequence[int]:
        return self.articles.table.passages_of(article)

    def article_of(self, number: int) -> int:
        return self.articles.table.article_of(number)

    def number_of(self, article_id: str) -> int | None:
        return self.articles.table.find(article_id)

    def article(self, article_id: str) -> Article | None:
        for half in (self.articles, self.statutes):
            number = half.table.find(article_id)
            if number is not None:
                return half.table.row(number).article
        return None

    def fixed(self, key: str) -> str | None:
        return self.articles.table.fixed.get(key)

    def claims(self, article_id: str) -> Sequence[Claim]:
        number = self.articles.table.find(article_id)
        return () if number is None else tuple(self.articles.table.row(number).claims)

    def _half(self, space: Space) -> Half:
        return self.statutes if space == "statutes" else self.articles


def _by_owner(half: Half, vector: NDArray[np.float32], k: int) -> Ranking:
    """The ``k`` articles with the nearest title or question; each counts once, by its best."""
    owners = half.table.question_owners()
    wanted = 2 * k * -(-len(owners) // max(1, len(half.table)))
    while True:
        rows = half.asked.nearest(vector, wanted)
        found = _each_once(Ranking(owners[rows.numbers], rows.scores), k)
        if len(found) >= k or len(rows) < wanted or wanted >= len(owners):
            return found
        wanted *= 4


def _each_once(ranking: Ranking, k: int) -> Ranking:
    """The ``k`` best, best first, equal ones by number; each number by the best of its scores."""
    order = np.lexsort((ranking.numbers, -ranking.scores))
    _, firsts = np.unique(ranking.numbers[order], return_index=True)
    chosen = order[np.sort(firsts)[: max(k, 0)]]
    return Ranking(ranking.numbers[chosen], ranking.scores[chosen])
