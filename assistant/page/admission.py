"""What a door of the page asks before it serves a request: where it comes from, whether it may come in,
and which turn of which talk it means."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import HTTPException, Request
from pydantic import BaseModel, Field

from assistant.page import words
from assistant.page.desk import Desk
from assistant.page.settings import Opening
from assistant.page.talks import Talk, Turn

Key = Annotated[str, Field(max_length=64)]


class Place(BaseModel):
    """A turn of a talk."""

    talk: Key
    turn: Key


def open_to(opening: Opening, request: Request) -> None:
    """404 for whom a door is shut."""
    near = request.scope.get("yibao.near", False)
    if opening == "off" or (opening == "local" and not near):
        raise HTTPException(404)


def address_of(request: Request) -> str:
    """Where a request comes from, for limits only; it is never written down."""
    return request.client.host if request.client else "unknown"


async def ticket(desk: Desk, request: Request, talk: str) -> None:
    """What is written down costs a ticket of the address, and one of the talk. 429."""
    wait = await desk.addresses.take(address_of(request))
    wait = math.ceil(wait or await desk.visitors.take(f"talk {talk}"))
    if wait:
        raise too_many(words.TOO_FAST.format(wait), wait)


def too_many(text: str, seconds: int) -> HTTPException:
    """429, with the seconds after which to come again where programs look for them."""
    return HTTPException(429, text, {"Retry-After": str(seconds)})


async def turn_of(desk: Desk, place: Place) -> tuple[Talk, Turn]:
    """The turn named, and its talk. 410 tells the browser to open the talk again from what was said
    in it."""
    talk = await desk.talks.get(place.talk)
    if talk is None:
        raise HTTPException(410, words.NOT_FOUND)
    turn = talk.turn(place.turn)
    if turn is None:
        raise HTTPException(404, words.NOT_FOUND)
    return talk, turn
