"""Links among the files: followed below the folder that was given, and never out of it."""

from __future__ import annotations

import glob
import os
from pathlib import Path

OUTSIDE = "链接指向所给文件夹之外，已跳过；需要收录时请直接给出它所指的文件或文件夹"


class Bounds:
    """The folder that a path gives, wherever it really lies: what is below it may be read."""

    def __init__(self, folder: Path) -> None:
        self._real = os.path.realpath(folder)

    @classmethod
    def of_pattern(cls, pattern: Path) -> Bounds:
        """The folder that stands before the first part with a ``*``, ``?`` or ``[``."""
        parts = pattern.parts
        plain = next((n for n, part in enumerate(parts) if glob.has_magic(part)), len(parts))
        return cls(Path(*parts[:plain]))

    def hold(self, path: str | Path) -> bool:
        """Whether the path, all links followed, lies in the folder."""
        real = os.path.realpath(path)
        return real == self._real or real.startswith(self._real.rstrip(os.sep) + os.sep)
