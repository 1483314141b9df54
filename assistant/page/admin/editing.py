"""Every write of the admin's desk: saved, proposed, approved, put back, undone, and written down.

A write names the text that it was made from; where somebody else has written since, nothing is
written and both texts are given back to be joined (``merging``). What was there before is kept first
(``records``), so that a write can be undone to the last byte, on the disk and in the store.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.page.admin import desk_words as words
from assistant.page.admin.changes import Change, Tell, carried_out, shelf_of
from assistant.page.admin.merging import merged
from assistant.page.admin.records import Draft, Records, State, Write, sha_of
from assistant.page.admin.shelves import LONGEST, Shelf, Shelves
from assistant.page.desk import Desk
from corpus.errors import InputError
from corpus.given import characters
from index.corrections import NOTHING, Correction
from index.records import decode, dumps


@dataclass(frozen=True, slots=True)
class Opened:
    """A text as it is edited. ``base``: the hash of its bytes, "" where there is none yet."""

    shelf: Shelf
    text: str
    base: str


@dataclass(frozen=True, slots=True)
class Saved:
    """Done. ``told``: what the refresh reports, or that a draft waits for another's eyes."""

    told: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Not written: somebody else wrote since. ``theirs`` is what is there now, under ``base``;
    ``mine`` was made ``since`` another; ``joined`` holds both, ``clean`` where no line was changed by both."""

    theirs: str
    mine: str
    joined: str
    clean: bool
    base: str
    since: str


class Editing:
    """What the pages of the desk do. Blocks; one write at a time."""

    def __init__(
        self, desk: Desk, *, review: bool = False, now: Callable[[], datetime] = datetime.now
    ) -> None:
        self.desk = desk
        self.shelves = Shelves(desk.clerk.settings)
        self.records = Records(desk.journal.state.desk)
        self.review = review
        self._now = now
        self._one = threading.Lock()

    def open(self, place: str) -> Opened:
        """A text as it is now. Raises InputError where it cannot be edited here."""
        self.shelves.depot.fetch()
        shelf = self.shelves(place)
        data = shelf.read()
        text = _text(data or b"")
        if len(text) > LONGEST:
            raise InputError(words.TOO_LONG.format(LONGEST))
        return Opened(shelf, text, self.records.keep(data))

    def save(
        self, place: str, base: str, text: str, *, who: str, note: str = "", what: str = "edit"
    ) -> Saved | Clash:
        """Write a text that was made from ``base``; where another's eyes are wanted, propose it.
        Raises InputError where it cannot be read; then all is as it was."""
        with self._alone():
            shelf = self.shelves(place)
            data = shelf.read()
            new = _bytes(text, data)
            if new == data:
                return Saved(words.UNCHANGED)
            if (clash := self._clash(data, base, text)) is not None:
                return clash
            change = Change(what, place, new)
            if self.review:
                return self._proposed(change, base, who=who, note=note)
            return Saved(self._write([change], who=who, what=what, note=note, whole=True))

    def carry(self, changes: Sequence[Change], *, who: str, tell: Tell | None = None) -> str:
        """Files as they are taken in, taken away or corrected, all of one kind: what the refresh
        reports. Where another's eyes are wanted, each is proposed; a line for each."""
        with self._alone():
            if not self.review:
                return self._write(changes, who=who, what=changes[0].what, tell=tell)
            told = [self._proposed(change, self._file(change.place), who=who) for change in changes]
            return "\n".join(
                f"{Path(change.place).name}：{saved.told}"
                for change, saved in zip(changes, told, strict=True)
            )

    def propose(self, place: str, base: str, text: str, *, who: str, note: str = "") -> Saved:
        """Keep a text as a draft, whatever is there now."""
        with self._alone():
            shelf = self.shelves(place)
            what = "edit" if base else "add"
            change = Change(what, place, _bytes(text, shelf.read()))
            return self._proposed(change, base, who=who, note=note)

    def approve(self, number: int, *, who: str) -> Saved | Clash:
        """Write a draft. Where another's eyes are wanted, only another name may."""
        with self._alone():
            draft = self._waiting(number)
            if self.review and who == draft.who:
                raise InputError(words.OWN_DRAFT)
            change = self.change_of(draft)
            if change.of_text:
                data = self.shelves(draft.place).read()
                if (clash := self._clash(data, draft.base, _text(change.data or b""))) is not None:
                    return clash
            elif change.what != "correct" and self._file(draft.place) != draft.base:
                raise InputError(words.FILE_SINCE)
            note = words.APPROVED_OF.format(draft.who, number)
            told = self._write([change], who=who, what="approve", note=note, whole=True)
            self.records.rule(number, at=self._at(), who=who, verdict="approved")
            return Saved(told)

    def drop(self, number: int, *, who: str, reason: str = "") -> Saved:
        """A draft waits no more; its text stays in the records. Where another's eyes are wanted, who
        sends back what another wrote says why."""
        with self._alone():
            draft = self._waiting(number)
            if self.review and who != draft.who and not reason:
                raise InputError(words.SAY_WHY)
            self.records.rule(number, at=self._at(), who=who, verdict="dropped", reason=reason)
            return Saved(words.DROPPED)

    def change_of(self, draft: Draft) -> Change:
        """What a draft would do."""
        facts = self.records.bytes_of(draft.facts)
        return Change(
            draft.what,
            draft.place,
            self.records.bytes_of(draft.text),
            decode(Correction, json.loads(facts)) if facts else NOTHING,
            draft.at[:10] if draft.what == "upload" else "",
        )

    def back(self, place: str, base: str, sha: str, *, who: str) -> Saved | Clash:
        """An older version again, as a new write."""
        data = self.records.bytes_of(sha)
        if data is None:
            raise InputError(words.NO_VERSION)
        return self.save(place, base, _text(data), who=who, what="back")

    def undo(self, number: int, *, who: str) -> Saved:
        """The state before a write, to the byte. Raises InputError where something was written over
        it since: that is to be undone first."""
        with self._alone():
            write = self.records.write(number)
            if write is None:
                raise InputError(words.NO_WRITE)
            if self._state(write.place) != write.after:
                raise InputError(words.WRITTEN_SINCE)
            told = self._recorded(
                who, "undo", [write.place], lambda: self._put_back(write), undoes=number
            )
            return Saved(told)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One write at a time here, and after what other machines wrote before it."""
        with self._one:
            self.shelves.depot.fetch()
            yield

    @contextmanager
    def trial(self, shelf: Shelf, text: str) -> Iterator[Path]:
        """A text as a file that lies nowhere for long, in a folder of the same name."""
        with tempfile.TemporaryDirectory(prefix="yibao-", ignore_cleanup_errors=True) as folder:
            path = Path(folder) / shelf.path.parent.name / shelf.path.name
            path.parent.mkdir()
            path.write_bytes(_bytes(text, shelf.read()))
            yield path

    def versions(self, place: str) -> list[Write]:
        """The writes of a place that changed its text, the newest first."""
        return [w for w in self.records.writes(place) if w.before.file != w.after.file]

    def _recorded(
        self, who: str, what: str, places: Sequence[str], work: Callable[[], str],
        *, note: str = "", undoes: int = 0,
    ) -> str:  # fmt: skip
        before = {place: self._state(place) for place in dict.fromkeys(places)}
        told = work()
        for place, was in before.items():
            now = self._state(place)
            if now != was:
                self.records.add(
                    at=self._at(), who=who, what=what, place=place, before=was, after=now,
                    note=note, undoes=undoes,
                )  # fmt: skip
        return told

    def _state(self, place: str) -> State:
        """What is there now; its bytes are kept."""
        held = self.desk.clerk.held([place])[place]
        return State(self._file(place), self.records.keep(held or None))

    def _file(self, place: str) -> str:
        """The hash of the file that is there now, whose bytes are kept; "" for none, and for one
        that lies elsewhere."""
        shelf = shelf_of(self.shelves, place)
        return self.records.keep(shelf.read()) if shelf is not None else ""

    def _write(
        self, changes: Sequence[Change], *, who: str, what: str, note: str = "",
        tell: Tell | None = None, whole: bool = False,
    ) -> str:  # fmt: skip
        return self._recorded(
            who, what, [change.place for change in changes],
            lambda: carried_out(self.desk, changes, tell=tell, whole=whole), note=note,
        )  # fmt: skip

    def _put_back(self, write: Write) -> str:
        file = self.records.bytes_of(write.before.file)
        now = self.records.bytes_of(write.after.file)
        shelf = self.shelves.file(write.place) if write.before.file != write.after.file else None
        if shelf is not None:
            shelf.put(file)
        try:
            held = self.records.bytes_of(write.before.held) or b""
            report = self.desk.clerk.refresh(restored={write.place: held})
        except BaseException:
            if shelf is not None:
                shelf.put(now)
            raise
        text: str = report.to_text()
        return text

    def _clash(self, data: bytes | None, base: str, text: str) -> Clash | None:
        now = sha_of(data) if data is not None else ""
        if now == base:
            return None
        theirs = _text(data or b"")
        joined = merged(_text(self.records.bytes_of(base) or b""), theirs, text)
        return Clash(theirs, text, joined.text, joined.clean, self.records.keep(data), base)

    def _proposed(self, change: Change, base: str, *, who: str, note: str = "") -> Saved:
        facts = dumps(change.facts).encode("utf-8") if change.facts else None
        number = self.records.propose(
            at=self._at(), who=who, place=change.place, base=base, note=note, what=change.what,
            text=self.records.keep(change.data), facts=self.records.keep(facts),
        )  # fmt: skip
        return Saved((words.WAITS if self.review else words.DRAFTED).format(number))

    def _waiting(self, number: int) -> Draft:
        draft = self.records.draft(number)
        if draft is None or draft.verdict:
            raise InputError(words.NO_DRAFT)
        return draft

    def _at(self) -> str:
        return self._now().isoformat(sep=" ", timespec="seconds")


def _text(data: bytes) -> str:
    """A text as a form shows it. Raises InputError where it is none."""
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputError(words.NOT_UTF8) from None


def _bytes(text: str, before: bytes | None) -> bytes:
    """What a form gave, with the ends of lines that the file has, and one at its end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.endswith("\n") and (before is None or before.endswith(b"\n")):
        text += "\n"
    if before is not None and b"\r\n" in before and b"\n" not in before.replace(b"\r\n", b""):
        text = text.replace("\n", "\r\n")
    return characters(text).encode("utf-8")
