"""How many more questions a second several workers answer than one: ``python -m benchmarks.load
--workers 2``.

One worker on one processor, one worker that has all of them, and several with one each run from beginning to
end and are asked in turn, to and fro, so that what else the machine does meets all. They are asked
at ``POST /api/ask`` by a client that costs next to nothing of the processors that they share. Prints
the questions a second of each turn, the ratios to one worker on one processor, the processor time of an answer,
and the memory of each process: ``PSS`` counts what is shared in parts, ``own`` is what a further
worker would cost. One worker searches and encodes beside its interpreter's lock, and so puts a second
processor to use too; a third it hardly does.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

import psutil

CLIENTS = 8
"""Who ask at once: enough that no worker ever waits for a question."""
WARM, SECONDS, TURNS = 4.0, 10.0, 2
LIMITS = {
    "YIBAO_LIMIT_ADDRESS_BURST": "10000000",
    "YIBAO_LIMIT_REQUESTS_BURST": "10000000",
    "YIBAO_LIMIT_PLACES_EACH": "200",
    "YIBAO_LIMIT_BYTES_BURST": "1000000000",
}
"""Of the servers that are measured: out of the way."""


def asked(url: str, questions: Sequence[str], seconds: float) -> tuple[int, float]:
    """Answers of one server in so many seconds, and the seconds until the last of them. Raises
    where one is no answer."""
    return asyncio.run(_everyone(url, questions, seconds))


async def _everyone(url: str, questions: Sequence[str], seconds: float) -> tuple[int, float]:
    begun = time.perf_counter()
    turn, until = itertools.cycle(questions), begun + seconds
    counts = await asyncio.gather(*(_client(url, turn, until) for _ in range(CLIENTS)))
    return sum(counts), time.perf_counter() - begun


async def _client(url: str, turn: itertools.cycle[str], until: float) -> int:
    at, n = urlsplit(url), 0
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    while time.perf_counter() < until:
        body = json.dumps({"question": next(turn)}).encode("ascii")
        head = (
            f"POST {at.path}api/ask HTTP/1.1\r\nHost: {at.netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode("ascii") + body)
        got = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        size = int(got.partition("content-length:")[2].partition("\r\n")[0])
        answer = await reader.readexactly(size)
        if not got.startswith("http/1.1 200"):
            raise RuntimeError(answer.decode("utf-8", "replace"))
        n += 1
    writer.close()
    return n


class Setting(NamedTuple):
    """How many workers a server has, and on how many processors."""

    workers: int
    cores: int

    def __str__(self) -> str:
        return f"{self.workers} workers on {self.cores} processors"


def compare(
    servers: Mapping[Setting, tuple[str, psutil.Process]], questions: Sequence[str]
) -> float:
    """How many times the answers of the first of ``servers`` the last one gives."""
    for url, _ in servers.values():
        asked(url, questions, WARM)
    rates: dict[Setting, list[float]] = {setting: [] for setting in servers}
    for setting in [*servers, *reversed(servers)] * TURNS:
        url, process = servers[setting]
        before = times_of(process)
        answers, seconds = asked(url, questions, SECONDS)
        first, others = spent(before, times_of(process), answers)
        rates[setting].append(answers / seconds)
        used = (first + others) / 1000 * rates[setting][-1]
        print(
            f"{setting}: {rates[setting][-1]:6.1f} answers/s; {first:5.1f} + {others:5.1f} ms of a "
            f"processor an answer, {used:.2f} processors at work   (load {os.getloadavg()[0]:.1f})"
        )
    least, *more = (median(rates[setting]) for setting in servers)
    for setting, rate in zip(list(servers)[1:], more, strict=True):
        print(f"{setting}: {rate / least:.2f} times the answers (medians)")
    return more[-1] / least


def times_of(process: psutil.Process) -> dict[int, float]:
    """Seconds of a processor that each process of a server has used, its first process first."""
    every = (process, *process.children(recursive=True))
    return {one.pid: one.cpu_times().user + one.cpu_times().system for one in every}


def spent(before: dict[int, float], after: dict[int, float], answers: int) -> tuple[float, float]:
    """Milliseconds of a processor an answer: of the first process, and of all others together."""
    used = [after[pid] - before[pid] for pid in after if pid in before]
    return 1000 * used[0] / answers, 1000 * sum(used[1:]) / answers


def memory_of(process: psutil.Process) -> None:
    """A line a process: MB."""
    for one in (process, *process.children(recursive=True)):
        fields = dict.fromkeys(("Pss", "Private_Clean", "Private_Dirty"), 0)
        for line in Path(f"/proc/{one.pid}/smaps_rollup").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in fields:
                fields[name] = int(value.split()[0])
        own = fields["Private_Clean"] + fields["Private_Dirty"]
        print(f"process {one.pid}: PSS {fields['Pss'] / 1024:.0f} MB, own {own / 1024:.0f} MB")
