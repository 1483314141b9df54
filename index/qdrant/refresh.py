"""A refresh of an engine in Qdrant: as ``index.refresh``, with points in the place of files.

    lease -> scan the files -> unite the articles -> draw what is new -> write beside -> move the pointer

Here is what a generation is to hold, and the report; ``index.qdrant.next`` writes it. Read are the files'
articles, because any may be a double of any; embedded and written is what changed, however much the
rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.errors import InputError, StoreError
from corpus.statutes import statutes
from index.build import Encoder, Progress, versions
from index.corrections import Correction
from index.ingest.types import Crew
from index.ledger import Item, Ledger, United, united
from index.qdrant.backend import Backend, OneOf
from index.qdrant.content import Content, Known, draw
from index.qdrant.ledger import read_ledger
from index.qdrant.making import Maker
from index.qdrant.pointer import Names, Pointer
from index.qdrant.schema import alive
from index.qdrant.writing import blocks
from index.report import Changes, RefreshReport
from index.request import Request
from index.sources import Scan

ROOMS = ("articles", "statutes")


@dataclass(frozen=True, slots=True)
class Plan:
    """A generation to come, before anything is written. ``old``: the one that it goes on from, None
    where it begins anew; ``before``: what that one knew of files; ``contents`` by room."""

    old: Pointer | None
    before: Ledger | None
    ledger: Ledger
    contents: Mapping[str, Content]
    report: RefreshReport


class Planning:
    """Works out what a refresh comes to. Writes nothing."""

    def __init__(
        self, backend: Backend, names: Names, encoder: Encoder, progress: Progress
    ) -> None:
        self._backend = backend
        self._names = names
        self._encoder = encoder
        self._progress = progress

    def __call__(self, pointer: Pointer | None, request: Request) -> Plan:
        """``pointer``: the current generation, None where there is none or it is not to be used."""
        request.start_reading()
        known = None
        if pointer is not None:
            known = read_ledger(self._backend, self._of(pointer)["sources"], pointer)
        if known is not None and request.rebuild and request.paths:
            # begun anew from the paths alone, but for what persons corrected
            request = request.keeping(_corrected(known))
            known = pointer = None
        found = request.scan(known, self._progress)
        ledger = Ledger.of(found.sources, known)
        old = None if request.rebuild else pointer
        held = {room: self._held(pointer, room) for room in ROOMS}
        together = self._united(ledger, known, old, sorted(held["articles"]))
        contents = self._contents(together.items, old, pointer, held)
        report = _report(pointer, found, ledger, together, contents["articles"])
        if report.status == "failed" and not found.sources:
            reasons = "；".join(str(s) for s in found.skipped[:3])
            raise InputError(f"没有读到任何文章，知识库没有改变：{reasons}")
        passages, embedded = self._sizes(old, contents, request.crew)
        report = replace(
            report,
            passages=passages,
            statutes=len(contents["statutes"].now),
            embedded=embedded,
        )
        return Plan(old, known, ledger, contents, report)

    def _united(
        self, ledger: Ledger, known: Ledger | None, old: Pointer | None, ids: Sequence[str]
    ) -> United:
        same = old is not None and old.versions.get("merge") == versions()["merge"]
        return united(ledger, known if same else None, ids)

    def _held(self, pointer: Pointer | None, room: str) -> dict[str, Known]:
        """What an engine holds of a room, by id."""
        if pointer is None:
            return {}
        fields = ("article", "id", "head", "sha")
        found = self._backend.scroll(self._of(pointer)[room], alive(pointer.number), fields)
        return {point.payload["id"]: Known.of(point) for point in found}

    def _contents(
        self,
        items: Sequence[Item],
        old: Pointer | None,
        pointer: Pointer | None,
        held: Mapping[str, Mapping[str, Known]],
    ) -> dict[str, Content]:
        laws = {article.id: article for article in statutes()}
        all_items = {"articles": items, "statutes": [Item(i, laws[i]) for i in sorted(laws)]}
        return {
            room: draw(
                room,
                all_items[room],
                held[room],
                was=old.versions if old is not None else {},
                now=versions(),
                line_of=lambda number: self._line(pointer, number),
                anew=old is None,
            )
            for room in ROOMS
        }

    def _line(self, pointer: Pointer | None, number: int) -> str:
        """The line of an article of a generation."""
        found = []
        if pointer is not None:
            found = self._backend.read(self._of(pointer)["articles"], [number], ("line",))
        if not found:
            raise StoreError("知识库里缺少一篇文章：请用 --rebuild 重建知识库。")
        return str(found[0].payload["line"])

    def _sizes(
        self, old: Pointer | None, contents: Mapping[str, Content], crew: Crew
    ) -> tuple[int, int]:
        """How many passages of articles there will be, and how many texts are to be turned into
        vectors; those of the epoch of ``old`` are found again."""
        known = self._of(old) if old is not None else {}
        maker = Maker(self._backend, known, self._encoder, crew, lambda _: None)
        passages = old.counts["passages"] if old is not None else 0
        missing: set[bytes] = set()
        for room, content in contents.items():
            for some in blocks(content.drawn):
                rows = [one.row for one in some]
                missing |= maker.missing(maker.texts(room, rows))
                passages += sum(len(row.passages) for row in rows) if room == "articles" else 0
        if old is not None:
            for dead in blocks([one.number for one in contents["articles"].gone.values()], 1000):
                where = (OneOf("article", dead), *alive(old.number))
                passages -= self._backend.count(known["passages"], where)
        return passages, len(missing)

    def _of(self, pointer: Pointer) -> dict[str, str]:
        return self._names.of(pointer.epoch)


def _corrected(known: Ledger) -> dict[str, Correction]:
    return {place: s.corrected for place, s in known.sources.items() if s.corrected}


def _report(
    pointer: Pointer | None, found: Scan, ledger: Ledger, together: United, articles: Content
) -> RefreshReport:
    whole = len({w.title for w in together.withheld if w.whole})
    return RefreshReport(
        generation=pointer.generation if pointer is not None else "",
        articles=_changes(articles),
        files=found.changes,
        merged=ledger.count() - len(articles.now) - whole,
        folded=together.folded,
        renamed=together.renamed,
        withheld=together.withheld,
        skipped=found.skipped,
        taken=found.taken,
    )


def _changes(articles: Content) -> Changes:
    """Of the articles, by id: what they say, where from, and what was drawn from them."""
    before, now = articles.before, articles.now
    same = {i for i, one in now.items() if i in before and before[i].sha == one.sha}
    return Changes(
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(sorted((now.keys() & before.keys()) - same)),
        removed=tuple(sorted(before.keys() - now.keys())),
        unchanged=len(same),
    )
