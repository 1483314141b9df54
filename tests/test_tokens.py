"""Tokens in few bits: packed, read back, taken over by a refresh, damaged, of another basis."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from store_kit import PairEncoder, TokenDouble, answers, build, piece, two_statutes, write_pages

from corpus.errors import StoreError
from corpus.words import words
from index.blocks import Block
from index.generations import FileEntry
from index.late import WIDTH, Codes, basis, late_scores, rounded, step_for
from index.store import Store
from index.tokens import Layout, PassageTokens, pack_codes, unpack_codes
from index.verify import verify

RANDOM = np.random.default_rng(3)
ASKED = (RANDOM.normal(size=(6, WIDTH)) / 15 / WIDTH).astype(np.float32)


def codes(tokens: int, bits: int = 4) -> np.ndarray:
    return (2 * RANDOM.integers(0, 2**bits, (tokens, WIDTH)) - 2**bits + 1).astype(np.int8)


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_packed_codes_come_back(bits: int) -> None:
    made = codes(50, bits)
    packed = pack_codes(made, bits)
    assert (packed.shape, packed.dtype) == ((50, WIDTH * bits // 8), np.uint8)
    assert set(made.ravel().tolist()) == set(range(1 - 2**bits, 2**bits, 2))
    assert np.array_equal(unpack_codes(packed, bits), made)
    assert unpack_codes(packed[:0], bits).shape == (0, WIDTH)


def test_coordinates_go_to_the_nearest_odd_number_of_steps() -> None:
    along = np.array([[-9.0, -1.1, -0.1, 0.0, 0.9, 2.1, 9.0]], np.float32)
    step = np.ones(7, np.float32)
    assert rounded(along, step, 2).tolist() == [[-3, -1, -1, 1, 1, 3, 3]]
    assert rounded(along, step, 1).tolist() == [[-1, -1, -1, 1, 1, 1, 1]]
    assert rounded(along, step, 4).tolist() == [[-9, -1, -1, 1, 1, 3, 9]]


@pytest.mark.parametrize(("bits", "missed"), [(1, 0.364), (2, 0.119), (4, 0.0115)])
def test_steps_lose_what_the_best_uniform_rounding_of_a_normal_distribution_loses(
    bits: int, missed: float
) -> None:
    """The shares are Max's (1960)."""
    along = RANDOM.normal(0, 0.1, (20_000, WIDTH)).astype(np.float32)
    step = step_for(along, bits)
    lost = ((rounded(along, step, bits) * step - along) ** 2).sum() / (along**2).sum()
    assert lost == pytest.approx(missed, rel=0.03)


def test_the_shipped_basis_has_the_bits_that_are_kept() -> None:
    assert basis().bits == 4
    assert basis().codes(RANDOM.normal(size=(300, 384)).astype(np.float32)).max() == 15


def tokens_of(tmp_path: Path, parts: list[np.ndarray], cuts: list[int]) -> PassageTokens:
    blocks = []
    for n, (a, b) in enumerate(pairwise(cuts)):
        path = tmp_path / f"{n}.tokens"
        path.write_bytes(b"".join(pack_codes(one, 4).tobytes() for one in parts[a:b]))
        blocks.append(Block(tmp_path, path, FileEntry.of(path.read_bytes())))
    keys = RANDOM.integers(0, 256, (len(parts), 16)).astype(np.uint8)
    lengths = np.array([len(one) for one in parts], np.int64)
    return PassageTokens(Layout(keys, lengths, np.array(cuts)), blocks, 4)


def test_each_passage_has_its_own(tmp_path: Path) -> None:
    parts = [codes(int(n)) for n in RANDOM.integers(1, 60, 20)]
    found = tokens_of(tmp_path, parts, [0, 7, 7, 8, 20])
    assert len(found) == 20
    assert all(np.array_equal(found.codes(n), one) for n, one in enumerate(parts))
    assert len(tokens_of(tmp_path, [], [0])) == 0


def test_several_are_read_at_once_over_files(tmp_path: Path) -> None:
    parts = [codes(int(n)) for n in RANDOM.integers(1, 60, 20)]
    found = tokens_of(tmp_path, parts, [0, 7, 7, 8, 20])
    packed = [pack_codes(one, 4).tobytes() for one in parts]
    for first, end in ((0, 20), (6, 9), (3, 3), (7, 8), (19, 20)):
        assert found.packed((first, end)) == b"".join(packed[first:end])


def test_a_layout_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    found = tokens_of(tmp_path, [codes(5), codes(6)], [0, 2])
    block = Block(tmp_path, tmp_path / "0.tokens", FileEntry.of(b""))
    for lengths, cuts, said in (
        ([5, 7], [0, 2], "another size"),
        ([11, 0], [0, 2], "without any"),
        ([11], [0, 1], "unequal number"),
        ([5, 6], [0, 1, 2], "unequal number"),
    ):
        layout = Layout(found.keys, np.array(lengths), np.array(cuts))
        with pytest.raises(ValueError, match=said):
            PassageTokens(layout, [block], 4)


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    return write_pages(tmp_path / "in", range(30))


@pytest.fixture
def store(tmp_path: Path, pages: Path) -> Path:
    build(tmp_path / "store", pages, encoder=TokenDouble())
    return tmp_path / "store"


def late_of(store: Path) -> list[list[float]]:
    opened = Store.open(store)
    asked = TokenDouble().encode_question("到北区8号窗口提交申请")[1]
    assert asked is not None
    scores: list[list[float]] = late_scores(asked, codes_of(opened)).tolist()
    return scores


def codes_of(opened: Store) -> list[Codes]:
    found = [seen.codes for seen in opened.passages(range(opened.size))]
    return [codes for codes in found if codes is not None]


def test_a_refresh_scores_like_a_fresh_store(store: Path, pages: Path, tmp_path: Path) -> None:
    for more, fewer in (([50], 0), ([51], 0), ([*range(60, 75)], 12)):
        write_pages(pages, more)
        for path in sorted(pages.iterdir())[:fewer]:
            path.unlink()
        encoder = TokenDouble()
        build(store, pages, encoder=encoder)
        assert len(encoder.tokened) == len(more)
    fresh = tmp_path / "fresh"
    build(fresh, pages, encoder=TokenDouble())
    assert Store.open(store).generation == Store.open(fresh).generation
    assert late_of(store) == late_of(fresh)
    assert answers(Store.open(store)) == answers(Store.open(fresh))
    assert verify(store, encoder=TokenDouble(), words=words(), every=True).sound


@pytest.mark.parametrize("gone", ["0000", "0014", "0029"])
def test_what_comes_before_or_behind_others_leaves_them_theirs(
    store: Path, pages: Path, gone: str
) -> None:
    """At the beginning, in the middle, at the end of a file."""
    expected, file = late_of(store), pages / f"{gone}.txt"
    held = file.read_bytes()
    file.unlink()
    build(store, pages, encoder=TokenDouble())
    assert len(late_of(store)) < len(expected)
    file.write_bytes(held)
    build(store, pages, encoder=TokenDouble())
    assert late_of(store) == expected


def test_a_word_finds_its_passage(store: Path) -> None:
    scores = late_of(store)
    best = max(range(len(scores)), key=lambda n: scores[n])
    assert "到北区8号窗口提交申请" in Store.open(store).passages([best])[0].passage.text
    # but for the first: what stands before it is another character in the passage
    assert scores[best][0] == pytest.approx(1.0, abs=0.1)


def test_renaming_makes_no_tokens(store: Path, pages: Path) -> None:
    before = late_of(store)
    (pages / "0003.txt").rename(pages / "0003a.txt")
    encoder = TokenDouble()
    assert build(store, pages, encoder=encoder).switched
    assert encoder.tokened == []
    assert late_of(store) == before


def test_another_title_makes_those_of_its_passages(store: Path, pages: Path) -> None:
    path = pages / "0003.txt"
    path.write_text("改了的题目\n" + path.read_text(encoding="utf-8").split("\n", 1)[1], "utf-8")
    encoder = TokenDouble()
    build(store, pages, encoder=encoder)
    assert encoder.tokened
    assert all(text.startswith("改了的题目\n") for text in encoder.tokened)


def test_a_damaged_file_is_named(store: Path) -> None:
    path = piece(store, "tokens")
    path.write_bytes(path.read_bytes()[::-1])
    with pytest.raises(StoreError, match=f"{path.name} 的内容与校验值不符.*--rebuild"):
        late_of(store)


def test_a_missing_file_is_named(store: Path) -> None:
    path = piece(store, "tokens")
    path.unlink()
    for read in (Store.open, Store.peek):
        with pytest.raises(StoreError, match=f"缺少文件 {path.name}"):
            read(store)


def test_damage_that_a_refresh_takes_over_is_named(
    store: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not read a piece that stays; the hash stays that of what was written."""
    monkeypatch.setattr("index.cuts.LEAST", 4)
    build(store, encoder=TokenDouble(), rebuild=True)
    path = piece(store, "tokens")
    path.write_bytes(path.read_bytes()[::-1])
    write_pages(pages, [50])
    build(store, pages, encoder=TokenDouble())
    with pytest.raises(StoreError, match=path.name):
        late_of(store)
    build(store, encoder=TokenDouble(), rebuild=True)
    assert late_of(store)


def test_a_file_in_use_may_be_removed(store: Path, pages: Path) -> None:
    opened = Store.peek(store)
    before = answers(Store.open(store))
    write_pages(pages, range(50, 60))
    build(store, pages, encoder=TokenDouble())
    assert answers(opened) == before


def test_a_store_without_tokens_gets_them_and_loses_them(store: Path, pages: Path) -> None:
    """By a refresh with an encoder that has them, though no article changed; and back."""
    with_tokens = Store.open(store)
    build(store, pages, encoder=PairEncoder())
    without = Store.open(store)
    assert codes_of(without) == []
    assert without.articles.contents.files["tokens"] == []
    assert without.generation != with_tokens.generation
    encoder = TokenDouble()
    assert build(store, pages, encoder=encoder).embedded == 0
    assert len(encoder.tokened) == without.size
    assert Store.open(store).generation == with_tokens.generation
    assert answers(Store.open(store)) == answers(with_tokens)


def test_another_basis_makes_them_anew(
    store: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store of the basis before is not asked with the new one: it says how to bring it up."""
    for module in ("build", "store"):
        monkeypatch.setattr(f"index.{module}.basis_version", lambda: "another")
    with pytest.raises(StoreError, match=f"index refresh --store {store} "):
        Store.open(store)
    assert codes_of(Store.peek(store)) == []
    encoder = TokenDouble()
    assert build(store, pages, encoder=encoder).embedded == 0
    assert len(encoder.tokened) == Store.open(store).size


def test_a_dry_run_touches_no_tokens(store: Path, pages: Path) -> None:
    path = piece(store, "tokens")
    before = path.read_bytes()
    write_pages(pages, [50])
    build(store, pages, encoder=TokenDouble(), dry_run=True, checks=lambda _: {})
    assert path.read_bytes() == before


def test_threads_read_the_same(store: Path) -> None:
    opened = Store.open(store)
    expected = late_scores(ASKED, codes_of(opened))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: late_scores(ASKED, codes_of(opened)), range(40)))
    assert all(np.array_equal(expected, scores) for scores in found)
