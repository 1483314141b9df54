"""benchmarks.sets: every label of the repo has an answer in its articles; folders of BEIR form."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from benchmarks.labels import QUALITY, Label, read_labels
from benchmarks.sets import ASKED, read_beir
from corpus.settings import ROOT
from corpus.types import Article, Passage, Source

SOURCE = Source("某局", "d000001.txt", None, date(2025, 1, 1), date(2025, 1, 1))


def test_the_articles_that_labels_name_exist() -> None:
    for name in ASKED:
        labels = read_labels(QUALITY / "asked" / f"{name}.jsonl")
        assert len(labels) >= (5 if name == "once_outside" else 50)
        if name != "once_outside":
            assert abs(sum(x.held for x in labels) - len(labels) / 2) <= 1
        for article in {a for x in labels for a in x.articles}:
            assert (ROOT / "corpus" / "articles" / f"{article[7:]}.md").is_file(), article


def test_a_label_knows_its_passage_by_phrase_by_article_and_by_file() -> None:
    article = Article("id", "题目", "补缴，到账次日恢复。", SOURCE)
    passage = Passage(article, 0, len(article.text))
    assert Label("1", "问", ("补缴到账",), "").answers(passage)
    assert Label("1", "问", (), "", ("id",)).answers(passage)
    assert Label("1", "问", (), "", ("d000001",)).answers(passage)
    assert not Label("1", "问", ("停保",), "", ("d1",)).answers(passage)


def test_a_folder_of_beir_form(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()

    def write(name: str, *rows: object) -> None:
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / name).write_text("\n".join(lines), encoding="utf-8")

    write(
        "corpus.jsonl",
        {"_id": "a", "title": "停保", "text": "带身份证。"},
        {"_id": "b", "text": "次月恢复。"},
    )
    write("queries.jsonl", {"_id": "1", "text": "哪天恢复"}, {"_id": "2", "text": "没有答案"})
    write(
        "qrels.jsonl",
        {"query-id": "1", "corpus-id": "b", "score": 1},
        {"query-id": "1", "corpus-id": "a", "score": 0},
    )
    found = read_beir(folder, tmp_path / "pages")
    assert found.labels == (Label("1", "哪天恢复", (), "set", ("d000001",)),)
    (pages,) = found.paths
    assert (pages / "d000000.md").read_text(encoding="utf-8") == "# 停保\n\n带身份证。\n"
    assert (pages / "d000001.txt").read_text(encoding="utf-8") == "次月恢复。\n"
