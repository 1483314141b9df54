"""What a machine read off a picture says so wherever it is cited."""

from __future__ import annotations

from datetime import date

from assistant.citing import source_line
from assistant.page.source import panel
from assistant.types import Answer, Citation, Quote, Statement
from corpus.types import Article, Passage, Source

SCAN = Article(
    "scan", "停保怎么办理", "先到窗口登记。", Source("甲市医疗保障局", "a.png"), read_by="OCR"
)
CITED = Citation(1, Quote(Passage(SCAN, 0, 7), 0, 7))
NOTE = "由图片文字识别（OCR）读出，可能有错字"


def test_in_the_line_of_the_source() -> None:
    assert NOTE in source_line(CITED)


def test_in_the_panel_of_the_source() -> None:
    answer = Answer(
        question="停保怎么办理",
        understood="停保怎么办理",
        status="answered",
        summary=(Statement("先到窗口登记。", (CITED,)),),
        citations=(CITED,),
    )
    shown = panel(answer, "1", date(2026, 11, 28), current=lambda _: SCAN)
    assert shown is not None
    assert f'<p class="note">{NOTE}</p>' in shown.html
