"""Scans and pictures read by OCR, where the extra for it is installed.

The reading itself is done in a process of its own (``ocr_process``): it holds 940 MB while it runs.
What was read so says so: ``Page.read_by``.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import tempfile
from pathlib import Path

from corpus.errors import InputError
from corpus.reading.boxes import Box, paragraphs, rows
from corpus.reading.helpers import OCR_PAGES, OCR_SECONDS, OCR_SECONDS_A_PAGE, run
from corpus.reading.plain import mark_questions
from corpus.reading.types import Line, Page
from corpus.settings import ROOT

READ_BY = "OCR"
PACKAGE = "rapidocr-onnxruntime==1.4.4"
_LEAST_SURE = 0.5  # the recogniser's own score; what it reads into stamps and lines lies below
_FEW = 4  # characters; a picture with fewer holds no text
_INSTALL = f'请执行 pip install "{PACKAGE}" 后重试，或先做文字识别后另存为文本'
_TOO_NEW = "该组件暂不支持 Python 3.13 及以上；请用 Python 3.12 安装，或先做文字识别后另存为文本"


def read_pictures(data: bytes, kind: str) -> Page:
    """The page of a picture or of a PDF made of pictures. Raises InputError where the extra is
    missing or nothing can be read."""
    if not is_installed():
        what = "PDF 只有图片没有文字" if kind == ".pdf" else "图片中的文字"
        raise InputError(f"{what}，需要文字识别（OCR）组件；{_mend()}")
    with tempfile.TemporaryDirectory(prefix="yibao-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "picture").write_bytes(data)
        out = run(
            [sys.executable, "-m", "corpus.reading.ocr_process", kind, str(folder / "picture"),
             str(OCR_PAGES), str(OCR_SECONDS)],
            timeout=OCR_SECONDS + 2 * OCR_SECONDS_A_PAGE, folder=folder, what="文字识别（OCR）",
            environment={"PYTHONPATH": _paths()},
        )  # fmt: skip
    return _page(json.loads(out.splitlines()[-1]), kind)


def is_installed() -> bool:
    """Whether the extra is there."""
    return importlib.util.find_spec("rapidocr_onnxruntime") is not None


def _mend() -> str:
    return _TOO_NEW if sys.version_info >= (3, 13) else _INSTALL


def _paths() -> str:
    return os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))


def _page(told: dict[str, object], kind: str) -> Page:
    lines: list[Line] = []
    doubtful = 0
    pages = told.get("pages")
    for found in pages if isinstance(pages, list) else ():
        sure = [
            Box(left, top, right, bottom, text)
            for left, top, right, bottom, text, score in found
            if score >= _LEAST_SURE
        ]
        doubtful += len(found) - len(sure)
        lines += [Line(text) for text in paragraphs(rows(sure))]
    if sum(len(line.text) for line in lines) < _FEW:
        what = "PDF 只有图片没有文字，OCR 也" if kind == ".pdf" else "图片里"
        raise InputError(f"{what}没有识别出文字；请换清晰的扫描件后重试")
    more = told.get("more")
    left = (
        *((f"认不清的 {doubtful} 行（OCR）",) if doubtful else ()),
        *(
            (f"最后 {more} 页未识别（每个文件最多 {OCR_PAGES} 页、{OCR_SECONDS} 秒）",)
            if more
            else ()
        ),
    )
    unread = more if isinstance(more, int) else 0
    return Page(tuple(mark_questions(lines)), left=left, read_by=READ_BY, unread=unread)
