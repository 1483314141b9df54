"""The desk's addresses below ``/admin/desk/``. Behind the guard of the admin corner."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from assistant.page.admin import desk_words as words
from assistant.page.admin import exports, lists
from assistant.page.admin.desk_html import page, report
from assistant.page.admin.diffing import difference
from assistant.page.admin.editing import Clash, Editing, Saved
from assistant.page.admin.editor import View, clash, editor, looked_at, text_from
from assistant.page.admin.form import form_of
from assistant.page.admin.rehearsal import questions, shown, side_by_side
from assistant.page.admin.shelves import Shelf
from corpus.check_one import front_of
from corpus.errors import InputError, YibaoError

_LARGEST = 400_000  # bytes of one field of a form
Who = Callable[[Request], str]
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """What an action comes to: a page's title, its body, what is said above it."""

    title: str
    body: Markup
    told: Markup | str = ""
    status: int = 200


def desk_routes(editing: Editing, who: Who) -> APIRouter:
    """All of them. ``who``: the name under which a request was let in."""
    router = APIRouter(prefix="/admin/desk", include_in_schema=False)

    async def answered(request: Request, work: Callable[[Fields, str], Page]) -> HTMLResponse:
        name = who(request)
        fields = await _fields(request)
        try:
            made = await asyncio.to_thread(work, fields, name)
        except YibaoError as error:
            body = Markup('<p role="alert">{}</p>').format(error)
            status = 422 if isinstance(error, InputError) else 503
            made = Page(words.TITLE, body, status=status)
        except Exception:
            told = words.FAILED.format(editing.desk.failed())
            made = Page(words.TITLE, Markup('<p role="alert">{}</p>').format(told), status=500)
        return HTMLResponse(page(made.title, made.body, who=name, told=made.told), made.status)

    def get(path: str, work: Callable[[Editing, Fields], Page]) -> None:
        @router.get(path)
        async def door(request: Request) -> Response:
            return await answered(request, lambda fields, _: work(editing, fields))

    def post(path: str, work: Callable[[Editing, Fields, str], Page]) -> None:
        @router.post(path)
        async def door(request: Request) -> Response:
            return await answered(request, lambda fields, name: work(editing, fields, name))

    for path, seen in _PAGES.items():
        get(path, seen)
    for path, act in _ACTS.items():
        post(path, act)

    @router.post("/check")
    async def check(request: Request) -> Response:
        """The findings alone, for the script that asks while somebody writes."""
        fields = await _fields(request)
        try:
            found = await asyncio.to_thread(_checked, editing, fields)
        except YibaoError as error:
            return HTMLResponse(Markup("<p>{}</p>").format(error), 422)
        return HTMLResponse(found)

    @router.get("/{what}.{ending}")
    async def export(what: str, ending: Literal["csv", "jsonl"]) -> Response:
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

    return router


def _see_articles(editing: Editing, fields: Fields) -> Page:
    return Page(words.NAV[0][1], lists.articles(editing, fields.get("q", "").strip()))


def _see_edit(editing: Editing, fields: Fields) -> Page:
    """An article as it is, a new one, a draft, or an older version."""
    if "folder" in fields:
        shelf = editing.shelves.of_name(fields["folder"], fields.get("name", ""))
        text = words.TEMPLATE.format(today=editing.desk.today().isoformat())
        return _editor(editing, shelf, text, base="")
    opened = editing.open(fields.get("place", ""))
    if fields.get("draft", "").isdigit():
        draft = editing.records.draft(int(fields["draft"]))
        if draft is None or draft.place != opened.shelf.place:
            raise InputError(words.NO_DRAFT)
        text = _kept(editing, draft.text)
        remark = words.FROM_DRAFT.format(draft.number, draft.who, draft.at)
        return _editor(editing, opened.shelf, text, base=draft.base, note=draft.note, remark=remark)
    if "version" in fields:
        text = _kept(editing, fields["version"])
        return _editor(editing, opened.shelf, text, base=opened.base, remark=words.FROM_VERSION)
    return _editor(editing, opened.shelf, opened.text, base=opened.base)


def _see_versions(editing: Editing, fields: Fields) -> Page:
    return Page(words.VERSIONS, lists.versions(editing, fields.get("place", "")))


def _see_diff(editing: Editing, fields: Fields) -> Page:
    before, after = (_kept(editing, fields[key]) if fields.get(key) else "" for key in "ab")
    where = Markup("<p>{}</p>").format(lists.short(fields.get("place", "")))
    return Page(words.DIFF, where + difference(before, after))


def _do_edit(editing: Editing, fields: Fields, who: str) -> Page:
    """One of the buttons of the editor."""
    place, base, note = (fields.get(name, "") for name in ("place", "base", "note"))
    shelf, text = editing.shelves(place), text_from(editing, fields)
    if not text.strip():
        raise InputError(words.EMPTY)
    do = fields.get("do", "check")
    if do == "draft":
        return _done(editing, place, editing.propose(place, base, text, who=who, note=note))
    if do == "rehearse":
        changes = _rehearsed(editing, shelf, text)
        return _editor(editing, shelf, text, base=base, note=note, told=changes)
    found = looked_at(editing, shelf, text)
    if do == "save" and not found.broken and (not found.count or fields.get("anyway")):
        outcome = editing.save(
            place, base, text, who=who, note=note, what="edit" if base else "add"
        )
        if isinstance(outcome, Clash):
            return Page(words.DIFF, clash(place, outcome, note=note), status=409)
        return _done(editing, place, outcome)
    told = (words.MUST_MEND if found.broken else words.LOOK_FIRST) if do == "save" else ""
    return _editor(editing, shelf, text, base=base, note=note, told=told)


def _do_back(editing: Editing, fields: Fields, who: str) -> Page:
    place = fields.get("place", "")
    outcome = editing.back(place, fields.get("base", ""), fields.get("sha", ""), who=who)
    if isinstance(outcome, Clash):
        return Page(words.DIFF, clash(place, outcome, note=""), status=409)
    return Page(words.VERSIONS, lists.versions(editing, place), report(outcome.told))


def _do_approve(editing: Editing, fields: Fields, who: str) -> Page:
    number = _number(fields, "draft")
    outcome = editing.approve(number, who=who)
    if isinstance(outcome, Clash):
        draft = editing.records.draft(number)
        place, note = (draft.place, draft.note) if draft else ("", "")
        return Page(words.DIFF, clash(place, outcome, note=note), status=409)
    return Page(words.NAV[1][1], lists.drafts(editing), report(outcome.told))


def _do_drop(editing: Editing, fields: Fields, who: str) -> Page:
    outcome = editing.drop(_number(fields, "draft"), who=who)
    return Page(words.NAV[1][1], lists.drafts(editing), report(outcome.told))


def _do_undo(editing: Editing, fields: Fields, who: str) -> Page:
    outcome = editing.undo(_number(fields, "write"), who=who)
    return Page(words.NAV[4][1], lists.log(editing), report(outcome.told))


_PAGES: dict[str, Callable[[Editing, Fields], Page]] = {
    "/": _see_articles,
    "/edit": _see_edit,
    "/versions": _see_versions,
    "/diff": _see_diff,
    "/drafts": lambda editing, _: Page(words.NAV[1][1], lists.drafts(editing)),
    "/due": lambda editing, _: Page(words.NAV[2][1], lists.due_soon(editing)),
    "/fixed": lambda editing, _: Page(words.NAV[3][1], lists.fixed(editing)),
    "/log": lambda editing, _: Page(words.NAV[4][1], lists.log(editing)),
    "/exports": lambda *_: Page(words.NAV[5][1], lists.exports()),
}
_ACTS: dict[str, Callable[[Editing, Fields, str], Page]] = {
    "/edit": _do_edit,
    "/back": _do_back,
    "/approve": _do_approve,
    "/drop": _do_drop,
    "/undo": _do_undo,
}


def _editor(
    editing: Editing, shelf: Shelf, text: str, *, base: str, note: str = "", remark: str = "",
    told: Markup | str = "",
) -> Page:  # fmt: skip
    sha = editing.records.keep(text.encode("utf-8"))
    view = View(shelf, text, base, sha, looked_at(editing, shelf, text), note, remark)
    title = front_of(text).title if shelf.own and form_of(text) else shelf.path.name
    return Page(title or shelf.path.name, editor(view, review=editing.review), told)


def _done(editing: Editing, place: str, saved: Saved) -> Page:
    """After a save: the article as it is now, or the list where there is none yet."""
    if editing.shelves(place).read() is None:
        return Page(words.NAV[1][1], lists.drafts(editing), report(saved.told))
    opened = editing.open(place)
    made = _editor(editing, opened.shelf, opened.text, base=opened.base)
    return Page(made.title, made.body, report(saved.told))


def _rehearsed(editing: Editing, shelf: Shelf, text: str) -> Markup:
    """What answers would change, were this text saved."""
    asked = front_of(text).asked if shelf.own else ()
    entries = editing.desk.journal.feedback.entries()
    with editing.trial(shelf, text) as path:
        _, changed = editing.desk.clerk.rehearse(
            path, questions=questions(entries, asked), look=shown,
            stands_for={path: shelf.shipped or shelf.path},
        )  # fmt: skip
    return side_by_side(changed)


def _checked(editing: Editing, fields: Fields) -> Markup:
    shelf = editing.shelves(fields.get("place", ""))
    return looked_at(editing, shelf, text_from(editing, fields)).html


def _kept(editing: Editing, sha: str) -> str:
    """A text of the records. Raises InputError where there is none."""
    data = editing.records.bytes_of(sha)
    if data is None:
        raise InputError(words.NO_VERSION)
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _number(fields: Fields, name: str) -> int:
    given = fields.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


async def _fields(request: Request) -> Fields:
    """What was sent, in the address or as a form; no files."""
    found = dict(request.query_params)
    if request.method == "POST":
        async with request.form(max_files=0, max_fields=60, max_part_size=_LARGEST) as form:
            found.update({key: value for key, value in form.items() if isinstance(value, str)})
    return found
