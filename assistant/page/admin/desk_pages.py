"""What the desk shows: a page for each of its addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from assistant.page.admin import desk_words as words
from assistant.page.admin import lists
from assistant.page.admin.diffing import difference
from assistant.page.admin.draft_page import draft_shown
from assistant.page.admin.editing import Editing
from assistant.page.admin.editor import View, editor, looked_at
from assistant.page.admin.form import form_of
from assistant.page.admin.shelves import Shelf
from corpus.check_one import front_of
from corpus.errors import InputError

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """What an action comes to: a page's title, its body, what is said above it."""

    title: str
    body: Markup
    told: Markup | str = ""
    status: int = 200


def _see_articles(editing: Editing, fields: Fields) -> Page:
    return Page(words.NAV[0][1], lists.articles(editing, fields.get("q", "").strip()))


def _see_edit(editing: Editing, fields: Fields) -> Page:
    """An article as it is, a new one, a draft, or an older version."""
    if "folder" in fields:
        shelf = editing.shelves.of_name(fields["folder"], fields.get("name", ""))
        text = words.TEMPLATE.format(today=editing.desk.today().isoformat())
        return editor_page(editing, shelf, text, base="")
    opened = editing.open(fields.get("place", ""))
    if "draft" in fields:
        draft = editing.records.draft(number_of(fields, "draft"))
        of_text = draft is not None and editing.change_of(draft).of_text
        if draft is None or not of_text or draft.place != opened.shelf.place:
            raise InputError(words.NO_DRAFT)
        text = _kept(editing, draft.text)
        remark = words.FROM_DRAFT.format(draft.number, draft.who, draft.at)
        return editor_page(
            editing, opened.shelf, text, base=draft.base, note=draft.note, remark=remark
        )
    if "version" in fields:
        text = _kept(editing, fields["version"])
        return editor_page(editing, opened.shelf, text, base=opened.base, remark=words.FROM_VERSION)
    return editor_page(editing, opened.shelf, opened.text, base=opened.base)


def _see_versions(editing: Editing, fields: Fields) -> Page:
    return Page(words.VERSIONS, lists.versions(editing, fields.get("place", "")))


def _see_diff(editing: Editing, fields: Fields) -> Page:
    before, after = (_kept(editing, fields[key]) if fields.get(key) else "" for key in "ab")
    where = Markup("<p>{}</p>").format(lists.short(fields.get("place", "")))
    return Page(words.DIFF, where + difference(before, after))


def _see_draft(editing: Editing, fields: Fields) -> Page:
    """A draft with the check beside it."""
    draft = editing.records.draft(number_of(fields, "draft"))
    if draft is None:
        raise InputError(words.NO_DRAFT)
    title = words.DRAFT_OF.format(draft.number, words.ACTS[draft.what])
    return Page(title, draft_shown(editing, draft))


PAGES: dict[str, Callable[[Editing, Fields], Page]] = {
    "/": _see_articles,
    "/edit": _see_edit,
    "/versions": _see_versions,
    "/diff": _see_diff,
    "/draft": _see_draft,
    "/drafts": lambda editing, _: Page(words.NAV[1][1], lists.drafts(editing)),
    "/due": lambda editing, _: Page(words.NAV[2][1], lists.due_soon(editing)),
    "/fixed": lambda editing, _: Page(words.NAV[3][1], lists.fixed(editing)),
    "/log": lambda editing, _: Page(words.NAV[4][1], lists.log(editing)),
    "/exports": lambda *_: Page(words.NAV[5][1], lists.exports()),
}


def editor_page(
    editing: Editing, shelf: Shelf, text: str, *, base: str, note: str = "", remark: str = "",
    told: Markup | str = "",
) -> Page:  # fmt: skip
    """The editor with a text in it; ``base``: the version that it began with."""
    sha = editing.records.keep(text.encode("utf-8"))
    view = View(shelf, text, base, sha, looked_at(editing, shelf, text), note, remark)
    title = front_of(text).title if shelf.own and form_of(text) else shelf.path.name
    return Page(title or shelf.path.name, editor(view, review=editing.review), told)


def _kept(editing: Editing, sha: str) -> str:
    """A text of the records. Raises InputError where there is none."""
    data = editing.records.bytes_of(sha)
    if data is None:
        raise InputError(words.NO_VERSION)
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def number_of(fields: Fields, name: str) -> int:
    """The number of a draft or a write; 0, which none has, for what is none."""
    given = fields.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
