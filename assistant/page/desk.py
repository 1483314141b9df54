"""The desk: what every door of the page (chat, programs, MCP, admin) shares.

One Assistant, one counter, one set of limits, one set of transcripts; the last two are shared with
the other processes of the installation. All of it belongs to one event loop; only the assistant and
the state are called in worker threads.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.page.counter import Counter
from assistant.page.errands import Errands
from assistant.page.forget import forget
from assistant.page.journal import Journal
from assistant.page.key_ring import KeyRing
from assistant.page.limits import Limiter, Limits, weight
from assistant.page.metrics import Metrics
from assistant.page.places import Places
from assistant.page.presence import Presence
from assistant.page.seat import Seat
from assistant.page.settings import PageSettings
from assistant.page.shared import Shared
from assistant.page.shared_limits import SharedLimiter
from assistant.page.shared_talks import SharedTalks
from assistant.page.suggest import Suggesting
from assistant.page.talk_book import TalkBook
from assistant.page.talks import Said, Talk, Talks, new_talk, without
from assistant.page.types import Clerk
from assistant.page.writer import Writer
from assistant.talk import is_talk
from assistant.types import Answer
from index.types import Hit

log = logging.getLogger("yibao.page")
_READY_FOR = 1.0
"""Seconds: a search costs a processor, and health is asked for by whoever likes to."""

_SAYINGS = 1000
"""Talks that wait to be written down while nothing can be: some 100 kB each in memory."""


@dataclass(slots=True)
class Desk:
    """Made once per server by ``create_app``."""

    clerk: Clerk
    journal: Journal
    limits: Limits = field(default_factory=Limits)
    settings: PageSettings = field(default_factory=PageSettings)
    metrics: Metrics = field(default_factory=Metrics)
    today: Callable[[], date] = date.today
    shared: Shared = field(init=False)
    keys: KeyRing = field(init=False)
    talks: SharedTalks = field(init=False)
    counter: Counter = field(init=False)
    presence: Presence = field(init=False)
    errands: Errands = field(init=False)
    places: Places = field(default_factory=Places)
    suggesting: Suggesting = field(default_factory=Suggesting)
    counts: Writer = field(default_factory=Writer)
    opinions: Writer = field(default_factory=Writer)
    sayings: Writer = field(default_factory=lambda: Writer(most=_SAYINGS))
    _ready: float = field(default=0.0, init=False)
    visitors: SharedLimiter = field(init=False)
    addresses: SharedLimiter = field(init=False)
    typing: Limiter = field(init=False)
    seat: Seat = field(default_factory=Seat)
    boot: str = field(default_factory=lambda: secrets.token_hex(6))

    def __post_init__(self) -> None:
        self.shared = Shared(self.journal.state.live, self.limits.state_seconds)
        self.keys = KeyRing(self.settings.keys, self.settings.keys_file)
        book = TalkBook(self.shared.book, seconds=self.limits.kept_hours * 3600)
        here = Talks(most=self.limits.kept_turns)
        self.talks = SharedTalks(here, book, self.shared.aside, self.sayings)
        self.counter = Counter(self.limits, self.metrics)
        self.presence = Presence()
        visitors = Limiter(self.limits.visitor_rate, self.limits.visitor_burst)
        self.visitors = self.shared.limiter("visitor", visitors)
        rate, burst = self.limits.address_rate, self.limits.address_burst
        self.addresses = self.shared.limiter("address", Limiter(rate, burst, own=self.keys))
        self.errands = Errands(most=self.limits.kept_answers, seconds=self.limits.kept_seconds)
        self.typing = Limiter(self.limits.suggest_rate, self.limits.suggest_burst)

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

    def place(self, region: str | None) -> str | None:
        """The place that a program means. Raises InputError; may block for a moment."""
        return self.places.known(region, self.clerk.retriever)

    def replayed(self, said: Sequence[Said]) -> Iterator[Talk]:
        """A talk made anew from what was said in it: one more turn a step. Blocks."""
        talk = new_talk()
        for one in said:
            talk.add(one, self.ask(talk, one))
            yield talk

    @property
    def generation(self) -> str:
        """Which generation of the store answers now."""
        return self.clerk.retriever.index.generation

    async def ready(self) -> None:
        """Raises where the assistant cannot find anything now. Tried once a second at most."""
        if time.monotonic() < self._ready:
            return
        await asyncio.to_thread(self.clerk.retrieve, "医保断缴怎么补缴", 1)
        self._ready = time.monotonic() + _READY_FOR

    def note(self, door: str, answer: Answer, seconds: float | None) -> None:
        """Count an answer, and keep the question where it was refused; written by and by.
        ``seconds``: how long it was worked on; None where it was there already."""
        self.metrics.questions.labels(door, answer.status).inc()
        if seconds is not None:
            self.metrics.seconds.observe(seconds)
        today, about, generation = self.today(), subject(answer.hits), self.generation
        self.counts.later(lambda: self.journal.count(today, answer.status, about))
        if answer.status == "refused" and not is_talk(answer):
            self.opinions.later(lambda: self.journal.gap(answer, generation))

    @property
    def _writers(self) -> tuple[Writer, ...]:
        return self.counts, self.opinions, self.sayings

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until all notes are written, or that long; whether they are."""
        return all([writer.settle(seconds) for writer in self._writers])

    def close(self) -> None:
        """Write what can be written, end the threads, close the files."""
        for writer in self._writers:
            writer.close()
        self.counter.close()
        self.shared.close()
        self.journal.close()

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


def load(said: Said) -> float:
    """What a turn weighs: one from which something was taken back is asked twice."""
    return weight(said.question) * (2 if said.dropped else 1)


def subject(hits: Sequence[Hit]) -> str:
    """The subject folder of the best hit's article (``corpus/断缴与补缴/…``), or ""."""
    if not hits:
        return ""
    parts = hits[0].passage.article.id.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "corpus" else ""
