"""The small routes that the page's own script calls: open a source, a talk, a share link; rate.

They answer in a millisecond and need no queue. Whoever knows a talk's id may read it.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, Field

from assistant.page import words
from assistant.page.chat import cleaned, read_said
from assistant.page.counter import Guest, Work
from assistant.page.desk import Desk, load
from assistant.page.line import GoneError, LineFullError
from assistant.page.plain import plain
from assistant.page.render import blocks
from assistant.page.settings import Opening
from assistant.page.source import panel
from assistant.page.stock import article
from assistant.page.talks import Said, Talk, Turn
from corpus.errors import StoreError

T = TypeVar("T")

Key = Annotated[str, Field(max_length=64)]


class Place(BaseModel):
    """A turn of a talk."""

    talk: Key
    turn: Key


class SourceWanted(Place):
    """One citation (``3``) or statute (``l1``) of a turn."""

    key: Key


class Rating(Place):
    """What a reader thinks of an answer."""

    rating: Literal["up", "down"]
    reason: Literal["", "答案错误", "引用不符", "已过时", "没回答"] = ""
    comment: Annotated[str, Field(max_length=500)] = ""


class TalkWanted(BaseModel):
    """A talk by its id, and what was said in it in case the server does not know it any more."""

    talk: Key = ""
    said: list[Any] = Field(default_factory=list, max_length=200)


class ShareWanted(BaseModel):
    """A share link's token."""

    token: Key


def page_routes(desk: Desk) -> APIRouter:
    """``POST /page/…``; everything in JSON."""
    router = APIRouter(prefix="/page", include_in_schema=False)

    @router.post("/source")
    async def source(wanted: SourceWanted) -> dict[str, Any]:
        _, turn = await turn_of(desk, wanted)
        found = await asyncio.to_thread(
            panel,
            turn.answer,
            wanted.key,
            turn.answer.today or desk.today(),
            current=partial(article, desk.clerk.retriever.index),
        )
        if found is None:
            raise HTTPException(404, words.NOT_FOUND)
        return asdict(found)

    @router.post("/copy")
    async def copy(wanted: Place) -> dict[str, str]:
        _, turn = await turn_of(desk, wanted)
        return {"text": plain(turn.answer)}

    @router.post("/feedback")
    async def feedback(rating: Rating, request: Request) -> dict[str, bool]:
        _, turn = await turn_of(desk, rating)
        await ticket(desk, request, rating.talk)
        desk.metrics.feedback.labels(rating.rating).inc()
        generation = desk.generation
        desk.opinions.later(
            lambda: desk.journal.rate(
                turn.answer,
                rating=rating.rating,
                reason=rating.reason,
                comment=cleaned(rating.comment),
                generation=generation,
            )
        )
        return {"kept": True}

    @router.post("/share")
    async def share(wanted: Place, request: Request) -> dict[str, str]:
        talk, turn = await turn_of(desk, wanted)
        await ticket(desk, request, wanted.talk)
        said = [t.said for t in talk.turns[: talk.turns.index(turn) + 1]]
        return {"token": await _kept(desk.journal.share, said, desk.today())}

    @router.post("/shared")
    async def shared(wanted: ShareWanted, request: Request) -> dict[str, Any]:
        said = await _kept(desk.journal.shared, cleaned(wanted.token), desk.today())
        if said is None:
            raise HTTPException(404, words.SHARE_GONE)
        talk = await _replay(desk, said, request)
        # the answer that was shared; what led to it stays out of sight but is known
        talk.unseen = len(talk.turns) - 1
        desk.talks.keep(talk)
        return {
            "talk": talk.id,
            "turns": [_shown(t) for t in talk.shown],
            "note": words.SHARED,
        }

    @router.post("/talk")
    async def talk(wanted: TalkWanted, request: Request) -> dict[str, Any]:
        known = await desk.talks.get(wanted.talk)
        if known is None:
            said = read_said(wanted.said, limits=desk.limits)
            if not said:
                raise HTTPException(404, words.NOT_FOUND)
            known = await _replay(desk, said, request)
            desk.talks.keep(known)
        return {"talk": known.id, "turns": [_shown(t) for t in known.shown]}

    return router


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


def _shown(turn: Turn) -> dict[str, Any]:
    return {
        "turn": turn.key,
        "question": turn.said.question,
        "understood": turn.answer.understood or turn.said.question,
        "dropped": list(turn.said.dropped),
        "blocks": [str(block) for block in blocks(turn.answer, turn.key)],
    }


async def ticket(desk: Desk, request: Request, talk: str) -> None:
    """What is written down costs a ticket of the address, and one of the talk. 429."""
    wait = await desk.addresses.take(address_of(request))
    wait = math.ceil(wait or await desk.visitors.take(f"talk {talk}"))
    if wait:
        raise too_many(words.TOO_FAST.format(wait), wait)


def too_many(text: str, seconds: int) -> HTTPException:
    """429, with the seconds after which to come again where programs look for them."""
    return HTTPException(429, text, {"Retry-After": str(seconds)})


async def _kept(do: Callable[..., T], *arguments: Any) -> T:
    """Read or write the page's records. 503 where they are locked."""
    try:
        return await asyncio.to_thread(do, *arguments)
    except StoreError:
        raise HTTPException(503, words.RECORDS_LOCKED) from None


async def _replay(desk: Desk, said: tuple[Said, ...], request: Request) -> Talk:
    """A talk made anew; to be kept once it is as it is shown."""
    address = address_of(request)
    load_ = [load(one) for one in said]
    wait = math.ceil(await desk.addresses.take(address, cost=sum(load_)))
    if wait:
        raise too_many(words.TOO_MANY.format(wait), wait)
    try:
        work = Work(desk.replayed(said), load_)
        talk = await desk.counter.serve(Guest(address, gone=request.is_disconnected), work)
    except GoneError:
        raise HTTPException(499, words.GONE) from None
    except LineFullError:
        raise HTTPException(503, words.QUEUE_FULL) from None
    return talk


def open_to(opening: Opening, request: Request) -> None:
    """404 for whom a door is shut."""
    near = request.scope.get("yibao.near", False)
    if opening == "off" or (opening == "local" and not near):
        raise HTTPException(404)


def address_of(request: Request) -> str:
    """Where a request comes from, for limits only; it is never written down."""
    return request.client.host if request.client else "unknown"
