"""The form that corrects the facts of a file that was taken in before.

The file is not read again and need not lie anywhere any more; the store keeps the correction
(``index.corrections``), so that it holds at the next refresh of the file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from markupsafe import escape

from assistant.page import words
from assistant.page.admin import desk_words
from assistant.page.admin.changes import Change
from assistant.page.admin.correcting import changed, fields_of_form
from assistant.page.admin.editing import Editing
from assistant.page.admin.library import Kept, Library
from assistant.page.admin.private import PRIVATE
from assistant.page.admin.telling import told
from assistant.page.desk import Desk
from corpus.settings import ROOT
from index.sources import place_of

Who = Callable[[gr.Request], str]
"""The name under which a request of the admin page was let in."""


@dataclass(frozen=True, slots=True)
class AmendForm:
    """What of the form others fill and listen to."""

    chosen: gr.Dropdown
    done: gr.State


def amend_form(desk: Desk, library: Library, editing: Editing, who: Who) -> AmendForm:
    """The form, folded. ``done`` changes when a correction was made."""
    done = gr.State(0)
    with gr.Accordion(words.CORRECT_KEPT, open=False, elem_id="amend"):
        chosen = gr.Dropdown(label=words.CORRECT_WHICH, elem_id="amend-file")
        fields = fields_of_form()
        name = desk_words.PROPOSE if editing.review else words.CORRECT_KEPT_SAVE
        save = gr.Button(name, elem_id="amend-save")
        report = gr.HTML(elem_id="amended", apply_default_css=False, js_on_load=None)
    seen = gr.State(())

    def pick(place: str | None) -> tuple[Any, ...]:
        kept = _known(library, place)
        facts = kept.facts if kept else ("",) * len(fields)
        return ("", facts, *facts)

    async def save_it(
        place: str | None, before: Sequence[str], count: int, request: gr.Request, *typed: str
    ) -> Any:
        if not before or await asyncio.to_thread(_known, library, place) is None:
            return str(escape(words.NO_CHOICE)), count, before
        by = who(request)
        said = await told(desk, lambda: amended(editing, str(place), before, typed, who=by))
        now = await asyncio.to_thread(_known, library, place)
        return said, count + 1, now.facts if now else before

    chosen.input(pick, chosen, [report, seen, *fields], **PRIVATE)
    save.click(
        save_it,
        [chosen, seen, done, *fields],
        [report, done, seen],
        concurrency_limit=1,
        **PRIVATE,
    )
    return AmendForm(chosen, done)


def amended(
    editing: Editing, place: str, before: Sequence[str], after: Sequence[str], *, who: str
) -> str:
    """Correct what was changed in the form; the report in words. Raises InputError for what cannot
    be. Blocks."""
    now = changed(before, after)
    if not now:
        return words.NOTHING_CHANGED
    return editing.carry([Change("correct", place_of(ROOT / place), facts=now)], who=who)


def choices(every: Sequence[Kept], short: Callable[[str], str]) -> list[tuple[str, str]]:
    """The files that can be corrected: all but our own articles."""
    return [(short(kept.place), kept.place) for kept in every if not kept.own]


def _known(library: Library, place: str | None) -> Kept | None:
    """The file of that place among those that can be corrected."""
    return next((k for k in library() if k.place == place and not k.own), None)
