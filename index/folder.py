"""The engine of a folder on this machine: each of its parts does what the module of its name says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index import generations
from index.ledger import sources_of
from index.refresh import refresh
from index.report import RefreshReport
from index.sources import SourceFile
from index.status import StoreStatus, describe
from index.store import Store
from index.verify import Verification, verify


class Folder:
    """Implements ``index.engine.Engine``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def address(self) -> str:
        return str(self.path)

    def exists(self) -> bool:
        return generations.exists(self.path)

    def open(self, *, model: str | None = None) -> Store:
        return Store.open(self.path, model=model)

    def refresh(self, paths: Sequence[str | Path] = (), **options: Any) -> RefreshReport:
        """``options``: those of the Protocol."""
        return refresh(self.path, paths, **options)

    def status(self) -> StoreStatus:
        return describe(Store.open(self.path))

    def verify(self, **options: Any) -> Verification:
        """``options``: those of the Protocol."""
        return verify(self.path, **options)

    def settle(self) -> None:
        """At once: a refresh removes what it replaced."""

    def sources(self) -> Mapping[str, SourceFile]:
        return sources_of(self.path)
