"""How many more questions a second several workers answer than one: ``python -m benchmarks.load
--workers 2``.

Both servers run from beginning to end and are asked in turn, one, two, two, one, so that what else
the machine does meets both. They are asked at ``POST /api/ask`` by a client that costs next to
nothing of the processors that they share. Prints the questions a second of each turn, their ratio,
and the memory of each process: ``PSS`` counts what is shared in parts, ``own`` is what a further
worker would cost.
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


def asked(url: str, questions: Sequence[str], seconds: float) -> float:
    """Answers a second of one server in so many seconds. Raises where one is no answer."""
    return asyncio.run(_everyone(url, questions, seconds))


async def _everyone(url: str, questions: Sequence[str], seconds: float) -> float:
    turn, until = itertools.cycle(questions), time.perf_counter() + seconds
    begun = time.perf_counter()
    counts = await asyncio.gather(*(_client(url, turn, until) for _ in range(CLIENTS)))
    return sum(counts) / (time.perf_counter() - begun)


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


def compare(urls: dict[int, str], questions: Sequence[str]) -> float:
    """The ratio of the medians; ``urls``: of one worker and of several."""
    for url in urls.values():
        asked(url, questions, WARM)
    rates: dict[int, list[float]] = {n: [] for n in urls}
    for n in [*urls, *reversed(urls)] * TURNS:
        rates[n].append(asked(urls[n], questions, SECONDS))
        print(f"{n} workers: {rates[n][-1]:6.1f} answers/s   (load {os.getloadavg()[0]:.1f})")
    one, many = (median(rates[n]) for n in urls)
    print(f"ratio of the medians: {many / one:.2f}")
    return many / one


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
