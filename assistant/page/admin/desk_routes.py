"""The desk's addresses below ``/admin/desk/``. Behind the guard of the admin corner."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from assistant.page.admin import desk_words as words
from assistant.page.admin import exports
from assistant.page.admin.desk_acts import ACTS
from assistant.page.admin.desk_html import page
from assistant.page.admin.desk_pages import PAGES, Fields, Page
from assistant.page.admin.editing import Editing
from assistant.page.admin.editor import looked_at, text_from
from corpus.errors import InputError, YibaoError

_LARGEST = 400_000  # bytes of one field of a form
Who = Callable[[Request], str]


def desk_routes(editing: Editing, who: Who) -> APIRouter:
    """All of them. ``who``: the name under which a request was let in."""
    router = APIRouter(prefix="/admin/desk", include_in_schema=False)
    doors = _Doors(editing, who)
    for path, see in PAGES.items():
        router.get(path)(partial(doors.see, see))
    for path, act in ACTS.items():
        router.post(path)(partial(doors.do, act))
    router.post("/check")(doors.check)
    router.get("/{what}.{ending}")(doors.export)
    return router


class _Doors:
    """What the addresses of one desk answer."""

    def __init__(self, editing: Editing, who: Who) -> None:
        self._editing = editing
        self._who = who

    async def see(self, see: Callable[[Editing, Fields], Page], request: Request) -> HTMLResponse:
        fields = await _fields(request)
        return await self._page(self._who(request), lambda: see(self._editing, fields))

    async def do(
        self, act: Callable[[Editing, Fields, str], Page], request: Request
    ) -> HTMLResponse:
        fields, name = await _fields(request), self._who(request)
        return await self._page(name, lambda: act(self._editing, fields, name))

    async def _page(self, name: str, work: Callable[[], Page]) -> HTMLResponse:
        """What the work came to, or why it failed, as a page."""
        try:
            made = await asyncio.to_thread(work)
        except YibaoError as error:
            made = _failed(error, 422 if isinstance(error, InputError) else 503)
        except Exception:
            made = _failed(words.FAILED.format(self._editing.desk.failed()), 500)
        return HTMLResponse(page(made.title, made.body, who=name, told=made.told), made.status)

    async def check(self, request: Request) -> Response:
        """The findings alone, for the script that asks while somebody writes."""
        fields = await _fields(request)
        try:
            found = await asyncio.to_thread(self._findings, fields)
        except YibaoError as error:
            return HTMLResponse(Markup("<p>{}</p>").format(error), 422)
        return HTMLResponse(found)

    def _findings(self, fields: Fields) -> Markup:
        shelf = self._editing.shelves(fields.get("place", ""))
        return looked_at(self._editing, shelf, text_from(self._editing, fields)).html

    async def export(self, what: str, ending: Literal["csv", "jsonl"]) -> Response:
        editing = self._editing
        if what == "talks":
            rows = exports.talks(await editing.desk.talks.all())
        elif what == "feedback":
            rows = await asyncio.to_thread(exports.feedback, editing.desk)
        elif what == "log":
            rows = await asyncio.to_thread(exports.log, editing)
        else:
            return Response(status_code=404)
        data, kind = exports.as_file(words.EXPORT_HEADS[what], rows, ending)
        name = f'attachment; filename="{what}.{ending}"'
        return Response(data, media_type=kind, headers={"content-disposition": name})


def _failed(why: object, status: int) -> Page:
    return Page(words.TITLE, Markup('<p role="alert">{}</p>').format(why), status=status)


async def _fields(request: Request) -> Fields:
    """What was sent, in the address or as a form; no files."""
    found = dict(request.query_params)
    if request.method == "POST":
        async with request.form(max_files=0, max_fields=60, max_part_size=_LARGEST) as form:
            found.update({key: value for key, value in form.items() if isinstance(value, str)})
    return found
