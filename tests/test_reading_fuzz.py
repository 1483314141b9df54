"""Each reader on thousands of damaged files: it gives articles or an InputError, soon.

The damage is drawn from fixed seeds, so that a failure can be repeated: ``damaged(kind, number)``.
"""

import io
import random
import sys
import time
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import pytest
from reading_samples import archive, pdf, word

from corpus.reading import File, read
from corpus.reading.opener import Opener
from corpus.reading.reader import read_one
from corpus.text import normalise

PAGES = Path(__file__).parent / "pages"
KINDS = (".html", ".txt", ".md", ".mhtml", ".docx", ".xml", ".pdf", ".csv", ".jsonl")
ROUNDS, MORE_ROUNDS = 250, 2_000  # of each kind; `python tests/test_reading_fuzz.py 9000` runs more
_LONGEST = 2.0  # seconds

_XML = ("document", "numbering", "styles")
_MARKUP = """
<div> </div> <table> <td\u00a0colspan=99> <ol> <li> <dl><dt> <!-- <![CDATA[ &#x110000;
&nbsp; --- | ** #
((( 999999999 " , { [ %PDF- stream endobj 2024年13月40日 一、 相关推荐 3分钟前 查看全文
"""
_BYTES = (
    b"\r", b"\n\n", b"\xff\xfe", b"\x00", b"\x80", b"\xe5", b"PK\x03\x04", "。".encode("gbk"),
)  # fmt: skip
_PIECES = (*(piece.encode() + b"\n" for piece in _MARKUP.split()), *_BYTES)


@lru_cache
def originals() -> dict[str, list[bytes]]:
    """Whole files of each kind."""
    html = [path.read_bytes() for path in sorted(PAGES.glob("*.html"))]
    text = [path.read_bytes() for path in sorted(PAGES.glob("*.txt"))]
    marked = [path.read_bytes() for path in sorted(PAGES.glob("*.md"))]
    steps = [
        ("2.0", "步骤"),
        ("1.0", "登记。"),
        ("1.1", "缴费。"),
        ("bold", "注意"),
        ("3.0", "证件"),
    ]
    head = b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n"
    mail = [
        head + b"Content-Location: https://example.cn/1\n\n" + page + b"\n--b--\n" for page in html
    ]
    rows = '问题,答案,地区\n怎么停保,"先登记,再停。",沈阳\n怎么补,窗口补,\n'.encode("gbk")
    lines = '{"q": "怎么停", "a": ["先登记", "再停"]}\n{"title": "x", "content": "y"}\n'.encode()
    document = word("停保怎么办", steps, [["甲", "乙"], ["1", "2"]])
    return {
        ".html": html,
        ".txt": text,
        ".md": marked,
        ".mhtml": mail,
        ".docx": [document],
        ".xml": _parts(document),
        ".pdf": [pdf([["停保怎么办", "先登记。"], ["二、材料"]]), pdf([["甲"]], encrypt="x")],
        ".csv": [rows],
        ".jsonl": [lines],
    }  # fmt: skip


def _parts(document: bytes) -> list[bytes]:
    """The XML of a Word document: its text, its numbers and its styles."""
    with zipfile.ZipFile(io.BytesIO(document)) as opened:
        return [opened.read(f"word/{name}.xml") for name in _XML]


def _rewrapped(xml: bytes, number: int) -> bytes:
    """A Word document that is whole as an archive and has one damaged part inside."""
    whole = dict(zip(_XML, originals()[".xml"], strict=True))
    name = next((name for name in _XML if f"<w:{name}".encode() in xml), _XML[number % 3])
    return archive({f"word/{n}.xml": xml if n == name else data for n, data in whole.items()})


def damaged(kind: str, number: int) -> bytes:
    """One file of the kind with something cut out, doubled, put in or turned over."""
    dice = random.Random(f"{kind}{number}")
    data = bytearray(dice.choice(originals()[kind]))
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        place = dice.randrange(len(data) + 1)
        what = dice.randrange(6)
        if what == 0:
            del data[place : place + dice.choice((1, 2, 10, 200))]
        elif what == 1:
            data[place:place] = dice.choice(_PIECES) * dice.choice((1, 1, 3, 500))
        elif what == 2 and data:
            data[min(place, len(data) - 1)] ^= 1 << dice.randrange(8)
        elif what == 3:
            data[place:place] = data[place : place + dice.choice((3, 50, 2000))] * 2
        elif what == 4:
            del data[place:]
        else:
            data[place:place] = dice.randbytes(dice.choice((1, 4, 64)))
    return bytes(data)


class _Given(Opener):
    """Gives the damaged bytes instead of a file's."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data

    def read(self, file: File) -> bytes:
        return self.data


def check(kind: str, number: int) -> None:
    """One damaged file: articles or a reason, never a surprise, never a wait."""
    data, suffix = damaged(kind, number), kind
    if kind == ".xml":
        data, suffix = _rewrapped(data, number), ".docx"
    start = time.process_time()
    done = read_one(File(name=f"f{suffix}", path=Path(f"f{suffix}")), _Given(data))
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


def test_damaged_archives(tmp_path: Path) -> None:
    whole = archive(
        {"a.txt": "停保怎么办\n\n先登记。".encode(), "b/c.html": b"<p>x</p>", "d.png": b"1"}
    )
    originals()[".zip"] = [whole]
    path = tmp_path / "a.zip"
    for number in range(ROUNDS):
        path.write_bytes(damaged(".zip", number))
        for skipped in read(path).skipped:
            assert "读取时出错" not in skipped.reason, (
                f"damaged('.zip', {number}): {skipped.reason}"
            )


if __name__ == "__main__":
    rounds = int(sys.argv[1])
    run: Callable[[str, int], None] = check
    for fuzzed in originals():
        begun = time.time()
        for count in range(rounds):
            run(fuzzed, count)
        print(f"{fuzzed}: {rounds} files, {time.time() - begun:.1f} s")
