"""The editor: an article as fields and text, with what the checks find beside it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from assistant.page.admin import desk_words as words
from assistant.page.admin.desk_html import report
from assistant.page.admin.diffing import difference
from assistant.page.admin.editing import Clash, Editing
from assistant.page.admin.findings import findings
from assistant.page.admin.form import FIELDS, LISTS, Form, form_of, text_of
from assistant.page.admin.preview import preview
from assistant.page.admin.shelves import Shelf
from assistant.page.pieces import join
from corpus.check_one import problems_beside
from corpus.markdown import tidy
from corpus.schema import problems

_TALL = {"sources": 6, "fixed": 4, "questions": 6}
"""Rows of the boxes of more than one line."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the checks say of a text: as HTML, how many findings, and whether it can be saved."""

    html: Markup
    count: int = 0
    broken: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What the editor shows. ``base``: the text that a save replaces; ``shown``: the hash of the
    text in the boxes, so that what nobody touches stays to the byte."""

    shelf: Shelf
    text: str
    base: str
    shown: str
    found: Found
    note: str = ""
    remark: str = ""


def looked_at(editing: Editing, shelf: Shelf, text: str) -> Found:
    """What ``corpus check`` says of an own article; of an upload, what a reader makes of it."""
    if shelf.shipped is None:
        return _read_as(editing, shelf, text)
    others = editing.shelves.texts()
    root, today = editing.shelves.settings.articles, editing.desk.today()
    found = findings(problems_beside(shelf.shipped, text, root=root, today=today, others=others))
    broken = bool(problems(str(shelf.shipped), tidy(text)))
    if not found:
        return Found(Markup("<p>{}</p>").format(words.NO_FINDINGS))
    rows = join(
        Markup("<li><b>{}</b> {}</li>").format(words.AT_LINE.format(f.line), f.text) for f in found
    )
    return Found(Markup("<ul>{}</ul>").format(rows), len(found), broken)


def text_from(editing: Editing, fields: Mapping[str, str]) -> str:
    """The text that the boxes hold."""
    if "whole" in fields:
        return fields["whole"].replace("\r\n", "\n")
    shown = (editing.records.bytes_of(fields.get("shown", "")) or b"").decode("utf-8")
    said = {name: fields.get(f"f-{name}", "") for name in FIELDS}
    return text_of(shown.replace("\r\n", "\n"), Form(said, fields.get("body", "")))


def editor(view: View, *, review: bool) -> Markup:
    """The form with its buttons, and the findings beside it."""
    form = form_of(view.text) if view.shelf.own else None
    boxes = _fields(form) if form is not None else _area("whole", words.WHOLE, view.text, 30)
    anyway = (
        Markup(
            '<label class="check"><input type="checkbox" name="anyway" value="1">{}</label>'
        ).format(words.ANYWAY)
        if view.found.count and not view.found.broken
        else Markup("")
    )
    buttons = join(
        Markup('<button class="tool{}" name="do" value="{}">{}</button>').format(
            " strong" if do == "save" else "", do, name
        )
        for do, name in (
            ("save", words.PROPOSE if review else words.SAVE), ("check", words.CHECK),
            ("rehearse", words.REHEARSE), ("draft", words.DRAFT),
        )
    )  # fmt: skip
    remark = Markup("<p>{}</p>").format(view.remark) if view.remark else ""
    hidden = _hidden_fields(place=view.shelf.place, base=view.base, shown=view.shown)
    return Markup(
        '<p class="where">{0}</p>{1}<div class="two"><form id="editor" method="post" action="edit" '
        'enctype="multipart/form-data" data-check="check">{2}{3}{4}{5}<div class="buttons">{6}</div>'
        '</form><aside aria-labelledby="found-head"><h2 id="found-head">{7}</h2>'
        '<div id="found" role="status">{8}</div></aside></div>'
    ).format(
        view.shelf.place, remark, hidden, boxes, _line("note", words.NOTE, view.note),
        anyway, buttons, words.FINDINGS if view.shelf.own else words.READ_AS, view.found.html,
    )  # fmt: skip


def clash(place: str, found: Clash, *, note: str) -> Markup:
    """Both texts, what differs, and the two ways on: save them joined, or keep one's own aside."""
    # who approves a draft has it joined with what came since: it stands on what it was made from
    joined, mine = (
        _hidden_fields(place=place, base=base, note=note) for base in (found.base, found.since)
    )
    return Markup(
        '<p role="alert">{0}</p><h2>{1}</h2>{2}<form method="post" action="edit" '
        'enctype="multipart/form-data">{3}{4}<p>{5}</p><div class="buttons">'
        '<button class="tool strong" name="do" value="save">{6}</button></div></form>'
        '<form method="post" action="edit" enctype="multipart/form-data">{7}'
        '<textarea name="whole" hidden>\n{8}</textarea><div class="buttons">'
        '<button class="tool" name="do" value="draft">{9}</button></div></form>'
    ).format(
        words.CLASH, words.THEIRS_AND_MINE, difference(found.theirs, found.mine), joined,
        _area("whole", words.JOINED, found.joined, 24),
        words.CLASH_CLEAN if found.clean else words.CLASH_BOTH, words.SAVE_JOINED, mine,
        found.mine, words.KEEP_MINE,
    )  # fmt: skip


def _hidden_fields(**fields: str) -> Markup:
    return join(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in fields.items()
    )


def _fields(form: Form) -> Markup:
    boxes = [
        _area(f"f-{name}", words.FIELDS[name], form.fields[name], _TALL.get(name, 2))
        if name in (*LISTS, "sources", "fixed")
        else _line(f"f-{name}", words.FIELDS[name], form.fields[name])
        for name in FIELDS
    ]
    return join([*boxes, _area("body", words.BODY, form.body, 24)])


def _line(name: str, label: str, value: str) -> Markup:
    return Markup('<label>{}<input name="{}" value="{}" maxlength="400"></label>').format(
        label, name, value
    )


def _area(name: str, label: str, value: str, rows: int) -> Markup:
    # an HTML reader takes the first line end away
    return Markup(
        '<label>{}<textarea name="{}" rows="{}" spellcheck="false">\n{}</textarea></label>'
    ).format(label, name, rows, value)


def _read_as(editing: Editing, shelf: Shelf, text: str) -> Found:
    most = editing.desk.limits.upload_bytes
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        path = Path(folder) / "text"
        path.write_bytes(text.encode("utf-8"))
        return Found(report(preview(shelf.path.name, path, most_bytes=most).text))
