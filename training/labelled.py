"""Sentences that were written by hand, what is private in each marked with its kind; and the same with
other names, homes and numbers in them, so that no name is learned by heart.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from training.homing import HomeMaker
from training.named import Sentence
from training.naming import DATA

_DAY = re.compile(
    r"(?=.*月)[\d零〇一二三四五六七八九十廿初正冬腊闰农阴阳公历民国甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥年月日号份生\s]+"
    r"|(?:19|20)\d\d(?:[-./]?[01]?\d)[-./]?[0-3]?\d|\d{1,2}/\d{1,2}/\d{4}|\d+ [A-Z][a-z]+ \d{4}"
)
_DAY_IN_WORDS = re.compile(
    r"(?:[去今前下]|[\d零〇一二三四五六七八九十廿两]{1,4})(?:年|月(?!亮)).*[\d零〇一二三四五六七八九十廿节至初末尾夏].*"
    r"|[\d一二三四五六七八九十廿]{1,3}(?:[或到]|还是)?[\d一二三四五六七八九十廿]{0,3}[号日]"
)
_ACCOUNT = re.compile(
    r"\d{4}|[\d\s-]{6}|\d[a-z]|[a-z_-]\d|[@#＠_]|\b(?:at|dot)\b|艾特|圈a|点com|(?:[零幺一二三四五六七八九]\s?){4}|[a-z]-[a-z]"
)
_HOME = re.compile(
    r"[路街巷弄号栋幢室村组队屯寨沟庄镇乡区苑园楼层坊院里排房]|宿舍|公寓|家属|对面|[旁东西南北]边|隔壁|胡同|单元"
    r"|那家|后身|把头|下坎|窑洞|老[井庙]|苏木|\b(?:road|street|room|lane|avenue)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?<=.)(?:先生|女士|小姐|太太|医生|大夫|护士长|护士|老师|主任|[科局院处所队村班厂校]长|书记|会计|经理|师傅|老板|总|工|阿姨|叔叔|大爷|大妈|大姐|大哥|奶奶|爷爷|老幺|[姐哥叔姨婶嫂])\Z"
)


def kind(private: str) -> str:
    """Of what kind a marked piece is, by its form."""
    if _DAY.fullmatch(private) or _DAY_IN_WORDS.fullmatch(private):
        return "birth"
    if private.endswith("床"):
        return "account"
    home = _HOME.search(private) and len(private) > 3
    if _ACCOUNT.search(private.lower()) and not (
        home and re.search(r"[\u4e00-\u9fff]{2}|[a-z] [a-z]", private)
    ):
        return "account"
    if home and (len(private) > 4 or not re.search(r"[里楼]|[院村队]长", private)):
        return "home"
    return "name"


def labelled(path: Path) -> list[Sentence]:
    """A JSON object a line: ``text``, and ``private``, the strings in it that have to go wherever they stand."""
    return [
        _read(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line
    ]


def _read(row: dict[str, object]) -> Sentence:
    text, private = str(row["text"]), row["private"]
    assert isinstance(private, list)
    taken = [False] * len(text)
    spans = []
    for said in sorted(set(private), key=len, reverse=True):
        for match in re.finditer(re.escape(said), text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = [True] * len(said)
                spans.append((*match.span(), kind(said)))
    return Sentence(text, tuple(sorted(spans)))


def files() -> list[Path]:
    """One of each author."""
    return sorted(DATA.glob("sentences*.jsonl"))


class Swapper:
    """Puts other pieces of the same kind into sentences."""

    def __init__(
        self, chance: random.Random, maker: HomeMaker, sentences: Sequence[Sentence]
    ) -> None:
        self._chance = chance
        self._names = maker.names
        self._maker = maker
        self._said: dict[str, list[str]] = defaultdict(list)
        for one in sentences:
            for a, b, what in one.spans:
                self._said[what].append(one.text[a:b])

    def swapped(self, one: Sentence) -> Sentence:
        """With each piece replaced, three times of four; where one stands twice, by the same."""
        other: dict[str, str] = {}
        text, spans, at = "", [], 0
        for a, b, what in one.spans:
            said = one.text[a:b]
            if said not in other:
                keep = self._chance.random() < 0.25
                other[said] = said if keep else self._other(said, what)
            text += one.text[at:a]
            spans.append((len(text), len(text) + len(other[said]), what))
            text, at = text + other[said], b
        return Sentence(text + one.text[at:], tuple(spans))

    def _other(self, said: str, what: str) -> str:
        pick = self._chance.choice
        if what == "name":
            return self._name(said)
        if what == "home":
            return self._maker.home() if self._chance.random() < 0.4 else pick(self._said["home"])
        if what == "account" and (self._chance.random() < 0.3 and not said[0].isdigit()):
            return pick([s for s in self._said["account"] if not s[0].isdigit()])
        return (
            re.sub(r"(?<=\d\d)\d", lambda m: pick("0123456789"), said)
            if what == "account"
            else said
        )

    def _name(self, said: str) -> str:
        title = _TITLE.search(said)
        if said[0] in "小老阿" and len(said) == 2:
            return said[0] + self._names.family()
        if title and len(said) <= 5:
            return (
                self._names.family() if title.start() < 3 else self._names.name(strong=False)
            ) + title[0]
        if re.match(r"[A-Za-z]", said):
            return self._names.latin()
        if "·" in said or len(said) > 4:
            return self._names.foreign()
        if len(said) == 1:
            return self._names.family()
        if self._chance.random() < 0.2:
            return self._chance.choice([s for s in self._said["name"] if 1 < len(s) < 5])
        return self._names.name(strong=False)
