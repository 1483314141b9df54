"""How often Gradio looks for work while it has none."""

from __future__ import annotations

import gradio as gr

SECONDS = 0.02
"""Between two looks: what a question waits at most. Gradio's own thousandth of a second costs an
idle server 6% of a processor; on Windows it takes .05 and .1 itself."""


def look_less_often(demo: gr.Blocks) -> None:
    """To be called after ``demo.queue``."""
    queue = demo._queue
    queue.sleep_when_free = max(SECONDS, queue.sleep_when_free)
    queue.progress_update_sleep_when_free = max(SECONDS, queue.progress_update_sleep_when_free)
