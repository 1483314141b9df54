"""The admin page's tab for taking articles in: files, their facts to correct, a trial, the report."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from assistant.page import words
from assistant.page.admin import desk_words
from assistant.page.admin.amend import Who
from assistant.page.admin.correcting import Files, correction_form
from assistant.page.admin.editing import Editing
from assistant.page.admin.intake import given_files, stored, taken_in
from assistant.page.admin.library import KINDS, Library
from assistant.page.admin.private import PRIVATE, TOKENS
from assistant.page.admin.rehearsal import questions
from assistant.page.admin.telling import told
from assistant.page.admin.uploads import Uploads
from assistant.page.desk import Desk
from index.corrections import Correction


@dataclass(frozen=True, slots=True)
class _Taking:
    """What the button does."""

    desk: Desk
    uploads: Uploads
    editing: Editing
    who: Who

    async def take_in(
        self,
        _: None,
        given: Any,
        dry_run: bool,
        corrections: dict[str, Correction],
        request: gr.Request,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> str:
        """A trial, with what it would change in answers; or the files handed to the desk."""

        def tell(stage: str, done: int, total: int) -> None:
            # as a fraction: Gradio counts "steps" in English
            progress(done / max(total, 1), desc=f"{words.STAGES.get(stage, stage)} {done}/{total}")

        desk, wanted = self.desk, given if isinstance(given, list) else []
        entries = await asyncio.to_thread(desk.journal.feedback.entries) if dry_run else ()
        work = partial(
            taken_in, self.editing, self.uploads, wanted, who=self.who(request), dry_run=dry_run,
            tell=tell, corrections=corrections or {}, asked=questions(entries) if dry_run else (),
        )  # fmt: skip
        return await told(desk, work)


def upload_tab(desk: Desk, library: Library, uploads: Uploads, editing: Editing, who: Who) -> None:
    """Files, a trial where wanted, and what came of it."""
    # no file_types: Gradio would refuse in English and for all files at once
    files = gr.File(
        label=words.UPLOAD_LABEL.format("、".join(k[1:] for k in KINDS)),
        file_count="multiple",
        height=180,
        elem_id="upload",
    )
    tokens = gr.JSON(visible=False)
    source = Files(
        partial(given_files, uploads), partial(stored, desk, library), desk.limits.upload_bytes
    )
    corrected = correction_form(files, tokens, source)
    trial = gr.Checkbox(label=words.TRIAL, value=False)
    name = desk_words.PROPOSE if editing.review else words.UPLOAD
    go = gr.Button(name, variant="primary", elem_id="take-in")
    report = gr.HTML(elem_id="report", apply_default_css=False, js_on_load=None)
    go.click(
        _Taking(desk, uploads, editing, who).take_in,
        [files, tokens, trial, corrected],
        report,
        js=TOKENS,
        concurrency_limit=1,
        **PRIVATE,
    )
