"""The store, opened: one generation of it, its files open, nothing read but two small tables.

Implements ``index.types.Index``. Opening compares the sizes of all files, and the hashes of the manifest's
tables; every other file is compared with its hash before the first byte of it is used, by whoever comes
first or by a thread that ``open`` starts (``index.blocks``). So a store that lacks a file or has one of
another size raises at opening, and one with a changed byte raises at opening or where that file is first
needed; in neither case it answers from it. To read all of it at each opening instead would cost a second
for each half gigabyte. ``python -m index verify`` compares everything now.

A refresh may replace and remove the files under an opened store: an open file outlives its name. How
a generation comes to be is left to ``index.refresh``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreError
from index.blocks import Files
from index.contents import Half
from index.encoder import same_family
from index.filters import Filters
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
from index.late import basis_version
from index.marks import VERSION as MARKS_VERSION
from index.marks import mark
from index.searching import pool
from index.types import Entry, Filter, Matches, Pool, Probe, Query, Seen, Statute

# a refresh may remove a generation while it is read; more often in a row is no coincidence
_TRIES = 20
_BLOCK = 256
"""Articles of a block of ``Store.blocks``."""


class Store:
    """One generation of a store folder. ``Store.open(path)``; safe to read from many threads.

    ``name`` is the folder of its generation, ``manifest`` what stands there about it.
    """

    def __init__(
        self, path: Path, name: str, manifest: Manifest, files: Files, halves: tuple[Half, Half]
    ) -> None:
        articles, laws = halves
        self.path = path
        self.name = name
        self.manifest = manifest
        self.files = files
        self.articles = articles
        self.laws = laws
        self._current = path / CURRENT
        self._looked_at: tuple[int, int, int] | None = None
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
        found = cls.peek(path)
        if model is not None and not same_family(model, found.model):
            raise other_model(found.path, found.model, model)
        if found.articles.tokens is not None and not found._compared:
            raise other_tokens(found.path)
        found.files.check_beside()
        return found

    @classmethod
    def peek(cls, path: str | Path) -> Store:
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

    def half(self, room: str) -> Half:
        """What lies in one of ``index.contents.ROOMS``."""
        return {"articles": self.articles, "statutes": self.laws}[room]

    def stale(self) -> bool:
        """True when a refresh has put another generation in the place of this one. Cheap enough
        for each question: what ``current`` says is read when the file is another one; False where
        the store cannot be read now, because this one still answers."""
        try:
            found = os.stat(self._current)
            file = (found.st_ino, found.st_mtime_ns, found.st_size)
            if file == self._looked_at:
                return False
            if current_generation(self.path) != self.name:
                return True
        except (OSError, StoreError):
            return False
        self._looked_at = file
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

    def match(self, queries: Sequence[Query]) -> list[Matches]:
        """As in the Protocol."""
        words = self.articles.words
        found = []
        for query in queries:
            passing = self._passing(query.only)
            found.append(
                Matches(
                    words.matching(query.words, query.k, passing),
                    words.matching(query.pairs, query.k, passing),
                    self.laws.words.matching(query.statutes, query.statutes_k),
                    words.rarity(query.rare),
                )
            )
        return found

    def search(self, probes: Sequence[Probe]) -> list[Pool]:
        """As in the Protocol; see ``index.searching``."""
        return [
            pool(self.articles, self.laws, probe, self._passing(probe.only)) for probe in probes
        ]

    def passages(self, numbers: Sequence[int], *, codes: bool = True) -> list[Seen]:
        """As in the Protocol."""
        return [self._seen(number, codes=codes) for number in numbers]

    def read(
        self, articles: Sequence[int | str], *, codes_of: Sequence[int | str] = ()
    ) -> list[Entry | None]:
        """As in the Protocol."""
        table, wanted = self.articles.table, set(codes_of)
        numbers = [table.find(one) if isinstance(one, str) else one for one in articles]
        return [
            self._entry(number, codes=one in wanted)
            if number is not None and 0 <= number < len(table)
            else None
            for one, number in zip(articles, numbers, strict=True)
        ]

    def blocks(self) -> Iterator[list[Entry]]:
        """As in the Protocol; each article is read as it comes up."""
        for start in range(0, len(self.articles.table), _BLOCK):
            numbers = range(start, min(start + _BLOCK, len(self.articles.table)))
            yield [self._entry(number) for number in numbers]

    def statutes(self) -> list[Statute]:
        """As in the Protocol."""
        table = self.laws.table
        return [Statute(number, table.passage(number)) for number in range(table.size)]

    def fixed(self) -> Mapping[str, int]:
        """As in the Protocol."""
        return self.articles.table.fixed

    def regions(self) -> frozenset[str]:
        """As in the Protocol."""
        return frozenset(self._filters.places)

    @cached_property
    def _filters(self) -> Filters:
        """As they were kept; of marks that another version of the program read, read anew."""
        if self._marked:
            return self.articles.contents.filters
        rows = self.articles.table.rows()
        return Filters.of(chain.from_iterable(map(mark, row.passages) for row in rows))

    def _passing(self, only: Filter) -> NDArray[np.bool_] | None:
        """(n,) the passages that a filter lets through; None where that is all of them."""
        return self._filters.passing(only) if only else None

    def _seen(self, number: int, *, codes: bool) -> Seen:
        table, tokens = self.articles.table, self.articles.tokens
        if not 0 <= number < table.size:
            raise KeyError(f"passage {number} of {table.size}")
        return Seen(
            number,
            table.article_of(number),
            table.passage(number),
            table.marks(number) if self._marked else None,
            tokens.codes(number) if codes and tokens is not None and self._compared else None,
        )

    def _entry(self, number: int, *, codes: bool = False) -> Entry:
        table = self.articles.table
        row = table.row(number)
        seen = _Met(partial(self._seen, codes=codes), table.passages_of(number))
        return Entry(number, row.article, seen, row.claims)


class _Met(Sequence[Seen]):
    """Passages that are read as they are met: of most articles none but the claims is looked at."""

    def __init__(self, read: Callable[[int], Seen], numbers: range) -> None:
        self._read = read
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> Seen: ...

    @overload
    def __getitem__(self, at: slice) -> list[Seen]: ...

    def __getitem__(self, at: int | slice) -> Seen | list[Seen]:
        chosen = self._numbers[at]
        return self._read(chosen) if isinstance(chosen, int) else list(map(self._read, chosen))
