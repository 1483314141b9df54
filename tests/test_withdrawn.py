"""What is left of an article of ours when a source goes."""

from __future__ import annotations

from pathlib import Path

from corpus.markdown import read_article
from corpus.types import Article
from corpus.withdrawn import without

FRONT = """---
title: 居民医保断了怎么补
questions: [断了怎么补呢, 居民医保补缴, 断保了怎么办, 农合断了怎么补]
schemes: [居民]
region: 全国
kind: faq
checked: 2026-11-28
sources:
  s1: {tier: policy, publisher: 某部, name: 某发〔2024〕1号, date: 2024-01-02}
  s2: {tier: web, publisher: 某网, name: 页.txt, date: 2025-03-04}
basis: []
---
"""
BODY = """## 简要回答

可以在集中缴费期内缴下一年的。{s1}网上也能缴。{s2}

## 办理步骤

### 线上：某App

1. 打开某App。{s2}
2. 点缴费。{s1}

### 线下：窗口

1. 到窗口去。{s1}

## 注意事项

- 两个来源都这样说。{s1}{s2}
- 只有网页这样说。{s2}
- 带上身份证。{advice}

## 说法不一

- 某网《补》说：要等一年。{待遇等待期 · 居民 · 全国 · s2 《补》}编者注：这与国家规定不符。{s1}
- 国家规定（某发〔2024〕1号）：等3个月。{待遇等待期 · 居民 · 全国 · s1}
"""


def article(body: str = BODY) -> Article:
    return read_article(Path("corpus/断缴/补.md"), FRONT + body, root=Path("corpus"))


def test_nothing_changes_while_the_sources_are_there() -> None:
    whole = article()
    rest, lost = without(whole, set())
    assert rest is whole
    assert lost == ()


def test_what_rests_on_the_source_alone_goes() -> None:
    whole = article()
    rest, lost = without(whole, {"页.txt"})
    assert lost == (
        "网上也能缴。",
        "打开某App。",
        "只有网页这样说。",
        "某网《补》说：要等一年。编者注：这与国家规定不符。",
    )
    assert rest is not None
    assert rest.text == (
        "## 简要回答\n\n可以在集中缴费期内缴下一年的。\n\n## 办理步骤\n\n### 线下：窗口\n\n1. 到窗口去。\n\n"
        "## 注意事项\n\n- 两个来源都这样说。\n- 带上身份证。\n\n"
        "## 说法不一\n\n- 国家规定（某发〔2024〕1号）：等3个月。"
    )


def test_supports_and_reports_move_with_their_words() -> None:
    whole = article()
    rest, _ = without(whole, {"页.txt"})
    assert rest is not None
    assert [(rest.text[s.start : s.end], s.source.name) for s in rest.supports] == [
        ("可以在集中缴费期内缴下一年的。", "某发〔2024〕1号"),
        ("到窗口去。", "某发〔2024〕1号"),
        ("两个来源都这样说。", "某发〔2024〕1号"),
        ("两个来源都这样说。", "页.txt"),
        ("国家规定（某发〔2024〕1号）：等3个月。", "某发〔2024〕1号"),
    ]
    (report,) = rest.reports
    assert rest.text[report.start : report.end] == "等3个月。"
    assert rest.text[report.lead : report.end] == "国家规定（某发〔2024〕1号）：等3个月。"
    assert rest.sha != whole.sha


def test_an_article_without_an_answer_goes() -> None:
    rest, lost = without(article(), {"某发〔2024〕1号", "页.txt"})
    assert rest is None
    assert "可以在集中缴费期内缴下一年的。" in lost
