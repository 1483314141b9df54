"""One refresh from the lease to the move of the pointer, or a trial that leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from corpus.errors import StoreError
from index.build import Encoder, Progress
from index.engine import Checks
from index.ingest.types import Crew
from index.postings import Segmenter
from index.qdrant.backend import Backend
from index.qdrant.lease import refreshing
from index.qdrant.next import Next, Tools, identity, same
from index.qdrant.pointer import (
    Frequencies,
    Names,
    Pointer,
    check_model,
    move,
    number_now,
    read_pointer,
)
from index.qdrant.refresh import Plan, Planning
from index.qdrant.schema import STATE
from index.qdrant.statistics import Counts
from index.qdrant.sweeping import recover, sweep
from index.report import CheckChange, RefreshReport
from index.request import Request
from index.types import Index


class Job:
    """What the steps of one refresh share. ``generation`` opens one; ``parts``: see ``Tools``."""

    def __init__(
        self,
        backend: Backend,
        names: Names,
        address: str,
        encoder: Encoder,
        words: Segmenter,
        progress: Progress,
        checks: Checks | None,
        *,
        generation: Callable[[Pointer], Index],
        parts: Callable[[Frequencies], Mapping[int, Counts]],
        crew: Crew,
        grace: float,
    ) -> None:
        self._backend = backend
        self._names = names
        self._address = address
        self._checks = checks
        self._generation = generation
        self._planning = Planning(backend, names, encoder, progress)
        self._tools = Tools(
            backend, names, encoder, words, progress, parts, lambda: None, crew, grace
        )

    def run(self, request: Request) -> RefreshReport:
        """Refresh; the pointer is moved last of all."""
        if self._names.state not in self._backend.collections():
            self._backend.create(self._names.state, STATE)
        with refreshing(self._backend, self._names, self._address) as renew:
            was = number_now(self._backend, self._names)
            last = self._last(request)
            recover(self._backend, self._names, was, last)
            if last is not None:
                sweep(self._backend, self._names, last, self._tools.grace)
            plan = self._planned(last, request)
            if same(plan):
                return plan.report
            new = self._next(plan, last, was, renew).write()
            changed = self._compared(last, new)
            move(self._backend, self._names, self._address, new, was)
        return replace(plan.report, switched=True, checks=changed)

    def trial(self, request: Request) -> RefreshReport:
        """What a refresh would do. The generation to come is written only where checks are to be
        asked of it, and then undone."""
        last = self._last(request)
        plan = self._planned(last, request)
        report = replace(plan.report, dry_run=True)
        if self._checks is None or last is None or same(plan):
            return report
        with refreshing(self._backend, self._names, self._address) as renew:
            was = number_now(self._backend, self._names)
            try:
                new = self._next(plan, last, was, renew).write()
                return replace(report, checks=self._compared(last, new))
            finally:
                recover(self._backend, self._names, was, last)

    def _last(self, request: Request) -> Pointer | None:
        """The current generation; None where there is none, or none that can be read and everything
        is given anew."""
        try:
            return read_pointer(self._backend, self._names, self._address)
        except StoreError:
            if request.rebuild and request.paths:
                return None
            raise

    def _planned(self, last: Pointer | None, request: Request) -> Plan:
        if last is not None and not request.rebuild:
            model = self._tools.encoder.model
            check_model(last, model, self._address, same=model == last.model)
        plan = self._planning(last, request)
        generation = identity(plan, self._tools.encoder)
        return replace(plan, report=replace(plan.report, generation=generation))

    def _next(self, plan: Plan, last: Pointer | None, was: int, renew: Callable[[], None]) -> Next:
        return Next(replace(self._tools, renew=renew), plan, last, was + 1)

    def _compared(self, last: Pointer | None, new: Pointer) -> tuple[CheckChange, ...]:
        """The check questions that the two generations answer differently."""
        if self._checks is None or last is None:
            return ()
        before, after = self._checks(self._generation(last)), self._checks(self._generation(new))
        return tuple(
            CheckChange(question, before[question], after[question])
            for question in before
            if question in after and not before[question].like(after[question])
        )
