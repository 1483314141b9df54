"""``/healthz``, ``/readyz`` and ``/metrics``: whether a process lives, answers, and what it has counted."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from assistant.page.admission import open_to
from assistant.page.desk import Desk
from assistant.page.metrics import CONTENT_TYPE
from assistant.page.workers.routing import known


def add_health(app: FastAPI, desk: Desk) -> None:
    seat = desk.seat
    which = {"worker": seat.number, "workers": seat.of} if seat.of > 1 else {}

    @app.get("/healthz", include_in_schema=False)
    async def healthz(request: Request) -> dict[str, str | int]:
        # a browser of this very process looks after it; others after what all of them loaded
        own = known(request.scope, seat.of) == seat.number
        return {"status": "ok", "boot": desk.boot if own else seat.boot, **which}

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        try:
            await desk.ready()
        except Exception:
            return JSONResponse({"status": "not ready", "failure": desk.failed(), **which}, 503)
        return JSONResponse({"status": "ready", **which})

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        open_to(desk.settings.metrics, request)
        return Response(desk.metrics.text(), media_type=CONTENT_TYPE)
