"""What ``app.py`` does: open the assistant with a progress bar, then serve, and say where."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from tqdm import tqdm

from assistant.assistant import Assistant
from assistant.page.addresses import parsed
from assistant.page.admin.library import of_engine
from assistant.page.hosts import names_of
from assistant.page.journal import Journal
from assistant.page.root import root_of
from assistant.page.serve import Server
from assistant.page.server import create_app
from assistant.page.settings import PageSettings, limits_from
from corpus.errors import InputError

_SWITCH = 0.0005
"""Seconds until a thread that answers hands the interpreter on. At Python's 5 ms the loop that
serves everybody waits that long for each of two busy threads at every step: beside a client with 60
long histories the median answer took 2.4 to 5.2 s, with this 0.7 to 0.8 s (loaded machine)."""


def run(store: Path | None, *, host: str, port: int, root: str | None = None) -> None:
    """Open the store (the default one is built on first use), serve, print the address, until
    interrupted. Visits are not logged. ``root``: the root path, in place of the environment's.

    The port is taken first: who has to choose another should not wait for the store. Raises
    ``InputError`` where it cannot be had, and what ``Assistant.open`` raises.
    """
    settings, limits = PageSettings.from_environment(), limits_from()
    if root is not None:
        settings = replace(settings, root=root_of(root))
    names_of(settings.hosts, host)
    with _bound(host, port) as address:
        with _Bar() as bar:
            assistant = Assistant.open(store, progress=bar)
        app = create_app(
            assistant,
            journal=Journal.beside(assistant.settings, share_days=settings.share_days),
            limits=limits,
            settings=settings,
            host=host,
            library=lambda: of_engine(assistant.engine),
        )
        where = _url(host, address.getsockname()[1], settings.root)

        def ready() -> None:
            print(f"医保问答：{where}  （按 Ctrl+C 停止）", flush=True)
            if opened := told(host, settings):
                print(opened, file=sys.stderr, flush=True)

        sys.setswitchinterval(_SWITCH)
        Server(app, ready).run(sockets=[address])


def told(host: str, settings: PageSettings) -> str:
    """What listening there opens, and which names it goes by; "" where only this machine can."""
    address = parsed(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return ""
    where = "本机的所有网络地址" if address is not None and address.is_unspecified else host
    if "*" in settings.hosts:
        names = "任何主机名都会应答（YIBAO_HOSTS=*）"
    elif settings.hosts:
        names = f"应答的主机名：{'、'.join(settings.hosts)}、本机地址"
    else:
        names = (
            "只应答以本机地址访问的请求；要用域名访问，请在 YIBAO_HOSTS 里写上，"
            "例如 YIBAO_HOSTS=yibao.example.org"
        )
    return (
        f"注意：{where} 已打开，能连到本机的人都可以使用本页面，传输不加密。{names}。"
        "对外服务时请放在提供 HTTPS 的反向代理之后，并在 YIBAO_PROXIES 里写上它的地址。"
    )


def _bound(host: str, port: int) -> socket.socket:
    """A socket of that address that does not listen yet."""
    bound = socket.socket(_family(host), socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise InputError(
            f"不能使用 {host} 的端口 {port}（{error}）：请用 --port 换一个，0 为自动选择。"
        ) from None
    return bound


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _url(host: str, port: int, root: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{root}/"


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
