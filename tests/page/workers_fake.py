"""The stand-in assistant for workers: ``workers_alone`` names it, each worker's process opens it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from page_fake import FakeAssistant

from assistant.page.journal import Journal
from assistant.page.seat import Seat
from assistant.page.server import Page, create_app
from assistant.page.settings import PageSettings, limits_from
from assistant.types import Answer
from corpus.errors import StoreError
from corpus.settings import Settings

PASSWORD = "一个测试用的密码"


class Told(FakeAssistant):
    """Takes its time where a question says so (慢), and leaves a file of its process's when it is
    asked that."""

    def ask(self, question: str, history: Sequence[Answer] = (), *args: Any, **kw: Any) -> Answer:
        if "慢" in question:
            self.settings.feedback.with_name(f"asked{os.getpid()}").touch()
            time.sleep(2.0)
        return super().ask(question, history, *args, **kw)


def opened(store: str, *, host: str, root: str | None) -> Callable[[Seat], Page]:
    """``store``: the folder where all is written down. A file ``broken`` there is a failure."""
    folder = Path(store)
    if (folder / "broken").exists():
        raise StoreError("知识库坏了。")
    own = replace(
        Settings(),
        feedback=folder / "feedback.db",
        database=os.environ.get("YIBAO_DATABASE", ""),
        admin_password=PASSWORD,
    )
    assistant = Told(own)
    return lambda seat: create_app(
        assistant,
        journal=Journal.beside(own),
        limits=limits_from(),
        settings=PageSettings.below(root),
        host=host,
        library=assistant.library,
        seat=seat,
    )
