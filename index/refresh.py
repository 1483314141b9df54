"""A refresh: new articles in, removed ones out, the store replaced as a whole or not at all.

    scan the files -> unite the articles -> plan what is new -> embed -> write beside -> switch

Nothing is changed before the last step but files that nobody opens yet. What each step does is in
the module of its name; here is their order, the lock around them, and the report.
"""

from __future__ import annotations

import errno
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from corpus.errors import InputError, StoreError
from corpus.given import path_given
from corpus.reading import Trust
from corpus.settings import Settings
from corpus.statutes import statutes
from corpus.words import words as shared_words
from index import files
from index.blocks import Writer
from index.build import Before, Encoder, Plan, Progress, embed, identity, plan, versions
from index.contents import ROOMS
from index.corrections import Correction
from index.engine import Checks
from index.generations import (
    GENERATIONS,
    SOURCES,
    FileEntry,
    begin,
    build_command,
    collect,
    exists,
    other_model,
    publish,
)
from index.ingest.types import Crew
from index.late import TokenEncoder
from index.ledger import Item, Ledger, United, corrections_in, salvaged, united
from index.locks import HOLDER, LOCK, refreshing
from index.postings import Segmenter
from index.report import Changes, CheckChange, RefreshReport
from index.request import Request
from index.sourcefiles import Written, written
from index.store import Store
from index.writing import write

_NOT_OURS = "没有写入权限：请检查文件夹权限，或用 YIBAO_STORE 指一个可写的文件夹"


def refresh(
    store: str | Path,
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
    """Bring a store up to date with the files at ``paths``, or make a new one of them.

    ``remove``: take what came from the paths out of it. ``rebuild``: begin anew, with the paths
    alone or, without any, with all files known so far. ``dry_run``: report and write nothing.
    Without paths a store is brought up to date with the program (splitter, dictionary …).
    ``trust``: what the operator says of the files given (``corpus.reading.trust``); without it
    known ones keep theirs, new ones are believed as any page is. ``brought``: the door through
    which others brought them. ``corrections``: what a person set of a file's facts, by its path (that
    of an archive's member goes on with the member's name); it holds until it is set otherwise, and for
    a known file that is not given, too. ``stands_for``: for a trial (``dry_run``), the path that a
    given file would have. ``crew``: who reads the files and computes the vectors; without one this
    process.

    Raises InputError for a path that is not there, StoreError where the store cannot be used or
    written, LockedError while another refresh is at work; in each case the store is as it was.
    """
    folder = path_given(store)
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
    segmenter = words or shared_words(settings)
    job = _Job(folder, request, encoder, segmenter, progress or (lambda *_: None), checks)
    with _clear_errors(folder):
        if dry_run:
            return replace(job.run(), dry_run=True)
        _claim(folder)
        with refreshing(folder):
            collect(folder)
            try:
                return job.run()
            finally:
                _tidy(folder)


class _Job:
    """What the steps of one refresh share."""

    def __init__(
        self,
        store: Path,
        request: Request,
        encoder: Encoder,
        words: Segmenter,
        progress: Progress,
        checks: Checks | None,
    ) -> None:
        self.store = store
        self.request = request
        self.encoder = encoder
        self.words = words
        self.progress = progress
        self.checks = checks

    def run(self) -> RefreshReport:
        begun, rebuild = time.monotonic(), self.request.rebuild
        self.request.start_reading()
        old, known = self._known()
        if old is not None and not rebuild:
            self._check_model(old)
        found = self.request.scan(known, self.progress)
        ledger = Ledger.of(found.sources, known)
        together = self._united(ledger, known, None if rebuild else old)
        plans = self._plan(together.items, None if rebuild else old)
        whole = len({w.title for w in together.withheld if w.whole})
        report = RefreshReport(
            generation=old.generation if old else "",
            articles=_changes(old, plans[0]),
            files=found.changes,
            merged=ledger.count() - len(plans[0].ids) - whole,
            folded=together.folded,
            renamed=together.renamed,
            withheld=together.withheld,
            skipped=found.skipped,
            taken=found.taken,
            passages=plans[0].size,
            statutes=len(plans[1].ids),
            embedded=len({key for p in plans for key in p.missing}),
        )
        if report.status == "failed" and not found.sources:
            reasons = "；".join(str(s) for s in found.skipped[:3])
            raise InputError(f"没有读到任何文章，知识库没有改变：{reasons}")
        report = self._finish(old, plans, written(ledger, None if rebuild else known), report)
        return replace(report, seconds=round(time.monotonic() - begun, 3))

    def _known(self) -> tuple[Store | None, Ledger | None]:
        """The store as it is, and its sources. A rebuild of one that cannot be opened begins with
        the sources alone, where they are whole."""
        if not exists(self.store):
            return None, None
        rebuild = self.request.rebuild
        if rebuild and self.request.paths:
            # what persons corrected stays, where the old store can still say it
            self.request = self.request.keeping(corrections_in(self.store))
            return None, None
        try:
            old = Store.peek(self.store)
            if rebuild:
                old.files.check_all()
            return old, Ledger.read(old.files)
        except StoreError:
            known = salvaged(self.store) if rebuild else None
            if known is None:
                raise
            return None, known

    def _united(self, ledger: Ledger, known: Ledger | None, old: Store | None) -> United:
        same = old is not None and old.manifest.versions.get("merge") == versions()["merge"]
        return united(ledger, known if same else None, old.articles.table.ids if old else [])

    def _plan(self, articles: Sequence[Item], old: Store | None) -> list[Plan]:
        laws = {article.id: article for article in statutes()}
        return [
            plan(
                room,
                items,
                self.encoder.model,
                _before(old, room),
                tokens=isinstance(self.encoder, TokenEncoder),
            )
            for room, items in zip(
                ROOMS, (articles, [Item(i, laws[i]) for i in sorted(laws)]), strict=True
            )
        ]

    def _check_model(self, old: Store) -> None:
        if old.model != self.encoder.model:
            raise other_model(self.store, old.model, self.encoder.model)

    def _finish(
        self,
        old: Store | None,
        plans: Sequence[Plan],
        sources: Written,
        report: RefreshReport,
    ) -> RefreshReport:
        """Write the new generation, switch to it, and ask the check questions of both. A rebuild
        writes the same content again too: not all damage is seen by who reads the old one."""
        report = replace(report, generation=identity(plans, self.encoder.model))
        same = (
            old is not None
            and not self.request.rebuild
            and old.generation == report.generation
            and old.manifest.files[SOURCES] == FileEntry.of(sources.index)
        )
        dry_run = self.request.dry_run
        if same or (dry_run and self.checks is None):
            return report
        made = embed(plans, self.encoder, self.progress, self.request.crew)
        with tempfile.TemporaryDirectory() as spare:
            root = Path(spare) if dry_run else self.store
            building = begin(root)
            writer = Writer(building)
            kept = old.files if old is not None and not self.request.rebuild else None
            sources.write(writer, kept)
            manifest = write(
                writer,
                plans,
                made,
                generation=report.generation,
                encoder=self.encoder,
                words=self.words,
                progress=self.progress,
            )
            publish(root, building, manifest)
            changed = self._checked(old, root)
        return replace(report, switched=not dry_run, checks=changed)

    def _checked(self, old: Store | None, root: Path) -> tuple[CheckChange, ...]:
        if self.checks is None or old is None:
            return ()
        before, after = self.checks(old), self.checks(Store.peek(root))
        return tuple(
            CheckChange(question, before[question], after[question])
            for question in before
            if question in after and not before[question].like(after[question])
        )


def _before(old: Store | None, room: str) -> Before | None:
    if old is None:
        return None
    return Before(old.half(room), old.files, old.manifest.versions, old.manifest.search)


def _changes(old: Store | None, new: Plan) -> Changes:
    """Of the articles, by id: what they say, where from, and what was drawn from them."""
    table = old.articles.table if old else None
    before = {i: n for n, i in enumerate(table.ids)} if table else {}
    numbers = {i: n for n, i in enumerate(new.ids)}
    kept = new.lines.kept.tolist() if new.before is not None else [-1] * len(numbers)

    def same(article_id: str, number: int) -> bool:
        if table is None or article_id not in before:
            return False
        return kept[number] >= 0 or table.line(before[article_id]) == new.line(number)

    unchanged = {i for i, n in numbers.items() if same(i, n)}
    return Changes(
        added=tuple(i for i in numbers if i not in before),
        changed=tuple(i for i in numbers if i in before and i not in unchanged),
        removed=tuple(i for i in before if i not in numbers),
        unchanged=len(unchanged),
    )


def _claim(store: Path) -> None:
    """Make the folder of a new store. Raises StoreError where something else lies there."""
    if store.exists() and not store.is_dir():
        raise StoreError(f"{store} 是文件，不是文件夹：请换一个位置存放知识库。")
    ours = {GENERATIONS, LOCK, HOLDER}
    if store.is_dir() and not exists(store):
        others = [p.name for p in store.iterdir() if p.name.removesuffix(".new") not in ours]
        if [name for name in others if name != "current.new"]:
            raise StoreError(
                f"{store} 里有别的文件（{sorted(others)[0]} 等），不是知识库：请换一个空文件夹，"
                f"例如 {build_command(Path('index/store'))}。"
            )
    files.make_folder(store)


def _tidy(store: Path) -> None:
    """Old generations and leftovers go; what cannot go now goes at the next refresh."""
    try:
        collect(store)
    except (OSError, StoreError):
        return


@contextmanager
def _clear_errors(store: Path) -> Iterator[None]:
    """The system's errors as one sentence with its mend; the store stays as it was."""
    reasons = {
        errno.ENOSPC: "磁盘已满：请腾出空间后重试",
        errno.EDQUOT: "磁盘配额已用完：请腾出空间后重试",
        errno.EROFS: "文件系统只读：请换一个可写的位置",
        errno.EACCES: _NOT_OURS,
        errno.EPERM: _NOT_OURS,
    }
    try:
        yield
    except OSError as error:
        reason = reasons.get(error.errno or 0, f"{error.strerror or error}：请检查磁盘后重试")
        raise StoreError(f"无法写入知识库 {store}（{reason}）；原有内容没有改变。") from error
