"""What uploaded files will be read as, before they are taken in, and the form that corrects it.

The preview is that of ``python -m index show``. What the form sets is kept with the upload until it is
taken in; from then on the store keeps it (``index.corrections``).
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.page import words
from assistant.page.admin.library import checked, keep, safe_name
from corpus.errors import InputError
from corpus.reading import FileReading, discover, read_each
from index.corrections import NONE, NOTHING, Correction, correction
from index.show import article_shown, file_shown

PRIVATE: dict[str, Any] = {"api_visibility": "private"}
TOKENS = "(files, _, ...rest) => [null, (files || []).map((file) => [file.path, file.orig_name]), ...rest]"
"""Gradio would read a file by the path that a browser names: what is sent is a token and a name."""
Resolve = Callable[[Any], Sequence[tuple[str, Path]]]
"""What Gradio holds of uploaded files -> the name of each and where its bytes lie."""
Stored = Callable[[Sequence[str]], Mapping[str, Correction]]
"""Names of files -> what the store has corrected of the file of that name, where it has."""
_FIELDS = ("title", "publisher", "published", "region", "schemes", "kind")
_NEVER_NONE = ("title", "kind")
_LONGEST = 20_000  # characters of a preview; a list of a thousand rows has more than anyone reads


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would be taken in. ``facts``: of its first article, in the order of the form."""

    name: str
    text: str
    facts: tuple[str, ...] = ()


def preview(name: str, path: Path, *, most_bytes: int, corrected: Correction = NOTHING) -> Preview:
    """Read one upload and keep nothing of it. What is wrong with it stands in the text. Blocks."""
    try:
        done = _read(name, path, most_bytes)
    except (InputError, OSError) as error:
        return Preview(name, words.REFUSED_FILE.format(f"{name}：{error}"))
    articles = corrected.applied(done.articles)
    text = file_shown(done, articles).to_text().replace(done.file.where, name)
    if not articles:
        return Preview(name, text)
    first = article_shown(articles[0])
    schemes = "、".join(first.schemes)
    facts = (first.title, first.publisher, first.published, first.region, schemes, first.kind)
    return Preview(name, text[:_LONGEST], facts)


def changed(before: Sequence[str], after: Sequence[str]) -> Correction:
    """What a person changed in the form: an emptied field takes the fact away. Raises InputError
    for what cannot be."""
    said = {
        name: now.strip() or NONE
        for name, was, now in zip(_FIELDS, before, after, strict=True)
        if now.strip() != was and (now.strip() or name not in _NEVER_NONE)
    }
    return correction(**said)


def correction_form(
    files: gr.File, tokens: gr.JSON, resolve: Resolve, stored: Stored, most_bytes: int
) -> gr.State:
    """The preview and the form below the files; gives the state that holds the corrections by the
    name of the file. ``tokens``: what the browser sends in place of the files; ``stored``: what the
    store has corrected of files that these would replace."""
    kept = gr.State({})
    seen = gr.State({})
    shown = gr.HTML(elem_id="preview", apply_default_css=False, js_on_load=None)
    with gr.Accordion(words.CORRECT, open=False, elem_id="correct", visible=False) as part:
        chosen = gr.Dropdown(label=words.CORRECT_WHICH, elem_id="correct-file")
        fields = fields_of_form()
        note = gr.HTML(apply_default_css=False, js_on_load=None, elem_id="corrected")
        save = gr.Button(words.CORRECT_SAVE, elem_id="correct-save")

    async def look(_: None, given: Any, known: dict[str, Correction]) -> tuple[Any, ...]:
        """All files anew; what was corrected of those that are still there stays."""
        found = await asyncio.to_thread(previews, resolve(given), known, stored, most_bytes)
        facts = {p.name: p.facts for p in found if p.facts}
        choice = next(iter(facts), None)
        return (
            str(_text(found)),
            {n: c for n, c in known.items() if n in facts},
            facts,
            gr.update(visible=bool(facts)),
            gr.update(choices=list(facts), value=choice),
            *(facts[choice] if choice else ("",) * len(_FIELDS)),
        )

    def pick(name: str, facts: Mapping[str, Sequence[str]]) -> tuple[Any, ...]:
        return ("", *facts.get(name, ("",) * len(_FIELDS)))

    async def correct(
        _: None,
        given: Any,
        name: str,
        known: dict[str, Correction],
        facts: dict[str, Any],
        *typed: str,
    ) -> tuple[Any, ...]:
        if name not in facts:
            return words.NO_CHOICE, known, facts, gr.skip()
        try:
            now = changed(facts[name], typed).over(known.get(name, NOTHING))
        except InputError as error:
            return str(Markup("<p>{}</p>").format(error)), known, facts, gr.skip()
        known = {**known, name: now}
        found = await asyncio.to_thread(previews, resolve(given), known, stored, most_bytes)
        facts = {p.name: p.facts for p in found if p.facts}
        said = Markup("<p>{}</p>").format(words.CORRECTED.format(name))
        return str(said), known, facts, str(_text(found))

    files.change(
        look, [files, tokens, kept], [shown, kept, seen, part, chosen, *fields],
        trigger_mode="always_last", js=TOKENS, **PRIVATE,
    )  # fmt: skip
    chosen.input(pick, [chosen, seen], [note, *fields], **PRIVATE)
    save.click(
        correct,
        [files, tokens, chosen, kept, seen, *fields],
        [note, kept, seen, shown],
        js=TOKENS,
        **PRIVATE,
    )
    return kept


def fields_of_form() -> list[gr.Textbox]:
    """A box for each fact that can be corrected, in their order."""
    return [gr.Textbox(label=label, max_length=200) for label in words.CORRECT_FIELDS]


def previews(
    given: Sequence[tuple[str, Path]],
    known: Mapping[str, Correction],
    stored: Stored,
    most_bytes: int,
) -> list[Preview]:
    """Of all files, with what was corrected now over what the store has corrected before. Blocks."""
    before = stored([name for name, _ in given])
    return [
        preview(
            name,
            path,
            most_bytes=most_bytes,
            corrected=known.get(name, NOTHING).over(before.get(name, NOTHING)),
        )
        for name, path in given
    ]


def _text(found: Sequence[Preview]) -> Markup:
    if not found:
        return Markup("")
    return Markup('<h2>{}</h2><pre class="report">{}</pre>').format(
        words.PREVIEW, "\n\n".join(p.text for p in found)
    )


def _read(name: str, path: Path, most_bytes: int) -> FileReading:
    """The reading of an upload under the name that it will have."""
    safe = safe_name(name)
    data = checked(path, safe, most_bytes=most_bytes)
    with tempfile.TemporaryDirectory(prefix="yibao-", ignore_cleanup_errors=True) as folder:
        files, skipped = discover(keep(Path(folder), safe, data))
        if not files:
            raise InputError("；".join(s.reason for s in skipped))
        (done,) = read_each(files[:1])
        return done
