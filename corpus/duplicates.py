"""The same item found on several pages becomes one article with several sources.

Two articles are the same item when their texts say the same in almost the same words: they are
equal but for punctuation, or a few words are changed, or one is cut off where the other goes on.
They are *not* when they differ in what the product must show: a number, a date, a scheme
(居民/职工), a place, a negation, 单位 or 个人, 当月 or 次月. Then they stay apart, however alike they
look, and also when only their titles differ so. Which source is right is not judged here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from importlib.resources import files
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold
from corpus.types import Article, Source

MERGE_VERSION = "1"
"""Part of a store's identity: raise it whenever other articles would be merged."""

T = TypeVar("T")

_ALIKE = 0.85  # share of equal characters from which two texts are the same, reworded
_TITLES_ALIKE = 0.6  # shared characters of two titles, below which a like text is another item
_PREFIX = 30  # an excerpt shorter than this is not recognised in a fuller text
_SHINGLE = 3  # characters; a changed word of two changes four shingles
_BANDS, _ROWS = 12, 2  # texts that share half of their shingles meet with probability .97
_NEIGHBOURS = 8  # unlike texts that one bucket is compared with before a text stands alone

_NOISE = re.compile(r"[\W_]+")
_OPENING = re.compile("^(?:律师|法律|专家)?(?:解答|分析|解析|回答|意见|答复)|^摘要|^答")
_LIST_NUMBER = re.compile(r"(?<![\d.])\d{1,2}(?:[、)]|[.](?!\d))|[(（][一二三四五六七八九十\d]{1,2}[)）]")
# what may not differ. Words that contain each other stand longest first.
_DECISIVE = re.compile(
    r"\d+(?:\.\d+)?%?|[零一二两三四五六七八九十百千万半]+(?=个|年|月|日|天|号|元|倍|成|次|级|岁|周|小时|分之)"
    r"|灵活就业|新农合|合作医疗|居民|职工|农民工|学生|儿童|退休|失业|城镇|农村"
    r"|不|未|无|没|非|禁止|除外"
    r"|单位|企业|公司|个人|本人|代办|次月|当月|次日|当日|次年|当年|上年|以内|以上|以下|超过|不足"
    r"|门诊|住院|线上|线下|网上|支付宝|微信|税务|社保局|医保局|医保中心|原件|复印件|男|女"
)
# in a title also what is asked for: 停保 is not 退保
_ASKED = re.compile("停|退|断|补|续|复|转|报销|查|激活|注销|密码|材料|资料|哪|多久|几号|多少|电话|余额")


def merge(articles: Iterable[Article]) -> tuple[Article, ...]:
    """The articles without doubles, ordered by id. The order of the input does not matter.

    Of several the most complete text stays (not cut before cut, longer before shorter), then the
    newest, then the smallest id; its ``sources`` and ``questions`` gain those of the others, whose
    titles become questions. Statutes are never merged.
    """
    items = sorted((_Item.of(article) for article in articles), key=_Item.rank)
    groups = _Groups(len(items))
    for one, other in (*_equal(items), *_cut_short(items), *_reworded(items, groups)):
        groups.unite(one, other)
    found = [_united([items[i].article for i in group]) for group in groups]
    return tuple(sorted(found, key=lambda article: (article.id, article.sha)))


@dataclass(frozen=True, slots=True)
class _Item:
    """An article and its text as compared: folded, without punctuation and list numbers."""

    article: Article
    plain: str

    @classmethod
    def of(cls, article: Article) -> _Item:
        plain = _NOISE.sub("", _LIST_NUMBER.sub("", fold(article.text)))
        return cls(article, _OPENING.sub("", plain))

    def rank(self) -> tuple[bool, int, int, str, str]:
        """Best first."""
        article = self.article
        newest = article.source.published.toordinal() if article.source.published else 0
        return (article.excerpt, -len(self.plain), -newest, article.id, article.sha)

    def titled(self) -> tuple[object, ...]:
        """Must be equal in two articles that are one, whatever their texts."""
        title = fold(self.article.title)
        return (
            self.article.kind,
            self.article.region,
            _counted(_DECISIVE.findall(title)),
            _counted(_ASKED.findall(title)),
            _counted(_places().findall(title)),
        )


class _Groups:
    """Disjoint sets; the best item of a group, the one with the smallest number, stands for it."""

    def __init__(self, size: int) -> None:
        self.best = list(range(size))

    def find(self, item: int) -> int:
        while self.best[item] != item:
            self.best[item] = self.best[self.best[item]]
            item = self.best[item]
        return item

    def unite(self, one: int, other: int) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self.best[second] = first

    def __iter__(self) -> Iterator[list[int]]:
        members: defaultdict[int, list[int]] = defaultdict(list)
        for item in range(len(self.best)):
            members[self.find(item)].append(item)
        yield from members.values()


def _equal(items: Sequence[_Item]) -> Iterator[tuple[int, int]]:
    """Equal texts under titles that ask for the same."""
    same: defaultdict[str, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        if item.article.kind != "statute" and item.plain:
            same[item.plain].append(number)
    for numbers in same.values():
        if len(numbers) > 1:
            first: dict[tuple[object, ...], int] = {}
            for number in numbers:
                yield first.setdefault(items[number].titled(), number), number


def _cut_short(items: Sequence[_Item]) -> Iterator[tuple[int, int]]:
    """An excerpt and the fuller text that begins with it: neighbours in the order of texts."""
    order = sorted(
        (n for n, item in enumerate(items) if item.article.kind != "statute"),
        key=lambda n: (items[n].plain, n),
    )
    for place, number in enumerate(order):
        short = items[number]
        if not short.article.excerpt or len(short.plain) < _PREFIX:
            continue
        for fuller in order[place + 1 : place + 1 + _NEIGHBOURS]:
            if not items[fuller].plain.startswith(short.plain):
                break
            if items[fuller].titled() == short.titled() and _titles_alike(short, items[fuller]):
                yield fuller, number
                break


def _reworded(items: Sequence[_Item], groups: _Groups) -> Iterator[tuple[int, int]]:
    """Texts with a few words changed. Only those that share a bucket of shingles are compared."""
    chosen = [n for n, item in enumerate(items) if item.article.kind != "statute" and item.plain]
    buckets: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for band, keys in enumerate(_bands([items[n].plain for n in chosen])):
        for number, key in zip(chosen, keys.tolist(), strict=True):
            buckets[band, key].append(number)
    said: dict[int, tuple[object, ...]] = {}
    compared: set[tuple[int, int]] = set()
    for numbers in buckets.values():
        if len(numbers) < 2:
            continue
        seen: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        for number in numbers:
            if number not in said:
                said[number] = (*items[number].titled(), _said(items[number]))
            for other in seen[said[number]]:
                pair = (other, number)
                if pair not in compared:
                    compared.add(pair)
                    if _alike(items[other], items[number]):
                        yield pair
                        break
                elif groups.find(other) == groups.find(number):
                    break
            else:
                if len(seen[said[number]]) < _NEIGHBOURS:
                    seen[said[number]].append(number)


def _said(item: _Item) -> tuple[object, ...]:
    """What a text says that may not differ: numbers, schemes, places, negations, how often."""
    text = _LIST_NUMBER.sub("", fold(item.article.text))
    return (_counted(_DECISIVE.findall(text)), _counted(_places().findall(text)))


def _alike(one: _Item, other: _Item) -> bool:
    if not _titles_alike(one, other):
        return False
    matcher = SequenceMatcher(None, one.plain, other.plain, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return False
    return max(len(one.plain), len(other.plain)) > 3000 or matcher.ratio() >= _ALIKE


def _titles_alike(one: _Item, other: _Item) -> bool:
    first, second = (
        Counter(_NOISE.sub("", fold(item.article.title))) for item in (one, other)
    )
    return (first & second).total() >= _TITLES_ALIKE * max(1, (first | second).total())


def _bands(texts: Sequence[str]) -> list[NDArray[np.uint64]]:
    """``_BANDS`` arrays of keys, each (n,): texts with equal shingles have equal keys.

    MinHash (Broder 1997) over all texts at once: a row is the least hash of a text's shingles.
    """
    if not texts:
        return []
    joined = "".join(text + "\0" * _SHINGLE for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    lengths = np.array([len(text) + _SHINGLE for text in texts])
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    shingles = codes.copy()
    for shift in range(1, _SHINGLE):
        shingles[:-shift] = shingles[:-shift] * np.uint64(0x9E3779B97F4A7C15) + codes[shift:]
    rows = []
    for seed in np.random.default_rng(20211101).integers(1, 2**63, _BANDS * _ROWS, np.uint64):
        mixed = (shingles ^ seed) * (seed | np.uint64(1))
        rows.append(np.minimum.reduceat(mixed ^ (mixed >> np.uint64(29)), starts))
    return [
        np.bitwise_xor.reduce(
            [row * np.uint64(2 * n + 3) for n, row in enumerate(rows[band : band + _ROWS])]
        )
        for band in range(0, len(rows), _ROWS)
    ]


def _united(same: Sequence[Article]) -> Article:
    """One article of several, the best first."""
    best, *others = same
    if not others:
        return best
    known = {_NOISE.sub("", best.title)}
    questions = []
    for asked in (*best.questions, *(q for a in others for q in (a.title, *a.questions))):
        if (plain := _NOISE.sub("", asked)) not in known:
            known.add(plain)
            questions.append(asked)
    return replace(
        best,
        questions=tuple(questions),
        sources=_distinct((*best.sources, *_by_date(s for a in others for s in a.sources))),
        schemes=best.schemes or next((a.schemes for a in others if a.schemes), ()),
        basis=_distinct(ref for article in same for ref in article.basis),
    )


def _by_date(sources: Iterable[Source]) -> list[Source]:
    """The newest first, undated ones last."""
    return sorted(
        sources,
        key=lambda s: (
            -(s.published.toordinal() if s.published else 0), s.publisher, s.name, s.url or "",
        ),
    )  # fmt: skip


def _distinct(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(words).items()))


@lru_cache(maxsize=1)
def _places() -> re.Pattern[str]:
    """Every place that pages can be about, see ``data/regions.txt``."""
    lines = (files("corpus") / "data" / "regions.txt").read_text(encoding="utf-8").splitlines()
    names: set[str] = set()
    for line in lines:
        if line and not line.startswith("#"):
            names.update(re.findall(r"[一-鿿]{2,}", line))
    longest = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest)))
