"""What the desk does: save, restore, approve, drop, undo; each ends on a page that tells of it."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from assistant.page.admin import desk_words as words
from assistant.page.admin import lists
from assistant.page.admin.desk_html import report
from assistant.page.admin.desk_pages import Fields, Page, editor_page, number_of
from assistant.page.admin.editing import Clash, Editing, Saved
from assistant.page.admin.editor import clash, looked_at, text_from
from assistant.page.admin.rehearsal import questions, shown, side_by_side
from assistant.page.admin.shelves import Shelf
from corpus.check_one import front_of
from corpus.errors import InputError


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
        return editor_page(editing, shelf, text, base=base, note=note, told=changes)
    found = looked_at(editing, shelf, text)
    if do == "save" and not found.broken and (not found.count or fields.get("anyway")):
        outcome = editing.save(
            place, base, text, who=who, note=note, what="edit" if base else "add"
        )
        if isinstance(outcome, Clash):
            return Page(words.DIFF, clash(place, outcome, note=note), status=409)
        return _done(editing, place, outcome)
    told = (words.MUST_MEND if found.broken else words.LOOK_FIRST) if do == "save" else ""
    return editor_page(editing, shelf, text, base=base, note=note, told=told)


def _do_back(editing: Editing, fields: Fields, who: str) -> Page:
    place = fields.get("place", "")
    outcome = editing.back(place, fields.get("base", ""), fields.get("sha", ""), who=who)
    if isinstance(outcome, Clash):
        return Page(words.DIFF, clash(place, outcome, note=""), status=409)
    return Page(words.VERSIONS, lists.versions(editing, place), report(outcome.told))


def _do_approve(editing: Editing, fields: Fields, who: str) -> Page:
    number = number_of(fields, "draft")
    outcome = editing.approve(number, who=who)
    if isinstance(outcome, Clash):
        draft = editing.records.draft(number)
        place, note = (draft.place, draft.note) if draft else ("", "")
        return Page(words.DIFF, clash(place, outcome, note=note), status=409)
    return Page(words.NAV[1][1], lists.drafts(editing), report(outcome.told))


def _do_drop(editing: Editing, fields: Fields, who: str) -> Page:
    reason = " ".join(fields.get("reason", "").split())
    outcome = editing.drop(number_of(fields, "draft"), who=who, reason=reason)
    return Page(words.NAV[1][1], lists.drafts(editing), report(outcome.told))


def _do_undo(editing: Editing, fields: Fields, who: str) -> Page:
    outcome = editing.undo(number_of(fields, "write"), who=who)
    return Page(words.NAV[4][1], lists.log(editing), report(outcome.told))


ACTS: dict[str, Callable[[Editing, Fields, str], Page]] = {
    "/edit": _do_edit,
    "/back": _do_back,
    "/approve": _do_approve,
    "/drop": _do_drop,
    "/undo": _do_undo,
}


def _done(editing: Editing, place: str, saved: Saved) -> Page:
    """After a save: the article as it is now, or the list where there is none yet."""
    if editing.shelves(place).read() is None:
        return Page(words.NAV[1][1], lists.drafts(editing), report(saved.told))
    opened = editing.open(place)
    made = editor_page(editing, opened.shelf, opened.text, base=opened.base)
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
