"""How many more questions a second several workers answer than one: ``python -m benchmarks.load
--workers 2``.

Both servers run from beginning to end and are asked in turn, one, two, two, one, so that what else
the machine does meets both. They are asked at ``POST /api/ask`` by a client that costs next to
nothing of the processors that they share. Prints the questions a second of each turn, their ratio,
the processor time of an answer, and the memory of each process: ``PSS`` counts what is shared in
parts, ``own`` is what a further worker would cost. The processor time hardly depends on what else
the machine does. One worker searches and encodes beside its interpreter's lock and so keeps more than one
processor at work; what several can add is what it leaves idle, and how many they keep at work says
whether they add it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
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


def compare(servers: dict[int, tuple[str, psutil.Process]], questions: Sequence[str]) -> float:
    """How many processors the several keep at work; ``servers``: of one worker and of several."""
    for url, _ in servers.values():
        asked(url, questions, WARM)
    rates: dict[int, list[float]] = {n: [] for n in servers}
    used: dict[int, list[float]] = {n: [] for n in servers}
    for n in [*servers, *reversed(servers)] * TURNS:
        url, process = servers[n]
        before = times_of(process)
        answers, seconds = asked(url, questions, SECONDS)
        first, others = spent(before, times_of(process), answers)
        rates[n].append(answers / seconds)
        used[n].append((first + others) / 1000 * rates[n][-1])
        print(
            f"{n} workers: {rates[n][-1]:6.1f} answers/s; {first:5.1f} + {others:5.1f} ms of a "
            f"processor an answer   (load {os.getloadavg()[0]:.1f})"
        )
    one, many = (median(rates[n]) for n in servers)
    alone, together = (median(used[n]) for n in servers)
    print(
        f"ratio of the medians: {many / one:.2f}; processors at work: {alone:.2f}, {together:.2f}"
    )
    return together


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
