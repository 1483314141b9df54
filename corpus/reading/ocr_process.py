"""``python -m corpus.reading.ocr_process KIND FILE PAGES SECONDS``: words of pictures, as JSON.

Gives ``{"pages": [[[left, top, right, bottom, text, score], …], …], "more": pages not read}`` on the
last line of its output. Started by ``ocr``, which sets its limits.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

_PIXELS = 60_000_000  # of one picture: a page at 600 dpi has 35 million
_DPI = 200  # of pages of a PDF: at 150 small type is misread, at 300 nothing is gained
_SIDE = 3_000  # pixels to which a larger picture is made smaller


def main(kind: str, path: str, most: int, seconds: float) -> None:
    import numpy as np
    from rapidocr_onnxruntime import RapidOCR

    begun = time.monotonic()
    engine = RapidOCR(intra_op_num_threads=2, inter_op_num_threads=1)
    pages: list[list[list[Any]]] = []
    more = 0
    for number, picture in enumerate(_pictures(kind, path)):
        if number >= most or time.monotonic() - begun > seconds:
            more += 1
            continue
        found, _ = engine(np.asarray(picture())[:, :, ::-1])  # its models know blue first
        pages.append([_line(*line) for line in found or ()])
    print(json.dumps({"pages": pages, "more": more}, ensure_ascii=False))


def _line(corners: Any, text: str, score: float) -> list[Any]:
    across, down = [float(x) for x, _ in corners], [float(y) for _, y in corners]
    box = [min(across), min(down), max(across), max(down)]
    return [*(round(value, 1) for value in box), text, float(score)]


def _pictures(kind: str, path: str) -> Iterator[Any]:
    """Each page, as a function that makes its picture: those not read need not be made."""
    if kind == ".pdf":
        import pypdfium2 as pdfium

        document = pdfium.PdfDocument(path)
        for number in range(len(document)):
            yield lambda number=number: _rendered(document[number])
        return
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = _PIXELS
    with Image.open(path) as picture:
        for frame in ImageSequence.Iterator(picture):
            if frame.width * frame.height > _PIXELS:
                raise SystemExit(1)
            yield lambda frame=frame: _small(ImageOps.exif_transpose(frame).convert("RGB"))


def _rendered(page: Any) -> Any:
    longest = max(page.get_width(), page.get_height(), 1.0)
    scale = min(_DPI / 72, _SIDE / longest)
    return page.render(scale=scale).to_pil().convert("RGB")


def _small(picture: Any) -> Any:
    picture.thumbnail((_SIDE, _SIDE))
    return picture


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
