"""``POST …/suggest``: questions that can be answered, for what has been typed so far."""

from __future__ import annotations

import asyncio
import math
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.page import words
from assistant.page.admission import address_of, too_many
from assistant.page.chat import cleaned
from assistant.page.desk import Desk
from assistant.page.suggest import LONGEST

MOST = 10


class Suggest(BaseModel):
    """What has been typed, and how many questions are wanted."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[
        str,
        Field(max_length=LONGEST, description="已输入的文字", examples=["断缴两个"]),
        AfterValidator(cleaned),
    ]
    k: Annotated[int, Field(ge=1, le=MOST, description="返回几条")] = 6


def suggest_route(router: APIRouter, desk: Desk) -> None:
    """Add the door. It has a bucket of its own: typing must not cost the questions themselves. 429."""

    @router.post("/suggest", summary="按已输入的文字，给出可以回答的问题")
    async def suggest(wanted: Suggest, request: Request) -> dict[str, list[str]]:
        wait = desk.typing.take(address_of(request))
        if wait:
            seconds = math.ceil(wait)
            raise too_many(words.TOO_MANY_REQUESTS.format(seconds), seconds)

        def find() -> tuple[str, ...]:
            known = desk.suggesting.of(desk.clerk.retriever.index)
            return known.find(wanted.text, wanted.k)

        return {"suggestions": list(await asyncio.to_thread(find))}
