"""No pattern takes more than in proportion to a run of anything: eight times the run, eight times
the time. A quadratic one takes 64 times, and a page with a long run of blanks for ever."""

import re
import signal
import time
from collections.abc import Iterator

import pytest

from benchmarks.patterns import goes_on, literals, patterns

SHORT, LONG = 500, 4_000  # characters
_SOON = 0.00025  # seconds for the short run, below which nothing can be quadratic that matters
_LATE = 1.0  # seconds at which a run is given up
_STEEP = 24.0  # times as long for eight times the run: 8 where linear, 64 where quadratic
_LONG = 0.03  # seconds for the long run, below which it is noise
_RUNS = (
    " ", "\u3000", "\t", "\n", ".", "。", "一", "1", "a", "(", "（", "[", "【", "《", "「", "“", '"',
    "、", "，", ",", "#", "|", "-", "*", "_", "`", "<", ">", "=", "/", "\\", "…", ":", "：", "？", "!",
    "；", "%", "~", "①", "第", "一、", "1.", "1、", "（一）", "a ", "一 ", "| ", "- ", "**一", "[一](",
    "\n一", "一。", "<a ", "1天", "一1", "《一》",
)  # fmt: skip
_OWN = 40  # words of a pattern that are tried
_STOP = "☃"  # a character that lets a match fail


class _TooLateError(Exception):
    pass


def seconds(pattern: re.Pattern[str], text: str) -> float:
    """What the pattern takes for all that can be asked of it; ``_LATE`` where that is too long."""

    def give_up(*_: object) -> None:
        raise _TooLateError

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, _LATE)
    start = time.thread_time()
    try:
        for _ in pattern.finditer(text):  # as search does, from each place on
            pass
        pattern.match(text)
        pattern.fullmatch(text)
        return time.thread_time() - start
    except _TooLateError:
        return _LATE
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def texts(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """``(before, run, behind)``: the pattern's own words, and for one that may go on every kind of
    run; a character behind that lets the match fail, and one before for half of them."""
    own = literals(pattern)
    own = own[:: max(1, len(own) // _OWN)]
    if not goes_on(pattern):
        yield from (("", run, _STOP) for run in (*own[:6], " ", "一"))
        return
    for run in dict.fromkeys((*own, *_RUNS)):
        yield "", run, _STOP
    for run in _RUNS[:12]:
        yield _STOP, run, ""


def explodes(pattern: re.Pattern[str]) -> str:
    """The run at which the pattern takes too long, or ""."""
    for before, run, behind in texts(pattern):
        short, long = (before + run * (size // len(run)) + behind for size in (SHORT, LONG))
        if (once := seconds(pattern, short)) >= _LATE:
            return run
        if once > _SOON:
            # the least of several: other processes take time as well
            first = min(seconds(pattern, short) for _ in range(3))
            after = min(seconds(pattern, long) for _ in range(2)) if first > _SOON else 0.0
            if after >= _LATE or after > max(_LONG, _STEEP * first):
                return run
    return ""


def test_a_quadratic_pattern_is_seen() -> None:
    assert explodes(re.compile(r"\s+$"))
    assert explodes(re.compile(r"(?:甲.*)+乙"))
    assert not explodes(re.compile(r"\s{1,20}$"))


@pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="no alarms on this system")
def test_every_pattern_is_linear() -> None:
    found = patterns()
    assert len(found) > 560  # guards the walk against finding nothing
    slow = {where: run for where, p in found.items() if (run := explodes(p))}
    assert not slow, "\n".join(f"{where} at a run of {run!r}" for where, run in slow.items())
