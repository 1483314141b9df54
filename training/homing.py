"""Homes, accounts and numbers that nobody need have, and sentences with them, out of ``training/names/homes.txt``."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from training.named import Sentence
from training.naming import NameMaker, listed

_SLOT = re.compile(r"\{(\w+)\}")
_PRIVATE = {"H": "home", "W": "account", "P": "account", "N": "name", "V": "account", "D": "birth"}


class HomeMaker:
    """``names``: for families; ``places``: towns; ``questions``: what people ask; ``kin``: 我妈 and its like."""

    def __init__(
        self,
        chance: random.Random,
        names: NameMaker,
        places: list[str],
        questions: list[str],
        kin: Callable[[], str],
    ) -> None:
        self._chance = chance
        self.names = names
        rows = (line.split(": ", 1) for line in listed("homes.txt"))
        self._words = {key: words.split("|" if "|" in words else " ") for key, words in rows}
        self._made: dict[str, Callable[[], str]] = {
            "S": names.family,
            "C": names.character,
            "L": lambda: chance.choice(places),
            "Q": lambda: chance.choice(questions),
            "K": kin,
            "N": lambda: names.name(strong=False),
            "H": self.home,
            "W": self.account,
            "P": self._plain_number,
            "d": lambda: chance.choice("0123456789"),
            "n": lambda: str(chance.randint(1, 39)),
            "h": lambda: str(chance.randint(1, 999)),
            "f": lambda: f"{chance.randint(1, 32)}{chance.randint(1, 12):02}",
        }

    def home(self) -> str:
        """A house, a flat, a village with its group, or how to find the door."""
        return self._one("home")

    def account(self) -> str:
        """A number of somebody, a handle, or an address of e-mail, also as it is spoken."""
        chance = self._chance
        if chance.random() < 0.45:
            return self._number()
        handle = self._handle()
        if chance.random() < 0.5:
            return handle
        at = chance.choice(("@", "@", " at ", "艾特", "(at)", " AT ", "圈a"))
        dot = "." if at == "@" and chance.random() < 0.7 else chance.choice((" dot ", "点", "."))
        return f"{handle}{at}{chance.choice(('qq', '163', '126', 'gmail', 'outlook', 'sina', 'foxmail'))}{dot}com"

    def _plain_number(self) -> str:
        """Digits by seven and more, with a code of a city, a letter or a gap."""
        chance = self._chance
        digits = "".join(chance.choices("0123456789", k=18))
        code = chance.choice(("024", "010", "0571", "0312", "0755"))
        made = (
            f"{code}-{digits[:8]}",
            f"({code}){digits[:4]} {digits[4:8]}",
            f"{digits[:3]} {digits[3:7]}",
            f"{digits[:4]}-{digits[4:8]}",
            digits[: chance.choice((7, 8, 9, 10))],
            digits[:15],
            f"{chance.choice(('E', 'EA', 'H', 'G', 'M'))}{digits[:8]}",
            f"{digits[:6]} 19{digits[6:8]}0307 {digits[8:11]}X",
            f"{chance.choice('京沪粤浙苏鲁川辽冀')}{chance.choice('ABCD')}{chance.choice(('', '·'))}{chance.choice(('', 'D', 'F'))}{digits[:5]}",
            "".join("零一二三四五六七八九"[int(c)] for c in digits[:11]),
        )
        return chance.choice(made)

    def _number(self) -> str:
        """Of a phone, a person, a card, a plate or a file, as people write them."""
        chance = self._chance

        def digits(count: int) -> str:
            return "".join(chance.choices("0123456789", k=count))

        bare = chance.choice(
            (
                f"1{chance.choice('35789')}{digits(9)}",
                f"1{chance.choice('35789')}{digits(9)}",
                f"{chance.choice(('010', '021', '0571', '024', '0755'))}-{digits(8)}",
                f"{chance.randint(11, 65)}{digits(4)}{chance.choice((19, 20))}{digits(2)}0{digits(1)}1{digits(5)}",
                f"62{digits(chance.choice((14, 17)))}",
                digits(chance.choice((5, 6, 7, 8, 9, 10, 12))),
                chance.choice(("H", "E", "A", "M", "G", "ZY", "EA", "C"))
                + digits(chance.choice((7, 8))),
                f"{chance.choice('京沪粤浙苏鲁川辽冀闽')}{chance.choice('ABCDE')}{chance.choice(('', '·', ' '))}"
                f"{chance.choice('ABCDEFGH')}{digits(4)}",
            )
        )
        if not bare.isdigit():
            return bare
        draw, size = chance.random(), chance.choice((3, 4, 4, 6))
        if draw < 0.25:
            joint = chance.choice((" ", "-", ".", " ", ", "))
            return (
                bare[:3] + joint + joint.join(bare[n : n + size] for n in range(3, len(bare), size))
            )
        if draw < 0.32:
            return " ".join(bare)
        if draw < 0.42:
            said = bare.translate(
                str.maketrans(
                    "0123456789",
                    chance.choice(
                        ("零一二三四五六七八九", "〇幺二三四五六七八九", "零幺二三四五六七八九")
                    ),
                )
            )
            return (
                said
                if chance.random() < 0.7
                else f"{said[:3]}{chance.choice(' ,-')}{said[3:7]} {said[7:]}"
            )
        return bare

    def _handle(self) -> str:
        chance = self._chance
        parts = [self.names.pinyin() for _ in range(chance.choice((1, 2, 2, 3)))]
        tail = chance.choice(("", "", "88", "66", "521", "1314", str(chance.randint(1950, 2012))))
        joint = chance.choice(("", "", "_", "-", "."))
        made = (
            joint.join(parts)
            + chance.choice(("", "_", ""))
            + (tail or str(chance.randint(1, 9999)))
        )
        return (
            made
            if chance.random() < 0.9
            else "wxid_" + "".join(chance.choices("abcdefghkmnpqrtuvwxyz0123456789", k=14))
        )

    def private(self) -> Sentence:
        """One with a home, an account or a number."""
        return self._filled(self._chance.choice(self._words["frames"]), _PRIVATE)

    def numbered(self) -> Sentence:
        """A number with little beside it, or a year that is nobody's."""
        return self._filled(self._chance.choice(self._words["numbered"]), _PRIVATE)

    def clean(self) -> Sentence:
        """An office's address, a hotline, the code of a medicine: nobody's."""
        return self._filled(self._chance.choice(self._words["clean"]), {})

    def _one(self, key: str) -> str:
        if key in self._made:
            return self._made[key]()
        return _SLOT.sub(lambda slot: self._one(slot[1]), self._chance.choice(self._words[key]))

    def _filled(self, frame: str, kinds: Mapping[str, str]) -> Sentence:
        text, spans, at, district = "", [], 0, -1
        for slot in _SLOT.finditer(frame):
            text += frame[at : slot.start()]
            # a district right before a home goes with it
            begins = (
                district if slot[1] == "H" and slot.start() == at and district >= 0 else len(text)
            )
            word, at = self._one(slot[1]), slot.end()
            district = len(text) if slot[1] == "L" and word[-1] in "区县旗" else -1
            text += word
            if slot[1] in kinds:
                spans.append((begins, len(text), kinds[slot[1]]))
        return Sentence(text + frame[at:], tuple(spans))
