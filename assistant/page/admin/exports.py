"""What the desk gives away as files: talks, feedback, the record of writes; CSV and JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from assistant.page.admin import desk_words as words
from assistant.page.admin.editing import Editing
from assistant.page.admin.tables import to_csv
from assistant.page.desk import Desk
from assistant.page.talks import Talk
from assistant.page.words import RATINGS, STATUSES
from index.feedback import mask

Rows = Sequence[Sequence[str]]


def talks(every: Sequence[Talk]) -> Rows:
    """The talks that are still kept, by number: no key that opens one, no personal number."""
    return [
        [
            str(n), str(turn_number), mask(turn.said.question), STATUSES[turn.answer.status],
            mask(" ".join(s.text for s in turn.answer.summary)),
        ]
        for n, talk in enumerate(every, 1)
        for turn_number, turn in enumerate(talk.shown, 1)
    ]  # fmt: skip


def feedback(desk: Desk) -> Rows:
    """All that readers' questions and opinions left, the oldest first. Blocks."""
    return [
        [
            e.day.isoformat(), e.question, STATUSES.get(e.status, e.status),
            RATINGS.get(e.rating, e.rating), e.reason, e.comment, e.generation,
        ]
        for e in desk.journal.feedback.entries()
    ]  # fmt: skip


def log(editing: Editing) -> Rows:
    """Every write, the oldest first. Blocks."""
    return [
        [
            str(w.number), w.at, w.who, words.ACTS[w.what], w.place, w.note,
            str(w.undoes or ""), w.before.file, w.after.file,
        ]
        for w in reversed(editing.records.writes())
    ]  # fmt: skip


def as_file(heads: Sequence[str], rows: Rows, ending: str) -> tuple[bytes, str]:
    """The file and its media type; ``ending``: csv or jsonl."""
    if ending == "csv":
        return to_csv(heads, rows), "text/csv; charset=utf-8"
    return "".join(_lines(heads, rows)).encode("utf-8"), "application/jsonl; charset=utf-8"


def _lines(heads: Sequence[str], rows: Rows) -> Iterator[str]:
    for row in rows:
        yield json.dumps(dict(zip(heads, row, strict=True)), ensure_ascii=False) + "\n"
