"""The admin page: take articles in, list and remove them, see what was asked in vain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import gradio as gr
from markupsafe import Markup, escape

from assistant.page import words
from assistant.page.admin import desk_words
from assistant.page.admin.amend import Who, amend_form, choices
from assistant.page.admin.charts import overview
from assistant.page.admin.editing import Editing
from assistant.page.admin.library import (
    KINDS,
    MOST_FILES,
    Kept,
    Library,
    checked,
    keep,
    place_in,
    safe_name,
)
from assistant.page.admin.preview import PRIVATE, TOKENS, correction_form
from assistant.page.admin.rehearsal import questions, shown
from assistant.page.admin.rehearsal import told as changes_told
from assistant.page.admin.telling import told
from assistant.page.admin.uploads import Uploads
from assistant.page.desk import Desk
from assistant.page.render import join
from corpus.errors import InputError, StoreError
from corpus.settings import ROOT
from index.corrections import NOTHING, Correction
from index.depot import Depot
from index.sources import place_of


def admin_blocks(
    desk: Desk, library: Library, uploads: Uploads, editing: Editing, who: Who
) -> gr.Blocks:
    """Four tabs. Each handler tells its failure in words and stays usable."""
    demo: gr.Blocks
    with gr.Blocks(title=words.ADMIN, analytics_enabled=False) as demo:
        gr.HTML(_head(), elem_id="admin-top", apply_default_css=False, js_on_load=None)
        with gr.Tab(words.TAB_UPLOAD):
            _upload_tab(desk, library, uploads, editing, who)
        with gr.Tab(words.TAB_ARTICLES) as tab:
            _articles_tab(desk, library, demo, tab, editing, who)
        with gr.Tab(words.TAB_GAPS) as tab:
            _table(words.GAP_HEADS, desk.journal.gaps, demo, tab)
            gr.HTML(_link("data/gaps.csv"), apply_default_css=False, js_on_load=None)
        with gr.Tab(words.TAB_FEEDBACK) as tab:
            _table(words.FEEDBACK_HEADS, desk.journal.ratings, demo, tab)
            gr.HTML(_link("data/feedback.csv"), apply_default_css=False, js_on_load=None)
        with gr.Tab(words.TAB_OVERVIEW) as tab:
            charts = gr.HTML(elem_id="charts", apply_default_css=False, js_on_load=None)

            def draw() -> str:
                today = desk.today()
                return str(overview(desk.journal.days(today - timedelta(days=29)), today))

            demo.load(draw, None, charts, **PRIVATE)
            tab.select(draw, None, charts, **PRIVATE)
    demo.queue(api_open=False)
    return demo


def _head() -> str:
    return str(
        Markup(
            '<header class="admin"><h1>{}</h1><form method="post" action="logout">'
            '<a href="desk/">{}</a> <a href="../">{}</a> '
            '<button type="submit" class="tool">{}</button></form></header>'
        ).format(words.ADMIN, desk_words.TITLE, words.BACK, words.LEAVE)
    )


def _link(address: str) -> str:
    return str(Markup('<p><a href="{}" download>{}</a></p>').format(address, words.DOWNLOAD))


def _table(
    heads: Sequence[str], rows: Callable[[], Sequence[Sequence[str]]], demo: gr.Blocks, tab: gr.Tab
) -> None:
    """A plain table: what people wrote is escaped text here, never Markdown or HTML."""
    shown = gr.HTML(apply_default_css=False, js_on_load=None)

    def draw() -> str:
        return str(table(heads, rows()))

    demo.load(draw, None, shown, **PRIVATE)
    tab.select(draw, None, shown, **PRIVATE)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """Rows as an HTML table; at most 500, the CSV has them all."""
    head = join(Markup('<th scope="col">{}</th>').format(h) for h in heads)
    body = join(
        Markup("<tr>{}</tr>").format(
            join(
                Markup('<td data-head="{}">{}</td>').format(h, cell)
                for h, cell in zip(heads, row, strict=True)
            )
        )
        for row in rows[:500]
    )
    if not rows:
        return Markup("<p>{}</p>").format(words.NOTHING_YET)
    return Markup(
        '<div class="rows" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
        "</div>"
    ).format(head, body)


# --- taking in -----------------------------------------------------------------------------------


def _upload_tab(desk: Desk, library: Library, uploads: Uploads, editing: Editing, who: Who) -> None:
    # no file_types: Gradio would refuse in English and for all files at once
    files = gr.File(
        label=words.UPLOAD_LABEL.format("、".join(k[1:] for k in KINDS)),
        file_count="multiple",
        height=180,
        elem_id="upload",
    )
    tokens = gr.JSON(visible=False)
    corrected = correction_form(
        files,
        tokens,
        partial(_given, uploads),
        partial(_stored, desk, library),
        desk.limits.upload_bytes,
    )
    trial = gr.Checkbox(label=words.TRIAL, value=False)
    go = gr.Button(words.UPLOAD, variant="primary", elem_id="take-in")
    report = gr.HTML(elem_id="report", apply_default_css=False, js_on_load=None)

    async def take_in(
        _: None,
        given: Any,
        dry_run: bool,
        corrections: dict[str, Correction],
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> str:
        def tell(stage: str, done: int, total: int) -> None:
            # as a fraction: Gradio counts "steps" in English
            progress(done / max(total, 1), desc=f"{words.STAGES.get(stage, stage)} {done}/{total}")

        wanted = given if isinstance(given, list) else []
        work = partial(
            taken_in, desk, uploads, wanted, dry_run=dry_run, corrections=corrections or {}
        )
        if dry_run:
            entries = await asyncio.to_thread(desk.journal.feedback.entries)
            work = partial(work, asked=questions(entries))
            return await told(desk, lambda: work(tell=tell))
        places = [place for place, _ in _places_of(desk, uploads, wanted)]
        by = who(request)
        return await told(
            desk, lambda: editing.recorded(by, "upload", places, lambda: work(tell=tell))
        )

    go.click(
        take_in,
        [files, tokens, trial, corrected],
        report,
        js=TOKENS,
        concurrency_limit=1,
        **PRIVATE,
    )


def taken_in(
    desk: Desk,
    uploads: Uploads,
    given: Sequence[Any],
    *,
    dry_run: bool,
    tell: Callable[[str, int, int], None],
    corrections: Mapping[str, Correction] = MappingProxyType({}),
    asked: Sequence[str] = (),
) -> str:
    """Check what was uploaded, keep what passes, refresh; the report in words. ``corrections``: of
    the facts of files, by the name under which each was given; ``asked``: of a trial, questions of
    which it says how their answers would change. Blocks."""
    if not given:
        return words.NO_FILES
    if len(given) > MOST_FILES:
        return words.MANY_FILES.format(MOST_FILES)
    folder = desk.clerk.settings.uploaded
    depot = Depot.of(desk.clerk.settings)
    kept: dict[str | Path, Path] = {}  # where it lies -> where it will lie
    set_facts: dict[str | Path, Correction] = {}
    lines: list[str] = []
    replaced: list[str] = []
    for one in given:
        token, name = one if isinstance(one, list) and len(one) == 2 else (None, "？")
        try:
            file = uploads.get(token)
            name = file.name
            safe = safe_name(name)
            data = checked(file.path, safe, most_bytes=desk.limits.upload_bytes)
            place = place_in(folder, safe)
            if place.is_file() and place.read_bytes() != data:
                replaced.append(place.name)
            if dry_run:
                kept[keep(folder / "trial", safe, data)] = place
            else:
                depot.put(place, data)
                kept[place] = place
            if corrections.get(name):
                set_facts[place] = corrections[name]
        except (InputError, StoreError, OSError) as error:
            lines.append(words.REFUSED_FILE.format(f"{name}：{error}"))
    lines += [words.REPLACES.format(name) for name in replaced]
    try:
        if kept:
            options: dict[str, Any] = {
                "progress": tell,
                "brought": words.BROUGHT_BY.format(desk.today().isoformat()),
                "corrections": set_facts,
                "stands_for": kept if dry_run else None,
            }
            if asked and dry_run:
                found, changed = desk.clerk.rehearse(*kept, questions=asked, look=shown, **options)
                lines.append(changes_told(changed))
            else:
                found = desk.clerk.refresh(*kept, dry_run=dry_run, **options)
            lines.insert(0, found.to_text())
    finally:
        if dry_run:
            for path in kept:
                Path(path).unlink(missing_ok=True)
    return "\n".join(lines)


def _places_of(
    desk: Desk, uploads: Uploads, given: Sequence[Any]
) -> Iterator[tuple[str, tuple[str, Path]]]:
    """Where each uploaded file will lie, as ``refresh`` knows it, and the file."""
    folder = desk.clerk.settings.uploaded
    for name, path in _given(uploads, given):
        with suppress(InputError):
            yield place_of(place_in(folder, safe_name(name))), (name, path)


def _stored(desk: Desk, library: Library, names: Sequence[str]) -> dict[str, Correction]:
    """What the store has corrected of the files that these would replace, by their names."""
    folder = desk.clerk.settings.uploaded
    places = {}
    for name in names:
        with suppress(InputError):
            if (place := place_in(folder, safe_name(name))).is_file():
                places[name] = place_of(place)
    known = {place_of(kept.place): kept.corrected for kept in library()} if places else {}
    return {name: known.get(place, NOTHING) for name, place in places.items()}


def _given(uploads: Uploads, given: Any) -> list[tuple[str, Path]]:
    """The uploaded files that the tokens name: how each was called and where it lies. Those that
    are not ours are told of when they are taken in."""
    found = []
    for one in given if isinstance(given, list) else []:
        with suppress(InputError):
            file = uploads.get(one[0] if isinstance(one, list) and one else None)
            found.append((file.name, file.path))
    return found


# --- listing and removing ------------------------------------------------------------------------


def _articles_tab(
    desk: Desk, library: Library, demo: gr.Blocks, tab: gr.Tab, editing: Editing, who: Who
) -> None:
    wanted = gr.Textbox(label=words.FIND, placeholder=words.FIND_HINT, elem_id="find")
    shown = gr.HTML(apply_default_css=False, js_on_load=None, elem_id="articles")
    form = amend_form(desk, library, editing, who)
    chosen = gr.Dropdown(label=words.REMOVE_LABEL, multiselect=True, elem_id="to-remove")
    sure = gr.Checkbox(label=words.SURE, value=False, elem_id="sure")
    go = gr.Button(words.REMOVE, variant="stop", elem_id="remove")
    report = gr.HTML(elem_id="removed", apply_default_css=False, js_on_load=None)

    def listed(word: str) -> tuple[str, Any, Any]:
        """The rows that fit the word, and every file to choose from: what was chosen stays."""
        every = library()
        rows = [_row(k) for k in every if _about(k, word or "")]
        count = Markup("<p>{}</p>").format(words.FOUND.format(len(every), len(rows)))
        named = [(_short(k.place), k.place) for k in every]
        told_of = str(count + table(words.ARTICLE_HEADS, rows))
        return told_of, gr.update(choices=named), gr.update(choices=choices(every, _short))

    async def remove(
        places: list[str] | None, is_sure: bool, word: str, request: gr.Request
    ) -> tuple[Any, ...]:
        if not places or not is_sure:
            text = words.NOT_SURE if places else words.NO_CHOICE
            return str(escape(text)), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        known = {k.place for k in await asyncio.to_thread(library)}
        paths = [place for place in places if place in known]
        by, at = who(request), [place_of(ROOT / path) for path in paths]
        report = await told(
            desk, lambda: editing.recorded(by, "remove", at, lambda: _removed(desk, paths))
        )
        rows, every, others = await asyncio.to_thread(listed, word)
        return report, rows, {**every, "value": []}, others, False

    # one dependency: what was asked for earlier can never come after what was typed since
    gr.on(
        [demo.load, tab.select, wanted.change, form.done.change],
        listed,
        wanted,
        [shown, chosen, form.chosen],
        trigger_mode="always_last",
        show_progress="hidden",
        **PRIVATE,
    )
    go.click(
        remove,
        [chosen, sure, wanted],
        [report, shown, chosen, form.chosen, sure],
        concurrency_limit=1,
        **PRIVATE,
    )


def _removed(desk: Desk, places: Sequence[str]) -> str:
    report = desk.clerk.refresh(*places, remove=True)
    uploads = desk.clerk.settings.uploaded
    for place in places:
        # an upload leaves the disk too; any other file is its owner's, whatever it is called
        path = Path(place)
        if path.parent.absolute() == uploads.absolute() and path.is_file():
            Depot.of(desk.clerk.settings).put(path, None)
    text: str = report.to_text()
    return text


def _about(kept: Kept, word: str) -> bool:
    return word.strip() in " ".join((kept.place, kept.publisher, kept.region, *kept.titles))


def _row(kept: Kept) -> list[str]:
    first = kept.titles[0] if kept.titles else ""
    more = words.AND_MORE.format(len(kept.titles) - 1) if len(kept.titles) > 1 else ""
    whose = f"{kept.publisher}（{kept.brought}）" if kept.brought else kept.publisher
    return [first + more, whose, kept.published, kept.region, _short(kept.place)]


def _short(place: str) -> str:
    """A file by its folder and name: what goes before is the same for nearly all."""
    return "/".join(Path(place).parts[-2:])
