"""The marks with which Chinese pages number things: 一、 （一） 1. (1) ① 第一步 首先 • 第三条 …

This module only recognises a mark and reads its number. What a marked line is (a heading, a step,
a paper to bring) depends on its neighbours and is decided in ``outline``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CN = "一二三四五六七八九十百零〇两"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CIRCLED_2 = "❶❷❸❹❺❻❼❽❾❿"
_IN_BRACKETS = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
_WITH_DOT = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
_LOOKALIKES = (_CIRCLED, _CIRCLED_2, _IN_BRACKETS, _WITH_DOT)

# 首先 … 其次 … 最后: the first two words open such a list, the others continue it
_ORDER_OPEN = ("首先", "第一", "一是", "其一")
_ORDER = (
    r"首先|其次|再次|然后|接着|随后|此外|另外|最后|第[一二三四五六七八九](?=[，,、：:])"
    r"|[一二三四五六七八九]是(?!否|指)|其[一二三四五](?=[，,、：:])"
)
_SEPARATOR = r"[、.．:：，,)）]"

# family -> what it looks like. Alternatives are tried in this order at one position.
_FAMILIES = {
    "#": r"\#{1,6}(?=[ \t])",
    "chapter": rf"第[{_CN}\d]{{1,5}}[编章节](?=[\s\u3000])",
    "article": rf"第[{_CN}\d]{{1,7}}条(?:之[{_CN}]{{1,2}})?(?=[\s\u3000：:])"
    # without a blank behind it at the beginning of a line, unless the words go on as a reference
    rf"|(?:(?<=\n)|(?<=\n[ \u3000])|(?<=\n[ \u3000]{{2}})|(?<![\s\S]))第[{_CN}]{{1,7}}条"
    r"(?![的款项规所第、和与及至或，。中内之以])",
    "question": r"(?:问|Q\d{0,3}|提问)[:：、]",
    "reply": r"(?:答|A\d{0,3}|回答)[:：、]",
    "step": rf"(?:第[{_CN}\d]{{1,3}}步|步骤[{_CN}\d]{{1,3}})(?:\s?{_SEPARATOR}|(?=\s|[一-鿿]))",
    "way": (
        rf"(?:方法|方式|途径|渠道|情形|情况|场景|方案)[{_CN}\d]{{1,2}}(?:\s?{_SEPARATOR}|(?=\s))"
    ),
    "cn": rf"[{_CN}]{{1,3}}\s?[、．]|[{_CN}]{{1,3}}\.(?!\d)|[{_CN}]{{1,3}}[：:](?=\s|\S)",
    "cn()": rf"[(（]\s?[{_CN}]{{1,3}}\s?[)）][、.：:]?",
    "1)": r"[(（]\s?\d{1,3}\s?[)）][、.：:]?",
    "1.": r"[\d０-９]{1,3}\s?(?:、|[.．](?![\d０-９])|[)）])",
    "a)": r"[a-hA-H]\s?(?:、|[.．)）])(?=\s?[一-鿿“「《])",
    "①": rf"[{_CIRCLED}{_CIRCLED_2}{_IN_BRACKETS}{_WITH_DOT}][、.．]?",
    "order": _ORDER,
    "•": r"[•·●■◆○▪▶➤►★☆√✓◎□※](?=\s|\S)|[-*+–—](?=[ \t])",
}
_NAMES = tuple(_FAMILIES)
_MARK = re.compile("|".join(f"({pattern})" for pattern in _FAMILIES.values()))
# every mark begins with one of these: most places are dismissed by a look at one character
FIRST = (
    "#第问Q提答A回步方途渠情场首其再然接随此另最(（0123456789０１２３４５６７８９-*+–—abcdefghABCDEFGH"
    f"{_CN}{_CIRCLED}{_CIRCLED_2}{_IN_BRACKETS}{_WITH_DOT}•·●■◆○▪▶➤►★☆√✓◎□※"
)
_FIRST = frozenset(FIRST)
_NUMBER = re.compile(rf"[{_CN}]+|[\d０-９]+")
# told one after another: 先 …，再 …，最后 …
_IN_TURN = re.compile(
    r"(?:^|[,;。:!\s])(首先|先(?![生前行进后])|第一(?=[,:])|一是|其次|第二(?=[,:])|二是|再(?![次加多者说就也])|接着|然后|随后|最后)"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """A mark at ``start``; what it marks begins at ``end``. ``number`` is None for a bullet.

    For ``#`` the number is the level; for ``order`` it is 1 for a word that opens such a list.
    """

    family: str
    number: int | None
    start: int
    end: int


def chinese_number(written: str) -> int:
    """十二 → 12, 12 → 12, 一百零五 → 105 (numbers up to 999, as lists use them).

    >>> chinese_number("二十一")
    21
    """
    if written.isdecimal():
        return int(written)
    total = digit = 0
    for character in written:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS.get(character, 0)
    return total + digit


def marker_at(text: str, start: int, end: int) -> Marker | None:
    """The mark that stands at ``start``, or None. Blanks after it belong to it."""
    if start >= end or text[start] not in _FIRST:
        return None
    match = _MARK.match(text, start, end)
    if match is None:
        return None
    family = _NAMES[(match.lastindex or 1) - 1]
    if family == "order":  # 首先 is a word of the sentence as well: it stays in the step
        return Marker(family, _number(family, match[0]), start, start)
    stop = match.end()
    while stop < end and text[stop] in " \t\u3000":
        stop += 1
    return Marker(family, _number(family, match[0]), start, stop)


def turns(folded: str) -> list[int]:
    """Where the words 先, 再, 最后 stand in folded text that counts with them; [] with fewer than three."""
    found = list(_IN_TURN.finditer(folded))
    return [m.start(1) for m in found] if len({m[1] for m in found}) >= 3 else []


def _number(family: str, mark: str) -> int | None:
    if family == "#":
        return len(mark)
    if family == "order":
        return 1 if mark in _ORDER_OPEN else None
    if family == "①":
        return next(row.index(mark[0]) + 1 for row in _LOOKALIKES if mark[0] in row)
    if family == "a)":
        return ord(mark[0].lower()) - ord("a") + 1
    found = _NUMBER.search(mark)
    return chinese_number(found[0]) if found and family not in ("•", "question", "reply") else None
