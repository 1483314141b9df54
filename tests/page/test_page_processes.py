"""Several page processes over one state: what one of them knows all know, also after a restart. In
SQLite files here; ``test_page_two`` does alike in PostgreSQL with whole pages, ``test_state`` call by call in both."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
IN_FILES = ""
"""For ``YIBAO_DATABASE``: none is named."""


class Process:
    """``state_process`` in a process of its own."""

    def __init__(self, database: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "state_process.py"), database, str(folder)],
            cwd=HERE.parent.parent,
            env={
                "PYTHONPATH": f"{HERE.parent.parent}:{HERE}:{HERE.parent}",
                "PATH": "/usr/bin:/bin",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *command: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def end(self, *, killed: bool = False) -> None:
        """Ends by itself, or without a word."""
        if killed:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(60)


@contextmanager
def processes(database: str, folder: Path) -> Iterator[list[Process]]:
    both = [Process(database, folder), Process(database, folder)]
    try:
        yield both
    finally:
        for one in both:
            one.end()


def test_two_processes_share_what_they_know_through_a_restart(tmp_path: Path) -> None:
    with processes(IN_FILES, tmp_path) as both:
        a, b = both
        # limits: of an address, of a key's holder, of guesses at the door
        assert [p("limit", "10.0.0.1") for p in (a, b, a, b, a)] == [True, True, True, False, False]
        assert [p("limit", "key 企业微信") for p in (b, a, b)] == [True, True, False]
        assert [a("guess", "10.0.0.1") for _ in range(30)] == [True] * 30
        # one comes back every two seconds: a busy machine may find some, but not all
        assert not all(b("guess", "10.0.0.1") for _ in range(30))
        # a talk, a share link, a session
        assert a("say", "talk", "我叫李秀兰，断缴两个月怎么补") == []
        token = b("share", "要什么材料")
        session, other = a("enter", "王芳"), b("enter", "李明")

        a.end(killed=True)
        both[0] = a = Process(IN_FILES, tmp_path)
        assert not a("limit", "10.0.0.1")
        assert not all(b("guess", "10.0.0.1") for _ in range(30))
        assert a("limit", "10.0.0.2")
        assert b("say", "talk", "要什么材料") == ["我叫【姓名已隐去】，断缴两个月怎么补"]
        assert (a("name_of", session), b("name_of", session)) == ("王芳", "王芳")
        b("leave", session)
        assert a("name_of", session) is None

        b.end()
        both[1] = b = Process(IN_FILES, tmp_path)
        said = ["我叫【姓名已隐去】，断缴两个月怎么补", "要什么材料"]
        assert a("say", "talk", "多久") == said
        assert b("say", "talk", "去哪里") == [*said, "多久"]
        assert (a("shared", token), b("shared", token)) == (["要什么材料"], ["要什么材料"])
        assert b("name_of", other) == "李明"
        while a("limit", "key 企业微信"):
            pass  # one comes back every half minute
        assert not b("limit", "key 企业微信")
