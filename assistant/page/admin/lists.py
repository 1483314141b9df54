"""The desk's lists: articles, drafts, what is due, fixed answers, versions, the record of writes."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from assistant.page.admin import desk_words as words
from assistant.page.admin.desk_html import MOST_ROWS, button, link, table
from assistant.page.admin.editing import Editing
from assistant.page.admin.records import Draft, Write
from assistant.page.admin.shelves import Shelf
from assistant.page.pieces import join
from assistant.page.words import NOTHING_YET
from corpus.check_one import due, front_of
from corpus.fixed import question_key
from corpus.schema import FOLDERS
from index.sources import place_of


def articles(editing: Editing, wanted: str) -> Markup:
    """Every text that can be edited and holds the words, with a way to write a new one."""
    last: dict[str, Write] = {}
    for write in editing.records.writes():
        last.setdefault(write.place, write)
    waiting = {d.place for d in editing.records.drafts() if not d.verdict}
    rows = []
    for shelf in (*editing.shelves.own(), *editing.shelves.uploaded()):
        title = _title(shelf)
        if wanted and wanted not in title and wanted not in shelf.place:
            continue
        states = [_state(shelf), *([words.WAITING] if shelf.place in waiting else [])]
        latest = last.get(shelf.place)
        rows.append(
            [
                title, short(shelf.place), "、".join(states),
                f"{latest.at} {latest.who}" if latest else "",
                link("edit", words.EDIT, title, place=shelf.place) + " "
                + link("versions", words.VERSIONS, title, place=shelf.place),
            ]
        )  # fmt: skip
    search = Markup(
        '<form method="get" action="./" role="search"><label>{0}<input name="q" value="{1}" '
        'maxlength="100"></label><button class="tool">{0}</button></form>'
    ).format(words.FIND, wanted)
    return search + table(words.LIST_HEADS, rows[:MOST_ROWS], NOTHING_YET) + _new()


def drafts(editing: Editing) -> Markup:
    """All drafts, the newest first: what each would do, whose it is, what became of it. Where
    another's eyes are wanted, one is sent back from its own page, which asks why."""
    rows = []
    for d in editing.records.drafts():
        number, about = str(d.number), f"{words.DRAFT_HEADS[0]} {d.number}"
        acts = [link("draft", words.SEE, about, draft=number)]
        if not d.verdict:
            acts.append(button("approve", words.APPROVE, about, draft=number))
            if not editing.review:
                acts.append(button("drop", words.DROP, about, draft=number))
        what = words.ACTS[d.what]
        rows.append([number, d.at, d.who, what, short(d.place), d.note, verdict(d), join(acts)])
    return table(words.DRAFT_HEADS, rows, NOTHING_YET)


def verdict(draft: Draft) -> str:
    """What became of a draft: that it waits, or who said what of it, when and why."""
    said = words.VERDICTS[draft.verdict].format(draft.by, draft.ruled)
    return "；".join(filter(None, (said, draft.reason and words.WHY.format(draft.reason))))


def due_soon(editing: Editing) -> Markup:
    """The articles whose day of review has come or comes soon."""
    today, texts = editing.desk.today(), editing.shelves.texts()
    rows = [
        [
            day.isoformat(), front_of(texts[path]).title,
            words.OVERDUE if day <= today else words.SOON, _edit(path),
        ]
        for day, path in due(texts, today)
    ]  # fmt: skip
    return table(words.DUE_HEADS, rows, NOTHING_YET)


def fixed(editing: Editing) -> Markup:
    """The questions whose answer is fixed, and whether the current generation knows it so."""
    index = editing.desk.clerk.retriever.index
    known = index.fixed()
    ids = {e.number: e.article.id for e in index.read(sorted(set(known.values()))) if e}
    rows = []
    for path, text in editing.shelves.texts().items():
        front, own = front_of(text), f"corpus/{path.parent.name}/{path.stem}"
        for question in front.fixed:
            live = ids.get(known.get(question_key(question), -1)) == own
            state = words.FIXED_HOLDS if live else words.FIXED_OFF
            rows.append([question, front.title, state, _edit(path)])
    note = Markup("<p>{}</p>").format(words.FIXED_NOTE)
    return note + table(words.FIXED_HEADS, rows, NOTHING_YET)


def versions(editing: Editing, place: str) -> Markup:
    """The versions of a text: who, when, what changed, back to it."""
    opened = editing.open(place)
    writes = editing.versions(place)
    rows = []
    for write in writes:
        acts = link(
            "diff", words.DIFF, write.at, place=place, a=write.before.file, b=write.after.file
        )
        rows.append(
            [
                write.at, write.who, words.ACTS[write.what], write.note,
                acts + _back(place, opened.base, write.after.file, write.at),
            ]
        )  # fmt: skip
    if writes and (first := writes[-1].before.file):
        rows.append(["", "", words.FIRST, "", _back(place, opened.base, first, words.FIRST)])
    head = Markup("<p>{} {}</p>").format(
        _title(opened.shelf), link("edit", words.EDIT, place=place)
    )
    return head + table(words.VERSION_HEADS, rows, NOTHING_YET)


def log(editing: Editing) -> Markup:
    """Every write, the newest first, each with a way to undo it."""
    rows = []
    for w in editing.records.writes()[:MOST_ROWS]:
        note = "；".join(filter(None, (w.note, words.UNDOES.format(w.undoes) if w.undoes else "")))
        undo = button("undo", words.UNDO, f"{words.LOG_HEADS[0]} {w.number}", write=str(w.number))
        rows.append([str(w.number), w.at, w.who, words.ACTS[w.what], short(w.place), note, undo])
    return table(words.LOG_HEADS, rows, NOTHING_YET)


def exports() -> Markup:
    """What can be taken away, as CSV and as JSON lines."""
    return Markup("<ul>{}</ul>").format(
        join(
            Markup("<li>{}：{} {}</li>").format(
                name, link(f"{what}.csv", "CSV", name), link(f"{what}.jsonl", "JSONL", name)
            )
            for what, name in words.EXPORTS
        )
    )


def short(place: str) -> str:
    """A place by its folder and name."""
    return "/".join(Path(place).parts[-2:])


def _new() -> Markup:
    folders = join(Markup("<option>{}</option>").format(name) for name in FOLDERS)
    return Markup(
        '<h2>{}</h2><form method="get" action="edit"><label>{}<select name="folder">{}</select>'
        '</label><label>{}<input name="name" required maxlength="60"></label>'
        '<button class="tool">{}</button></form>'
    ).format(words.NEW, words.NEW_FOLDER, folders, words.NEW_NAME, words.NEW_GO)


def _title(shelf: Shelf) -> str:
    """The title of an own article, the name of an upload."""
    if not shelf.own:
        return shelf.path.name
    text = (shelf.read() or b"").decode("utf-8", "replace")
    return front_of(text).title or shelf.path.stem


def _state(shelf: Shelf) -> str:
    if shelf.shipped is None:
        return words.UPLOADED
    if not shelf.edited:
        return words.OURS
    return words.EDITED if shelf.shipped.is_file() else words.ADDED


def _edit(path: Path) -> Markup:
    return link("edit", words.EDIT, path.stem, place=place_of(path))


def _back(place: str, base: str, sha: str, about: str) -> Markup:
    """The way back to a version, and a look at it; nothing where it is the one that is there."""
    if not sha or sha == base:
        return Markup("")
    see = link("edit", words.SEE, about, place=place, version=sha)
    return Markup(" ") + see + button("back", words.BACK, about, place=place, base=base, sha=sha)
