"""What tests stand on: the day they ask on, and where other people's pages lie."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.settings import ROOT

SHARED = ROOT.parent / "shared"
TODAY = date(2026, 11, 21)


def seeds_folder() -> Path:
    """The source pages; the test skips where they are absent (they are other people's pages)."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the source pages lie beside the project only on the developers' machines")
    return folder
