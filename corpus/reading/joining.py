"""Lines that a program broke are joined where a sentence runs on; blanks between characters close.

No word is added or taken: only line ends and blanks between Chinese characters go.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CJK = "\u3400-\u9fff\u3001-\u3011\uff00-\uffef“”‘’"
_ENDS = re.compile(r"[。！？!?；;：:…|][”’」』）)】》\"']{0,3}$")
_RUNS_ON = re.compile(r"[，、,（(《“‘—]$")
_BEGINS = re.compile(
    r"\s{0,12}(?:[-*+•·●■◆○▪>#|=:~`]|\[[ xX]\]|\d{1,3}\s?[.、．)）:：](?!\d)|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[(（][\d一二三四五六七八九十]{1,3}[)）]|[①-⑳]|第[\d一二三四五六七八九十百]{1,5}[条章节编步]"
    r"|步骤\s?[\d一二三四五六七八九十]|[【\[]|[问答QAＱＡ]\s?\d{0,3}\s?[:：]|[A-Za-z][.、)）]\s?|!\[|附件?\s?\d?[:：])"
)
_INDENT = re.compile(r"(?:\u3000{2}| {4}|\t)")
_PROSE = re.compile(r"[，。；、]")
_LABELLED = re.compile(r"[^，。；]{1,8}[:：]")
_SHORT = 6  # characters of a line that a sentence can stop in
_NARROWEST = 12  # characters of a line that a program broke
_SENTENCE = 16  # characters: a shorter line that stops at a comma may be set so
_NEAR = 0.85  # of the width: a line so long may have been broken there
_RUN = re.compile(r"(?<!\S)\S(?:[ \u3000]{1,2}\S){3,}(?!\S)")
_PAIR = re.compile(
    r"(第[\d一二三四五六七八九十百]{1,5}[章节编条]\s{0,4})?([\u3400-\u9fff])[ \u3000]{1,6}([\u3400-\u9fff])"
)
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff，。、；：])[ \u3000]{1,2}(?=[\u3400-\u9fff，。、；：])")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_FEW = 8  # characters of a line below which nothing is said about its blanks
_SPACED = 0.35  # blanks a character: no line of words has so many


def joined(raw: Sequence[str], *, soft: bool = False) -> list[str]:
    """The lines, those in one that were one sentence.

    A line runs on that stops at a comma; that is as wide as the lines round it, all prose; or that
    stands without an indent in a text whose paragraphs are indented. ``soft``: a line end within a
    paragraph is no more than a blank, as in Markdown.
    """
    indented = sum(bool(_INDENT.match(line)) for line in raw if line.strip()) > 1 or (
        sum(bool(_INDENT.match(line)) for line in raw) == 1 and _mostly_flush(raw)
    )
    out: list[str] = []
    for first, last in _paragraphs(raw):
        if last - first == 0:
            out.append(raw[first])
            continue
        width = max(len(line.strip()) for line in raw[first : last + 1])
        prose = sum(bool(_PROSE.search(line)) for line in raw[first : last + 1])
        wrapped = width >= _NARROWEST and prose * 2 > last - first
        current = raw[first]
        before = raw[first]
        for line in raw[first + 1 : last + 1]:
            if _continues(before, line, width=width if wrapped else 0, indented=indented) or (
                soft and _runs_on(before, line)
            ):
                current = _glued(current, line)
            else:
                out.append(current)
                current = line
            before = line
        out.append(current)
    return out


def _mostly_flush(raw: Sequence[str]) -> bool:
    """One indented line, and under it at least two that are not: one paragraph, broken."""
    place = next(i for i, line in enumerate(raw) if _INDENT.match(line))
    below = raw[place + 1 : place + 3]
    return len(below) == 2 and all(line.strip() and not _BEGINS.match(line) for line in below)


def _paragraphs(raw: Sequence[str]) -> list[tuple[int, int]]:
    """First and last line of each run of filled lines; each empty line is a run of its own."""
    runs: list[tuple[int, int]] = []
    start: int | None = None
    for place, line in enumerate([*raw, ""]):
        if line.strip():
            start = place if start is None else start
            continue
        if start is not None:
            runs.append((start, place - 1))
            start = None
        if place < len(raw):
            runs.append((place, place))
    return runs


def _continues(before: str, line: str, *, width: int, indented: bool) -> bool:
    """Whether the sentence of ``before`` goes on in ``line``. ``width`` 0: not a broken text."""
    text, ended = line.strip(), before.strip()
    if not text or not ended or _ENDS.search(ended) or _BEGINS.match(text):
        return False
    if ended.startswith("**") and ended.endswith("**"):
        return False
    if before.endswith(("  ", "\\")) or ended.startswith(("#", "|", ">")) or _INDENT.match(line):
        return False
    if _RUNS_ON.search(ended):
        return len(ended) >= _SENTENCE
    if _LABELLED.match(text):
        return False
    return bool(width) and (indented or len(ended) >= _NEAR * width)


def _runs_on(before: str, line: str) -> bool:
    """Whether two lines of one paragraph may be one sentence: no label, no mark between them."""
    ended = before.strip()
    return (
        len(ended) >= _SHORT
        and _PROSE.search(ended + line) is not None
        and _continues(before, line, width=1, indented=False)
        and not _LABELLED.match(ended)
    )


def _glued(one: str, other: str) -> str:
    one, other = one.rstrip(), other.strip()
    chinese = re.search(rf"[{_CJK}]$", one) or re.match(rf"[{_CJK}]", other)
    return one + other if chinese else f"{one} {other}"


def without_gaps(line: str) -> str:
    """The line without blanks between its characters, as recognised or justified text has them.

    >>> without_gaps("单 位 职 工 断 缴 3 个 月"), without_gaps("首页 新闻 服务")
    ('单位职工断缴3个月', '首页 新闻 服务')
    """
    if " " not in line and "\u3000" not in line:
        return line
    text = line.strip(" \u3000")
    if pair := _PAIR.fullmatch(text):
        return line.replace(text, f"{pair.group(1) or ''}{pair.group(2)}{pair.group(3)}")
    line = _RUN.sub(_close, line)
    count = sum(map(len, _HAN.findall(text)))
    if count >= _FEW and len(_BETWEEN.findall(text)) > _SPACED * count:
        line = _BETWEEN.sub("", line)
    return line


def _close(found: re.Match[str]) -> str:
    run = found.group()
    single = re.sub(r"[ \u3000]", "", run)
    chinese = sum(map(len, _HAN.findall(single)))
    return single if chinese * 2 >= len(single) else run
