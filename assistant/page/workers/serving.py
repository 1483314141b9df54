"""``app.py --workers N``: the front with its workers, from the port to the last answer."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.page.hosts import names_of
from assistant.page.limits import Limits
from assistant.page.listening import bound, told, url
from assistant.page.serve import Server
from assistant.page.settings import PageSettings, limits_from
from assistant.page.workers.front import Front
from assistant.page.workers.loading import Plan
from assistant.page.workers.staff import Staff
from assistant.page.workers.terms import PATIENCE

_STOPPING = (signal.SIGINT, signal.SIGTERM)
OPENED = "assistant.page.main:opened"


def run_workers(
    store: str | Path | None,
    *,
    workers: int,
    host: str,
    port: int,
    root: str | None = None,
    where: str = OPENED,
) -> None:
    """As ``page.main.run``, with so many processes. ``where``: ``module:function`` that opens the
    assistant in the process that is copied. Raises YibaoError where nothing can be served."""
    settings, limits = PageSettings.below(root), limits_from()
    names_of(settings.hosts, host)
    arguments = {"store": None if store is None else str(store), "host": host, "root": root}
    # cancelled where it is stopped before all is loaded
    with bound(host, port) as address, contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_serve(Plan(where, arguments), workers, settings, limits, host, address))


async def _serve(
    plan: Plan,
    workers: int,
    settings: PageSettings,
    limits: Limits,
    host: str,
    address: socket.socket,
) -> None:
    where = url(host, address, settings.root)

    def ready() -> None:
        print(f"医保问答：{where}  （{workers} 个进程；按 Ctrl+C 停止）", flush=True)
        if opened := told(host, settings):
            print(opened, file=sys.stderr, flush=True)

    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    async with Staff(plan, workers) as staff:
        loop.add_signal_handler(signal.SIGHUP, staff.roll)
        front = Front(staff, limits, settings, host)
        await _Server(front, staff, ready).serve(sockets=[address])


class _Server(Server):
    """Stopped, it lets every answer end that has begun."""

    def __init__(self, front: Front, staff: Staff, ready: Callable[[], object]) -> None:
        super().__init__(front, ready, patience=PATIENCE)
        self._staff = staff

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn would end the process by the same signal before the workers have ended."""
        loop = asyncio.get_running_loop()
        for one in _STOPPING:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        yield
        for one in _STOPPING:
            loop.remove_signal_handler(one)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._staff.leave()
        await super().shutdown(sockets=sockets)
