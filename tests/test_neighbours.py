"""Merging only what a chain of shared keys leads to gives what merging everything gives."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from corpus.duplicates import merge
from corpus.neighbours import Neighbours, neighbours
from corpus.types import Article, Source

SENTENCES = [
    f"{place}的{who}停保{how}，{where}提交申请后{n}日内办结"
    for place in ("本市", "本省", "各区")
    for who in ("职工", "居民", "单位")
    for how in ("可以补缴", "不能补缴", "须先登记")
    for where, n in (("到窗口", 5), ("在网上", 15), ("在支付宝", 30))
]


def some_articles(seed: int, n: int = 60) -> list[Article]:
    """Texts of which many share sentences, some are equal, some reworded, some cut off."""
    choose = random.Random(seed)
    found: list[Article] = []
    for number in range(n):
        if found and choose.random() < 0.5:
            text = choose.choice(found).text
            change = choose.randrange(4)
            if change == 0:
                text = text.replace("提交申请", "递交申请", 1)
            elif change == 1:
                text = text.replace("5日", "6日", 1)
            elif change == 2:
                text = text[: len(text) * 2 // 3]
        else:
            text = "。\n".join(choose.choices(SENTENCES, k=choose.randint(1, 5))) + "。"
        excerpt = choose.random() < 0.4
        day = date(2020, 1, 1 + number % 28)
        source = Source("某网", f"{number}.txt", published=day)
        title = choose.choice(("停保怎么办理", "怎么办理停保", "补缴要带什么材料"))
        found.append(Article(f"{number:03}", title, text, source, excerpt=excerpt))
    return found


def components(articles: list[Article], whole: Neighbours) -> list[list[Article]]:
    left = np.ones(len(articles), np.bool_)
    found = []
    while left.any():
        start = np.zeros(len(articles), np.bool_)
        start[int(np.flatnonzero(left)[0])] = True
        reached = whole.reached(start)
        found.append([a for a, here in zip(articles, reached, strict=True) if here])
        left &= ~reached
    return found


@pytest.mark.parametrize("seed", range(12))
def test_components_are_merged_as_the_whole_is(seed: int) -> None:
    articles = some_articles(seed)
    parts = components(articles, neighbours(articles))
    merged = [article for part in parts for article in merge(part)]
    assert tuple(sorted(merged, key=lambda a: a.id)) == merge(articles)
    assert len(merged) < len(articles), "the sample holds doubles"
    assert len(parts) > 3, "and articles that have nothing to do with each other"


def test_articles_of_one_form_with_other_numbers_are_no_neighbours() -> None:
    source = Source("某网", "a.txt")
    articles = [
        Article(f"{n}", f"第{n}步怎么办", f"职工断缴{n}个月的，到窗口补缴，{n}日内办结。", source)
        for n in range(2, 40)
    ]
    whole = neighbours(articles)
    start = np.arange(len(articles)) == 5
    assert whole.reached(start).tolist() == start.tolist()


def test_the_keys_of_an_article_do_not_depend_on_the_others() -> None:
    articles = some_articles(3)
    whole = neighbours(articles)
    alone = Neighbours.joined([neighbours([article]) for article in articles])
    assert np.array_equal(whole.keys, alone.keys)
    assert np.array_equal(whole.openings, alone.openings)
    assert np.array_equal(whole.excerpts, alone.excerpts)


def test_the_same_id_makes_neighbours() -> None:
    source = Source("某网", "a.txt")
    one = Article("x", "停保", "先到窗口停保。", source)
    whole = neighbours(
        [one, replace(one, text="完全另一件事情。"), replace(one, id="y", text="又")]
    )
    assert whole.reached(np.array([True, False, False])).tolist() == [True, True, False]


def test_statutes_stand_alone() -> None:
    law = Article("s/1", "某法 第一条", "同样的话。", Source("机关", "某法"), kind="statute")
    whole = neighbours([law, replace(law, id="s/2")])
    assert whole.reached(np.array([True, False])).tolist() == [True, False]


def test_no_articles() -> None:
    assert len(neighbours(())) == 0
    assert len(Neighbours.joined([])) == 0
