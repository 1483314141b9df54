"""The same item found on several pages becomes one article with several sources.

Two articles are the same item when their texts say the same in almost the same words: they are
equal but for punctuation, or a few words are changed, or one is cut off where the other goes on.
They are *not* when they differ in what the product must show: a number, a date, a scheme
(居民/职工), a place, a negation, 单位 or 个人, 当月 or 次月. Then they stay apart, however alike,
and also when only their titles differ so. Which source is right is not judged here.
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

from corpus.shingles import compared, meetings, signatures
from corpus.text import fold
from corpus.types import Article, Source

T = TypeVar("T")

_ALIKE = 0.85  # share of equal characters from which two texts are the same, reworded
_TITLES_ALIKE = 0.6  # shared characters of two titles, below which a like text is another item
_PREFIX = 30  # an excerpt shorter than this is not recognised in a fuller text
_LONG = 3000  # characters beyond which the closer look costs too much (SequenceMatcher: 50 ms)
_SURE, _UNLIKE = 0.75, 0.3  # shares of equal MinHash rows that decide without a closer look
_NEIGHBOURS = 8  # articles that say the same and meet in one band: each is compared with so many

_NOISE = re.compile(r"[\W_]+")
_OPENING = re.compile("(?:律师|法律|专家)?(?:解答|分析|解析|回答|意见|答复)|摘要|答")
# What may not differ. Three patterns, each with few first characters: as one it took 2.5 times
# as long (170 against 69 ns a character). Words that begin alike stand longest first.
_DECISIVE = (
    re.compile(r"\d+(?:\.\d+)?%?"),
    re.compile(
        "[零一二两三四五六七八九十百千万半]{1,16}(?=个|年|月|日|天|号|元|倍|成|次|级|岁|周|小时|分之)"
    ),
    re.compile(
        "灵活就业|新农合|合作医疗|居民|职工|农民工|学生|儿童|退休|失业|城镇|农村|不|未|无|没|非|禁止|除外"
        "|单位|企业|公司|个人|本人|代办|次月|当月|次日|当日|次年|当年|上年|以内|以上|以下|超过|不足"
        "|门诊|住院|线上|线下|网上|支付宝|微信|税务|社保局|医保局|医保中心|原件|复印件|男|女"
    ),
)
# in a title also what is asked for: 停保 is not 退保
_ASKED = re.compile(
    "停|退|断|补|续|复|转|报销|查|激活|注销|密码|材料|资料|哪|多久|几号|多少|电话|余额"
)


def merge(
    articles: Iterable[Article], folded: list[tuple[Article, Article]] | None = None
) -> tuple[Article, ...]:
    """The articles without doubles, ordered by id. The order of the input does not matter.

    Of several the one that is believed most stays (``Article.standing``), then the most complete
    text (not cut before cut, longer before shorter), then the newest, then the smallest id. Its
    ``sources`` and ``questions`` gain those of the others of its standing, whose titles become
    questions; one of lower standing only goes, and never one that says more. Statutes are never
    merged. ``folded`` takes each article that went, with the one that stays for it.
    """
    given = list(articles)
    statutes = [article for article in given if article.kind == "statute"]
    items = _items([article for article in given if article.kind != "statute"])
    groups = _Groups(len(items))
    for one, other in _equal(items):
        groups.unite(one, other)
    _unite_reworded(items, groups)
    for one, other in _cut_short(items):
        groups.unite(one, other)
    same = [part for group in groups for part in _parted([items[i].article for i in group])]
    if folded is not None:
        folded += [(other, best) for best, *others in same for other in others]
    found = [_united(group) for group in same]
    return tuple(sorted((*found, *statutes), key=lambda article: (article.id, article.sha)))


@dataclass(frozen=True, slots=True)
class _Item:
    """An article, its folded text, and that text as compared: without punctuation, list numbers
    and 「律师解答」."""

    article: Article
    folded: str
    plain: str

    def rank(self) -> tuple[int, bool, int, int, str, str]:
        """Best first."""
        article = self.article
        newest = article.source.published.toordinal() if article.source.published else 0
        return (
            article.standing, article.excerpt, -len(self.plain), -newest, article.id, article.sha,
        )  # fmt: skip

    def titled(self) -> tuple[object, ...]:
        """Must be equal in two articles that are one, even where their texts are equal."""
        title = fold(self.article.title)
        asked = (_found(p, title) for p in (*_DECISIVE, _ASKED, _places()))
        return (self.article.kind, self.article.region, *asked)

    def said(self) -> tuple[object, ...]:
        """And what reworded texts must have in common as well: numbers, schemes, places,
        negations, each as often."""
        return (
            *self.titled(),
            *(_found(pattern, self.folded) for pattern in (*_DECISIVE, _places())),
        )


def _found(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(sorted(pattern.findall(text)))


def _items(articles: Sequence[Article]) -> list[_Item]:
    if not articles:
        return []
    folded, plain = compared([article.text for article in articles])
    items = [
        _Item(article, words, _unopened(bare) or words)
        for article, words, bare in zip(articles, folded, plain, strict=True)
    ]
    return sorted(items, key=_Item.rank)


def _unopened(plain: str) -> str:
    opening = _OPENING.match(plain)
    return plain[opening.end() :] if opening else plain


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
        same[item.plain].append(number)
    for numbers in same.values():
        if len(numbers) > 1:
            first: dict[tuple[object, ...], int] = {}
            for number in numbers:
                yield first.setdefault(items[number].titled(), number), number


def _cut_short(items: Sequence[_Item]) -> Iterator[tuple[int, int]]:
    """An excerpt and the fuller text that begins with it: neighbours in the order of texts."""
    order = sorted(range(len(items)), key=lambda n: (items[n].plain, n))
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


def _unite_reworded(items: Sequence[_Item], groups: _Groups) -> None:
    """Texts with a few words changed. Only those that meet in a band are looked at."""
    best = [n for n in range(len(items)) if groups.find(n) == n]
    if len(best) < 2:
        return
    rows = signatures([items[n].plain for n in best])
    said: dict[int, tuple[object, ...]] = {}
    tried: set[tuple[int, int]] = set()
    for meeting in meetings(rows, least=_UNLIKE, apart=_NEIGHBOURS):
        alike: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        for place in meeting:
            if place not in said:
                said[place] = items[best[place]].said()
            alike[said[place]].append(place)
        for same in alike.values():
            for position in range(1, len(same)):
                place = same[position]
                # the first has the best text; the nearest in rank are nearest in length
                for other in (same[0], *same[max(1, position - _NEIGHBOURS) : position]):
                    if groups.find(best[other]) == groups.find(best[place]):
                        break
                    if (other, place) not in tried:
                        tried.add((other, place))
                        share = float((rows[other] == rows[place]).mean())
                        if _alike(items[best[other]], items[best[place]], share):
                            groups.unite(best[other], best[place])
                            break


def _alike(one: _Item, other: _Item, share: float) -> bool:
    """``share``: of equal MinHash rows."""
    if share < _UNLIKE or not _titles_alike(one, other):
        return False
    if share >= _SURE:
        return True
    first, second = one.plain, other.plain
    if max(len(first), len(second)) > _LONG:
        return False
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _titles_alike(one: _Item, other: _Item) -> bool:
    first, second = (Counter(_NOISE.sub("", fold(item.article.title))) for item in (one, other))
    return (first & second).total() >= _TITLES_ALIKE * max(1, (first | second).total())


def _parted(same: Sequence[Article]) -> Iterator[list[Article]]:
    """The doubles of one group, the best first; where the best is cut off, those of lower standing
    that go on stay by themselves: nothing is lost for being believed less."""
    best = same[0]
    fuller = [a for a in same if best.excerpt and not a.excerpt and a.standing > best.standing]
    yield [article for article in same if article not in fuller]
    if fuller:
        yield from _parted(fuller)


def _united(same: Sequence[Article]) -> Article:
    """One article of several, the best first."""
    best, *others = same
    others = [other for other in others if other.standing == best.standing]
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
        basis=_distinct(ref for article in (best, *others) for ref in article.basis),
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


@lru_cache(maxsize=1)
def _places() -> re.Pattern[str]:
    """Every place that pages can be about, see ``data/regions.txt``."""
    lines = (files("corpus") / "data" / "regions.txt").read_text(encoding="utf-8").splitlines()
    names: set[str] = set()
    for line in lines:
        if line and not line.startswith("#"):
            names.update(re.findall(r"[一-鿿]{2,}", line))
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        by_first[name[0]].append(name[1:])
    return re.compile("|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in by_first.items()))
