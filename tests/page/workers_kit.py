"""What the tests of several processes share: a page with workers, and how it is asked."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

HERE = Path(__file__).parent
QUESTION = "职工医保断缴两个月怎么补"
PATIENT = {"YIBAO_LIMIT_STATE_SECONDS": "120"}
"""On a busy machine the shared state may take longer than anybody would wait for it; who gives it up
goes on with what its own process knows."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="a process is copied on Linux only")


@dataclass
class Running:
    """The front's process, the page's address, and what was written into the log."""

    process: subprocess.Popen[bytes]
    url: str
    folder: Path
    written: Path

    @property
    def log(self) -> str:
        return self.written.read_text(encoding="utf-8")

    def pids(self) -> set[int]:
        """Of the workers: copies of the one process that loaded everything."""
        found = psutil.Process(self.process.pid).children(recursive=True)
        return {one.pid for one in found} - {one.pid for one in self.templates()}

    def templates(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children()


@contextlib.contextmanager
def running(folder: Path, workers: int = 2, *, port: int = 0, **environ: str) -> Iterator[Running]:
    """A page of so many workers; all that it writes down goes into the folder."""
    paths = os.pathsep.join([str(HERE.parents[1]), str(HERE)])
    log = folder / f"log{port or ''}"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "workers_alone.py"), str(folder), str(workers), str(port)],
            env={**os.environ, "PYTHONPATH": paths, **PATIENT, **environ},
            stdout=written,
            stderr=written,
        )
    try:
        for _ in range(20_000):  # what died is seen at once
            found = re.search(r"http://\S+/", log.read_text(encoding="utf-8"))
            if found or process.poll() is not None:
                break
            time.sleep(0.05)
        assert found is not None, log.read_text(encoding="utf-8")
        yield Running(process, found[0], folder, log)
    finally:
        process.terminate()
        process.wait(300)


def at(url: str, number: int = 0) -> httpx.Client:
    """A browser that belongs to a worker, or one that keeps no cookies."""
    cookies = {"yibao_worker": str(number)} if number else {}
    return httpx.Client(base_url=url, timeout=300, cookies=cookies)


def until(true: Callable[[], Any]) -> None:
    for _ in range(6000):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(true)


def submit(url: str) -> int:
    """Gradio's number for a question."""
    with at(url) as client:
        config = client.get("config").json()
    return int(next(d["id"] for d in config["dependencies"] if d["targets"][0][1] == "submit"))


def chat(url: str, fn: int, session: str, question: str = QUESTION, **sent: Any) -> dict[str, Any]:
    """The last frame of an answer; each request by a connection of its own, without cookies. Asked
    again where there is none: the page answers nobody whose stream is not open within seconds, and
    a busy machine may need longer."""
    tries = (_asked(url, fn, f"{session}{n}", question, sent) for n in range(10))
    return next(filter(None, tries))


def _asked(
    url: str, fn: int, session: str, question: str, sent: dict[str, Any]
) -> dict[str, Any] | None:
    envelope = json.dumps({"ticket": "t", "question": question, **sent})
    joined = {"data": [question, envelope], "fn_index": fn, "session_hash": session}
    with at(url) as client:
        client.post("gradio_api/queue/join", json=joined).raise_for_status()
    frames: list[dict[str, Any]] = []
    with (
        at(url) as client,
        client.stream("GET", "gradio_api/queue/data", params={"session_hash": session}) as stream,
    ):
        for line in stream.iter_lines():
            if '\\"state\\"' in line:
                text = re.search(r'"(\{\\"ticket.*?\})"', line)
                if text is not None:
                    frames.append(json.loads(json.loads(f'"{text[1]}"')))
            if "process_completed" in line:
                break
    return frames[-1] if frames else None
