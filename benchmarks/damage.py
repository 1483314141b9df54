"""Whole files of every kind that is read, made by the program itself, and ways to damage them.

The same seed, kind and number give the same file: ``damaged("pdf", 7, 120)``.
"""

from __future__ import annotations

import io
import random
import sys
import zipfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path.insert(0, str(TESTS))

from reading_samples import archive, pdf, word  # noqa: E402  # lies among the tests

Originals = Mapping[str, tuple[bytes, ...]]
"""Whole files by kind. ``part`` is the XML within a Word document, ``question`` what people ask."""

_XML = ("document", "numbering", "styles")
_MARKUP = """
<div> </div> <table> <td\u00a0colspan=99> <ol> <li> <dl><dt> <!-- <![CDATA[ &#x110000;
&nbsp; --- | ** # &a *a {{ 1: 1e999 .nan 0x
((( 999999999 " , { [ %PDF- stream endobj /Kids 2024年13月40日 一、 相关推荐 3分钟前 查看全文
断缴3个月 《社会保险法》第三十二条 1. （一） ① ： ； 。 …… 首页 点击 怎么办？
"""
_BYTES = (
    b"\r", b"\n\n", b"\xff\xfe", b"\x00", b"\x80", b"\xe5", b"PK\x03\x04", "。".encode("gbk"),
    b" ", "\u3000".encode(), b"\t", b"-", b"`", "一".encode(), b"1", b"=",
)  # fmt: skip
_PIECES = (*(piece.encode() + b"\n" for piece in _MARKUP.split()), *_BYTES)
_HEAD = b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n"
_ASKED = """
断缴两个月怎么补 职工医保停了还能转居民医保吗 缴费年限会清零吗 补缴要带什么材料 沈阳灵活就业几号扣费
新农合和城镇医保能一起交吗 家庭共济怎么绑定 等待期是几个月 我上个月离职了，这个月没交，下个月入职，会断吗？
"""


def originals(folders: Iterable[Path] = ()) -> Originals:
    """What the program makes itself, and every file of a known kind below the folders."""
    found = {kind: list(made) for kind, made in _made().items()}
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            kind = path.suffix.lower()[1:]
            if kind in found and path.stat().st_size < 2_000_000:
                found[kind].append(path.read_bytes())
    return {kind: tuple(made) for kind, made in found.items()}


@lru_cache(maxsize=1)
def _made() -> Originals:
    pages = {
        kind: tuple(path.read_bytes() for path in sorted((TESTS / "pages").glob(f"*.{kind}")))
        for kind in ("html", "txt", "md")
    }
    steps = [
        ("2.0", "步骤"),
        ("1.0", "登记。"),
        ("1.1", "缴费。"),
        ("bold", "注意"),
        ("3.0", "证件"),
    ]
    document = word("停保怎么办", steps, [["甲", "乙"], ["1", "2"]])
    head = _HEAD + b"Content-Location: https://example.cn/1\n\n"
    front = "---\ntitle: 断缴\ntags: [甲, 乙]\ndate: 2024-05-01\n---\n# 断缴\n\n去窗口。\n".encode()
    lines = '{"q": "怎么停", "a": ["先登记", "再停"]}\n{"title": "x", "content": "y"}\n'
    whole = {"a.txt": "停保怎么办\n\n先登记。".encode(), "b/c.html": b"<p>x</p>", "d.png": b"1"}
    return {
        **pages,
        "md": (*pages["md"], front),
        "mhtml": tuple(head + page + b"\n--b--\n" for page in pages["html"]),
        "docx": (document,),
        "part": _parts(document),
        "pdf": (pdf([["停保怎么办", "先登记。"], ["二、材料"]]), pdf([["甲"]], encrypt="x")),
        "csv": ('问题,答案,地区\n怎么停保,"先登记,再停。",沈阳\n怎么补,窗口补,\n'.encode("gbk"),),
        "jsonl": (lines.encode(),),
        "zip": (archive({**whole, "e.docx": document}),),
        "question": tuple(asked.encode() for asked in _ASKED.split()),
    }


def damaged(kind: str, seed: int, number: int, whole: Originals | None = None) -> bytes:
    """One file of the kind with something cut out, doubled, put in or turned over."""
    dice = random.Random(f"{seed}-{kind}-{number}")
    data = bytearray(dice.choice((whole or originals())[kind]))
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        place = dice.randrange(len(data) + 1)
        what = dice.randrange(7)
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
        elif what == 5:
            data[place:place] = dice.choice(_PIECES).rstrip(b"\n") * dice.choice((2_000, 20_000))
        else:
            data[place:place] = dice.randbytes(dice.choice((1, 4, 64)))
    return _rewrapped(bytes(data), number) if kind == "part" else bytes(data)


def suffix(kind: str) -> str:
    """The ending of a file of the kind."""
    return ".docx" if kind == "part" else f".{kind}"


def _parts(document: bytes) -> tuple[bytes, ...]:
    """The XML of a Word document: its text, its numbers and its styles."""
    with zipfile.ZipFile(io.BytesIO(document)) as opened:
        return tuple(opened.read(f"word/{name}.xml") for name in _XML)


def _rewrapped(xml: bytes, number: int) -> bytes:
    """A Word document that is whole as an archive and has one damaged part inside."""
    whole = dict(zip(_XML, _made()["part"], strict=True))
    name = next((name for name in _XML if f"<w:{name}".encode() in xml), _XML[number % 3])
    return archive({f"word/{n}.xml": xml if n == name else data for n, data in whole.items()})
