"""The styles and scripts of the pages, at ``/page/…``."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.responses import FileResponse

from assistant.page.theme import SCRIPTS, STATIC, STYLES


def add_files(app: FastAPI) -> None:
    """Our own files. ``no-cache``: the browser asks whether they changed; mostly they did not."""

    def file(name: str, kind: str) -> Callable[[], FileResponse]:
        def give() -> FileResponse:
            return FileResponse(
                STATIC / name, media_type=kind, headers={"cache-control": "no-cache"}
            )

        return give

    kinds = {".css": "text/css", ".js": "text/javascript"}
    for name in (*STYLES, *SCRIPTS, "desk.css", "desk.js"):
        kind = kinds[name[name.index(".") :]]
        app.get(f"/page/{name}", include_in_schema=False)(file(name, kind))
