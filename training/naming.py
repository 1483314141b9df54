"""Names that nobody need bear, put together out of ``training/names/``.

By the weight of family names, of frequent and of any characters; words that are names (余粮); names of
minorities and of people from abroad, in Chinese and in Latin letters; nicknames, and given names alone.
"""

from __future__ import annotations

import random
from pathlib import Path

from index.forms import surnames

DATA = Path(__file__).with_name("names")


def listed(name: str) -> list[str]:
    """The lines of a file of ``training/names``, without comments."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def words_of(name: str) -> list[str]:
    """The words of such a file."""
    return [word for line in listed(name) for word in line.split()]


class NameMaker:
    """``words``: ordinary words of two characters that could be names."""

    def __init__(self, chance: random.Random, words: list[str]) -> None:
        self._chance = chance
        *single, doubles = surnames()
        self.families = "".join(dict.fromkeys("".join(single)))
        self.doubles = doubles.split()
        self._given = "".join(dict.fromkeys("".join(listed("given.txt"))))
        self._words = [word for word in words if word[0] in self.families]
        self._both = words_of("both.txt")
        self._minority = [line.split(": ")[1].split() for line in listed("minority.txt")]
        self._nicknames = [line.split() for line in listed("nick.txt")]
        self._pinyin, self._syllables, self._first, self._last = map(str.split, listed("latin.txt"))
        # the first level of GB 2312: 3,755 characters in use
        self._any = [
            bytes((high, low)).decode("gb2312")
            for high in range(0xB0, 0xD8)
            for low in range(0xA1, 0xFF if high < 0xD7 else 0xFA)
        ]

    def family(self) -> str:
        """A family name: four of ten among the thirty most frequent, two characters one in sixteen."""
        draw = self._chance.random()
        if draw < 0.06:
            return self._chance.choice(self.doubles)
        most = 30 if draw < 0.45 else 120 if draw < 0.75 else len(self.families)
        return self._chance.choice(self.families[:most])

    def name(self, *, strong: bool) -> str:
        """A whole name. ``strong``: it stands where also a word is a name."""
        draw = self._chance.random()
        if draw < 0.14 and strong:
            return self._chance.choice(self._words)
        if draw < 0.21:
            return self._chance.choice(self._both)
        if draw < 0.29:
            return self.foreign()
        if draw < 0.31:
            return self.family() + self.family()[0] + self.given()
        return self.family() + self.given()

    def given(self) -> str:
        """A given name: three of four of two characters."""
        draw = self._chance.random()
        first = self.character()
        if draw < 0.25:
            return first
        return first * 2 if draw < 0.31 else first + self.character()

    def foreign(self) -> str:
        """Of a minority or from abroad, in Chinese characters."""
        parts = self._chance.choice(self._minority)
        count = self._chance.choice((1, 2, 2)) if len(parts[0]) < 5 else 1
        joint = "" if parts in self._minority[1:4] else self._chance.choice(("", "·"))
        return joint.join(self._chance.choice(parts) for _ in range(count))

    def latin(self) -> str:
        """Wang Xiuying, WANG FANG, li ming, John Smith, Amy."""
        draw, pick = self._chance.random(), self._chance.choice
        if draw < 0.45:
            given = "".join(pick(self._syllables) for _ in range(pick((1, 1, 2, 2))))
            name = f"{pick(self._pinyin)} {given.capitalize()}"
            name = " ".join(reversed(name.split())) if draw < 0.1 else name
            return name.upper() if draw > 0.38 else name.lower() if draw > 0.33 else name
        if draw < 0.7:
            name = f"{pick(self._first)} {pick(self._last if draw < 0.6 else self._pinyin)}"
            return name.lower() if draw < 0.48 else name
        return pick(self._first) + (self.family() if draw > 0.96 else "")

    def nickname(self) -> str:
        """小刘, 阿珍, 豆豆, 王姐, or a given name alone: 子涵."""
        if self._chance.random() < 0.3:
            return self.character() + self.character()
        made = self._chance.choice(self._chance.choice(self._nicknames))
        return made.replace("{S}", self.family()).replace("{C}", self.character())

    def pinyin(self) -> str:
        """A syllable or a family name in Latin letters."""
        return self._chance.choice((*self._syllables, *self._pinyin)).lower()

    def character(self) -> str:
        """One that stands in given names, or any."""
        return self._chance.choice(self._any if self._chance.random() < 0.2 else self._given)
