"""One question through the chat: limits, the line, the answer, and its blocks as they stream.

Frames go to the browser. Each carries all blocks so far, so that a lost frame costs nothing; the
browser adds those that it does not have. The generator never raises: a failure is an apology.
"""

from __future__ import annotations

import asyncio
import json
import math
import unicodedata
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any, Literal

from markupsafe import Markup

from assistant.page import words
from assistant.page.counter import Gone, Guest, Work
from assistant.page.desk import Desk, load
from assistant.page.keys import by_key
from assistant.page.limits import Limits, weight, weights
from assistant.page.line import GoneError, LineFullError, stays
from assistant.page.render import blocks
from assistant.page.talks import PARTS, Said, Talk, new_talk
from assistant.types import Answer

PAUSE = 0.08
"""Seconds between blocks: an answer is ready at once; shown block by block it can be read along."""

State = Literal["waiting", "streaming", "done", "notice", "failed"]
LAST: tuple[State, ...] = ("done", "notice", "failed")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the browser asks for. ``talk`` and ``said`` name the talk that it belongs to;
    ``again`` replaces a turn instead of adding one: ``replaces``, or the last where that is ""."""

    question: str
    talk: str = ""
    said: tuple[Said, ...] = ()
    dropped: tuple[str, ...] = ()
    again: bool = False
    replaces: str = ""
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the browser shows now. ``note`` is a word beside the blocks (the place in the line)."""

    ticket: str
    state: State
    talk: str = ""
    turn: str = ""
    blocks: tuple[str, ...] = ()
    note: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def read_wish(question: object, envelope: object, *, limits: Limits) -> Wish:
    """A wish out of what the browser sent; anything odd in it counts as absent."""
    try:
        data: Any = json.loads(envelope) if isinstance(envelope, str) else {}
    except ValueError:
        data = {}
    if not isinstance(data, dict):
        data = {}
    asked = data.get("question") or question
    return Wish(
        question=cleaned(asked).strip() if isinstance(asked, str) else "",
        talk=_short(data.get("talk")),
        said=read_said(data.get("said"), limits=limits),
        dropped=_parts(data.get("dropped")),
        again=data.get("again") is True,
        replaces=_short(data.get("replaces")),
        ticket=_short(data.get("ticket")),
    )


def read_said(value: object, *, limits: Limits) -> tuple[Said, ...]:
    """``[[question, [dropped, …]], …]`` as the browser keeps it; no more than a talk may hold."""
    if not isinstance(value, list):
        return ()
    said = [
        Said(cleaned(one[0]), _parts(one[1]))
        for one in value
        if isinstance(one, list)
        and len(one) == 2
        and isinstance(one[0], str)
        and cleaned(one[0]).strip()
        and len(one[0]) <= limits.question_chars
    ]
    return tuple(said[-limits.turns :])


def _short(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= 64 else ""


def _parts(value: object) -> tuple[str, ...]:
    return tuple(p for p in PARTS if p in value) if isinstance(value, list) else ()


async def stream(
    desk: Desk, wish: Wish, visitor: str, address: str, gone: Gone = stays
) -> AsyncGenerator[Frame, None]:
    """Frames of one answer, the last of them ``done``, ``notice`` or ``failed``; none more for a
    reader who has gone."""
    try:
        refusal = await turned_away(desk, wish.question, visitor=visitor, address=address)
        if refusal:
            yield notice(wish, refusal.text)
            return
        async with aclosing(_served(desk, wish, Guest(address, visitor, gone))) as frames:
            async for frame in frames:
                yield frame
    except GoneError:
        desk.metrics.refused.labels("gone").inc()
    except LineFullError:
        desk.metrics.refused.labels("line").inc()
        yield notice(wish, words.QUEUE_FULL)
    except Exception:
        apology = words.APOLOGY.format(desk.failed())
        yield Frame(wish.ticket, "failed", talk=wish.talk, blocks=(_notice(apology),))


def cleaned(text: str) -> str:
    """Without control characters and lone halves of a character: no font shows them, and the
    latter cannot be written anywhere."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not taken, in a kind word; ``seconds`` until it would be, 0 for never."""

    text: str
    seconds: int = 0


async def turned_away(
    desk: Desk, question: str, *, visitor: str, address: str, earlier: Sequence[str] = ()
) -> Refusal | None:
    """Why a question is not taken, or None. ``earlier``: questions asked before it in the same
    request, which cost as much."""
    if not all(one.strip() for one in (question, *earlier)):
        return Refusal(words.EMPTY)
    if max(map(len, (question, *earlier))) > desk.limits.question_chars:
        desk.metrics.refused.labels("length").inc()
        return Refusal(words.TOO_LONG.format(desk.limits.question_chars))
    wait = math.ceil(await desk.addresses.take(address, cost=sum(weights((question, *earlier)))))
    if wait:
        desk.metrics.refused.labels("address").inc()
        text = words.KEY_TOO_MANY if by_key(address) else words.TOO_MANY
        return Refusal(text.format(wait), wait)
    wait = math.ceil(await desk.visitors.take(visitor, cost=weight(question))) if visitor else 0
    if wait:
        desk.metrics.refused.labels("visitor").inc()
        return Refusal(words.TOO_FAST.format(wait), wait)
    return None


def notice(wish: Wish, text: str) -> Frame:
    """A word to the reader in place of an answer; no turn is made."""
    return Frame(wish.ticket, "notice", talk=wish.talk, blocks=(_notice(text),))


def _notice(text: str) -> str:
    return str(Markup('<p class="block notice">{}</p>').format(text))


async def _served(desk: Desk, wish: Wish, guest: Guest) -> AsyncGenerator[Frame, None]:
    known = await desk.talks.get(wish.talk)
    if known is None and wish.said:
        wait = await desk.addresses.take(guest.address, cost=sum(map(load, wish.said)))
        if wait:
            yield notice(wish, words.TOO_MANY.format(math.ceil(wait)))
            return
    yield Frame(wish.ticket, "waiting", talk=wish.talk, note=words.LOOKING)
    said = Said(wish.question, wish.dropped)
    before = () if known else wish.said
    work = Work(_steps(desk, wish, known), [*map(load, before), load(said)])
    async with aclosing(desk.counter.places(guest, work)) as places:
        async for ahead in places:
            note = words.WAITING.format(ahead) if ahead else words.LOOKING
            yield Frame(wish.ticket, "waiting", talk=wish.talk, note=note)
    talk, answer = work.result
    if answer is None:
        yield notice(wish, words.TALK_FULL)
        return
    if wish.again and known:
        talk.take_back(wish.replaces)
    turn = talk.add(said, answer)
    desk.talks.keep(talk)
    desk.metrics.talks.set(len(desk.talks))
    desk.note("page", answer, work.seconds)
    whole = tuple(str(block) for block in blocks(answer, turn.key))
    for shown in _portions(len(whole), busy=len(desk.counter.line) > 0):
        yield Frame(wish.ticket, "streaming", talk.id, turn.key, whole[:shown])
        await asyncio.sleep(PAUSE)
    yield Frame(wish.ticket, "done", talk.id, turn.key, whole)


def _portions(n: int, *, busy: bool) -> Iterator[int]:
    """How many blocks are shown in each frame but the last: two, then two more at a time. A frame
    costs the server some 5 ms, so while others wait in line an answer comes in one piece."""
    return iter(()) if busy else iter(range(2, n, 2))


def _steps(desk: Desk, wish: Wish, known: Talk | None) -> Iterator[tuple[Talk, Answer | None]]:
    """The talk (replayed where it is not known) and in the end the answer; None where the talk is
    full. A question a step. Blocks."""
    talk = known or new_talk()
    if known is None:
        for talk in desk.replayed(wish.said):
            yield talk, None
    before = Talk(talk.id, list(talk.turns), talk.made)
    if wish.again and known:  # what is made again holds only what was said before
        before.take_back(wish.replaces)
    if len(before.turns) >= desk.limits.turns:
        yield talk, None
        return
    yield talk, desk.ask(before, Said(wish.question, wish.dropped))
