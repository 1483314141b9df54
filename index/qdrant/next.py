"""The next generation: counted, written beside the current one, checked, made current.

Whoever is killed before the last step leaves the old one in force; the next refresh undoes the rest
(``index.qdrant.sweeping.recover``).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index.build import Encoder, Progress, identified, versions
from index.ingest.types import Crew
from index.late import TokenEncoder
from index.postings import Segmenter
from index.qdrant.backend import Backend, OneOf
from index.qdrant.content import Content, Drawn, renumbered
from index.qdrant.ledger import changed, place_number, source_points
from index.qdrant.making import Maker
from index.qdrant.pointer import Frequencies, Names, Pointer
from index.qdrant.refresh import ROOMS, Plan
from index.qdrant.schema import alive
from index.qdrant.statistics import Counts
from index.qdrant.sweeping import waiting
from index.qdrant.tally import Tally
from index.qdrant.terms import Cut
from index.qdrant.writing import BLOCK, Writing, blocks
from index.records import encode
from index.table import Row

KINDS = {"articles": ("passages", "questions", "articles"), "statutes": ("statutes",)}
"""The collections that the articles of a room stand in."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a refresh works with. ``parts``: the blobs of frequencies of a generation, by the first of
    their ids; ``renew``: see ``index.qdrant.lease``."""

    backend: Backend
    names: Names
    encoder: Encoder
    words: Segmenter
    progress: Progress
    parts: Callable[[Frequencies], Mapping[int, Counts]]
    renew: Callable[[], None]
    crew: Crew
    grace: float


def same(plan: Plan) -> bool:
    """Whether the generation that is current is what the plan comes to."""
    old, before = plan.old, plan.before
    return (
        old is not None
        and before is not None
        and dict(old.versions) == versions()
        and not any(c.drawn or c.gone for c in plan.contents.values())
        and before.sources == dict(plan.ledger.sources)
        and dict(old.resting) == encode(plan.ledger.resting)
    )


def identity(plan: Plan, encoder: Encoder) -> str:
    """That of the generation to come: in a folder it would be the same."""
    tokens = {"articles": isinstance(encoder, TokenEncoder), "statutes": False}
    rooms = [
        (tokens[room], [known.sha for _, known in sorted(plan.contents[room].now.items())])
        for room in ROOMS
    ]
    return identified(encoder.model, rooms)


class Next:
    """Writes what a ``Plan`` comes to after ``last``, the generation that is current (None: the first)."""

    def __init__(self, tools: Tools, plan: Plan, last: Pointer | None, number: int) -> None:
        self._tools = tools
        self._plan = plan
        self._last = last
        self._number = number
        self._epoch = plan.old.epoch if plan.old is not None else str(number)
        self._writing = Writing(tools.backend, tools.names, self._epoch, number, tools.renew)
        known = tools.names.of(plan.old.epoch) if plan.old is not None else {}
        self._maker = Maker(tools.backend, known, tools.encoder, tools.crew, self._embedded)
        self._done = 0

    def _embedded(self, more: int) -> None:
        self._done += more
        self._tools.progress("passages", self._done, max(self._done, self._plan.report.embedded))

    def write(self) -> Pointer:
        """Everything but the move of the pointer to what is returned."""
        plan, tools = self._plan, self._tools
        if plan.old is None:
            self._writing.begin(tools.encoder.dimension)
        frequencies = {}
        tallies = {}
        for room in ROOMS:
            content = self._numbered(room, plan.contents[room])
            frequencies[room], tallies[room] = self._room(room, content)
        self._sources()
        return self._pointer(frequencies, tallies)

    def _numbered(self, room: str, content: Content) -> Content:
        """With numbers that nothing has which may still be read."""
        if self._plan.old is None:
            return content
        kind, taken = self._tools.names.of(self._epoch)[room], set()
        for some in blocks(content.drawn, 1000):
            where = (OneOf("article", [one.known.number for one in some]),)
            found = self._tools.backend.scroll(kind, where, ("article",))
            taken |= {int(point.payload["article"]) for point in found}
        return renumbered(content, taken, self._number)

    def _room(self, room: str, content: Content) -> tuple[Frequencies, tuple[Tally, Tally]]:
        old, writing = self._plan.old, self._writing
        known = old.frequencies[room] if old is not None else None
        if old is not None and known and old.versions.get("words") != versions()["words"]:
            writing.bury_blobs(known)
            known = None
        came, went = Tally(), Tally()
        cuts = self._counted(came, content.drawn)
        if old is not None:
            went.add(self._gone(old, room, content), self._tools.words)
        parts = self._tools.parts(known) if known is not None else {}
        frequencies = writing.frequencies(known, parts, came, went)
        means = np.array(frequencies.means)
        writing.articles(room, content.drawn, cuts, means, self._maker)
        writing.bury(KINDS[room], [one.number for one in content.gone.values()] if old else [])
        return frequencies, (came, went)

    def _counted(self, came: Tally, drawn: Sequence[Drawn]) -> list[list[Cut]]:
        cuts: list[list[Cut]] = []
        for some in blocks(drawn, BLOCK):
            cuts += came.add(((one.known.number, one.row) for one in some), self._tools.words)
            self._tools.progress("words", len(cuts), len(drawn))
        return cuts

    def _gone(self, old: Pointer, room: str, content: Content) -> Iterable[tuple[int, Row]]:
        """The rows that go, each with its number."""
        collection = self._tools.names.of(old.epoch)[room]
        numbers = [known.number for known in content.gone.values()]
        for some in blocks(numbers, 1000):
            where = (OneOf("article", some), *alive(old.number))
            found = self._tools.backend.scroll(collection, where, ("article", "line"))
            lines = {int(point.payload["article"]): point.payload["line"] for point in found}
            yield from ((number, Row.from_line(line)) for number, line in lines.items())

    def _sources(self) -> None:
        before = self._plan.before.sources if self._plan.before and self._plan.old else {}
        ledger = self._plan.ledger
        new = list(changed(ledger, before))
        gone = [p for p in before if p not in ledger.sources]
        self._writing.put("sources", source_points(ledger, new, self._number))
        dead = [place_number(p) for p in (*gone, *(s.place for s in new))]
        self._writing.bury(("sources",), dead)

    def _pointer(
        self,
        frequencies: Mapping[str, Frequencies],
        tallies: Mapping[str, tuple[Tally, Tally]],
    ) -> Pointer:
        plan, tools, old, last = self._plan, self._tools, self._plan.old, self._last
        now = time.time()
        came, went = tallies["articles"]
        regions = Counter(old.regions if old is not None else {})
        regions.update(came.regions)
        regions.subtract(went.regions)
        fixed = {i: f for i, f in old.fixed.items() if i not in went.fixed} if old else {}
        past = (*waiting(last, tools.grace), (last.number, now)) if last is not None else ()
        return Pointer(
            number=self._number,
            epoch=self._epoch,
            generation=identity(plan, tools.encoder),
            model=tools.encoder.model,
            dimension=tools.encoder.dimension,
            versions=versions(),
            counts=_counts(old.counts if old is not None else {}, tallies),
            regions={region: n for region, n in sorted(regions.items()) if n},
            fixed={**fixed, **came.fixed},
            frequencies=frequencies,
            resting=encode(plan.ledger.resting),
            since=now,
            past=past,
        )


def _counts(
    before: Mapping[str, int], tallies: Mapping[str, tuple[Tally, Tally]]
) -> dict[str, int]:
    """Articles, passages and questions of both rooms, as they are now."""
    now: Counter[str] = Counter(before)
    for room, prefix in (("articles", ""), ("statutes", "statute_")):
        for tally, sign in zip(tallies[room], (1, -1), strict=True):
            now[room] += sign * tally.articles
            now[f"{prefix}passages"] += sign * tally.passages
            now[f"{prefix}questions"] += sign * tally.questions
    return dict(now)
