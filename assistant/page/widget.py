"""The chat in other people's pages: ``<script src="https://…/widget.js"></script>``.

The script puts a button there that opens the chat in a frame. Who may frame it is for the browser
to see to (``security``); the script is told the same, so that it can say why nothing opens.
"""

from __future__ import annotations

import json

from fastapi import APIRouter, HTTPException, Response

from assistant.page import words
from assistant.page.desk import Desk
from assistant.page.headers import WIDGET
from assistant.page.theme import STATIC


def widget_routes(desk: Desk) -> APIRouter:
    """``GET /widget.js``. 404 where no site was named."""
    router = APIRouter(include_in_schema=False)
    origins = desk.settings.frames
    given = json.dumps({"origins": origins, "words": words.FOR_WIDGET}, ensure_ascii=False)
    function = (STATIC / "widget.js").read_text(encoding="utf-8")
    script = f"({function.rstrip().removesuffix(';')})({given});\n"

    @router.get(WIDGET)
    async def widget() -> Response:
        if not origins:
            raise HTTPException(404, words.NO_WIDGET)
        return Response(script, media_type="text/javascript", headers={"cache-control": "no-cache"})

    return router
