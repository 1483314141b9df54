"""50 people asking at once: ``python -m benchmarks.load [--clients 50] [--questions 20]``.

Starts ``app.py`` on a free port (or takes ``--url``) and asks as browsers do: join Gradio's queue,
read the stream. Prints p50 and p95 of the first words and of the whole answer, what the server
itself took, errors, and its memory before, in the middle and after.

``--crowds``: twenty people alone, then beside each crowd of ``benchmarks.crowds``, with a server
that may have 1,024 open files; prints what it wrote into its log, too.

``--workers 2``: one worker on one processor and so many on as many, asked in turn, and the ratio
(``benchmarks.load_workers``).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import IO, Any

import httpx
import psutil

from benchmarks import load_workers
from benchmarks.crowds import NAMES
from benchmarks.load_workers import Setting

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = (
    "职工医保断缴两个月怎么补",
    "居民医保停保后怎么恢复",
    "换城市工作医保关系怎么转",
    "断缴四个月要等多久",
    "个人账户的钱能给家人用吗",
    "单位没给交医保怎么办",
    "灵活就业人员怎么参加职工医保",
    "医保断缴年限会清零吗",
    "新农合和职工医保能一起交吗",
    "居民医保一年交多少钱",
    "失业了医保怎么办",
    "医保电子凭证怎么激活",
)
PASSWORD = "benchmark"
"""Of the admin corner of the server that is started here."""
TALK = 10
"""Questions in one talk; then the reader begins a new one, as after reloading the page."""


@dataclass
class Result:
    """Seconds to the first words and to the end of each answer, and what went wrong."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    places: int = 0


async def one_question(
    client: httpx.AsyncClient, fn: int, session: str, talk: str, said: list[Any], result: Result
) -> str:
    """Ask one question and read its frames; gives the talk's id."""
    question = random.choice(QUESTIONS)
    ticket = f"{random.getrandbits(64):x}"
    sent = json.dumps({"ticket": ticket, "question": question, "talk": talk, "said": said})
    begun = time.perf_counter()
    joined = await client.post(
        "gradio_api/queue/join",
        json={"data": [question, sent], "fn_index": fn, "session_hash": session},
    )
    joined.raise_for_status()
    pieces, first = "", 0.0
    async with client.stream(
        "GET", "gradio_api/queue/data", params={"session_hash": session}
    ) as stream:
        async for line in stream.aiter_lines():
            if not line.startswith("data:"):
                continue
            message = json.loads(line[5:])
            text = json.dumps(message, ensure_ascii=False)
            pieces += text
            if not first and ("streaming" in text or '"done' in text.replace("\\", "")):
                first = time.perf_counter() - begun
            if message["msg"] == "process_completed":
                if not message["success"]:
                    result.errors.append(text[:200])
                break
    result.places += "前面还有" in pieces
    if not first:
        result.errors.append(f"no answer: {pieces[-300:]}")
    else:
        result.first.append(first)
        result.whole.append(time.perf_counter() - begun)
    said.append([question, []])
    found = re.search(r'\\"talk\\": \\"([\w-]+)\\"', pieces)
    return found[1] if found else talk


async def one_client(
    url: str, fn: int, questions: int, result: Result, *, source: str | None, pause: float
) -> None:
    transport = httpx.AsyncHTTPTransport(local_address=source)
    async with httpx.AsyncClient(base_url=url, timeout=120, transport=transport) as client:
        talk, said, session = "", [], ""
        for n in range(questions):
            await asyncio.sleep(random.uniform(0.5, 1.5) * pause)
            if n % TALK == 0:
                talk, said, session = "", [], f"{random.getrandbits(48):x}"
            try:
                talk = await one_question(client, fn, session, talk, said, result)
            except (httpx.HTTPError, ValueError) as error:
                result.errors.append(repr(error))


async def everyone(
    url: str, clients: int, questions: int, *, apart: bool = False, pause: float = 0.0
) -> Result:
    """``apart``: each from an address of their own; ``pause``: seconds between their questions."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        config = (await client.get("config")).json()
    fn = next(d["id"] for d in config["dependencies"] if d["targets"][0][1] == "submit")
    result = Result()
    sources = [f"127.0.1.{n + 1}" if apart else None for n in range(clients)]
    await asyncio.gather(
        *(one_client(url, fn, questions, result, source=s, pause=pause) for s in sources)
    )
    return result


@contextmanager
def server(
    store: str | None,
    *,
    files: int | None = None,
    log: IO[str] | None = None,
    workers: int = 1,
    cores: int | None = None,
    environ: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, psutil.Process]]:
    """``app.py`` on a free port; what it writes down goes to a folder of its own. ``files``: how
    many it may have open; ``log``: where its errors go; ``cores``: on how many processors, all by
    default; ``environ``: what is set beside."""
    command = [sys.executable, "app.py", "--port", "0", "--workers", str(workers)]
    command += ["--store", store] if store else []
    if files:
        command = ["sh", "-c", f'ulimit -n {files}; exec "$0" "$@"', *command]
    if cores:
        few = sorted(os.sched_getaffinity(0))[:cores]
        command = ["taskset", "--cpu-list", ",".join(map(str, few)), *command]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={
                **os.environ,
                "YIBAO_FEEDBACK": str(Path(folder) / "feedback.db"),
                "YIBAO_ADMIN_PASSWORD": PASSWORD,
                **(environ or {}),
            },
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = next(one for one in process.stdout if "http://" in one)
            found = re.search(r"http://\S+/", line)
            assert found is not None
            yield found[0], psutil.Process(process.pid)
        finally:
            process.terminate()


def memory(process: psutil.Process | None) -> str:
    return f"{process.memory_info().rss / 2**20:.0f} MB" if process else "unknown"


def show(result: Result, seconds: float) -> None:
    for name, times in (("first words", result.first), ("whole answer", result.whole)):
        if len(times) > 1:
            cuts = quantiles(times, n=20)
            print(f"{name:13} p50 {cuts[9] * 1000:7.0f} ms   p95 {cuts[18] * 1000:7.0f} ms")
    print(f"{len(result.whole)} answers in {seconds:.1f} s ({len(result.whole) / seconds:.1f}/s)")
    print(f"{result.places} saw their place in the line; errors {len(result.errors)}")
    for error in result.errors[:5]:
        print("   ", error)


LEAST = 1.8 / 2
"""Of so many times the answers as processors, that so many workers have to give."""


def workers(store: str | None, many: int) -> int:
    """One worker on one processor and many on as many, and one that has all of these; 1 where many
    give too little for their processors."""
    many = min(many, len(os.sched_getaffinity(0)))
    with ExitStack() as stack:
        started = {
            setting: stack.enter_context(
                server(
                    store,
                    workers=setting.workers,
                    cores=setting.cores,
                    environ=load_workers.LIMITS,
                )
            )
            for setting in (Setting(1, 1), Setting(1, many), Setting(many, many))
        }
        ratio = load_workers.compare(started, QUESTIONS)
        for setting, (_, process) in started.items():
            print(f"-- {setting}")
            load_workers.memory_of(process)
    return int(ratio < LEAST * many)


HONEST, EACH, PAUSE = 20, 5, 4.0
"""People beside a crowd, each at an address of their own, the questions of each, and the seconds
that they read an answer."""
CROWD_SECONDS = 60.0


def crowds(store: str | None, url: str | None) -> int:
    """Twenty people alone, and beside each crowd; 1 where anybody met an error."""
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
        if url is None:
            url, _ = stack.enter_context(server(store, files=1024, log=log))
        asyncio.run(everyone(url, 2, 3))  # warm
        errors = 0
        for name in ("", *NAMES):
            with _crowd(name, url):
                begun = time.perf_counter()
                result = asyncio.run(everyone(url, HONEST, EACH, apart=True, pause=PAUSE))
                print(f"-- beside {name or 'nobody'} (load {os.getloadavg()[0]:.1f})")
                show(result, time.perf_counter() - begun)
                errors += len(result.errors)
        print(f"{os.fstat(log.fileno()).st_size} bytes in the log")
    return int(errors > 0)


@contextmanager
def _crowd(name: str, url: str) -> Iterator[None]:
    """One of the crowds in a process of its own, at work for a second already."""
    if not name:
        yield
        return
    command = [sys.executable, "-m", "benchmarks.crowds", name, url, str(CROWD_SECONDS)]
    if sys.platform != "win32":
        # as if it worked on another machine: it takes no processor from the server
        command = ["sh", "-c", 'ulimit -n 4096; exec nice -n 19 "$0" "$@"', *command]
    with subprocess.Popen(command, cwd=ROOT) as process:
        try:
            time.sleep(1.5)
            yield
        finally:
            process.terminate()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--store", help="folder of the store (the default one)")
    parser.add_argument("--url", help="ask a server that already runs")
    parser.add_argument(
        "--crowds", action="store_true", help="beside clients that crowd others out"
    )
    parser.add_argument("--workers", type=int, help="compare one worker with so many")
    chosen = parser.parse_args()
    if chosen.workers:
        return workers(chosen.store, chosen.workers)
    if chosen.crowds:
        return crowds(chosen.store, chosen.url)

    def measure(url: str, process: psutil.Process | None) -> int:
        asyncio.run(everyone(url, 2, 3))  # warm
        print("memory before", memory(process))
        errors = 0
        for round_ in ("first half", "second half"):
            begun = time.perf_counter()
            result = asyncio.run(everyone(url, chosen.clients, chosen.questions // 2))
            print(f"-- {round_}")
            show(result, time.perf_counter() - begun)
            print("memory", memory(process))
            errors += len(result.errors)
        served = httpx.get(url + "metrics").text
        total, count = (
            float(re.search(rf"yibao_ask_seconds_{name} (\S+)", served)[1])  # type: ignore[index]
            for name in ("sum", "count")
        )
        print(f"the assistant itself: {1000 * total / count:.0f} ms a question on average")
        return errors

    if chosen.url:
        return int(measure(chosen.url, None) > 0)
    with server(chosen.store) as (url, process):
        return int(measure(url, process) > 0)


if __name__ == "__main__":
    sys.exit(main())
