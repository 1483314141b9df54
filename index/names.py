"""Where names of people stand in a text: a small learned tagger over characters.

A character is outside a name, begins one or goes on with one. What speaks for each is a sum of
weights over what stands around it: characters, words of the dictionary that begin and end there,
family names. ``training/names.py`` learned them from made sentences (``index/data/NAMES_CARD.md``).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.text import Span, fold
from index.arrays import unpack

FILE = Path(__file__).with_name("data") / "names.npz"
BUCKETS = 1 << 17
"""Rows of weights; a feature's row is its hash."""
_PAD = 4
_LONGEST_WORD = 4
_OUTSIDE, _BEGINS, _GOES_ON = range(3)
_CALLED = r"(?<![\u4e00-\u9fff])|(?<=[找是问和跟给让叫被的听向托由请为我姓])"
_TITLED = re.compile(
    rf"(?:{_CALLED})([\u4e00-\u9fff])(?=(?:某|先生|女士|小姐|阿姨|叔叔|大夫|医生|主任(?!医)|老师|师傅|经理|局长|"
    r"科长|院长|处长|同志|大姐|大哥|大爷|大妈|奶奶|爷爷|老板|会计|护士|队长|书记|村长)(?!们))"
)
_SURNAMED = re.compile(r"(?<=[我免贵他她家者人]姓)([\u4e00-\u9fff])(?=[,，。.、\s叫]|\Z)")
_GOES_BEFORE = frozenset(
    "的了和跟与及在是有没不也都就还要说他她它我你从到把被给让去来已能可会今年因于之等男女系为由想自未刚又才住办交查问转停补断退"
    "缴参报医社怀离失嫁户家妈爸哥姐弟妹先同阿老师这那个两名叫以其每向代用带买领卡身单出生死病打得过做上下公"
)
"""What is said right after a name."""
_FOREIGN = frozenset("尔提汗曼拜娅姆")
"""How names of other tongues end, and no word begins."""
_LITTLE = re.compile(rf"(?:{_CALLED})([小老][\u4e00-\u9fff])(?=(.?))")
_STEP = 512
"""Characters that are tagged at a time: what is hashed for them takes some MB."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the features look up. ``words``: a Bloom filter (uint8) of ordinary words of two to four
    characters; ``families``, ``doubles``: family names of one and of two characters, ``given``:
    characters that are frequent in given names."""

    words: NDArray[np.uint8]
    families: str
    doubles: frozenset[str]
    given: frozenset[str]

    def family(self, character: str) -> int:
        """0 for none, 1 for a rare family name, 2 for one of the hundred most frequent."""
        place = self.families.find(character)
        return 0 if place < 0 else 2 if place < 100 else 1

    def is_word(self, word: str) -> bool:
        return all(self.words[bit >> 3] >> (bit & 7) & 1 for bit in bits(word, 8 * len(self.words)))


def bits(word: str, size: int) -> list[int]:
    """The four bits that stand for a word in a filter of that many bits."""
    raw = word.encode()
    first, second = zlib.crc32(raw), zlib.adler32(raw) * 2654435761 & 0xFFFFFFFF | 1
    return [(first + n * second) % size for n in range(4)]


class Names:
    """The tagger. ``weights`` (``BUCKETS``, 3) int8, ``follows`` (3, 3): what speaks for one label
    after another, both in units of ``scale``. ``bar``: what a name has to be worth more than none."""

    def __init__(
        self,
        knowledge: Knowledge,
        weights: NDArray[np.int8],
        follows: NDArray[np.float32],
        *,
        scale: float,
        bar: float,
    ) -> None:
        self._knowledge = knowledge
        self._weights = weights
        self._follows = follows
        self._scale = scale
        self._bar = bar

    @classmethod
    def open(cls, path: Path = FILE) -> Names:
        """The shipped weights, or those of another file."""
        held = unpack(path.read_bytes())
        return cls(
            Knowledge(
                held["words"],
                _text(held["families"]),
                frozenset(_text(held["doubles"]).split()),
                frozenset(_text(held["given"])),
            ),
            held["weights"],
            held["follows"],
            scale=float(held["scale"][0]),
            bar=float(held["bar"][0]),
        )

    def find(self, text: str) -> list[Span]:
        """Spans of the names, in order.

        >>> names().find("我叫李秀兰，断缴了两个月")
        [(2, 5)]
        """
        plain = fold(text)
        spans: list[Span] = []
        for line_start, line in _pieces(plain):
            rows = np.array(features(line, self._knowledge), dtype=np.int64)
            scores = self._weights[rows].sum(axis=1, dtype=np.int32) * self._scale
            scores[:, _OUTSIDE] += self._bar
            labels = _best(scores, self._follows)
            found = [s for s in spans_of(labels) if s[1] - s[0] > 1]
            found = [whole(line, span, self._knowledge) for span in found]
            spans += [(line_start + start, line_start + end) for start, end in found]
            spans += [
                (line_start + start, line_start + end)
                for start, end in titled(line, self._knowledge)
            ]
        spans += [
            s for name in {plain[a:b] for a, b in spans if b - a > 1} for s in _all(name, plain)
        ]
        return sorted(set(spans))


def spans_of(labels: Sequence[int]) -> list[Span]:
    """The runs that begin and go on."""
    spans: list[Span] = []
    for place, label in enumerate(labels):
        if label == _BEGINS:
            spans.append((place, place + 1))
        elif label == _GOES_ON and spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
    return spans


def whole(plain: str, span: Span, known: Knowledge) -> Span:
    """A name with the character that was cut off it: 赵小 in 赵小满的, 古丽娜 in 古丽娜尔想, 孔令辉 in
    孔令辉煌. Rather a character too many than half a name."""
    start, end = span
    while (after := plain[end : end + 1]) and _may_go_on(plain[start:end], after, known):
        if known.is_word(plain[end : end + 2]) and plain[start:end] not in known.doubles:
            break
        end += 1
    return start, end


def _may_go_on(name: str, after: str, known: Knowledge) -> bool:
    if not "\u4e00" <= after <= "\u9fff" or after in _GOES_BEFORE or len(name) > 5:
        return False
    usual = 4 if name[:2] in known.doubles else 3
    if len(name) < usual:
        return True
    return after in _FOREIGN or (len(name) == 3 and known.is_word(name[-1] + after))


def _all(name: str, plain: str) -> Iterator[Span]:
    """Wherever a name that was found once stands."""
    place = plain.find(name)
    while place >= 0:
        yield place, place + len(name)
        place = plain.find(name, place + len(name))


def titled(plain: str, known: Knowledge) -> Iterator[Span]:
    """A family name alone, where a title follows it (王女士) or 小 or 老 stands before it (小刘)."""
    for match in _TITLED.finditer(plain):
        if known.family(match[1]):
            yield match.span(1)
    for match in _SURNAMED.finditer(plain):
        if known.family(match[1]):
            yield match.span(1)
    for match in _LITTLE.finditer(plain):
        family, after = match[1][1], match[2]
        words = (family + after, match[1], match[1] + after)
        if known.family(family) == 2 and not any(len(w) > 1 and known.is_word(w) for w in words):
            yield match.span(1)


def features(plain: str, known: Knowledge) -> list[list[int]]:
    """For each character of a folded text the rows of the weights that bear on it."""
    n = len(plain)
    text = "\x02" * _PAD + plain + "\x03" * _PAD
    family = [known.family(c) for c in text]
    given = [int(c in known.given) for c in text]
    begins, ends, covers = _lexicon(text, known)
    rows = []
    for i in range(_PAD, n + _PAD):
        c = text[i - 3 : i + 5]  # c[3] is the character itself
        f = family[i - 2 : i + 3]
        g = given[i - 1 : i + 4]
        word_before = text[i - ends[i] : i] if ends[i] else c[2]
        keys = [
            f"a{c[3]}", f"b{c[2]}", f"c{c[1]}", f"d{c[4]}", f"e{c[5]}", f"f{c[0]}", f"g{c[6]}",
            f"h{c[2:4]}", f"i{c[3:5]}", f"j{c[1:3]}", f"k{c[4:6]}", f"l{c[0:2]}", f"m{c[5:7]}",
            f"n{c[0:3]}", f"o{c[4:7]}", f"p{c[3:6]}",
            f"q{f}", f"r{f[2]}{g}", f"s{f[1:3]}{g}", f"t{f[0:3]}{g}",
            f"u{begins[i]}{f[2]}", f"v{ends[i]}{begins[i]}", f"w{covers[i]}{f[1]}{f[2]}",
            f"x{begins[i]}{begins[i + 1]}{begins[i + 2]}{begins[i + 3]}{f[2]}",
            f"y{ends[i]}{ends[i + 1]}{ends[i + 2]}{f[1]}", f"z{covers[i - 1]}{covers[i]}{covers[i + 1]}{f}",
            f"A{word_before}", f"B{word_before}{f[2]}{begins[i]}",
            *(f"C{k}{text[i + k : i + k + begins[i + k]] if begins[i + k] else text[i + k]}"
              for k in (1, 2, 3)),
            *(f"D{k}{text[i - k - ends[i - k] : i - k] if ends[i - k] else text[i - k - 1]}{f[2 - k]}"
              for k in (1, 2)),
            f"E{text[i - 2 : i] in known.doubles}{text[i - 1 : i + 1] in known.doubles}"
            f"{text[i : i + 2] in known.doubles}{text[i - 3 : i - 1] in known.doubles}",
            f"F{''.join(map(_shape, c))}", f"G{''.join(map(_shape, c[1:6]))}{f[2]}",
        ]  # fmt: skip
        rows.append([zlib.crc32(key.encode()) % BUCKETS for key in keys])
    return rows


def _lexicon(text: str, known: Knowledge) -> tuple[list[int], list[int], list[int]]:
    """For each place the length of the longest word that begins there, that ends before it, and
    that goes over it without beginning there; 0 where there is none."""
    begins, ends, covers = ([0] * (len(text) + _PAD + 1) for _ in range(3))
    for start in range(_PAD, len(text) - _PAD):
        for size in range(2, _LONGEST_WORD + 1):
            word = text[start : start + size]
            if "\x03" in word or not all("\u4e00" <= c <= "\u9fff" for c in word):
                break
            if known.is_word(word):
                begins[start] = size
                ends[start + size] = max(ends[start + size], size)
                for place in range(start + 1, start + size):
                    covers[place] = max(covers[place], size)
    return begins, ends, covers


def _shape(character: str) -> str:
    """One letter for what kind of character it is."""
    if "\u4e00" <= character <= "\u9fff":
        return "h"
    if character.isdigit():
        return "d"
    if character.isalpha():
        return "a"
    return character if character in "\x02\x03·:,、。()" else "p"


def _pieces(plain: str) -> list[tuple[int, str]]:
    """Lines, and long ones in steps, with their offsets."""
    found = []
    start = 0
    for line in plain.split("\n"):
        for at in range(0, len(line), _STEP):
            found.append((start + at, line[at : at + _STEP]))
        start += len(line) + 1
    return found


def _best(scores: NDArray[np.floating], follows: NDArray[np.float32]) -> list[int]:
    """The labels that together are worth most (Viterbi); none goes on where nothing began."""
    worth = scores[0].copy()
    worth[_GOES_ON] = -np.inf
    came = []
    for row in scores[1:]:
        over = worth[:, None] + follows
        came.append(over.argmax(axis=0))
        worth = over.max(axis=0) + row
    labels = [int(worth.argmax())]
    for back in reversed(came):
        labels.append(int(back[labels[-1]]))
    return labels[::-1]


def _text(array: NDArray[np.uint8]) -> str:
    return array.tobytes().decode("utf-8")


@lru_cache(maxsize=1)
def names() -> Names:
    """The shipped tagger, read once (it never changes)."""
    return Names.open()
