"""``--watch``: a folder is refreshed whenever something in it changes, quietly otherwise."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Event

from watchfiles import watch as changes_in

from corpus.errors import InputError, LockedError, YibaoError
from corpus.given import readable
from index.report import RefreshReport

SETTLE = 1600
"""Milliseconds that a burst of changes is gathered for (watchfiles' own default)."""

log = logging.getLogger(__name__)


def watch(
    paths: Sequence[Path],
    run: Callable[[], RefreshReport],
    tell: Callable[[RefreshReport | YibaoError], None],
    *,
    stop: Event | None = None,
    signals: Iterable[object] | None = None,
) -> None:
    """Call ``run`` once and after each change below ``paths``, until ``stop`` or Ctrl+C.

    ``tell`` hears of reports in which something happened, and of errors; an error does not end the
    watch. ``signals`` stands for the changes in tests. Raises InputError for a path that is not there.
    """
    for path in paths:
        if not path.exists():
            raise InputError(
                f"路径不存在：{readable(str(path))}。--watch 需要已有的文件或文件夹，请检查写法。"
            )
    heard = signals or changes_in(*paths, stop_event=stop, step=200, debounce=SETTLE)
    quiet: tuple[str, ...] = ()
    quiet = _once(run, tell, quiet)
    for _ in heard:
        quiet = _once(run, tell, quiet)


def _once(
    run: Callable[[], RefreshReport],
    tell: Callable[[RefreshReport | YibaoError], None],
    known: tuple[str, ...],
) -> tuple[str, ...]:
    """One refresh; what was skipped is told once, not at each change of something else."""
    try:
        report = run()
    except LockedError as error:
        log.info("%s", error)
        return known
    except YibaoError as error:
        tell(error)
        return known
    skipped = tuple(str(s) for s in report.skipped)
    if report.switched or skipped != known:
        tell(report)
    return skipped
