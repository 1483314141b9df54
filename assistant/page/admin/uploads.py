"""Files on their way in: kept aside under a token each, and found by nothing but that token.

Gradio would give the browser a path of the server's and take one back, whichever it is. So its
upload door is ours: the browser gets tokens, the page sends tokens back, and only a file that was
given here is read. They lie in a temporary folder that goes with the process.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException as StarletteHTTPException

from assistant.page import words
from assistant.page.admin.library import MOST_FILES
from corpus.errors import InputError

_KEPT = 4 * MOST_FILES
"""Files that lie aside; older ones go. A trial and the upload after it need the same ones twice."""


@dataclass(frozen=True, slots=True)
class Given:
    """A file as it came: the name it had there, and where its content lies here."""

    name: str
    path: Path


class Uploads:
    """What was uploaded lately, by token."""

    def __init__(self, *, most: int = _KEPT) -> None:
        self._most = most
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._given: OrderedDict[str, Given] = OrderedDict()

    def add(self, name: str, data: bytes) -> str:
        """Its token."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="yibao-", ignore_cleanup_errors=True)
        token = secrets.token_urlsafe(16)
        path = Path(self._folder.name) / secrets.token_hex(16)
        path.write_bytes(data)
        self._given[token] = Given(name, path)
        while len(self._given) > self._most:
            _, old = self._given.popitem(last=False)
            old.path.unlink(missing_ok=True)
        return token

    def get(self, token: object) -> Given:
        """The file that a token stands for. Raises InputError for anything else."""
        given = self._given.get(token) if isinstance(token, str) else None
        if given is None:
            raise InputError(words.NOT_OURS)
        return given

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def add_uploads(app: FastAPI, uploads: Uploads) -> None:
    """Gradio's two doors, with tokens in place of paths. Before Gradio is mounted."""

    @app.post("/admin/gradio_api/upload", include_in_schema=False)
    async def upload(request: Request) -> list[str]:
        try:
            form = await request.form(max_files=MOST_FILES + 1, max_fields=0)
        except StarletteHTTPException:
            raise HTTPException(400, words.MANY_FILES.format(MOST_FILES)) from None
        tokens = []
        for one in form.getlist("files"):
            if isinstance(one, UploadFile):
                data = await one.read()
                tokens.append(await asyncio.to_thread(uploads.add, one.filename or "", data))
        await form.close()
        return tokens

    @app.get("/admin/gradio_api/upload_progress", include_in_schema=False)
    async def progress() -> StreamingResponse:
        # a file of a few MB is there before its progress could be told
        async def done() -> AsyncIterator[str]:
            yield f"data: {json.dumps({'msg': 'done'})}\n\n"

        return StreamingResponse(done(), media_type="text/event-stream")
