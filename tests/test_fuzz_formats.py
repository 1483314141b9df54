"""Workbooks, slides, books, fixed pages and JSON, damaged thousands of times: articles or a reason.

Packed documents are damaged as they lie on the disk, and – packed again – in one of their parts.
The damage is drawn from fixed seeds, so that a failure can be repeated: ``damaged(kind, number)``.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from functools import lru_cache
from pathlib import Path

import pytest
from office_samples import epub, ofd, pptx, xls, xlsx
from reading_samples import archive

from corpus.reading import File
from corpus.reading.opener import Opener
from corpus.reading.reader import read_one
from corpus.text import normalise

ROUNDS, MORE_ROUNDS = 150, 2_000
KINDS = (".xlsx", ".pptx", ".ofd", ".epub", ".xls", ".json")
_LONGEST = 2.0  # seconds
_PIECES = (
    b'<mergeCell ref="A1:XFD1048576"/>', b'<row r="999999999">', b'<c r="ZZZ1" t="s"><v>9</v></c>',
    b"<v>1e308</v>", b"&#x110000;", b"&nbsp;", b"]]>", b"<a:p>", b"</", b"<!DOCTYPE x [<!ENTITY e 'e'>]>",
    b"{", b"[", b'"', b"\\ud800", b"\0", b"\xff\xfe", b"\x80", b"PK\x03\x04", b"999999999",
)  # fmt: skip


@lru_cache
def whole(kind: str) -> bytes:
    rows = [
        ["险种", "比例", "日期"],
        ["职工医保", (0.02, 1), (45352.0, 2)],
        ["居民医保", "不按比例", 1.0],
    ]
    chapters = [("停保", "先登记。"), ("补缴", "去窗口。")]
    return {
        ".xlsx": lambda: xlsx({"费用": rows, "b": rows}, merged=["A1:B2"]),
        ".pptx": lambda: pptx([("停保", ["先登记。"])], table=[["甲", "乙"], ["1", "2"]]),
        ".ofd": lambda: ofd(["停保怎么办", "先到窗口登记。"]),
        ".epub": lambda: epub("手册", chapters),
        ".xls": lambda: xls("费用", [["险种", "比例"], ["职工医保", 0.02], ["居民医保", 0.5]]),
        ".json": lambda: b'{"data": [{"q": "a", "a": ["b", "c"]}, {"title": "x", "content": "y"}]}',
    }[kind]()


def damaged(kind: str, number: int) -> bytes:
    """One file of the kind with something cut out, doubled, put in or turned over."""
    dice = random.Random(f"{kind}{number}")
    data = whole(kind)
    if not data.startswith(b"PK") or number % 3 == 0:
        return _hurt(data, dice)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    name = dice.choice(sorted(members))
    return archive({**members, name: _hurt(members[name], dice)})


def _hurt(data: bytes, dice: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        place = dice.randrange(len(made) + 1)
        what = dice.randrange(6)
        if what == 0:
            del made[place : place + dice.choice((1, 2, 10, 200))]
        elif what == 1:
            made[place:place] = dice.choice(_PIECES) * dice.choice((1, 1, 3, 500))
        elif what == 2 and made:
            made[min(place, len(made) - 1)] ^= 1 << dice.randrange(8)
        elif what == 3:
            made[place:place] = made[place : place + dice.choice((3, 50, 2000))] * 2
        elif what == 4:
            del made[place:]
        else:
            made[place:place] = dice.randbytes(dice.choice((1, 4, 64)))
    return bytes(made)


class _Given(Opener):
    """Gives the damaged bytes instead of a file's."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data

    def read(self, file: File) -> bytes:
        return self.data


def check(kind: str, number: int) -> None:
    start = time.process_time()
    given = _Given(damaged(kind, number))
    done = read_one(File(name=f"f{kind}", path=Path(f"f{kind}")), given)
    taken = time.process_time() - start
    assert taken < _LONGEST, f"damaged({kind!r}, {number}) took {taken:.1f} s"
    assert done.articles or done.skipped
    for skipped in done.skipped:
        assert "读取时出错" not in skipped.reason, f"damaged({kind!r}, {number}): {skipped.reason}"
        assert "\n" not in skipped.reason
    for article in done.articles:
        assert article.title.strip()
        assert article.text == normalise(article.text) != ""


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files(kind: str) -> None:
    for number in range(ROUNDS):
        check(kind, number)


@pytest.mark.quality
@pytest.mark.parametrize("kind", KINDS)
def test_many_more_damaged_files(kind: str) -> None:
    for number in range(ROUNDS, MORE_ROUNDS):
        check(kind, number)
