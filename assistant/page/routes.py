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
from assistant.page.admission import Key, Place, address_of, ticket, too_many, turn_of
from assistant.page.chat import cleaned, read_said
from assistant.page.counter import Guest, Work
from assistant.page.desk import Desk, load
from assistant.page.line import GoneError, LineFullError
from assistant.page.plain import plain
from assistant.page.render import blocks
from assistant.page.source import panel
from assistant.page.stock import article
from assistant.page.talks import Said, Talk, Turn
from corpus.errors import StoreError

T = TypeVar("T")


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


class _Doors:
    """What the page's script asks of one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def source(self, wanted: SourceWanted) -> dict[str, Any]:
        _, turn = await turn_of(self._desk, wanted)
        found = await asyncio.to_thread(
            panel,
            turn.answer,
            wanted.key,
            turn.answer.today or self._desk.today(),
            current=partial(article, self._desk.clerk.retriever.index),
        )
        if found is None:
            raise HTTPException(404, words.NOT_FOUND)
        return asdict(found)

    async def copy(self, wanted: Place) -> dict[str, str]:
        _, turn = await turn_of(self._desk, wanted)
        return {"text": plain(turn.answer)}

    async def feedback(self, rating: Rating, request: Request) -> dict[str, bool]:
        desk = self._desk
        _, turn = await turn_of(desk, rating)
        await ticket(desk, request, rating.talk)
        desk.metrics.feedback.labels(rating.rating).inc()
        rate = partial(
            desk.journal.rate,
            turn.answer,
            rating=rating.rating,
            reason=rating.reason,
            comment=cleaned(rating.comment),
            generation=desk.generation,
        )
        desk.opinions.later(rate)
        return {"kept": True}

    async def share(self, wanted: Place, request: Request) -> dict[str, str]:
        desk = self._desk
        talk, turn = await turn_of(desk, wanted)
        await ticket(desk, request, wanted.talk)
        said = [t.said for t in talk.turns[: talk.turns.index(turn) + 1]]
        return {"token": await _kept(desk.journal.share, said, desk.today())}

    async def shared(self, wanted: ShareWanted, request: Request) -> dict[str, Any]:
        desk = self._desk
        said = await _kept(desk.journal.shared, cleaned(wanted.token), desk.today())
        if said is None:
            raise HTTPException(404, words.SHARE_GONE)
        talk = await _replay(desk, said, request)
        # the answer that was shared; what led to it stays out of sight but is known
        talk.unseen = len(talk.turns) - 1
        desk.talks.keep(talk)
        return {**_talk_shown(talk), "note": words.SHARED}

    async def talk(self, wanted: TalkWanted, request: Request) -> dict[str, Any]:
        desk = self._desk
        known = await desk.talks.get(wanted.talk)
        if known is None:
            said = read_said(wanted.said, limits=desk.limits)
            if not said:
                raise HTTPException(404, words.NOT_FOUND)
            known = await _replay(desk, said, request)
            desk.talks.keep(known)
        return _talk_shown(known)


def page_routes(desk: Desk) -> APIRouter:
    """``POST /page/…``; everything in JSON."""
    router = APIRouter(prefix="/page", include_in_schema=False)
    doors = _Doors(desk)
    for door in (doors.source, doors.copy, doors.feedback, doors.share, doors.shared, doors.talk):
        router.post(f"/{door.__name__}")(door)
    return router


def _talk_shown(talk: Talk) -> dict[str, Any]:
    return {"talk": talk.id, "turns": [_shown(turn) for turn in talk.shown]}


def _shown(turn: Turn) -> dict[str, Any]:
    return {
        "turn": turn.key,
        "question": turn.said.question,
        "understood": turn.answer.understood or turn.said.question,
        "dropped": list(turn.said.dropped),
        "blocks": [str(block) for block in blocks(turn.answer, turn.key)],
    }


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
