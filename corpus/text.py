"""The few things done to text itself: normalise it once, find its sentences, fold it for searching.

What a text means (headings, lists, quotations) is left to ``headings``, ``lists``, ``citations``;
words are left to ``words``. Nothing here changes a word, a digit or a punctuation mark that a
reader will be shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

Span = tuple[int, int]
"""``(start, end)`` offsets of a slice."""

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Everything invisible that saved pages carry: control characters, zero-width marks, the byte order
# mark, soft hyphens, directional marks. Tabs and newlines stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile("\n{3,}")

# A sentence: up to and with its marks, the brackets and quotes that close after them, and the
# white space behind. A "?" inside an address and a "." that no blank follows do not end one.
_SENTENCE = re.compile(
    r"(?:[^。！？!?.\n]+"
    r"|(?<=[A-Za-z0-9/])[!?](?=[A-Za-z0-9=&])"
    r"|\.(?:(?<![\u3400-\u9fff]\.)|(?<=[一二三四五六七八九十]\.)|(?!\s|\Z)))*"
    r"(?:[。！？!?.]+[”’」』）)\]】》〉\"']*|\n|\Z)\s*"
)


def normalise(raw: str) -> str:
    """One form for line ends, invisible marks, accents and blank lines; every word as written.

    Lines end in ``\\n`` and carry no trailing blanks, at most one blank line stands between two
    lines and none at either end, characters are composed (NFC). Full-width digits, punctuation
    and traditional characters stay. ``normalise(normalise(x)) == normalise(x)``.

    >>> normalise("\\ufeff一、怎么办 \\r\\n\\r\\n\\r\\n补缴。")
    '一、怎么办\\n\\n补缴。'
    """
    text = _LINE_ENDS.sub("\n", raw)
    text = _INVISIBLE.sub("", text)
    text = _SURROGATES.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", text).replace("\xa0", " ")
    # rstrip line by line: a regex for trailing blanks is quadratic on a long run of them
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences of ``text[start:end]``; their slices join to exactly that.

    A sentence ends at 。！？ (or the ASCII marks), with closing quotes behind it, or at a line
    end; the white space that follows belongs to it. A semicolon does not end one.

    >>> [("停保。补缴！"[a:b]) for a, b in sentences("停保。补缴！")]
    ['停保。', '补缴！']
    """
    stop = len(text) if end is None else end
    return [m.span() for m in _SENTENCE.finditer(text, start, stop) if m.end() > m.start()]


def strip_span(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends (empty at ``start`` if it is nothing else)."""
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def fold(text: str) -> str:
    """The text as the search sees it, of the same length: never shown, offsets carry over.

    Full-width to half-width, compatibility forms (⼀ of a PDF) to their common character,
    traditional to simplified one character at a time, lower case.

    >>> fold("ＡＰＰ辦理職工醫保：３個月")
    'app办理职工医保:3个月'
    """
    return text.translate(_folding())


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    """One character to one character: the length can never change."""
    table: dict[int, str] = {}
    for code in (*range(0x80, 0xD800), *range(0xF900, 0x10000)):
        character = chr(code)
        # ① and ² are marks of a list or a note, not digits of the text
        if unicodedata.category(character) == "No":
            continue
        plain = unicodedata.normalize("NFKC", character)
        if len(plain) == 1 and plain != character:
            table[code] = plain
    simplified = _simplified()
    for code, plain in list(table.items()):
        table[code] = simplified.get(plain, plain)
    table.update({ord(key): value for key, value in simplified.items()})
    for code in range(0x10000):
        lower = table.get(code, chr(code)).lower()
        if len(lower) == 1 and lower != chr(code):
            table[code] = lower
    return table


def _simplified() -> dict[str, str]:
    """Traditional to simplified characters, from OpenCC's table (first reading where several)."""
    path = files("opencc") / "dictionary" / "TSCharacters.txt"
    pairs = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        traditional, _, readings = line.partition("\t")
        if len(traditional) == 1 and readings:
            pairs[traditional] = readings.split(" ")[0]
    # 帳戶 becomes 帐户, but the field (and its sources) writes 账户; the two mean the same
    return pairs | {"帳": "账", "帐": "账"}
