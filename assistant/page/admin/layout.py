"""The admin page: take articles in, list and remove them, see what was asked in vain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import gradio as gr
from markupsafe import Markup

from assistant.page import words
from assistant.page.admin import desk_words
from assistant.page.admin.amend import Who
from assistant.page.admin.articles_tab import articles_tab
from assistant.page.admin.charts import overview
from assistant.page.admin.desk_html import MOST_ROWS, table
from assistant.page.admin.editing import Editing
from assistant.page.admin.library import Library
from assistant.page.admin.private import PRIVATE
from assistant.page.admin.upload_tab import upload_tab
from assistant.page.admin.uploads import Uploads
from assistant.page.desk import Desk
from assistant.page.quiet import look_less_often


def admin_blocks(
    desk: Desk, library: Library, uploads: Uploads, editing: Editing, who: Who
) -> gr.Blocks:
    """Four tabs. Each handler tells its failure in words and stays usable."""
    demo: gr.Blocks
    with gr.Blocks(title=words.ADMIN, analytics_enabled=False) as demo:
        gr.HTML(_head(), elem_id="admin-top", apply_default_css=False, js_on_load=None)
        with gr.Tab(words.TAB_UPLOAD):
            upload_tab(desk, library, uploads, editing, who)
        with gr.Tab(words.TAB_ARTICLES) as tab:
            articles_tab(desk, library, demo, tab, editing, who)
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
    look_less_often(demo)
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
        return str(table(heads, rows()[:MOST_ROWS], words.NOTHING_YET, scrolls=True))

    demo.load(draw, None, shown, **PRIVATE)
    tab.select(draw, None, shown, **PRIVATE)
