"""Serves the stand-in assistant in a process of its own: ``python page_alone.py FOLDER FILES SLOW``.

``FILES``: how many files it may have open; ``SLOW``: seconds of a processor that an answer takes.
Limits come from ``YIBAO_LIMIT_…``. Prints the port, serves until it is ended.
"""

from __future__ import annotations

import resource
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from page_fake import FakeAssistant

from assistant.page.journal import Journal
from assistant.page.serve import Server
from assistant.page.server import create_app
from assistant.page.settings import PageSettings, limits_from
from assistant.types import Answer
from corpus.settings import Settings

FOLDER, FILES, SLOW = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])


class Slow(FakeAssistant):
    def ask(self, question: str, history: Sequence[Answer] = (), *args: Any, **kw: Any) -> Answer:
        until = time.thread_time() + SLOW
        while time.thread_time() < until:
            pass
        return super().ask(question, history, *args, **kw)


resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
own = replace(Settings(), feedback=FOLDER / "feedback.db")
app = create_app(
    Slow(own),
    journal=Journal.beside(own),
    limits=limits_from(),
    settings=PageSettings.from_environment(),
)
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
sys.setswitchinterval(0.0005)  # as app.py does
Server(app).run(sockets=[listening])
