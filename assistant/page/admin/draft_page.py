"""A draft as whoever rules on it sees it: whose it is, its text with the check beside it, the ways on."""

from __future__ import annotations

import tempfile
from pathlib import Path

from markupsafe import Markup

from assistant.page.admin import desk_words as words
from assistant.page.admin.changes import Change, shelf_of
from assistant.page.admin.desk_html import button, link, report
from assistant.page.admin.diffing import difference
from assistant.page.admin.editing import Editing
from assistant.page.admin.editor import looked_at
from assistant.page.admin.lists import short, verdict
from assistant.page.admin.preview import Preview, preview
from assistant.page.admin.records import Draft
from assistant.page.admin.shelves import EDITABLE
from assistant.page.pieces import join
from corpus.settings import ROOT
from index.corrections import FACTS, KIND_NAMES, NONE, Correction


def draft_shown(editing: Editing, draft: Draft) -> Markup:
    """All of it; the buttons as long as it waits."""
    change = editing.change_of(draft)
    title, left, found = _text(editing, draft) if change.of_text else _file(editing, change)
    facts = words.CORRECTS.format(_said(change.facts)) if change.facts else ""
    told = (f"{draft.at} {draft.who}", short(draft.place), draft.note, facts, verdict(draft))
    lines = join(Markup("<p>{}</p>").format(line) for line in told if line)
    return Markup(
        '{}<div class="two"><section aria-labelledby="text-head"><h2 id="text-head">{}</h2>{}'
        '</section><aside aria-labelledby="found-head"><h2 id="found-head">{}</h2>{}</aside></div>'
    ).format(
        lines + _ways(editing, draft, change), title, left,
        words.FINDINGS if change.of_text else words.READ_AS, found,
    )  # fmt: skip


def _text(editing: Editing, draft: Draft) -> tuple[str, Markup, Markup]:
    """What an edit changes, and what the checks find in the text."""
    before, after = (
        (editing.records.bytes_of(sha) or b"").decode("utf-8", "replace").replace("\r\n", "\n")
        for sha in (draft.base, draft.text)
    )
    found = looked_at(editing, editing.shelves(draft.place), after)
    return words.DIFF, difference(before, after), found.html


def _file(editing: Editing, change: Change) -> tuple[str, Markup, Markup]:
    """What is read of a file, and how it is taken in; of one that is to go, what goes."""
    read = _read(editing, change)
    going = change.what == "remove"
    return (
        words.TO_GO if going else words.AS_READ,
        report(read.read or words.NO_TEXT),
        report(read.text),
    )


def _read(editing: Editing, change: Change) -> Preview:
    """The file that is to come, or the one that is there, as a reader reads it."""
    name, most = Path(change.place).name, editing.desk.limits.upload_bytes
    there = ROOT / change.place
    if change.data is None:
        shelf = shelf_of(editing.shelves, change.place)
        there = shelf.current if shelf is not None else there
        return preview(name, there, most_bytes=most, corrected=change.facts)
    with tempfile.TemporaryDirectory(prefix="yibao-") as folder:
        path = Path(folder) / "given"
        path.write_bytes(change.data)
        return preview(name, path, most_bytes=most, corrected=change.facts)


def _ways(editing: Editing, draft: Draft, change: Change) -> Markup:
    """On to the difference and the editor where it is a text; approve it, or send it back."""
    about, ways = f"{words.DRAFT_HEADS[0]} {draft.number}", []
    if Path(draft.place).suffix in EDITABLE and draft.base and draft.text:
        ways.append(link("diff", words.DIFF, about, place=draft.place, a=draft.base, b=draft.text))
    if change.of_text:
        ways.append(link("edit", words.EDIT, about, place=draft.place, draft=str(draft.number)))
    if draft.verdict:
        return Markup("<p>{}</p>").format(Markup(" ").join(ways))
    return Markup(
        '<p>{0} {1}</p><form method="post" action="drop" enctype="multipart/form-data">'
        '<input type="hidden" name="draft" value="{2}"><label>{3}<input name="reason" '
        'maxlength="400"></label><button class="tool">{4}</button></form>'
    ).format(
        Markup(" ").join(ways), button("approve", words.APPROVE, about, draft=str(draft.number)),
        draft.number, words.REASON, words.SEND_BACK,
    )  # fmt: skip


def _said(facts: Correction) -> str:
    """What is corrected, as people call it."""
    values = (getattr(facts, name) for name in Correction.__slots__)
    return "；".join(
        f"{said}：{_value(value)}"
        for said, value in zip(FACTS, values, strict=True)
        if value is not None
    )


def _value(value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return "、".join(value) or NONE
    return KIND_NAMES.get(value, value) or NONE
