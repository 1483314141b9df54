"""What work in the admin corner reports, or why it failed, as escaped text that keeps its lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from markupsafe import Markup

from assistant.page import words
from assistant.page.desk import Desk
from corpus.errors import YibaoError


async def told(desk: Desk, work: Callable[[], str]) -> str:
    """Done in a thread of its own; a failure of the program is logged and said in general words."""
    try:
        text = await asyncio.to_thread(work)
    except YibaoError as error:
        text = str(error)
    except Exception:
        text = words.APOLOGY.format(desk.failed())
    return str(Markup('<pre class="report">{}</pre>').format(text))
