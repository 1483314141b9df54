"""What ``app.py`` does: open the assistant with a progress bar, then serve, and say where."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from tqdm import tqdm

from assistant.assistant import Assistant
from assistant.page.admin.library import of_engine
from assistant.page.hosts import names_of
from assistant.page.journal import Journal
from assistant.page.listening import bound, told, url
from assistant.page.seat import Seat
from assistant.page.serve import Server
from assistant.page.server import Page, create_app
from assistant.page.settings import PageSettings, limits_from

SWITCH = 0.0005
"""Seconds until a thread that answers hands the interpreter on. At Python's 5 ms the loop that
serves everybody waits that long for each of two busy threads at every step: beside a client with 60
long histories the median answer took 2.4 to 5.2 s, with this 0.7 to 0.8 s (loaded machine)."""


def run(store: str | Path | None, *, host: str, port: int, root: str | None = None) -> None:
    """Open the store (the default one is built on first use), serve, print the address, until
    interrupted. Visits are not logged. ``root``: the root path, in place of the environment's.

    The port is taken first: who has to choose another should not wait for the store. Raises
    ``InputError`` where it cannot be had, and what ``Assistant.open`` raises.
    """
    settings = PageSettings.below(root)
    names_of(settings.hosts, host)
    with bound(host, port) as address:
        app = opened(store, host=host, root=root)(Seat())
        where = url(host, address, settings.root)

        def ready() -> None:
            print(f"医保问答：{where}  （按 Ctrl+C 停止）", flush=True)
            if open_to_all := told(host, settings):
                print(open_to_all, file=sys.stderr, flush=True)

        sys.setswitchinterval(SWITCH)
        Server(app, ready).run(sockets=[address])


def opened(
    store: str | Path | None, *, host: str, root: str | None = None
) -> Callable[[Seat], Page]:
    """Open the assistant, with a progress bar; gives what makes the page of a process out of it.
    Nothing but the assistant is made before that is called, so that processes may share it."""
    settings, limits = PageSettings.below(root), limits_from()
    with _Bar() as bar:
        assistant = Assistant.open(store, progress=bar)

    def page(seat: Seat) -> Page:
        return create_app(
            assistant,
            journal=Journal.beside(assistant.settings, share_days=settings.share_days),
            limits=limits,
            settings=settings,
            host=host,
            library=lambda: of_engine(assistant.engine),
            seat=seat,
        )

    return page


class _Bar:
    """A tqdm bar per stage of opening or building the store."""

    NAMES: ClassVar = {
        "files": "读取文件",
        "passages": "计算向量",
        "words": "分词索引",
        "model": "准备模型",
    }

    def __init__(self) -> None:
        self._bar: Any = None
        self._stage = ""

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self.__exit__()
            self._stage = stage
            self._bar = tqdm(total=total, desc=self.NAMES.get(stage, stage), file=sys.stderr)
        self._bar.total = total
        self._bar.update(done - self._bar.n)
