"""Gradio's own parts in the page's colours and type, and what the page loads first."""

from __future__ import annotations

import json
from pathlib import Path

import gradio as gr

from assistant.page import words

STATIC = Path(__file__).resolve().parent / "static"
STYLES = ("page.css", "help.css", "elder.css")
SCRIPTS = ("page.js", "person.js", "suggest.js", "speech.js", "elder.js")
"""In the order in which they are loaded; ``page.js`` is what the others add to."""
FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif")
_TEAL = gr.themes.Color(
    c50="#eef7f5", c100="#d7ece8", c200="#b2dad2", c300="#83c2b6", c400="#4ea394", c500="#2c8677",
    c600="#12695c", c700="#0f574d", c800="#0d463f", c900="#0b3934", c950="#06211e",
)  # fmt: skip


def theme() -> gr.themes.Base:
    """No web fonts: names of fonts that the reader's machine has."""
    plain = gr.themes.Base(
        primary_hue=_TEAL, secondary_hue=_TEAL, neutral_hue="slate", font=FONTS, font_mono=FONTS
    )
    surfaces = {
        "block_background_fill": "var(--sheet)", "block_label_background_fill": "var(--sheet)",
        "input_background_fill": "var(--paper)", "checkbox_background_color": "var(--paper)",
        "border_color_primary": "var(--line)", "block_label_text_color": "var(--soft)",
        "block_title_text_color": "var(--soft)", "input_placeholder_color": "var(--soft)",
        "button_primary_background_fill": "var(--teal)", "button_primary_text_color": "var(--sheet)",
        "button_primary_background_fill_hover": "var(--teal)",
        "table_even_background_fill": "var(--sheet)", "table_odd_background_fill": "var(--grey-soft)",
    }  # fmt: skip
    return plain.set(**surfaces, **{f"{name}_dark": value for name, value in surfaces.items()})


def head(root: str) -> str:
    """What goes first into the page's head: our style and script, and the words the script says.
    ``root``: the root path."""
    said = json.dumps(
        {
            **words.FOR_BROWSER, **words.FOR_HELP,
            "up": words.UP, "down": words.DOWN, "copy": words.COPY, "retry": words.RETRY,
            "share": words.SHARE, "print": words.PRINT, "reasons": words.REASONS,
            "reasonAsk": words.REASON_ASK, "comment": words.COMMENT, "submit": words.SUBMIT,
            "looking": words.LOOKING, "close": words.CLOSE, "source": words.SOURCE, "legal": words.LEGAL,
        },
        ensure_ascii=False,
    ).replace("<", "\\u003c")  # fmt: skip
    styles = "".join(f'<link rel="stylesheet" href="{root}/page/{name}">\n' for name in STYLES)
    scripts = "".join(f'<script src="{root}/page/{name}"></script>\n' for name in SCRIPTS)
    icon = f'<link rel="icon" href="{root}/favicon.ico">\n'
    return f"{icon}{styles}<script>window.yibaoWords = {said};</script>\n{scripts}"
