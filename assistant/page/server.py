"""The whole server in one process: chat page, programs' doors, admin corner, health."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import date

import gradio as gr
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from mcp.server.transport_security import TransportSecuritySettings

from assistant.page import words
from assistant.page.addresses import Network
from assistant.page.admin.corner import Corner, Guard, add_admin
from assistant.page.admin.library import Library
from assistant.page.admin.uploads import Uploads
from assistant.page.asgi import App, Receive, Scope, Send
from assistant.page.desk import Desk
from assistant.page.errors import add_errors
from assistant.page.files import add_files
from assistant.page.health import add_health
from assistant.page.help_routes import help_routes
from assistant.page.joins import Joins
from assistant.page.journal import Journal
from assistant.page.layout import chat_blocks
from assistant.page.limits import Limits
from assistant.page.outside import outside
from assistant.page.presence import Watched
from assistant.page.programs import add_programs
from assistant.page.routes import page_routes
from assistant.page.seat import Seat
from assistant.page.security import Security
from assistant.page.settings import PageSettings
from assistant.page.theme import STATIC, head, theme
from assistant.page.tools import mcp_server
from assistant.page.types import Clerk
from assistant.page.widget import widget_routes


class Page:
    """The whole application; ``desk`` is what its parts share. ``inside``: the same without the
    layers of ``outside``, for a process that has them before it."""

    def __init__(self, app: App, desk: Desk, host: str, corner: Corner | None) -> None:
        self.inside = app
        self.app = outside(app, desk.keys, desk.limits, desk.settings, host)
        self.desk = desk
        self.corner = corner

    @property
    def limits(self) -> Limits:
        return self.desk.limits

    @property
    def proxies(self) -> tuple[Network, ...]:
        return self.desk.settings.proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def create_app(
    clerk: Clerk,
    *,
    journal: Journal,
    limits: Limits | None = None,
    settings: PageSettings | None = None,
    today: Callable[[], date] = date.today,
    host: str = "127.0.0.1",
    library: Library = tuple,
    seat: Seat | None = None,
) -> Page:
    """The ASGI application. Every part of it shares one ``Desk`` and so one assistant.

    ``host``: where it will listen. ``settings``: by which names it goes, whom it believes.
    ``library``: lists what the store was made of, for the admin corner. ``seat``: which of several
    processes it is made for.
    """
    desk = Desk(
        clerk,
        journal,
        limits or Limits(),
        settings or PageSettings(),
        today=today,
        seat=seat or Seat(),
    )

    async def assemble() -> Page:
        return _assembled(desk, host, library)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        # Gradio makes a loop, and never closes it, for each lock that is made outside of one
        return asyncio.run(assemble())
    return _assembled(desk, host, library)


def _assembled(desk: Desk, host: str, library: Library) -> Page:
    uploads = Uploads()
    app = _doors(desk, uploads)
    password = desk.clerk.settings.admin_password
    admits = bool(password or desk.settings.admins)
    corner = add_admin(app, desk, library, uploads, password) if admits else None
    chat = chat_blocks(desk)
    # last: mounted at "/", it answers for whatever nothing before it does
    _mount_chat(app, chat, desk.limits.upload_bytes)
    joins = Joins(
        Watched(app, desk.presence),
        chat=_takes(chat),
        admin=_takes(corner.blocks) if corner else {},
    )
    secured = Security(
        joins,
        body_bytes=desk.limits.body_bytes,
        upload_bytes=desk.limits.upload_bytes,
        head=head(desk.settings.root),
    )
    return Page(Guard(secured, corner.door if corner else None), desk, host, corner)


def _doors(desk: Desk, uploads: Uploads) -> FastAPI:
    """All but the two pages of Gradio."""
    tools = mcp_server(desk)
    tools_app = tools.streamable_http_app(
        streamable_http_path="/",
        stateless_http=True,
        json_response=True,
        # ``Hosts`` has looked at both by the time that MCP does
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await desk.shared.open()
        async with tools.session_manager.run():
            yield
        desk.close()
        uploads.close()

    app = FastAPI(
        title=words.TITLE, docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    add_errors(app, desk.failed)
    # no origin but our own; being there it also keeps Gradio from adding a laxer one
    app.add_middleware(CORSMiddleware, allow_origins=[])
    add_health(app, desk)
    add_files(app)
    app.include_router(page_routes(desk))
    app.include_router(widget_routes(desk))
    app.include_router(help_routes(desk))
    add_programs(app, desk)
    app.mount("/mcp", tools_app)
    return app


def _mount_chat(app: FastAPI, chat: gr.Blocks, upload_bytes: int) -> None:
    gr.mount_gradio_app(
        app,
        chat,
        path="/",
        theme=theme(),
        favicon_path=str(STATIC / "favicon.png"),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        pwa=False,
        max_file_size=upload_bytes,
        ssr_mode=False,
    )


def _takes(blocks: gr.Blocks) -> dict[int, int]:
    """How many values each function of a page takes."""
    return {number: len(fn.inputs) for number, fn in blocks.fns.items()}
