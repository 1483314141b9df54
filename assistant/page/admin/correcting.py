"""The form that corrects what uploaded files will be read as.

What it sets is kept with the upload until it is taken in; from then on the store keeps it
(``index.corrections``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.page import words
from assistant.page.admin.preview import Preview, Stored, previews, previews_html
from assistant.page.admin.private import PRIVATE, TOKENS
from corpus.errors import InputError
from index.corrections import NONE, NOTHING, Correction, correction

Resolve = Callable[[Any], Sequence[tuple[str, Path]]]
"""What Gradio holds of uploaded files -> the name of each and where its bytes lie."""
Facts = Mapping[str, Sequence[str]]
"""Of files by their names, in the order of the form."""
_FIELDS = ("title", "publisher", "published", "region", "schemes", "kind")
_NEVER_NONE = ("title", "kind")
_EMPTY = ("",) * len(_FIELDS)


@dataclass(frozen=True, slots=True)
class Files:
    """How the form comes by the files. ``stored``: what the store has corrected of files that these
    would replace."""

    resolve: Resolve
    stored: Stored
    most_bytes: int

    async def previews(self, given: Any, known: Mapping[str, Correction]) -> list[Preview]:
        """Of what Gradio holds, with what was corrected now."""
        return await asyncio.to_thread(
            previews, self.resolve(given), known, self.stored, self.most_bytes
        )

    async def look(self, _: None, given: Any, known: dict[str, Correction]) -> tuple[Any, ...]:
        """All files anew; what was corrected of those that are still there stays."""
        found = await self.previews(given, known)
        facts = _facts(found)
        choice = next(iter(facts), None)
        return (
            str(previews_html(found)),
            {n: c for n, c in known.items() if n in facts},
            facts,
            gr.update(visible=bool(facts)),
            gr.update(choices=list(facts), value=choice),
            *(facts[choice] if choice else _EMPTY),
        )

    async def correct(
        self,
        _: None,
        given: Any,
        name: str,
        known: dict[str, Correction],
        facts: Facts,
        *typed: str,
    ) -> tuple[Any, ...]:
        """What was typed over the facts of the file of that name, and all previews with it."""
        if name not in facts:
            return words.NO_CHOICE, known, facts, gr.skip()
        try:
            now = changed(facts[name], typed).over(known.get(name, NOTHING))
        except InputError as error:
            return str(Markup("<p>{}</p>").format(error)), known, facts, gr.skip()
        known = {**known, name: now}
        found = await self.previews(given, known)
        said = Markup("<p>{}</p>").format(words.CORRECTED.format(name))
        return str(said), known, _facts(found), str(previews_html(found))


def correction_form(files: gr.File, tokens: gr.JSON, of: Files) -> gr.State:
    """The preview and the form below the files; gives the state that holds the corrections by the
    name of the file. ``tokens``: what the browser sends in place of the files."""
    kept = gr.State({})
    seen = gr.State({})
    shown = gr.HTML(elem_id="preview", apply_default_css=False, js_on_load=None)
    with gr.Accordion(words.CORRECT, open=False, elem_id="correct", visible=False) as part:
        chosen = gr.Dropdown(label=words.CORRECT_WHICH, elem_id="correct-file")
        fields = fields_of_form()
        note = gr.HTML(apply_default_css=False, js_on_load=None, elem_id="corrected")
        save = gr.Button(words.CORRECT_SAVE, elem_id="correct-save")
    files.change(
        of.look, [files, tokens, kept], [shown, kept, seen, part, chosen, *fields],
        trigger_mode="always_last", js=TOKENS, **PRIVATE,
    )  # fmt: skip
    chosen.input(_pick, [chosen, seen], [note, *fields], **PRIVATE)
    save.click(
        of.correct,
        [files, tokens, chosen, kept, seen, *fields],
        [note, kept, seen, shown],
        js=TOKENS,
        **PRIVATE,
    )
    return kept


def fields_of_form() -> list[gr.Textbox]:
    """A box for each fact that can be corrected, in their order."""
    return [gr.Textbox(label=label, max_length=200) for label in words.CORRECT_FIELDS]


def changed(before: Sequence[str], after: Sequence[str]) -> Correction:
    """What a person changed in the form: an emptied field takes the fact away. Raises InputError
    for what cannot be."""
    said = {
        name: now.strip() or NONE
        for name, was, now in zip(_FIELDS, before, after, strict=True)
        if now.strip() != was and (now.strip() or name not in _NEVER_NONE)
    }
    return correction(**said)


def _pick(name: str, facts: Facts) -> tuple[Any, ...]:
    return ("", *facts.get(name, _EMPTY))


def _facts(found: Sequence[Preview]) -> dict[str, tuple[str, ...]]:
    return {p.name: p.facts for p in found if p.facts}
