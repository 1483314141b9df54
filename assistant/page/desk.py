"""The desk: what every door of the page (chat, programs, MCP, admin) shares.

One Assistant, one line, one set of limits, one set of transcripts. All of it belongs to one event
loop; only the assistant itself is called in worker threads.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
import traceback
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from assistant.page.forget import forget
from assistant.page.journal import Journal
from assistant.page.limits import Limiter, Limits
from assistant.page.line import Line
from assistant.page.metrics import Metrics
from assistant.page.talks import Said, Talk, Talks, new_talk, without
from assistant.page.types import Clerk
from assistant.types import Answer
from index.types import Hit

log = logging.getLogger("yibao.page")
T = TypeVar("T")


@dataclass(slots=True)
class Desk:
    """Made once per server by ``create_app``."""

    clerk: Clerk
    journal: Journal
    limits: Limits = field(default_factory=Limits)
    metrics: Metrics = field(default_factory=Metrics)
    today: Callable[[], date] = date.today
    talks: Talks = field(init=False)
    line: Line = field(init=False)
    visitors: Limiter = field(init=False)
    addresses: Limiter = field(init=False)
    boot: str = field(default_factory=lambda: secrets.token_hex(6))

    def __post_init__(self) -> None:
        self.talks = Talks(most=self.limits.kept_turns)
        self.line = Line(served=self.limits.served, longest=self.limits.longest_line)
        self.visitors = Limiter(self.limits.visitor_rate, self.limits.visitor_burst)
        self.addresses = Limiter(self.limits.address_rate, self.limits.address_burst)

    async def waiting(self, client: str) -> AsyncGenerator[int, None]:
        """Stand in line; see ``Line.wait``. End it with ``self.line.leave()``."""
        async with aclosing(self.line.wait(client)) as places:
            async for ahead in places:
                self.metrics.waiting.set(len(self.line))
                yield ahead
        self.metrics.waiting.set(len(self.line))

    async def served(self, client: str, work: Callable[[], T]) -> T:
        """Stand in line, do the work in a thread, leave. Raises ``LineFullError``."""
        async for _ in self.waiting(client):
            pass
        try:
            return await asyncio.to_thread(work)
        finally:
            self.line.leave()

    def ask(self, talk: Talk, said: Said) -> Answer:
        """The answer to what was said, in its talk; the talk itself is not changed. Blocks."""
        history = talk.history(said.dropped)
        if not said.dropped:
            return self.clerk.ask(said.question, history)
        known = self.clerk.ask(said.question, history).context
        text = forget(said.question, said.dropped, known)
        history = tuple(_forgotten(turn.answer, said.dropped) for turn in talk.turns)
        answer = without(self.clerk.ask(text, history), said.dropped)
        return replace(answer, question=said.question)

    def replayed(self, said: Sequence[Said]) -> Talk:
        """A talk made anew from what was said in it. Blocks."""
        talk = new_talk()
        for one in said:
            talk.add(one, self.ask(talk, one))
        return talk

    @property
    def generation(self) -> str:
        """Which generation of the store answers now."""
        return self.clerk.retriever.index.generation

    async def ready(self) -> None:
        """Raises where the assistant cannot find anything now."""
        await asyncio.to_thread(self.clerk.retrieve, "医保断缴怎么补缴", 1)

    def note(self, door: str, answer: Answer, seconds: float) -> None:
        """Count an answer, and keep the question where it was refused. Blocks for a small write."""
        self.metrics.questions.labels(door, answer.status).inc()
        self.metrics.seconds.observe(seconds)
        try:
            self.journal.count(self.today(), answer.status, subject(answer.hits))
            if answer.status == "refused":
                self.journal.gap(answer, self.generation)
        except Exception:
            self.failed()

    def failed(self) -> str:
        """Log the failure being handled and give its id. What people wrote stays out of the log."""
        failure = secrets.token_hex(4)
        self.metrics.failures.inc()
        log.error("failure %s\n%s", failure, _where())
        return failure


def _where() -> str:
    """Files, lines and the type of the error being handled, without its message."""
    kind, _, trace = sys.exc_info()
    name = kind.__name__ if kind else "unknown"
    return "".join(traceback.format_tb(trace)) + name


def _forgotten(answer: Answer, dropped: tuple[str, ...]) -> Answer:
    """An earlier answer as if the parts had never been said."""
    bare = without(answer, dropped)
    return replace(
        bare,
        understood=forget(answer.understood, dropped, answer.context),
        context=replace(bare.context, topic=forget(answer.context.topic, dropped, answer.context)),
    )


def subject(hits: Sequence[Hit]) -> str:
    """The subject folder of the best hit's article (``corpus/断缴与补缴/…``), or ""."""
    if not hits:
        return ""
    parts = hits[0].passage.article.id.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "corpus" else ""
