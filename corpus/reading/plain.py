"""Plain text and Markdown as pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import pairwise

from corpus.front import LONGEST
from corpus.reading.broken import starts_with_number
from corpus.reading.cells import Cell
from corpus.reading.celltext import cell_text, split_lines
from corpus.reading.fields import FRONT, front_facts
from corpus.reading.grid import table_lines
from corpus.reading.htmlinside import BREAK
from corpus.reading.joining import joined
from corpus.reading.markup import plain_markdown, unescaped
from corpus.reading.types import Facts, Line, Page
from corpus.reading.webreader import web_reader_head
from corpus.text import normalise

_QUESTION = re.compile(
    r"^\s*(?:#{1,6}\s+|[-*]\s+)?(?:\d{1,2}[.、]\s*)?"
    r"(?:(?:问题?|提问|[QqＱ])\s*\d{0,2}\s*[:：]|[【\[(（](?:问题?|提问|[QqＱ])[】\])）][:：]?)\s*\S"
)
_ANSWER = re.compile(
    r"^\s*(?:(?:答(?!复)|回答|解答|[AaＡ])\s*\d{0,2}\s*[:：]|[【\[(（](?:答|回答|解答|[AaＡ])[】\])）])"
)
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_BOLD_LINE = re.compile(r"\s{0,20}(?:\*\*|__)([^*_]{2,40})(?:\*\*|__)\s{0,20}[:：]?\s{0,20}")
_LISTED = re.compile(
    r"([ \t\u3000]{0,80})(?:[-*•·●]\s|\d{1,2}\s?[.、．)）]|[(（]\d{1,2}[)）]|[①-⑳])"
)
_ADDRESS = r"\((?:[^()\n]|\([^()\n]{0,200}\)){0,800}\)"
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]" + _ADDRESS)
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]" + _ADDRESS)
_PAGE_MARK = re.compile(
    r"[=\-—*\s]{0,12}(?:PAGE|Page|page)\s?\d{1,4}(?:\s?(?:/|of)\s?\d{1,4})?[=\-—*\s]{0,12}"
    r"|[=\-—*\s]{1,12}第\s?\d{1,4}\s?页[=\-—*\s]{0,12}"
)
_LEFT_OVER = re.compile(r"(?:(?<=\s)|^)_{2,3}(?=[\s-]|$)")  # emphasis round a picture that is gone
_MOST_LINKS = 1_000  # in one line: no line that anybody wrote has so many
_ROW = re.compile(r"\|.{1,20000}\|")
_RULE = re.compile(
    r"\|?\s{0,9}:?-{1,99}:?\s{0,9}(?:\|\s{0,9}:?-{1,99}:?\s{0,9}){1,60}\|?|\|\s{0,9}:?-{1,99}:?\s{0,9}\|"
)
_MOST_CELLS = 1_000  # in one row
_HARD_BREAK = re.compile(r"(?<=[^\s|])(?: {2,20}|\\)\r?\n(?=[ \t]{0,80}\S)")  # Markdown's own two
_MANY_LINKS = 3  # in a line of hardly anything else: they lead elsewhere


def read_plain(text: str) -> Page:
    """A .txt file: its lines as they stand; only lists within lists stay indented."""
    raw = joined([t for t in normalise(text).split("\n") if not _PAGE_MARK.fullmatch(t)])
    levels = _levels(raw)
    lines = [_plain_line(t, levels.get(i, 0)) for i, t in enumerate(raw)]
    return Page(tuple(mark_questions(lines)))


def read_markdown(text: str) -> Page:
    """A .md file that is not one of our own articles; its front matter says facts about it."""
    text = normalise(_HARD_BREAK.sub("\n\n", text))
    facts = Facts()
    if (found := FRONT.match(text)) and len(found.group(1)) <= LONGEST:  # or text between two rules
        facts, text = front_facts(found.group(1)), text[found.end() :]
    else:
        facts, text = web_reader_head(text)
    lines: list[Line] = []
    fenced = False
    for raw in joined(normalise(plain_markdown(text)).split("\n"), soft=True):
        if raw.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not re.fullmatch(r"\s{0,20}(?:[-*_]\s{0,20}){3,}", raw):
            lines.append(Line(raw) if fenced else _markdown_line(raw))
    return Page(tuple(mark_questions(_tables(lines))), facts)


def mark_questions(lines: list[Line]) -> list[Line]:
    """Lines with 问： marked as questions where a line with 答： follows each."""
    filled = [i for i, line in enumerate(lines) if line.text.strip()]
    marked = list(lines)
    for place, after in pairwise(filled):
        if _QUESTION.match(lines[place].text) and _ANSWER.match(lines[after].text):
            marked[place] = replace(lines[place], question=True)
    return marked


def unmarked(text: str) -> str:
    """Without inline markup: bold, links and images; their words stay."""
    if text.count("](") > _MOST_LINKS:
        return text
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    return _BOLD.sub(r"\2", text).replace("**", "").replace("`", "")


def _levels(raw: list[str]) -> dict[int, int]:
    """How deep each line of a list stands within other lists, by its indent."""
    indents = {
        place: sum(2 if c in "\u3000\t" else 1 for c in found.group(1))
        for place, line in enumerate(raw)
        if (found := _LISTED.match(line))
    }
    steps: list[int] = []
    for indent in sorted(set(indents.values())):
        if not steps or indent >= steps[-1] + 2:
            steps.append(indent)
    return {place: bisect_right(steps, indent) - 1 for place, indent in indents.items()}


def _plain_line(raw: str, level: int) -> Line:
    text = raw.strip(" \t\u3000")
    if found := re.match(r"(#{1,6})\s+\S", text):
        return Line(text, heading=len(found.group(1)))
    return Line("  " * level + text.replace("**", ""))


def _markdown_line(raw: str) -> Line:
    text = raw.rstrip()
    if (found := _BOLD_LINE.fullmatch(text)) and not re.search(r"[。；，]", found.group(1)):
        inside = found.group(1).strip()
        return Line(inside) if starts_with_number(inside) else Line(f"### {inside}", heading=3)
    text = re.sub(r"^(?:>\s?)+", "", text)
    text = re.sub(r"^(\s{0,20})[*+•]\s{1,20}", r"\1- ", text)
    text = re.sub(r"^(\s{0,20}\d{1,3}[.)])\s{2,8}", r"\1 ", text)
    text = re.sub(r"^\s{0,12}-\s{1,4}(?=#{1,6}\s)", "", text)  # a heading within a list
    link = _leads_elsewhere(text)
    text = _LEFT_OVER.sub("", unescaped(unmarked(text))).strip("\u3000")
    found = re.match(r"(#{1,6})\s*\S", text)
    return Line(text, heading=len(found.group(1)) if found else 0, link=link)


def _leads_elsewhere(text: str) -> bool:
    """Whether the line is nothing but a link, or hardly anything but several."""
    if text.count("](") > _MOST_LINKS:
        return True
    links = _LINK.findall(_IMAGE.sub("", text))
    if not links:
        return False
    words = sum(len(link.strip()) for link in links)
    rest = re.sub(r"[\W_]+", "", _LINK.sub("", _IMAGE.sub("", text)))
    return not rest or (len(links) >= _MANY_LINKS and words > 2 * len(rest))


def _tables(lines: list[Line]) -> list[Line]:
    """Markdown tables as sentences that keep their column heads."""
    out: list[Line] = []
    place = 0
    while place < len(lines):
        end = _table_end(lines, place)
        if end > place:
            out += [Line(text) for text in split_lines(_table(lines[place:end]))]
            place = end
        else:
            line = lines[place]
            broken = BREAK in line.text
            out.append(replace(line, text=line.text.replace(BREAK, " ")) if broken else line)
            place += 1
    return out


def _table_end(lines: list[Line], place: int) -> int:
    """Where the table ends that begins there; ``place`` itself where none does.

    Rows stand between bars; where a rule stands under the first one, the outer bars may lack.
    """
    ruled = place + 1 < len(lines) and _RULE.fullmatch(lines[place + 1].text.strip()) is not None
    bars = ruled and "|" in lines[place].text
    end = place
    while end < len(lines) and (_ROW.fullmatch(lines[end].text.strip()) or bars):
        if "|" not in lines[end].text:
            break
        end += 1
    return end


def _table(lines: list[Line]) -> list[str]:
    rows: list[list[Cell]] = []
    headed = 0
    for number, line in enumerate(lines):
        row = line.text.strip()
        if _RULE.fullmatch(row):
            headed = 1 if len(rows) == 1 and any(cell.text for cell in rows[0]) else 0
            continue
        row = row.removeprefix("|").removesuffix("|")
        cells = [_lines_of_cell(cell) for cell in row.split("|")]
        filled = [n for n, cell in enumerate(cells) if cell]
        rows.append(
            [
                Cell(
                    cell_text(cell, last=filled[-1:] == [n], alone=filled == [n]),
                    number * _MOST_CELLS + n,
                )
                for n, cell in enumerate(cells)
            ]
        )
    return table_lines(rows, headed)


def _lines_of_cell(cell: str) -> list[str]:
    return [line for part in cell.split(BREAK) if (line := part.strip())]
