"""A progress bar for people, for whoever calls a refresh from a command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

NAMES = {"files": "读取文件", "passages": "计算向量", "words": "切分词语"}


@contextmanager
def bar(*, shown: bool | None = None) -> Iterator[Callable[[str, int, int], None]]:
    """Something to call with (stage, done, total); a bar for each stage, with the time left.

    ``shown``: None shows it where standard error is a terminal.
    """
    hidden = not sys.stderr.isatty() if shown is None else not shown
    bars: dict[str, Any] = {}

    def progress(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            for earlier in bars.values():
                earlier.close()
            label = NAMES.get(stage, stage)
            bars[stage] = tqdm(total=total, desc=label, file=sys.stderr, disable=hidden)
        bars[stage].total = total
        bars[stage].update(done - bars[stage].n)

    try:
        yield progress
    finally:
        for one in bars.values():
            one.close()
