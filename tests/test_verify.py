"""verify: what opening cannot see (words and vectors of another passage) and what it can."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from store_kit import PairEncoder, TokenDouble, build, piece, two_statutes, write_pages

from corpus.errors import StoreError
from corpus.words import words
from index.arrays import pack, unpack
from index.generations import FileEntry, read_manifest
from index.graph import Graph, Nodes
from index.late import WIDTH
from index.postings import Postings
from index.rows import Rows
from index.store import Store
from index.tokens import pack_codes, unpack_codes
from index.vectors import Vectors
from index.verify import Verification, verify
from index.verify import _graph as graph_problems


@pytest.fixture(autouse=True)
def _few_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path / "store", write_pages(tmp_path / "in", range(6)))
    return tmp_path / "store"


def check(folder: Path, *, every: bool = True) -> Verification:
    return verify(folder, encoder=PairEncoder(), words=words(), every=every)


def swap(folder: Path, path: Path, data: bytes) -> None:
    """Put other bytes in a file, with a manifest that says they belong there."""
    current = (folder / "current").read_text(encoding="utf-8").strip()
    manifest = read_manifest(folder, current)
    forged = replace(manifest, files={**manifest.files, path.name: FileEntry.of(data)})
    path.write_bytes(data)
    generation = folder / "generations" / current
    (generation / "manifest.json").write_bytes(forged.to_bytes())
    generation.rename(generation.with_name(forged.name))
    (folder / "current").write_text(forged.name, encoding="utf-8")


def rolled(folder: Path) -> bytes:
    """The vectors of the articles, each one passage further."""
    arrays = unpack(piece(folder, "vectors").read_bytes())
    return pack({**arrays, "passages": np.roll(arrays["passages"], 1, 0)})


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
    [path] = folder.glob("generations/*/*.read")
    path.write_bytes(path.read_bytes()[::-1])
    found = check(folder)
    assert not found.sound
    assert path.name in found.problems[0]
    assert "--rebuild" in found.mend
    assert "--rebuild" in found.to_text()


def test_a_missing_file_is_named(folder: Path) -> None:
    path = piece(folder, "vectors")
    path.unlink()
    assert path.name in check(folder).problems[0]


def test_vectors_in_another_order_are_noticed(folder: Path) -> None:
    swap(folder, piece(folder, "vectors"), rolled(folder))
    found = check(folder)
    assert [p.split("：")[0] for p in found.problems] == ["passages"]


def test_words_of_another_passage_are_noticed(folder: Path) -> None:
    [old] = Store.open(folder).articles.words.pieces
    docs = (old.docs + 1) % len(old)
    moved = Postings(
        old.terms, old.starts, docs.astype(np.int32), old.counts, old.lengths, old.keys
    )
    swap(folder, piece(folder, "words"), moved.to_bytes())
    assert any("词语" in problem for problem in check(folder).problems)


def test_marks_that_the_passage_does_not_bear_are_noticed(tmp_path: Path) -> None:
    pages, folder = write_pages(tmp_path / "in", range(2)), tmp_path / "store"
    (pages / "9.txt").write_text("居民医保怎么停\n\n到窗口办理。\n", encoding="utf-8")
    build(folder, pages)
    path = piece(folder, "rows")
    before = path.read_text(encoding="utf-8")
    # of the same length
    changed = before.replace('"marks":[{"schemes":["居民"', '"marks":[{"schemes":["职工"', 1)
    assert changed != before
    swap(folder, path, changed.encode("utf-8"))
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
    """Once without their keys, which only making them tells, and once with these, which any reader
    tells."""
    path = piece(with_tokens, "tokens")
    contents = Store.open(with_tokens).articles.contents
    keys, lengths = contents.token_keys, contents.lengths
    assert keys is not None
    assert lengths is not None
    first, second = lengths[:2].tolist()
    row = len(path.read_bytes()) // int(lengths.sum())
    parts = np.split(
        np.frombuffer(path.read_bytes(), np.uint8).reshape(-1, row), [first, first + second]
    )
    order = np.arange(len(keys))
    order[[0, 1]] = order[[1, 0]]
    swapped = b"".join(part.tobytes() for part in (parts[1], parts[0], parts[2]))
    table = path.with_name("articles.index")
    data = replace(contents, lengths=lengths[order]).to_bytes()
    swap(with_tokens, path, swapped)
    swap(with_tokens, piece(with_tokens, "tokens").with_name(table.name), data)
    assert check(with_tokens).sound
    assert [p.split("：")[0] for p in check_tokens(with_tokens).problems] == ["tokens"]
    assert "有 2 个与存储的不符" in check_tokens(with_tokens).to_text()
    data = replace(contents, lengths=lengths[order], token_keys=keys[order]).to_bytes()
    swap(with_tokens, piece(with_tokens, "tokens").with_name(table.name), data)
    assert check(with_tokens).problems == ("tokens：有词元不属于它所在的段落。",)


@pytest.mark.parametrize(("levels", "sound"), [(1, True), (2, False)])
def test_codes_may_differ_by_one_level(with_tokens: Path, levels: int, sound: bool) -> None:
    path = piece(with_tokens, "tokens")
    codes = unpack_codes(np.frombuffer(path.read_bytes(), np.uint8).reshape(-1, WIDTH // 2), 4)
    moved = np.where(codes > 0, codes - 2 * levels, codes + 2 * levels).astype(np.int8)
    swap(with_tokens, path, pack_codes(moved, 4).tobytes())
    assert check_tokens(with_tokens).sound == sound


def test_articles_of_another_store_are_noticed(folder: Path, tmp_path: Path) -> None:
    """Of the same number, with passages of the same number."""
    build(tmp_path / "other", write_pages(tmp_path / "more", range(6, 12)))
    other = Store.open(tmp_path / "other").articles.contents
    contents = Store.open(folder).articles.contents
    mixed = replace(other, files={**other.files, **contents.files, "rows": contents.files["rows"]})
    rows = piece(tmp_path / "other", "rows").read_bytes()
    mixed = replace(mixed, passage_keys=contents.passage_keys, asked_keys=contents.asked_keys)
    swap(folder, piece(folder, "rows"), rows)
    swap(folder, piece(folder, "words").with_name("articles.index"), mixed.to_bytes())
    assert any("向量" in p for p in check(folder).problems)


def test_a_graph_over_other_rows_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the hashes are right, as after a mistake of the program."""
    monkeypatch.setattr("index.writing.FLAT_LIMIT", 4)
    build(folder, write_pages(folder.parent / "more", range(6, 12)))
    assert check(folder).sound
    half = Store.open(folder).articles
    nodes = piece(folder, "rows").with_name(half.contents.files["passages.graph"][1])
    swap(folder, nodes, Nodes.of(len(half.vectors) + 1).to_bytes())
    assert any("检索图" in p for p in check(folder).problems)


def test_a_graph_of_rows_in_another_order_is_told() -> None:
    draw = np.random.default_rng(0)
    matrix = draw.standard_normal((3000, 24)).astype(np.float32)
    rows = Rows.of(matrix / np.linalg.norm(matrix, axis=1, keepdims=True))
    made = Graph.build(rows)
    mixed = Nodes(draw.permutation(made.nodes.rows), 3000)
    again = Graph.from_bytes(made.to_bytes(), mixed, rows)
    sound, told = (
        list(graph_problems("x", Vectors(rows, graph=lambda g=g: g))) for g in (made, again)
    )
    assert (sound, len(told)) == ([], 1)


def test_no_store_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="没有知识库"):
        check(tmp_path / "none")


def test_mending(folder: Path, tmp_path: Path) -> None:
    """The command that verify names makes the store sound again."""
    piece(folder, "words").write_bytes(b"")
    assert not check(folder).sound
    build(folder, tmp_path / "in", rebuild=True)
    assert check(folder).sound
    shutil.rmtree(folder)


def test_mending_what_no_hash_tells(folder: Path) -> None:
    """Same articles, same generation: a rebuild writes it again all the same."""
    swap(folder, piece(folder, "vectors"), rolled(folder))
    assert not check(folder).sound
    build(folder, rebuild=True)
    assert check(folder).sound


@pytest.mark.parametrize("harm", ["missing", "a folder"])
@pytest.mark.parametrize(
    "name", ["manifest.json", "articles.index", "rows", "vectors", "sources.index"]
)
def test_a_file_that_is_missing_or_none_is_named_in_a_sentence(
    folder: Path, name: str, harm: str
) -> None:
    first = piece(folder, "rows")
    path = first.with_name(name) if "." in name else piece(folder, name)
    path.unlink()
    if harm == "a folder":
        path.mkdir()
    found = check(folder)
    assert not found.sound
    (problem,) = found.problems
    assert path.name in problem
    assert "\n" not in problem
    assert "--rebuild" in found.mend
    if harm == "missing":
        assert f"缺少文件 {path.name}" in problem


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
