"""A server whose own articles lie in a folder of the test's, and two admins at its desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from fastapi import FastAPI
from page_fake import FakeAssistant
from page_kit import PASSWORD, PATIENT, run_server

from assistant.page.admin.desk_routes import desk_routes
from assistant.page.admin.editing import Editing
from assistant.page.desk import Desk
from assistant.page.journal import Journal
from assistant.page.limits import Limits
from assistant.page.server import create_app
from assistant.page.settings import PageSettings
from corpus.settings import Settings
from index.sources import place_of

ARTICLE = """---
title: {title}
questions:
  - {title}甲问法
  - {title}乙问法
  - {title}丙问法
  - {title}丁问法
schemes: [职工]
region: 全国
kind: faq
checked: 2026-11-21
review_by: 2026-12-01
sources:
  s1: {{tier: web, publisher: 某单位, name: 某文}}
basis: []
---
## 简要回答

可以在手机上办。{{s1}}也可以到窗口办。{{s1}}

## 所需材料

- 身份证。{{s1}}
"""


@dataclass
class Office:
    """The running server and what lies below it."""

    url: str
    folder: Path
    assistant: FakeAssistant
    editing: Editing
    halt: Callable[[], None]
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def shipped(self) -> Path:
        return self.folder / "articles" / "停保" / "手机停保.md"

    @property
    def edited(self) -> Path:
        return self.folder / "edited" / "停保" / "手机停保.md"

    @property
    def place(self) -> str:
        return place_of(self.shipped)

    def enter(self, name: str) -> httpx.Client:
        """A client of somebody whom ``alone`` takes by their name."""
        client = httpx.Client(
            base_url=self.url, timeout=120, headers={"x-name": name.encode().hex()}
        )
        self.clients.append(client)
        return client

    def stop(self) -> None:
        for client in self.clients:
            client.close()
        self.halt()


def send(client: httpx.Client, to: str, fields: dict[str, str]) -> httpx.Response:
    """Press one of the desk's buttons."""
    return client.post(f"admin/desk/{to}", files={k: (None, v) for k, v in fields.items()})


def settings_of(folder: Path) -> Settings:
    """Two own articles, an upload, and everything else in the folder."""
    for name, title in (("手机停保", "手机怎么停保"), ("窗口停保", "窗口怎么停保")):
        path = folder / "articles" / "停保" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ARTICLE.format(title=title).encode())
    (folder / "uploads").mkdir()
    (folder / "uploads" / "须知.txt").write_bytes("停保须知\r\n\r\n到窗口办理。\r\n".encode())
    return replace(
        Settings(),
        feedback=folder / "feedback.db",
        articles=folder / "articles",
        admin_password=PASSWORD,
    )


def office(folder: Path, *, settings: PageSettings | None = None) -> Office:
    own = settings_of(folder)
    assistant = FakeAssistant(own)
    app = create_app(
        assistant,
        journal=Journal.beside(own),
        limits=Limits(requests_burst=1_000_000, state_seconds=PATIENT),
        settings=settings,
        library=assistant.library,
    )
    url, stop = run_server(app)
    assert app.corner is not None
    return Office(url, folder, assistant, app.corner.editing, stop)


def alone(folder: Path, *, review: bool = False) -> Office:
    """The desk's addresses without the rest of the page; who asks says so in a header."""
    own = settings_of(folder)
    assistant = FakeAssistant(own)
    desk = Desk(assistant, Journal.beside(own), Limits(state_seconds=PATIENT))
    editing = Editing(desk, review=review)
    app = FastAPI()
    app.limits, app.proxies = desk.limits, ()  # what the server bounds its connections by
    app.include_router(
        desk_routes(editing, lambda request: bytes.fromhex(request.headers["x-name"]).decode())
    )
    app.get("/healthz")(lambda: {})
    url, stop = run_server(app)

    def halt() -> None:
        stop()
        desk.close()

    return Office(url, folder, assistant, editing, halt)
