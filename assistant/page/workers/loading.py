"""The process that loads everything and is copied for each worker, as the front sees it."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import assistant
from assistant.page.workers.terms import LONGEST, READY
from corpus.errors import YibaoError

_TOP = Path(assistant.__file__).parents[1]
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
"""A processor each: threads of libraries would only wait for one another, and a copied process has
none of them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the process runs: ``where`` (``module:function``) is called with ``arguments`` and gives
    what makes the page of a ``Seat``. ``environ``: what is set beside the environment's own."""

    where: str
    arguments: Mapping[str, Any]
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Template:
    """``line``: our end of what it is told by; ``boot``: what the pages of its workers are known
    by."""

    line: socket.socket
    process: asyncio.subprocess.Process
    boot: str

    @classmethod
    async def start(cls, plan: Plan) -> Template:
        """Returns once all is loaded. Raises YibaoError with what that process says of it."""
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        mine.setblocking(False)
        with its:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "assistant.page.workers.template"),
                *(str(its.fileno()), plan.where, json.dumps(plan.arguments)),
                pass_fds=[its.fileno()],
                env=_environ(plan.environ),
            )
        made = cls(mine, process, secrets.token_hex(6))
        try:
            said = await asyncio.get_running_loop().sock_recv(mine, LONGEST)
        except BaseException:
            mine.close()
            process.kill()
            raise
        if said != READY:
            await made.close()
            raise YibaoError(said.decode("utf-8", "ignore") or "页面进程没能启动，原因见上面。")
        return made

    def copy(self, number: int, of: int, path: str) -> socket.socket:
        """Have a worker started; gives our end of its life line. Raises OSError where the process
        is gone."""
        mine, its = socket.socketpair()
        try:
            order = {"number": number, "of": of, "boot": self.boot, "path": path}
            with its:
                socket.send_fds(self.line, [json.dumps(order).encode("utf-8")], [its.fileno()])
        except OSError:
            mine.close()
            raise
        mine.setblocking(False)
        return mine

    async def close(self) -> None:
        """It ends; what it started stays."""
        self.line.close()
        await self.process.wait()


def _environ(more: Mapping[str, str]) -> dict[str, str]:
    """That of this process; the same modules are found, wherever it was started."""
    paths = [str(_TOP), *filter(None, [os.environ.get("PYTHONPATH")])]
    threads = {name: "1" for name in ONE_THREAD}
    return {**threads, **os.environ, **more, "PYTHONPATH": os.pathsep.join(paths)}
