"""A progress bar for people, for whoever calls a refresh from a command line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

WIDTH, HEIGHT = 90, 24
LOG_SECONDS = 5.0
NAMES = {"files": "读取文件", "passages": "计算向量", "words": "切分词语", "questions": "判断问题"}


@contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """Something to call with (stage, done, total); a bar for each stage, with the time left.

    In a log, where no line can be written over, it is drawn every ``LOG_SECONDS`` only.
    """
    # a terminal that does not know its size says 0, of which tqdm would make an empty bar
    width = min(shutil.get_terminal_size((WIDTH, HEIGHT)).columns, WIDTH)
    pause = 0.1 if sys.stderr.isatty() else LOG_SECONDS
    bars: dict[str, Any] = {}

    def progress(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            for earlier in bars.values():
                earlier.close()
            label = NAMES.get(stage, stage)
            bars[stage] = tqdm(
                total=total,
                desc=label,
                file=sys.stderr,
                ncols=width,
                nrows=HEIGHT,
                mininterval=pause,
            )
        bars[stage].total = total
        bars[stage].update(done - bars[stage].n)

    try:
        yield progress
    finally:
        for one in bars.values():
            one.close()
