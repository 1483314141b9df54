"""The doors for programs, put onto the server: their routes, what describes them, and a sentence for
whatever else is asked below them.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse

from assistant.page import words
from assistant.page.admission import open_to
from assistant.page.api import api_routes
from assistant.page.desk import Desk
from assistant.page.openai_door import openai_routes
from assistant.page.openapi import described
from assistant.page.stream import stream_routes
from assistant.page.theme import STATIC

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def add_programs(app: FastAPI, desk: Desk) -> None:
    """``/api/…`` and ``/v1/…``, their OpenAPI description, and a page that shows it without any
    foreign file."""
    routers = (api_routes(desk), stream_routes(desk), openai_routes(desk))
    for router in routers:
        app.include_router(router)
    routes = [route for router in routers for route in router.routes]

    @app.get("/api/openapi.json", include_in_schema=False)
    async def schema(request: Request) -> dict[str, Any]:
        open_to(desk.settings.docs, request)
        return described(routes, keys=bool(desk.keys), root=desk.settings.root)

    @app.get("/api", include_in_schema=False)
    async def short(request: Request) -> RedirectResponse:
        open_to(desk.settings.docs, request)
        return RedirectResponse("/api/docs")

    @app.get("/api/docs", include_in_schema=False)
    async def docs(request: Request) -> FileResponse:
        open_to(desk.settings.docs, request)
        return FileResponse(STATIC / "api.html", media_type="text/html")

    methods = allowed(described(routes)["paths"])

    # the page is mounted at "/" and would answer for whatever no route takes whole
    def refuse(room: str, nothing: str) -> None:
        @app.api_route(f"/{room}/{{door:path}}", methods=_METHODS, include_in_schema=False)
        async def otherwise(door: str) -> None:
            allow = methods.get(f"/{room}/{door}")
            if allow:
                raise HTTPException(405, words.WRONG_METHOD.format(allow), {"allow": allow})
            raise HTTPException(404, nothing)

    refuse("api", words.STATUS[404])
    refuse("v1", words.ONLY_CHAT)


def allowed(paths: dict[str, Any]) -> dict[str, str]:
    """Which methods each path of the description takes, as ``Allow`` names them."""
    return {path: ", ".join(sorted(map(str.upper, doors))) for path, doors in paths.items()}
