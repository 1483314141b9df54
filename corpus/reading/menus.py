"""Menus, bars of buttons and lists of departments: told by what stands round a line, not by its words.

Such lines come in runs: short, without a mark of a sentence, without a number, many of them links,
buttons, bullets of one site's making, or words that the page says twice. A list that belongs to the
text has a line before it that leads in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from corpus.reading.about import read_about
from corpus.reading.items import asks
from corpus.reading.noise import bare, heads_related, is_noise
from corpus.reading.types import Line

_LONGEST = 14  # characters of an entry; the names of departments seen go to 12
_SHORTEST_RUN = 2
_LONG_RUN = 6  # entries in a row behind the last sentence, none of them led in
_SENTENCE = re.compile(r"[。；，！？：:;!?]")
_AMOUNT = re.compile(r"\d")
_NUMBERED = re.compile(
    r"\s{0,12}(?:#{1,6}\s{0,3})?(?:[一二三四五六七八九十]{1,3}[、.．]|[(（][\d一二三四五六七八九十]|\d|[①-⑳]|第.{1,3}[步条章]|步骤)"
)
_DOTTED = re.compile(r"\s{0,12}[·•|｜]")
_TRAIL = re.compile(
    r"(?:[^>»›＞。；]{0,12}[:：]\s{0,3})?首页(?:\s{0,3}[>»›＞/]{1,3}\s{0,3}[^>»›＞。；，]{0,24}){1,8}"
    r"|[^>»›＞。；，：:]{0,12}[:：]\s{0,3}[^>»›＞。；，]{1,16}(?:\s{0,3}[>»›＞]{1,3}\s{0,3}[^>»›＞。；，]{1,24}){2,8}"
)
"""The way to a page: 您的当前位置：首页 > 信息公开."""
_FORM = re.compile(r"窗体(?:顶|底)端|(?:Top|Bottom) of Form")  # Word's own marks round a form
_RELATED_HEAD = re.compile(r"相关.{2,4}|附件下载|正文下载|扫一扫.{0,16}|\W{0,4}")
_FOOT = re.compile(
    r"^\W{0,4}(?:[^|｜。，]{1,8}\s{0,3}[|｜]\s{0,3}){3,12}[^|｜。，]{0,8}$|版权所有|ICP备|网站标识码|公网安备"
)
_LEADS_IN = re.compile(r"[:：]\s{0,3}$|如下|以下|包括|下列")


def menus_apart(lines: Sequence[Line], title: str = "") -> tuple[list[Line], list[Line]]:
    """The lines without runs of entries that lead elsewhere, and what frames the page: those runs,
    and the entries and the foot that stand outside its article. ``title``: it was said already."""
    said = Counter(_key(line) for line in [*lines, Line(title)] if line.text.strip())
    dropped = {i for i, line in enumerate(lines) if _says_nothing(line)}
    filled = [i for i, line in enumerate(lines) if line.text.strip() and line.zone == "main"]
    sentences = [n for n, i in enumerate(filled) if _says(lines[i])]
    first, last = (sentences[0], sentences[-1]) if sentences else (0, len(filled))
    order = 0
    while order < len(filled):
        end = order
        while end < len(filled) and _entry(lines[filled[end]]):
            end += 1
        run = filled[order:end]
        below = filled[end] if end < len(filled) else None
        if run and below is not None and _heads(lines, run, below):
            run = run[:-1]
        led = order > 0 and _LEADS_IN.search(lines[filled[order - 1]].text) is not None
        outside = order > last or end <= first
        if not led and _is_menu([lines[i] for i in run], said, outside=outside and bool(sentences)):
            dropped.update(run)
        order = max(end, order + 1)
    dropped.update(_foot(lines, filled))
    dropped.update(_hanging(lines, [i for i in filled if i not in dropped], said))
    kept = [line for i, line in enumerate(lines) if i not in dropped]
    framing = dropped | _framing(lines)
    return kept, [line for i, line in enumerate(lines) if i in framing and line.text.strip()]


def _framing(lines: Sequence[Line]) -> set[int]:
    """What stands outside the article and is an entry by its form, or of the foot of the site."""
    filled = [i for i, line in enumerate(lines) if line.text.strip()]
    outside = {i for i in filled if lines[i].zone != "main"}
    return {i for i in outside if _entry(lines[i])} | (outside & set(_foot(lines, filled)))


def _says_nothing(line: Line) -> bool:
    """The way to a page, or what is left of a button: one sign, no number of a list."""
    if not line.text.strip() or line.ends or line.question:
        return False
    if _TRAIL.fullmatch(bare(line.text)) or _FORM.fullmatch(bare(line.text)):
        return True
    if line.heading and re.fullmatch(r"\W{0,9}(?:[A-Za-z]{1,8}\W{0,3})?\d{1,2}\W{0,9}", line.text):
        return True  # 01, PART 2: an ornament over the heading that follows
    return len(_key(line)) <= 1 and not re.search(r"[\d一二三四五六七八九十①-⑳]", line.text)


def _foot(lines: Sequence[Line], filled: Sequence[int]) -> Sequence[int]:
    """The foot of a site: from its bar of links, its owner or its number on, with no sentence."""
    for order in range(len(filled) // 2, len(filled)):
        if _FOOT.search(lines[filled[order]].text):
            rest = (lines[i].text.rstrip() for i in filled[order + 1 :])
            if not any("。" in text and not text.endswith("...") for text in rest):
                return filled[order:]
    return ()


def _hanging(lines: Sequence[Line], filled: Sequence[int], said: Counter[str]) -> set[int]:
    """Heads at the end of a page of what a script would have put there: 相关附件, 相关新闻."""
    found: set[int] = set()
    entries: set[int] = set()  # the page's own head once more, under such a head
    for place in reversed(filled):
        words = bare(lines[place].text)
        if said[_key(lines[place])] > 1 or read_about(words, place="edge"):
            entries.add(place)
        elif len(words) <= 1 or _RELATED_HEAD.fullmatch(words) or is_noise(words):
            found |= {place, *entries}
            entries = set()
        else:
            break
    return found


def _entry(line: Line) -> bool:
    """Short, says nothing, asks nothing, counts nothing."""
    words = bare(line.text)
    if line.question or line.ends or (heads_related(line.text) and len(words) > 2):
        return False
    return (
        0 < len(words) <= _LONGEST
        and not _SENTENCE.search(words)
        and not _AMOUNT.search(words)
        and not _NUMBERED.match(line.text)
        and not asks(words)
    )


def _says(line: Line) -> bool:
    return bool(_SENTENCE.search(line.text)) and len(line.text.strip()) > _LONGEST


def _heads(lines: Sequence[Line], run: Sequence[int], below: int) -> bool:
    """Whether the last entry is a heading of what stands below rather than one of the run."""
    last = run[-1]
    if lines[last].link or _DOTTED.match(lines[last].text) or is_noise(lines[last].text):
        return False
    parted = any(not line.text.strip() for line in lines[max(last - 1, 0) : last])
    return lines[last].heading > 0 or parted or below == last + 1 or len(run) == 1


def _is_menu(run: Sequence[Line], said: Counter[str], *, outside: bool) -> bool:
    """``outside``: before the first sentence of the page or behind its last."""
    if len(run) < _SHORTEST_RUN:
        return False
    marked = sum(
        line.link
        or is_noise(line.text)
        or heads_related(line.text)
        or (_DOTTED.match(line.text) is not None and outside)
        or (said[_key(line)] > 1 and outside)
        for line in run
    )
    if marked * 2 >= len(run):
        return True
    listed = sum(line.text.lstrip().startswith(("- ", "* ")) for line in run)
    return outside and len(run) >= _LONG_RUN and (listed * 2 >= len(run) or marked > 1)


def _key(line: Line) -> str:
    return re.sub(r"[\W_]+", "", line.text)
