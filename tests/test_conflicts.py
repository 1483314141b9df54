"""Sources that disagree stand side by side, each cited; sources that do not are left alone."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.book import CitationBook
from assistant.conflicts import ASKED, conflicts
from assistant.dossier import Dossier
from assistant.topics import topics_of
from assistant.types import Conflict
from assistant.unlike import Read, pairs_of
from assistant.wording import who_says
from benchmarks.disputes import store_of
from benchmarks.labels import read_rows
from corpus.settings import Settings
from corpus.types import EDITORS, Scheme
from index.encoder import Encoder, HashEncoder
from index.line_odds import line_at, places_of
from index.refresh import refresh
from index.store import Store

TODAY = date(2026, 11, 21)
UNSEEN = Path(__file__).parent / "quality"
LABELLED = Path(__file__).parent / "quality" / "conflicts.jsonl"

PAGES = {
    "甲": "职工医保断了怎么补\n\n2025-05-01\n\n职工断缴后补缴的，要连续缴费满6个月才恢复报销。\n",
    "乙": "职工医保停了多久能用\n\n2022-05-01\n\n职工断缴后补缴的，连续缴费满1年才享受待遇。\n",
    "丙": "居民医保晚交了\n\n2025-05-01\n\n居民晚交医保的，要等3个月才能报销。\n",
    "丁": "沈阳职工医保断缴\n\n2025-05-01\n\n沈阳职工断缴后补缴的，连续缴费满4个月恢复报销。\n",
}
OWN = """---
title: 职工医保断缴后补缴要等几个月
questions: [断缴补上多久能报, 职工医保等待期多长, 补缴后几个月恢复, 断了医保要等多久]
schemes: [职工]
region: 全国
kind: faq
checked: 2026-11-21
sources:
  s1: {tier: policy, publisher: 某部, name: 某文, date: 2021-11-01}
  s2: {tier: web, publisher: 某站, name: b.txt, date: 2025-04-19}
basis: []
conflicts_with: []
---
## 简要回答

断缴超过三个月的，等几个月由各地定。{s1}

## 说法不一

- 国家规定（某文）：中断超过3个月的，原则上不超过6个月。{待遇等待期 · 职工 · 全国 · s1 三}
- 某站《断缴》说：断了要再连续缴费满1年。{待遇等待期 · 职工 · 地区未注明 · s2 《断缴》}编者注：超过了上限。{s1}
"""


def stored(folder: Path, *names: str, own: bool = False) -> Store:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.txt").write_text(PAGES[name], encoding="utf-8")
    if own:
        place = folder / "articles" / "断缴与补缴"
        place.mkdir(parents=True)
        (place / "等几个月.md").write_text(OWN, encoding="utf-8")
    settings = Settings(articles=folder / "articles")
    refresh(folder / "store", [folder], encoder=HashEncoder(), settings=settings)
    return Store.open(folder / "store")


def found(
    store: Store,
    question: str,
    *,
    scheme: Scheme | None = None,
    region: str | None = None,
    book: CitationBook | None = None,
) -> tuple[Conflict, ...]:
    """What is at odds where all that our articles report bears on the question, and the lines of any two pages answer it
    differently."""
    entries = [entry for block in store.blocks() for entry in block]
    dossier = Dossier(entries)
    topics = [topic for entry in entries for topic in topics_of(entry.article, dossier)]
    lines = [
        Read(piece, start, end, line_at(piece, start, end), 1.0)
        for entry in entries
        if not entry.article.own
        for passage in dossier.passages(entry.article.id)
        for piece, start, end in [*places_of(passage)][-1:]
    ]
    return conflicts(
        question,
        topics,
        [*pairs_of(lines)],
        scheme=scheme,
        region=region,
        today=TODAY,
        number=(book or CitationBook()).cite,
    )


QUESTION = "职工医保断缴补上以后要等多久才能报销"


def test_a_conflict_cites_each_claim(tmp_path: Path) -> None:
    book = CitationBook()
    (conflict,) = found(stored(tmp_path, "甲", "乙", "丙"), QUESTION, book=book)
    assert conflict.about == ASKED
    assert [(c.value, c.date, c.scheme) for c in conflict.claims] == [
        ("职工断缴后补缴的，要连续缴费满6个月才恢复报销", date(2025, 5, 1), "职工"),
        ("职工断缴后补缴的，连续缴费满1年才享受待遇", date(2022, 5, 1), "职工"),
    ]
    assert [c.remarks for c in conflict.claims] == [(), ("来源较旧",)]
    assert all(c.value in c.citation.quote.text for c in conflict.claims)
    assert {c.citation for c in conflict.claims} == set(book.citations)
    assert (conflict.explained, conflict.national) == ("", None)


def test_a_place_explains(tmp_path: Path) -> None:
    store = stored(tmp_path, "甲", "丁")
    (conflict,) = found(store, QUESTION)
    assert conflict.explained == "地区"
    assert {c.region for c in conflict.claims} == {"全国", "沈阳"}
    assert found(store, QUESTION, region="广州") == ()


def test_none_across_schemes_or_from_one_source(tmp_path: Path) -> None:
    store = stored(tmp_path, "甲", "丙")
    assert found(store, QUESTION) == ()
    assert found(store, "居民医保晚交了要等多久", scheme="居民") == ()


def test_the_national_rule_stands_beside_its_source(tmp_path: Path) -> None:
    (conflict,) = found(stored(tmp_path, own=True), QUESTION)
    assert [c.value for c in conflict.claims] == ["断了要再连续缴费满1年"]
    (claim,) = conflict.claims
    assert (claim.remarks, claim.note) == ((), "超过了上限。")
    assert claim.citation.quote.text == "某站《断缴》说：断了要再连续缴费满1年。"
    assert (claim.citation.kind, claim.citation.publisher) == ("editorial", EDITORS)
    assert who_says(claim) == "某站《断缴》（网页）"
    assert conflict.national is not None
    assert conflict.national.text == conflict.national.citations[0].quote.text
    assert conflict.national.text == "中断超过3个月的，原则上不超过6个月。"
    assert conflict.rule == "某文 三"
    assert conflict.rule_date is not None


def plain(text: str) -> str:
    return re.sub(r"[\s\W]+", "", text)


def holds_two(conflict: Conflict, values: list[str]) -> bool:
    said = [plain(c.value) for c in conflict.claims if c.citation.quote.text]
    return sum(any(plain(v) in s for s in said) for v in values) >= 2


def labelled() -> list[dict[str, object]]:
    return [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]


def test_the_labels_cover_the_rows() -> None:
    rows = [row["row"] for row in labelled()]
    assert len(rows) >= 25
    # 27 fits the national rule and 28 stands alone: nothing disagrees there
    assert set(range(1, 27)) <= set(rows)


@pytest.mark.quality
def test_conflicts_are_shown_and_none_invented(seeds: Assistant) -> None:
    shown, invented = [], []
    for row in labelled():
        got = seeds.ask(str(row["question"]), today=TODAY).conflicts
        values: list[str] = row["values"]  # type: ignore[assignment]
        if values:
            shown.append(any(holds_two(c, values) for c in got))
        elif not row["row"]:
            invented.append(bool(got))
    assert sum(shown) / len(shown) >= 0.55
    assert sum(invented) / len(invented) <= 0.09


@pytest.mark.quality
@pytest.mark.parametrize(("name", "least", "most"), [("q", 0.25, 0.05), ("s", 0.35, 0.08)])
def test_pages_of_other_hands(
    encoder: Encoder, tmp_path: Path, name: str, least: float, most: float
) -> None:
    """From whom nothing was learned."""
    rows = read_rows(UNSEEN / "differing" / f"{name}.jsonl")
    yibao = Assistant.open(store_of(rows, tmp_path), encoder=encoder)
    shown, invented = [], []
    for row in rows:
        if "question" in row:
            told = bool(yibao.ask(row["question"], today=TODAY).conflicts)
            (shown if row["values"] else invented).append(told)
    assert sum(shown) / len(shown) >= least
    assert sum(invented) / len(invented) <= most


@pytest.mark.quality
def test_none_invented_by_our_own_articles(shipped: Assistant) -> None:
    rows = [row for row in labelled() if not row["row"]][::2]
    got = [shipped.ask(str(row["question"]), today=TODAY).conflicts for row in rows]
    assert sum(map(bool, got)) / len(got) <= 0.05


@pytest.mark.quality
def test_questions_of_other_hands(shipped: Assistant) -> None:
    """Of every second question of six hands, from which nothing was learned; the bar was chosen on all but ``_g``. ``_d`` to ``_g``
    ask for nearly every disagreement there is, ``_d`` seldom in its words. ``benchmarks.disputes`` prints the figures of each."""
    shown, invented = [], []
    for name in "bcdefg":
        for row in read_rows(UNSEEN / f"conflicts_{name}.jsonl")[::2]:
            told = bool(shipped.ask(row["question"], today=TODAY).conflicts)
            (shown if row["values"] else invented).append(told)
    assert sum(shown) / len(shown) >= 0.77
    assert sum(invented) / len(invented) <= 0.13


@pytest.mark.quality
def test_our_own_articles_set_the_national_rule_beside(shipped: Assistant) -> None:
    rows = [row for row in labelled() if "about" in row]
    assert len(rows) >= 5
    for row in rows:
        got = shipped.ask(str(row["question"]), today=TODAY).conflicts
        about = [c.about for c in got if c.national is not None]
        assert row["about"] in about, (row["question"], about)
