"""What a refresh is asked for, checked, and the scan of the files that it names: for every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import InputError
from corpus.given import path_given
from corpus.reading import Trust, start_early
from corpus.settings import Settings
from index.build import Progress
from index.corrections import Correction
from index.depot import Depot
from index.ingest.alone import Alone
from index.ingest.types import Crew
from index.ledger import Ledger, put_back
from index.sources import Provenance, Scan, place_of, scan
from index.sources import remove as removed


@dataclass(frozen=True, slots=True)
class Request:
    """The parameters of ``index.refresh.refresh`` that say which files a generation is made of, with
    each file named by its place; ``crew``: who reads and encodes."""

    paths: Sequence[Path]
    remove: bool
    rebuild: bool
    dry_run: bool
    provenance: Provenance
    corrections: Mapping[str, Correction]
    stands_for: Mapping[str, str]
    restored: Mapping[str, bytes]
    crew: Crew

    @classmethod
    def of(
        cls,
        paths: Sequence[str | Path],
        settings: Settings | None,
        *,
        remove: bool,
        rebuild: bool,
        dry_run: bool,
        trust: Trust | None,
        brought: str,
        corrections: Mapping[str | Path, Correction] | None,
        stands_for: Mapping[str | Path, str | Path] | None,
        restored: Mapping[str, bytes] | None,
        crew: Crew | None,
    ) -> Request:
        """Fetches what lies in the depot. Raises ``InputError`` for what cannot be asked for."""
        given = [path_given(path) for path in paths]
        if stands_for and not dry_run:
            raise InputError("文件代替另一位置的文件只用于试运行：请把文件放到那里再刷新。")
        if remove and not given:
            raise InputError("没有说明要移除什么：请给出文件或文件夹。")
        where = settings or Settings.from_environment()
        Depot.of(where).fetch()
        return cls(
            given,
            remove,
            rebuild,
            dry_run,
            Provenance(where.articles, trust, brought, where.edited),
            {place_of(path): one for path, one in (corrections or {}).items()},
            {place_of(path): place_of(place) for path, place in (stands_for or {}).items()},
            restored or {},
            crew or Alone(),
        )

    def keeping(self, corrected: Mapping[str, Correction]) -> Request:
        """The same, with what persons corrected before where it is not corrected now."""
        return replace(self, corrections={**corrected, **self.corrections})

    def start_reading(self) -> None:
        """Have what reads files started, while it is looked up what is known of them."""
        if self.paths and not self.remove:
            start_early()

    def scan(self, known: Ledger | None, progress: Progress) -> Scan:
        """The files as they are now; ``known``: what the generation before knew of them."""
        sources = known.sources if known else {}
        if self.remove:
            return removed(self.paths, sources)
        found = scan(
            self.paths,
            sources,
            self.provenance,
            progress=lambda done, of: progress("files", done, of),
            corrections=self.corrections,
            stands_for=self.stands_for,
            crew=self.crew,
        )
        return put_back(found, sources, self.restored) if self.restored else found
