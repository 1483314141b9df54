"""An engine in Qdrant: ``index.engine.Engine``. ``QdrantEngine.at("qdrant://…")``."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic, time

from corpus.errors import StoreError
from corpus.reading import Trust
from corpus.settings import Settings
from corpus.words import words as shared_words
from index.build import Encoder, Progress, versions
from index.corrections import Correction
from index.encoder import same_family
from index.engine import Checks
from index.ingest.types import Crew
from index.late import basis_version
from index.postings import Segmenter
from index.qdrant import blobs
from index.qdrant.backend import Backend
from index.qdrant.copying import load, save
from index.qdrant.generation import Generation
from index.qdrant.job import Job
from index.qdrant.ledger import read_sources
from index.qdrant.opening import Address, connect, disconnect
from index.qdrant.pointer import Frequencies, Names, Pointer, check_model, read_pointer
from index.qdrant.rows import Rows
from index.qdrant.statistics import Counts, Statistics
from index.qdrant.sweeping import sweep
from index.qdrant.verify import Verifying
from index.report import RefreshReport
from index.request import Request
from index.sources import SourceFile
from index.status import StoreStatus
from index.verify import Verification

log = logging.getLogger(__name__)
AT_ONCE = 8
"""Requests to a server that wait at the same time."""
_AFTER = 0.05
"""Seconds after the grace period: clocks and timers are not that exact."""


class QdrantEngine:
    """The generations in one Qdrant. Safe for threads."""

    def __init__(self, backend: Backend, at: Address) -> None:
        self._backend = backend
        self._at = at
        self._names = Names(at.name)
        self._pool = ThreadPoolExecutor(AT_ONCE, "qdrant") if at.url else None
        self._lock = threading.Lock()
        self._rows: dict[str, Rows] = {}
        self._blobs: dict[int, Counts] = {}
        self._sweeps: list[threading.Timer] = []
        self._swept = 0.0

    @classmethod
    def at(cls, address: str) -> QdrantEngine:
        """The engine of an address (``index.qdrant.opening``). Raises ``InputError`` for one that is
        none, ``StoreError`` where it cannot be reached."""
        at = Address.read(address)
        return cls(connect(at), at)

    @property
    def address(self) -> str:
        return self._at.text

    def exists(self) -> bool:
        return self._names.state in self._backend.collections() and self._pointer() is not None

    def open(self, *, model: str | None = None) -> Generation:
        pointer = self._current()
        if model is not None:
            same = same_family(model, pointer.model)
            check_model(pointer, model, self.address, same=same)
        if pointer.versions.get("tokens") != basis_version():
            raise StoreError(
                f"知识库 {self.address} 的词语向量由另一版程序生成，不能与现在的问题相比："
                f"请运行 {self._command()} 使知识库同步。"
            )
        self._sweep_later(pointer)
        return self._generation(pointer)

    def refresh(
        self,
        paths: Sequence[str | Path] = (),
        *,
        encoder: Encoder,
        words: Segmenter | None = None,
        settings: Settings | None = None,
        remove: bool = False,
        rebuild: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
        checks: Checks | None = None,
        trust: Trust | None = None,
        brought: str = "",
        corrections: Mapping[str | Path, Correction] | None = None,
        stands_for: Mapping[str | Path, str | Path] | None = None,
        restored: Mapping[str, bytes] | None = None,
        crew: Crew | None = None,
    ) -> RefreshReport:
        request = Request.of(
            paths,
            settings,
            remove=remove,
            rebuild=rebuild,
            dry_run=dry_run,
            trust=trust,
            brought=brought,
            corrections=corrections,
            stands_for=stands_for,
            restored=restored,
            crew=crew,
        )
        begun = monotonic()
        job = Job(
            self._backend,
            self._names,
            self.address,
            encoder,
            words or shared_words(settings),
            progress or (lambda *_: None),
            checks,
            generation=self._generation,
            parts=self._parts,
            crew=request.crew,
            grace=self._at.grace,
        )
        report = job.trial(request) if dry_run else job.run(request)
        if report.switched:
            self._sweep_later(self._current())
        return replace(report, seconds=round(monotonic() - begun, 3))

    def status(self) -> StoreStatus:
        pointer, now = self._current(), versions()
        return StoreStatus(
            store=self.address,
            generation=pointer.generation,
            since=datetime.fromtimestamp(pointer.since).astimezone(),
            model=pointer.model,
            dimension=pointer.dimension,
            counts=pointer.counts,
            search={},
            bytes=None,
            outdated=tuple(v for v in now if pointer.versions.get(v) != now[v]),
            mend=self._command(),
        )

    def verify(
        self,
        *,
        encoder: Encoder | None = None,
        words: Segmenter,
        every: bool = False,
        progress: Callable[[str, int, int], object] = lambda *_: None,
    ) -> Verification:
        pointer = self._current()
        counts = {room: self._whole(f) for room, f in pointer.frequencies.items()}
        looking = Verifying(
            self._backend,
            self._names,
            pointer,
            counts,
            encoder=encoder,
            words=words,
            every=every,
            progress=progress,
        )
        problems: list[str] = []
        try:
            problems += looking.problems()
        except StoreError as error:
            problems.append(str(error))
        mend = self._command(rebuild=True)
        return Verification(pointer.generation, tuple(problems), mend, looking.checked)

    def sources(self) -> Mapping[str, SourceFile]:
        pointer = self._current()
        collection = self._names.of(pointer.epoch)["sources"]
        return read_sources(self._backend, collection, pointer.number)

    @property
    def in_memory(self) -> bool:
        """Whether what it holds ends with this process."""
        return self._at.local and self._at.folder is None

    def save(self, folder: Path) -> str:
        """The current generation as files of ``index.qdrant.copying``; gives its identity."""
        return save(self._backend, self._names, self.address, folder)

    def load(self, folder: Path) -> None:
        """Make what ``save`` wrote the current generation. Whoever opens it next sweeps the one before."""
        load(self._backend, self._names, self.address, folder, self._at.grace)

    def close(self) -> None:
        """Let go of everything; an engine in a folder can then be opened by another process. What
        died and waits is swept by whoever opens it next."""
        for timer in self._sweeps:
            timer.cancel()
        self.settle()  # the local mode ends the process where it is closed under a sweep
        if self._pool is not None:
            self._pool.shutdown()
        disconnect(self._backend)

    def _pointer(self) -> Pointer | None:
        return read_pointer(self._backend, self._names, self.address)

    def _current(self) -> Pointer:
        pointer = self._pointer()
        if pointer is None:
            raise StoreError(
                f"{self.address} 里没有知识库：请运行 "
                f"python -m index refresh corpus/articles --engine {self.address} 建立。"
            )
        return pointer

    def _command(self, *, rebuild: bool = False) -> str:
        end = " --rebuild" if rebuild else ""
        return f"python -m index refresh --engine {self.address}{end}"

    def _generation(self, pointer: Pointer) -> Generation:
        collections = self._names.of(pointer.epoch)
        with self._lock:
            rows = {
                room: self._rows.setdefault(
                    collections[room], Rows(self._backend, collections[room])
                )
                for room in ("articles", "statutes")
            }
            self._rows = {c: r for c, r in self._rows.items() if c in collections.values()}
        sizes = {"articles": "passages", "statutes": "statute_passages"}
        statistics = {}
        for room, frequencies in pointer.frequencies.items():
            size = pointer.counts[sizes[room]]
            statistics[room] = Statistics(self._whole(frequencies), size)
        return Generation(self._backend, self._names, pointer, rows, statistics, self._pool)

    def _whole(self, frequencies: Frequencies) -> Counts:
        return Counts.total((1, one) for one in self._parts(frequencies).values())

    def _parts(self, frequencies: Frequencies) -> dict[int, Counts]:
        """The blobs of frequencies by the first of their ids; those that are known are kept."""
        found: dict[int, Counts] = {}
        for ids in frequencies.parts:
            known = self._blobs.get(ids[0])
            if known is None:
                known = Counts.from_bytes(blobs.get(self._backend, self._names.state, ids))
            found[ids[0]] = known
        with self._lock:
            self._blobs |= found
        return found

    def _sweep_later(self, pointer: Pointer) -> None:
        """Remove what died, as soon as nobody may read it any more."""
        over = max((when for _, when in pointer.past), default=None)
        with self._lock:
            if over is None or over <= self._swept:
                return
            self._swept = over
            wait = max(0.0, over + self._at.grace + _AFTER - time())
            timer = threading.Timer(wait, self._sweep)
            timer.daemon = True
            timer.start()
            self._sweeps = [one for one in (*self._sweeps, timer) if one.is_alive()]

    def settle(self) -> None:
        for timer in self._sweeps:
            timer.join()

    def _sweep(self) -> None:
        try:
            pointer = self._pointer()
            if pointer is not None:
                sweep(self._backend, self._names, pointer, self._at.grace)
        except StoreError as error:  # the next one who opens or refreshes does it
            log.info("nothing was swept: %s", error)
