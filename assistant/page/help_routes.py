"""``POST /page/person``, ``/page/slip`` and ``/page/suggest``: whom to turn to, the slip as a Word file,
and questions while one is typed."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict

from assistant.page import words
from assistant.page.admission import Key, Place, address_of, ticket, turn_of
from assistant.page.desk import Desk
from assistant.page.office import offices
from assistant.page.person import person_html
from assistant.page.slip import Slip, slip_of, slip_word
from assistant.page.suggest_route import suggest_route
from assistant.page.talks import Turn
from assistant.page.word import KIND
from assistant.talk import is_talk
from corpus.types import NATIONAL


class PersonWanted(BaseModel):
    """A turn of a talk, or neither: before anything was asked."""

    model_config = ConfigDict(extra="forbid")
    talk: Key = ""
    turn: Key = ""


def help_routes(desk: Desk) -> APIRouter:
    """The two doors; a talk that is not known any more is 410, as at the other doors of a talk."""
    router = APIRouter(prefix="/page", include_in_schema=False)

    @router.post("/person")
    async def person(wanted: PersonWanted, request: Request) -> dict[str, Any]:
        await ticket(desk, request, wanted.talk or address_of(request))
        named = Place(talk=wanted.talk, turn=wanted.turn)
        turns = await _until(desk, named) if wanted.turn else []
        place = _place(turns)
        index = desk.clerk.retriever.index
        found = await asyncio.to_thread(offices, index, place, desk.today()) if place else ()
        return {"html": str(person_html(place, found, _slip(desk, turns)))}

    @router.post("/slip")
    async def slip(wanted: Place, request: Request) -> Response:
        await ticket(desk, request, wanted.talk)
        made = _slip(desk, await _until(desk, wanted))
        if made is None:
            raise HTTPException(404, words.NO_SLIP)
        named = f"attachment; filename=\"yibao.docx\"; filename*=UTF-8''{quote(words.SLIP)}.docx"
        headers = {"content-disposition": named, "cache-control": "no-store"}
        return Response(slip_word(made), media_type=KIND, headers=headers)

    # the page has a door of its own: that of the programs may ask for a key
    suggest_route(router, desk)
    return router


async def _until(desk: Desk, place: Place) -> list[Turn]:
    """The turns of a talk that its reader has seen, up to the one named."""
    talk, turn = await turn_of(desk, place)
    return talk.shown[: talk.shown.index(turn) + 1]


def _slip(desk: Desk, turns: list[Turn]) -> Slip | None:
    return slip_of(turns, desk.today())


def _place(turns: list[Turn]) -> str | None:
    """Where the asker is insured, by the last turn that asked something."""
    asked = [turn.answer for turn in turns if not is_talk(turn.answer)]
    region = asked[-1].context.region if asked else None
    return region if region != NATIONAL else None
