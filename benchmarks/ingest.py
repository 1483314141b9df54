"""What it costs to encode the passages of a refresh, and what sharing the work out adds to that.

    python -m benchmarks.ingest [--texts 200] [--jobs 2] [--ray]

Passages and titles of the shipped articles, encoded as a refresh does: a passage twice (one vector, and
its tokens under its title), a title by itself, and so each question that an article names, of which
ours have twenty and pages none. By this process on one thread, by ``--jobs`` processes, and by a
cluster that Ray makes of this machine.

Time is that of the processor, in this process and in those that it started, so that other work on the
machine counts for little; the start is left out but for Ray, which starts anew for each kind of text.
From it follow the hours of one processor for a million passages, and the share that is not the model's:
that one holds the interpreter, and so says how many threads one process can keep at work. Results are
compared to the last bit.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import psutil

from corpus.reading import read
from corpus.sections import sections
from corpus.settings import Settings
from index import texts
from index.encoder import BundledEncoder
from index.ingest import cluster, processes
from index.ingest.alone import Alone
from index.ingest.choose import crew, one_at_a_time
from index.ingest.types import Crew, Encoder, Kind

Work = dict[Kind, list[str]]
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the processor for each kind of text."""

    seconds: dict[Kind, float]
    made: list[Any]

    @property
    def whole(self) -> float:
        return sum(self.seconds.values())


def texts_of(settings: Settings, count: int) -> tuple[Work, int]:
    """What ``count`` passages, spread evenly over the shipped articles, want encoded; and how many
    passages those are. Titles come in the share that they have of all."""
    articles = read([settings.articles]).articles
    passages = [passage for article in articles for passage in sections(article)]
    asked = [article.title for article in articles]
    some = passages[:: max(1, len(passages) // count)][:count]
    share = round(len(asked) * len(some) / len(passages))
    work: Work = {
        "passages": [texts.passage_text(p) for p in some],
        "tokens": [texts.late_text(p) for p in some],
        "queries": asked[:: max(1, len(asked) // max(1, share))][:share],
    }
    return work, len(some)


def busy() -> float:
    """Seconds that the processor has worked for this process and all that it has started."""
    this = psutil.Process()
    # the first four: its own, and those of children that have ended
    return float(sum(sum(p.cpu_times()[:4]) for p in (this, *this.children(recursive=True))))


def cost(helpers: Crew, encoder: Encoder, work: Work) -> Cost:
    """Of all the work, the helpers started beforehand."""
    seconds: dict[Kind, float] = {}
    made: list[Any] = []
    for kind, given in work.items():
        before = busy()
        for rows in helpers.encode(encoder, kind, given):
            made.extend(rows)
        seconds[kind] = busy() - before
    return Cost(seconds, made)


@contextmanager
def counting(encoder: BundledEncoder) -> Iterator[Callable[[], float]]:
    """Gives the seconds of the processor that the model itself takes meanwhile, on this thread."""
    session, spent = encoder.engine._session, [0.0]

    class Timed:
        def run(self, *given: Any) -> Any:
            begun = time.thread_time()
            try:
                return session.run(*given)
            finally:
                spent[0] += time.thread_time() - begun

    encoder.engine._session = Timed()
    try:
        yield lambda: spent[0]
    finally:
        encoder.engine._session = session


def same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))


def show(name: str, found: Cost, passages: int, base: Cost) -> None:
    pace = passages / found.whole
    hours = MILLION / pace / 3600
    equal = "the same" if same(found.made, base.made) else "NOT the same"
    print(
        f"{name:12}  {pace:6.2f} passages a second and processor  {hours:5.1f} processor hours a"
        f" million  {found.whole / base.whole:5.2f} of one process  {equal}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ingest")
    parser.add_argument("--texts", type=int, default=200, help="passages")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--ray", action="store_true")
    args = parser.parse_args()
    settings = Settings.from_environment()
    encoder = one_at_a_time(settings.model)
    assert isinstance(encoder, BundledEncoder)
    work, passages = texts_of(settings, args.texts)
    characters = sum(map(len, work["passages"])) / passages
    print(f"{passages} passages of {characters:.0f} characters, {len(work['queries'])} titles")
    cost(Alone(), encoder, {kind: given[:3] for kind, given in work.items()})  # warm
    with counting(encoder) as models:
        base = cost(Alone(), encoder, work)
        share = 1 - models() / base.whole
    for kind, given in work.items():
        print(f"    {kind:9} {1000 * base.seconds[kind] / len(given):6.1f} ms each")
    print(
        f"    not the model's {share:.3f}: one process keeps at most {1 / share:.0f} threads at work"
    )
    show("one process", base, passages, base)
    ways = {f"{args.jobs} processes": partial(crew, settings, jobs=args.jobs)}
    if args.ray:
        ways["Ray"] = partial(crew, settings, ray=True)
    processes.WORTH_IT = cluster.WORTH_IT = 0
    for name, way in ways.items():
        with way() as helpers:
            some = {kind: given[: processes.SHARD * args.jobs] for kind, given in work.items()}
            cost(helpers, encoder, some)  # opens the models
            show(name, cost(helpers, encoder, work), passages, base)


if __name__ == "__main__":
    main()
