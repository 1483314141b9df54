"""The chat page as Gradio Blocks: a header, the conversation, the input, the source panel.

Gradio carries the question and the stream; what stands on the page is our own HTML, so that it can
be read by a screen reader, printed, and is escaped in one place (``render``). The templates below
hold no value: Gradio would run ``${…}`` inside a value as code.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import gradio as gr
from markupsafe import Markup

from assistant.page import words
from assistant.page.chat import LAST, read_wish, stream
from assistant.page.desk import Desk
from assistant.page.dial import dialled
from assistant.page.pieces import join
from assistant.page.quiet import look_less_often

ON_LOAD = "yibao.attach(element, trigger, props, watch);  // events: 'ask'"


def chat_blocks(desk: Desk) -> gr.Blocks:
    """The public page."""
    demo: gr.Blocks
    with gr.Blocks(title=words.TITLE, analytics_enabled=False, fill_width=True) as demo:
        gr.HTML(html_template=_header(), js_on_load=None, elem_id="top", apply_default_css=False)
        talk = gr.HTML(
            "", html_template=_conversation(), js_on_load=ON_LOAD, elem_id="bot",
            apply_default_css=False,
        )  # fmt: skip
        box = gr.Textbox(
            label=words.INPUT_LABEL,
            show_label=False,
            container=False,
            placeholder=words.PLACEHOLDER,
            lines=1,
            max_lines=6,
            submit_btn=words.SEND,
            elem_id="inp",
            autofocus=False,
        )
        gr.HTML(html_template=_foot(), js_on_load=None, elem_id="foot", apply_default_css=False)
        gr.HTML(html_template=_panel(), js_on_load=None, elem_id="side", apply_default_css=False)
        envelope = gr.JSON(visible=False)
        _wire(desk, box, talk, envelope)
    # Gradio works on forty at a time and would keep the others where our line does not see them
    demo.max_threads = desk.limits.longest_line * 2
    demo.queue(
        max_size=desk.limits.longest_line * 2, api_open=False, default_concurrency_limit=None
    )
    look_less_often(demo)
    return demo


def _wire(desk: Desk, box: gr.Textbox, talk: gr.HTML, envelope: gr.JSON) -> None:
    async def ask(question: str, sent: Any, request: gr.Request) -> AsyncIterator[tuple[Any, Any]]:
        wish = read_wish(question, sent, limits=desk.limits)
        host = request.client.host if request.client else "unknown"
        session = request.session_hash or ""
        if not await desk.presence.expected(session):
            return

        async def gone() -> bool:
            return not desk.presence.here(session)

        first = True
        async with aclosing(stream(desk, wish, session, host, gone)) as frames:
            async for frame in frames:
                # what was not taken stays in the box, to be changed and sent again
                if frame.state in LAST:
                    change: Any = idle()
                elif first:
                    change = gr.update(value="", submit_btn=False, stop_btn=words.STOP)
                else:
                    change = gr.skip()
                first = False
                yield frame.to_json(), change

    def idle() -> Any:
        return gr.update(submit_btn=words.SEND, stop_btn=False)

    common: dict[str, Any] = {
        "inputs": [box, envelope],
        "outputs": [talk, box],
        "show_progress": "hidden",
        "api_visibility": "private",
        "js": "(question) => yibao.envelope(question)",
        "concurrency_limit": None,
    }
    typed = box.submit(ask, **common)
    clicked = talk.ask(ask, **common)
    box.stop(
        idle, None, box, cancels=[typed, clicked], queue=False, show_progress="hidden",
        api_visibility="private", js="() => { yibao.stopped(); return []; }",
    )  # fmt: skip
    for asked in (typed, clicked):
        asked.failure(
            idle, None, box, queue=False, show_progress="hidden", api_visibility="private"
        )


# --- our HTML ------------------------------------------------------------------------------------


def _button(kind: str, label: str, *, controls: str = "") -> Markup:
    extra = (
        Markup(' aria-haspopup="dialog" aria-controls="{}"').format(controls)
        if controls
        else Markup("")
    )
    return Markup('<button type="button" class="tool" data-do="{}"{}>{}</button>').format(
        kind, extra, label
    )


def _shortened(kind: str, label: str, short: str, *, controls: str = "") -> Markup:
    """A button that shows as much of its name as there is room for."""
    before, _, after = label.partition(short)
    shown = Markup("{}{}{}").format(_where_wide(before), short, _where_wide(after))
    button = _button(kind, shown, controls=controls)
    return button.replace("<button", Markup('<button aria-label="{}"').format(label), 1)


def _where_wide(text: str) -> Markup:
    return Markup('<span class="wide">{}</span>').format(text) if text else Markup("")


def _header() -> str:
    tools = join(
        (
            _shortened("talks", words.TALKS, words.TALKS_SHORT, controls="talks"),
            _button("new", words.NEW_TALK),
            _shortened("elder", words.ELDER, words.ELDER_SHORT),
            _button("larger", words.LARGER),
            _button("theme", words.DARK),
        )
    )
    return str(
        Markup(
            '<a class="skip" href="#inp">{}</a>'
            '<header class="bar"><div class="name"><h1>{}</h1><p>{}</p></div>'
            '<nav class="tools" aria-label="{}">{}</nav></header>'
            '<div id="talks" class="drawer" role="dialog" aria-modal="true" aria-label="{}" hidden>'
            '<div class="panel-head"><h2 tabindex="-1">{}</h2>{}</div><p class="hint">{}</p>'
            '<ul class="talk-list"></ul><div class="drawer-foot">{}</div></div>'
            '<div class="shade" hidden></div>'
            '<div id="say" role="status" aria-live="polite"></div>'
        ).format(
            words.SKIP, words.TITLE, words.TAGLINE, words.TITLE, tools,
            words.TALKS, words.TALKS, _button("close-talks", words.CLOSE), words.TALKS_NOTE,
            _button("clear", words.CLEAR_TALKS),
        )
    )  # fmt: skip


def _conversation() -> str:
    subjects = join(
        Markup('<div class="subject"><h3>{}</h3><ul>{}</ul></div>').format(
            subject,
            join(
                Markup(
                    '<li><button type="button" class="example" data-ask="{}">{}</button></li>'
                ).format(q, q)
                for q in questions
            ),
        )
        for subject, questions in words.EXAMPLES
    )
    return str(
        Markup(
            '<div class="welcome"><h2>{}</h2><p>{}</p><div class="subjects">{}</div></div>'
            '<div class="log" role="log" aria-label="{}" aria-busy="false"></div>'
        ).format(words.WELCOME, words.WELCOME_HINT, subjects, words.TITLE)
    )


def _foot() -> str:
    return str(
        Markup('<div class="disclaimer"><p>{}</p>{}</div>').format(
            dialled(words.DISCLAIMER), _button("person", words.PERSON, controls="person")
        )
    )


def _panel() -> str:
    return str(
        Markup(
            '<div id="source" class="sheet" role="complementary" aria-label="{}" hidden>'
            '<div class="panel-head"><p class="which"></p>'
            '<div class="panel-tools">{}{}{}</div></div>'
            '<h2 tabindex="-1"></h2><div class="panel-body" tabindex="0" role="region" '
            'aria-label="{}"></div></div>'
        ).format(
            words.SOURCE,
            Markup('<button type="button" class="tool step" data-do="previous">{}</button>').format(
                words.PREVIOUS
            ),
            Markup('<button type="button" class="tool step" data-do="next">{}</button>').format(
                words.NEXT
            ),
            _button("close-source", words.CLOSE),
            words.MARKED,
        )
    )
