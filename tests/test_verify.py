"""verify: what opening cannot see (words and vectors of another passage) and what it can."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from store_kit import PairEncoder, TokenDouble, build, two_statutes, write_pages

from corpus.errors import StoreError
from corpus.words import words
from index.generations import FileEntry, Manifest, read_manifest
from index.postings import Postings
from index.store import Store
from index.tokens import LARGE, SPANS, Spans
from index.vectors import Vectors
from index.verify import Verification, verify


@pytest.fixture(autouse=True)
def _few_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path / "store", write_pages(tmp_path / "in", range(6)))
    return tmp_path / "store"


def check(folder: Path, *, every: bool = True) -> Verification:
    return verify(folder, encoder=PairEncoder(), words=words(), every=every)


def swap(folder: Path, name: str, data: bytes) -> None:
    """Put other bytes in a file, with a manifest that says they belong there."""
    current = (folder / "current").read_text(encoding="utf-8").strip()
    manifest = read_manifest(folder, current)
    files = {**manifest.files, name: FileEntry.of(data)}
    forged = Manifest(
        manifest.generation,
        manifest.model,
        manifest.dimension,
        manifest.versions,
        manifest.counts,
        manifest.search,
        files,
    )
    generation = folder / "generations" / current
    (generation / name).write_bytes(data)
    (generation / "manifest.json").write_bytes(forged.to_bytes())
    generation.rename(generation.with_name(forged.name))
    (folder / "current").write_text(forged.name, encoding="utf-8")


def test_a_sound_store(folder: Path) -> None:
    found = check(folder)
    assert found.sound
    assert found.problems == ()
    size = Store.open(folder).size
    assert found.checked["passages"] == found.checked["words"] == size + 2
    assert found.checked["vectors"] == size + 2 + 6 + 4
    assert found.to_dict()["mend"] == ""
    assert "完好" in found.to_text()


def test_a_sample_of_the_vectors_is_enough_for_every_day(folder: Path) -> None:
    found = verify(folder, words=words())
    assert (found.sound, found.checked["vectors"]) == (True, 0)


def test_a_damaged_file_is_named_with_the_command(folder: Path) -> None:
    [path] = folder.glob("generations/*/sources.jsonl")
    path.write_bytes(path.read_bytes()[::-1])
    found = check(folder)
    assert not found.sound
    assert "sources.jsonl" in found.problems[0]
    assert "--rebuild" in found.mend
    assert "--rebuild" in found.to_text()


def test_a_missing_file_is_named(folder: Path) -> None:
    [path] = folder.glob("generations/*/questions.keys")
    path.unlink()
    assert "questions.keys" in check(folder).problems[0]


def test_vectors_in_another_order_are_noticed(folder: Path) -> None:
    matrix = Store.open(folder).articles.vectors.matrix
    swap(folder, "passages.faiss", bytes(Vectors.from_matrix(np.roll(matrix, 1, 0)).to_bytes()))
    found = check(folder)
    assert [p.split("：")[0] for p in found.problems] == ["passages"]


def test_words_of_another_passage_are_noticed(folder: Path) -> None:
    old = Store.open(folder).articles.words.postings
    docs = (old.docs + 1) % len(old)
    moved = Postings(
        old.terms, old.starts, docs.astype(np.int32), old.counts, old.lengths, old.keys
    )
    swap(folder, "passages.words", moved.to_bytes())
    assert any("词语" in problem for problem in check(folder).problems)


def test_marks_that_the_passage_does_not_bear_are_noticed(folder: Path) -> None:
    [path] = folder.glob("generations/*/articles.jsonl")
    before = path.read_text(encoding="utf-8")
    changed = before.replace('"actions":["停保"', '"actions":["退保"', 1)  # of the same length
    assert changed != before
    swap(folder, "articles.jsonl", changed.encode("utf-8"))
    assert any("标记" in problem for problem in check(folder).problems)


@pytest.fixture
def with_tokens(tmp_path: Path) -> Path:
    build(tmp_path / "tokens", write_pages(tmp_path / "in", range(6)), encoder=TokenDouble())
    return tmp_path / "tokens"


def check_tokens(folder: Path, *, every: bool = True) -> Verification:
    return verify(folder, encoder=TokenDouble(), words=words(), every=every)


def test_tokens_are_made_again(with_tokens: Path) -> None:
    found = check_tokens(with_tokens)
    size = Store.open(with_tokens).size
    assert (found.problems, found.checked["tokens"]) == ((), size)
    assert f"{size} 个段落的词元" in found.to_text()
    # without an encoder that gives tokens only what they belong to is looked at
    assert (check(with_tokens).problems, check(with_tokens).checked["tokens"]) == ((), 0)


def test_tokens_of_two_passages_are_swapped(with_tokens: Path) -> None:
    """Once with the keys, which tells any reader, and once without, which only making them tells."""
    old = Spans.read(lambda name: next(with_tokens.glob(f"generations/*/{name}")).read_bytes())
    order = np.arange(len(old.keys))
    order[[0, 1]] = order[[1, 0]]
    starts, lengths = old.starts[order], old.lengths[order]
    swap(with_tokens, SPANS, Spans(old.keys, old.new, starts, lengths).to_bytes())
    assert check(with_tokens).sound
    assert [p.split("：")[0] for p in check_tokens(with_tokens).problems] == [LARGE]
    assert "有 2 个与存储的不符" in check_tokens(with_tokens).to_text()
    swap(with_tokens, SPANS, Spans(old.keys[order], old.new, starts, lengths).to_bytes())
    assert [p.split("：")[0] for p in check(with_tokens).problems] == [SPANS]


@pytest.mark.parametrize(("by", "sound"), [(2, True), (3, False)])
def test_codes_may_differ_by_two_steps(with_tokens: Path, by: int, sound: bool) -> None:
    [path] = with_tokens.glob(f"generations/*/{LARGE}")
    codes = np.frombuffer(path.read_bytes(), np.int8) + np.int8(by)
    swap(with_tokens, LARGE, codes.tobytes())
    assert check_tokens(with_tokens).sound == sound


def test_articles_of_another_store_are_noticed(folder: Path, tmp_path: Path) -> None:
    build(tmp_path / "other", write_pages(tmp_path / "more", range(20, 26)))
    for name in ("articles.jsonl", "articles.table"):
        [path] = (tmp_path / "other").glob(f"generations/*/{name}")
        swap(folder, name, path.read_bytes())
    found = check(folder)
    assert any("向量" in p for p in found.problems)


def test_no_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="没有知识库"):
        check(tmp_path / "none")


def test_mending(folder: Path, tmp_path: Path) -> None:
    """The command that verify names makes the store sound again."""
    [path] = folder.glob("generations/*/passages.words")
    path.write_bytes(b"")
    assert not check(folder).sound
    build(folder, tmp_path / "in", rebuild=True)
    assert check(folder).sound
    shutil.rmtree(folder)


def test_mending_what_no_hash_tells(folder: Path) -> None:
    """Same articles, same generation: a rebuild writes it again all the same."""
    matrix = Store.open(folder).articles.vectors.matrix
    swap(folder, "passages.faiss", bytes(Vectors.from_matrix(np.roll(matrix, 1, 0)).to_bytes()))
    assert not check(folder).sound
    build(folder, rebuild=True)
    assert check(folder).sound


@pytest.mark.parametrize("harm", ["missing", "a folder"])
@pytest.mark.parametrize(
    "name", ["manifest.json", "articles.jsonl", "passages.faiss", "sources.keys"]
)
def test_a_file_that_is_missing_or_none_is_named_in_a_sentence(
    folder: Path, name: str, harm: str
) -> None:
    current = (folder / "current").read_text(encoding="utf-8").strip()
    path = folder / "generations" / current / name
    path.unlink()
    if harm == "a folder":
        path.mkdir()
    found = check(folder)
    assert not found.sound
    (problem,) = found.problems
    assert name in problem
    assert "\n" not in problem
    assert "--rebuild" in found.mend
    if harm == "missing":
        assert f"缺少文件 {name}" in problem


def test_a_generation_that_is_gone_is_named(folder: Path) -> None:
    shutil.rmtree(folder / "generations")
    (problem,) = check(folder).problems
    assert "缺少文件 manifest.json" in problem


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": "x"}'])
def test_a_manifest_that_makes_no_sense_is_named(folder: Path, data: bytes) -> None:
    current = (folder / "current").read_text(encoding="utf-8").strip()
    (folder / "generations" / current / "manifest.json").write_bytes(data)
    (problem,) = check(folder).problems
    assert "manifest.json 无法解析" in problem
