"""Puts the admin corner onto the server: the login form, the guarded routes, the guarded page."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import Annotated, Any

import gradio as gr
from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from assistant.page import words
from assistant.page.admin import desk_words
from assistant.page.admin.desk_routes import desk_routes
from assistant.page.admin.door import COOKIE, HOURS, Door
from assistant.page.admin.editing import Editing
from assistant.page.admin.layout import admin_blocks
from assistant.page.admin.library import Library
from assistant.page.admin.tables import to_csv
from assistant.page.admin.uploads import Uploads, add_uploads
from assistant.page.admission import address_of
from assistant.page.asgi import App, Receive, Scope, Send, header, say
from assistant.page.desk import Desk
from assistant.page.hosts import from_elsewhere
from assistant.page.sheet import sheet
from assistant.page.theme import theme
from corpus.errors import StoreError

LOGIN = "/admin/login"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_NAME = "yibao.admin"
"""In a request's scope: the name under which it was let in."""


@dataclass(frozen=True, slots=True)
class Corner:
    """The corner as it was put there: its door and its page."""

    door: Door
    blocks: gr.Blocks
    editing: Editing


def add_admin(
    app: FastAPI, desk: Desk, library: Library, uploads: Uploads, password: str
) -> Corner:
    """Routes first, then the Gradio page, so that the routes are found."""
    door = Door(password, desk.shared, people=desk.settings.admins)
    editing = Editing(desk, review=desk.settings.review)

    def who(scope: Scope) -> str:
        return scope.get(_NAME) or desk_words.NOBODY

    def of_page(request: gr.Request) -> str:
        # Gradio's own wrapping of the scope would turn its bytes into JSON, and fails
        return who(request.request.scope) if request.request else desk_words.NOBODY

    blocks = admin_blocks(desk, library, uploads, editing, of_page)
    _login(app, door, desk.settings.root)
    _downloads(app, desk)
    app.include_router(desk_routes(editing, lambda request: who(request.scope)))
    add_uploads(app, uploads)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/admin",
        theme=theme(),
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        pwa=False,
        ssr_mode=False,
        max_file_size=desk.limits.upload_bytes,
        # the guard below has already turned strangers away; this is the second lock
        auth_dependency=lambda request: "admin" if _NAME in request.scope else None,
    )
    return Corner(door, blocks, editing)


class Guard:
    """Lets nothing under ``/admin`` through without a session but the login form, and no write that a page of
    another origin sends."""

    def __init__(self, app: App, door: Door | None) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == "/admin" or path.startswith("/admin/")):
            await self.app(scope, receive, send)
            return
        if self.door is None:
            await say(send, 404, words.NO_ADMIN)
        elif scope["method"] not in _READS and from_elsewhere(scope):
            await say(send, 403, words.WRONG_ORIGIN)
        elif path == LOGIN:
            await self.app(scope, receive, send)
        else:
            await self._let_in(self.door, scope, receive, send)

    async def _let_in(self, door: Door, scope: Scope, receive: Receive, send: Send) -> None:
        path, visit = scope["path"], scope["method"] == "GET"
        try:
            name = await door.name_of(_cookies(scope))
        except StoreError:
            await say(send, 503, words.RECORDS_LOCKED)
            return
        if name is None:
            goes_there = any("text/html" in kinds for kinds in header(scope, b"accept"))
            of_desk = path.startswith("/admin/desk/") and goes_there
            visit = visit and (path in ("/admin", "/admin/") or of_desk)
            answer = RedirectResponse(LOGIN, 303) if visit else Response(status_code=401)
            await answer(scope, receive, send)
        elif path == "/admin":
            await RedirectResponse("/admin/", 303)(scope, receive, send)
        else:
            await self.app({**scope, _NAME: name}, receive, send)


def _login(app: FastAPI, door: Door, root: str) -> None:
    def page(told: str = "") -> str:
        return sheet(root, words.ADMIN, _form(door, told))

    @app.get(LOGIN, include_in_schema=False)
    async def form() -> HTMLResponse:
        return HTMLResponse(page())

    @app.post(LOGIN, include_in_schema=False)
    async def enter(
        request: Request,
        password: Annotated[str, Form(max_length=200)] = "",
        name: Annotated[str, Form(max_length=40)] = "",
    ) -> Response:
        wait = math.ceil(await door.patience(address_of(request)))
        if wait:
            told = words.FAILED_TRIES.format(wait)
            return HTMLResponse(page(told), 429, {"Retry-After": str(wait)})
        try:
            token = await door.enter(password, address_of(request), " ".join(name.split()))
        except StoreError:
            return HTMLResponse(page(words.RECORDS_LOCKED), 503)
        if not token:
            told = desk_words.UNKNOWN_NAME if door.named else words.WRONG_PASSWORD
            return HTMLResponse(page(told), 403)
        answer = RedirectResponse("/admin/", 303)
        answer.set_cookie(
            COOKIE, token, max_age=HOURS * 3600, path="/admin", httponly=True,
            samesite="strict", secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    @app.post("/admin/logout", include_in_schema=False)
    async def leave(request: Request) -> Response:
        try:
            await door.leave(_cookies(request.scope))
        except StoreError:
            return HTMLResponse(page(words.RECORDS_LOCKED), 503)
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(COOKIE, path="/admin")
        return answer


def _cookies(scope: Scope) -> str:
    """All that a request carries; a browser may send more than one header of them."""
    return ";".join(header(scope, b"cookie"))


def _downloads(app: FastAPI, desk: Desk) -> None:
    def csv_file(name: str, data: bytes) -> Response:
        return Response(
            data,
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": f'attachment; filename="{name}"'},
        )

    @app.get("/admin/data/gaps.csv", include_in_schema=False)
    async def gaps() -> Response:
        rows: Any = await asyncio.to_thread(desk.journal.gaps)
        return csv_file("gaps.csv", to_csv(words.GAP_HEADS, rows))

    @app.get("/admin/data/feedback.csv", include_in_schema=False)
    async def feedback() -> Response:
        rows: Any = await asyncio.to_thread(desk.journal.ratings)
        return csv_file("feedback.csv", to_csv(words.FEEDBACK_HEADS, rows))


def _form(door: Door, told: str) -> Markup:
    return _FORM.format(Markup(" required") if door.named else "", told)


_FORM = Markup(
    '<form method="post" action="login"><label for="name">' + desk_words.NAME
    + '</label><input id="name" name="name" maxlength="40" autocomplete="username"{}>'
    '<label for="password">' + words.PASSWORD
    + '</label><input id="password" name="password" type="password" required maxlength="200" autofocus '
    'autocomplete="current-password"><button type="submit" class="tool strong">' + words.ENTER
    + '</button><p role="alert">{}</p></form>'
)  # fmt: skip
