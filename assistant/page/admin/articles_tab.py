"""The admin page's tab for the articles: find them, amend what is known of a file, remove files."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup, escape

from assistant.page import words
from assistant.page.admin import desk_words
from assistant.page.admin.amend import Who, amend_form, choices
from assistant.page.admin.changes import Change
from assistant.page.admin.desk_html import MOST_ROWS, table
from assistant.page.admin.editing import Editing
from assistant.page.admin.library import Kept, Library
from assistant.page.admin.private import PRIVATE
from assistant.page.admin.telling import told
from assistant.page.desk import Desk
from corpus.settings import ROOT
from index.sources import place_of


@dataclass(frozen=True, slots=True)
class _Files:
    """What the tab does with the files that the store was made of."""

    desk: Desk
    library: Library
    editing: Editing
    who: Who

    def listed(self, word: str) -> tuple[str, Any, Any]:
        """The rows that fit the word, and every file to choose from: what was chosen stays."""
        every = self.library()
        rows = [_row(k) for k in every if _about(k, word or "")]
        count = Markup("<p>{}</p>").format(words.FOUND.format(len(every), len(rows)))
        named = [(_short(k.place), k.place) for k in every]
        told_of = str(
            count + table(words.ARTICLE_HEADS, rows[:MOST_ROWS], words.NOTHING_YET, scrolls=True)
        )
        return told_of, gr.update(choices=named), gr.update(choices=choices(every, _short))

    async def remove(
        self, places: list[str] | None, is_sure: bool, word: str, request: gr.Request
    ) -> tuple[Any, ...]:
        """Remove the files chosen, once it is sure; what came of it, and the list anew."""
        if not places or not is_sure:
            text = words.NOT_SURE if places else words.NO_CHOICE
            return str(escape(text)), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        known = {k.place for k in await asyncio.to_thread(self.library)}
        by = self.who(request)
        gone = [Change("remove", place_of(ROOT / place)) for place in places if place in known]
        report = await told(
            self.desk,
            lambda: self.editing.carry(gone, who=by) if gone else words.NO_CHOICE,
        )
        rows, every, others = await asyncio.to_thread(self.listed, word)
        return report, rows, {**every, "value": []}, others, False


def articles_tab(
    desk: Desk, library: Library, demo: gr.Blocks, tab: gr.Tab, editing: Editing, who: Who
) -> None:
    """A list that a word narrows, the facts of a file to amend, and files to remove."""
    wanted = gr.Textbox(label=words.FIND, placeholder=words.FIND_HINT, elem_id="find")
    shown = gr.HTML(apply_default_css=False, js_on_load=None, elem_id="articles")
    form = amend_form(desk, library, editing, who)
    chosen = gr.Dropdown(label=words.REMOVE_LABEL, multiselect=True, elem_id="to-remove")
    sure = gr.Checkbox(label=words.SURE, value=False, elem_id="sure")
    does = words.REMOVE + f"（{desk_words.PROPOSE}）" * editing.review
    go = gr.Button(does, variant="stop", elem_id="remove")
    report = gr.HTML(elem_id="removed", apply_default_css=False, js_on_load=None)
    files = _Files(desk, library, editing, who)
    # one dependency: what was asked for earlier can never come after what was typed since
    gr.on(
        [demo.load, tab.select, wanted.change, form.done.change],
        files.listed,
        wanted,
        [shown, chosen, form.chosen],
        trigger_mode="always_last",
        show_progress="hidden",
        **PRIVATE,
    )
    go.click(
        files.remove,
        [chosen, sure, wanted],
        [report, shown, chosen, form.chosen, sure],
        concurrency_limit=1,
        **PRIVATE,
    )


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
