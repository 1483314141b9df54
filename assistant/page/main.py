"""What ``app.py`` does: open the assistant with a progress bar, then serve, and say where."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import uvicorn
from tqdm import tqdm

from assistant.assistant import Assistant
from assistant.page.admin.library import of_store
from assistant.page.journal import Journal
from assistant.page.server import create_app
from corpus.errors import InputError


def open_assistant(store: Path | None) -> Assistant:
    """The assistant over a store; the default one is built on first use, with a progress bar."""
    with _Bar() as bar:
        return Assistant.open(store, progress=bar)


def serve(
    assistant: Assistant,
    *,
    store: Path | None,
    host: str,
    port: int,
    started: Callable[[str], None] | None = None,
) -> None:
    """Serve until interrupted. Prints the address once the port is ours; logs no visits."""
    app = create_app(
        assistant,
        journal=Journal.beside(assistant.settings),
        host=host,
        library=lambda: of_store(store or assistant.settings.store),
    )
    listening = _listen(host, port)
    url = _url(host, listening.getsockname()[1])
    (started or _say)(url)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
    )
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises InputError where the address cannot be had."""
    try:
        return socket.create_server((host, port), family=_family(host), backlog=512)
    except (OSError, OverflowError) as error:
        raise InputError(
            f"不能使用 {host} 的端口 {port}（{error}）：请用 --port 换一个，0 为自动选择。"
        ) from None


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _url(host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def _say(url: str) -> None:
    print(f"医保问答：{url}  （按 Ctrl+C 停止）", flush=True)


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
