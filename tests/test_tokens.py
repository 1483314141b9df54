"""The files of tokens: written, taken over by a link, joined when they have grown apart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from store_kit import PairEncoder, TokenDouble, answers, build, two_statutes, write_pages

from corpus.errors import StoreError
from corpus.words import words
from index.generations import FileEntry
from index.late import WIDTH, Codes, late_scores
from index.store import Store
from index.tokens import LARGE, SMALL, SPANS, Before, PassageTokens, Spans, write_tokens
from index.verify import verify

RANDOM = np.random.default_rng(3)
ASKED = (RANDOM.normal(size=(6, WIDTH)) / 127 / WIDTH).astype(np.float32)


@dataclass
class Made:
    """What passages are made of: by a name, so that equal names are equal tokens."""

    codes: dict[str, np.ndarray] = field(default_factory=dict)

    def of(self, name: str) -> np.ndarray:
        if name not in self.codes:
            rows = RANDOM.integers(1, 60)
            self.codes[name] = RANDOM.integers(-127, 128, (rows, WIDTH)).astype(np.int8)
        return self.codes[name]


MADE = Made()


def keys_of(names: list[str]) -> np.ndarray:
    raw = b"".join(name.encode().ljust(16) for name in names)
    return np.frombuffer(raw, np.uint8).reshape(-1, 16)


@dataclass
class Generation:
    names: list[str]
    files: dict[str, bytes]
    linked: list[str]

    @property
    def tokens(self) -> PassageTokens:
        return PassageTokens.read(self.files.__getitem__)

    def scores(self) -> list[list[float]]:
        codes = [self.tokens.codes(number) for number in range(len(self.names))]
        return late_scores(ASKED, codes).tolist()


def generation(names: list[str], before: Generation | None = None) -> Generation:
    """As a refresh does it: what was there before, by name, is not made again."""
    files: dict[str, bytes] = {}
    linked: list[str] = []
    old = None
    if before is not None:
        entry = FileEntry.of(before.files[LARGE])
        old = Before(
            Spans.read(before.files.__getitem__), before.files.__getitem__, Path("gone"), entry
        )

    def put(name: str, data: bytes | memoryview) -> None:
        files[name] = bytes(data)

    def link(name: str, source: Path, entry: FileEntry) -> None:
        assert (before is not None, source) == (True, Path("gone") / name)
        assert entry == FileEntry.of(before.files[name])
        linked.append(name)
        files[name] = before.files[name]

    known = before.names if before is not None else []
    origin = np.array([known.index(n) if n in known else -1 for n in names], np.int64)
    made = {n.encode().ljust(16): MADE.of(n) for n in names if n not in known}
    write_tokens(keys_of(names), origin, made, old, put, link)
    return Generation(names, files, linked)


def named(*numbers: int) -> list[str]:
    return [f"p{n}" for n in numbers]


def same(found: Generation) -> None:
    """All tokens are those that were made, and score as in a fresh build, to the last bit."""
    tokens = found.tokens
    assert np.array_equal(tokens.keys, keys_of(found.names))
    for number, name in enumerate(found.names):
        assert np.array_equal(tokens.codes(number), MADE.of(name)), name
    assert found.scores() == generation(found.names).scores()


def test_what_is_written_is_read() -> None:
    found = generation(named(*range(20)))
    assert sorted(found.files) == sorted((SPANS, LARGE, SMALL))
    assert len(found.files[SMALL]) == 0
    assert len(found.tokens) == 20
    same(found)
    some = late_scores(ASKED, [found.tokens.codes(7), found.tokens.codes(3)])
    assert np.allclose(some, np.array(found.scores())[[7, 3]], rtol=1e-5, atol=1e-7)


def test_no_passages_at_all() -> None:
    empty = generation([])
    assert len(empty.tokens) == 0
    filled = generation(named(1, 2), empty)
    same(filled)
    same(generation([], filled))


def test_one_more_passage_writes_the_small_file_alone() -> None:
    first = generation(named(*range(40)))
    second = generation(named(*range(20), 100, *range(20, 40)), first)
    assert second.linked == [LARGE]
    assert second.files[SMALL] == MADE.of("p100").tobytes()
    same(second)
    third = generation([*second.names, "p101"], second)
    assert third.linked == [LARGE]
    assert third.files[SMALL] == MADE.of("p100").tobytes() + MADE.of("p101").tobytes()
    same(third)


def test_a_passage_that_is_new_and_goes_again() -> None:
    first = generation(named(*range(40)))
    back = generation(first.names, generation([*first.names, "p100"], first))
    assert back.files == first.files
    same(back)


def test_much_that_is_new_makes_one_file() -> None:
    first = generation(named(*range(20)))
    second = generation(named(*range(30)), first)
    assert second.linked == []
    assert len(second.files[SMALL]) == 0
    assert second.files == generation(second.names).files
    same(second)


def test_the_small_file_grows_until_both_become_one() -> None:
    found = generation(named(*range(30)))
    linked = []
    for n in range(30, 45):
        found = generation([*found.names, f"p{n}"], found)
        linked.append(bool(found.linked))
        assert len(found.files[SMALL]) <= 0.1 * sum(map(len, found.files.values()))
        same(found)
    assert linked[0]
    assert False in linked


def test_nothing_stays_of_a_passage_that_went() -> None:
    first = generation(named(*range(40)))
    fewer = generation(named(*range(1, 40)), first)
    assert fewer.linked == []
    assert fewer.files == generation(fewer.names).files
    assert MADE.of("p0").tobytes() not in fewer.files[LARGE]
    same(fewer)


def test_all_of_the_large_file_went() -> None:
    first = generation(named(*range(40)))
    second = generation([*first.names, "p100"], first)
    last = generation(["p100", "p101"], second)
    assert last.linked == []
    same(last)


def test_equal_passages_and_another_order() -> None:
    first = generation(named(*range(20)))
    second = generation(named(5, 5, *range(19, -1, -1)), first)
    same(second)
    same(generation([*second.names, "p9"], second))


@pytest.mark.parametrize("harm", ["start", "length", "negative", "nothing", "cut", "odd", "fewer"])
def test_spans_that_do_not_fit_are_refused(harm: str) -> None:
    files = dict(generation([*named(*range(40)), "p100"], generation(named(*range(40)))).files)
    spans = Spans.read(files.__getitem__)
    starts, lengths, new = spans.starts.copy(), spans.lengths.copy(), spans.new
    if harm == "start":
        starts[40] += 1
    elif harm == "length":
        lengths[3] = len(files[LARGE])
    elif harm == "negative":
        starts[3] = -1
    elif harm == "nothing":
        lengths[3] = 0
    elif harm == "cut":
        files[LARGE] = files[LARGE][:-WIDTH]
    elif harm == "odd":
        files[SMALL] += b"x"
    else:
        new = new[:1]
    files[SPANS] = Spans(spans.keys, new, starts, lengths).to_bytes()
    with pytest.raises(ValueError, match=r"tokens: spans|reshape"):
        PassageTokens.read(files.__getitem__)


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    return write_pages(tmp_path / "in", range(30))


@pytest.fixture
def store(tmp_path: Path, pages: Path) -> Path:
    build(tmp_path / "store", pages, encoder=TokenDouble())
    return tmp_path / "store"


def file_of(store: Path, name: str) -> Path:
    [path] = store.glob(f"generations/*/{name}")
    return path


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
    """Pages more: the large file is the same file. Some less: both are one again, without them."""
    large = file_of(store, LARGE).stat().st_ino
    for more, fewer in (([50], 0), ([51], 0), ([*range(60, 75)], 12)):
        write_pages(pages, more)
        for path in sorted(pages.iterdir())[:fewer]:
            path.unlink()
        encoder = TokenDouble()
        build(store, pages, encoder=encoder)
        assert len(encoder.tokened) == len(more)
        joined = file_of(store, SMALL).stat().st_size == 0
        assert joined == (len(more) > 1)
        assert (file_of(store, LARGE).stat().st_ino == large) != joined
        fresh = tmp_path / f"fresh{more[0]}"
        build(fresh, pages, encoder=TokenDouble())
        assert Store.open(store).generation == Store.open(fresh).generation
        assert late_of(store) == late_of(fresh)
        assert answers(Store.open(store)) == answers(Store.open(fresh))
        assert verify(store, encoder=TokenDouble(), words=words(), every=True).sound


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


@pytest.mark.parametrize("name", [LARGE, SPANS])
def test_a_damaged_file_is_named(store: Path, name: str) -> None:
    path = file_of(store, name)
    path.write_bytes(path.read_bytes()[::-1])
    with pytest.raises(StoreError, match=f"{name} 的内容与校验值不符.*--rebuild"):
        Store.open(store)


@pytest.mark.parametrize("name", [LARGE, SMALL, SPANS])
def test_a_missing_file_is_named(store: Path, name: str) -> None:
    file_of(store, name).unlink()
    for read in (Store.open, Store.peek):
        with pytest.raises(StoreError, match=f"缺少文件 {name}"):
            read(store)


def test_damage_that_a_refresh_takes_over_is_named(store: Path, pages: Path) -> None:
    """It does not read the large file; its hash stays that of what was written."""
    path = file_of(store, LARGE)
    path.write_bytes(path.read_bytes()[::-1])
    write_pages(pages, [50])
    build(store, pages, encoder=TokenDouble())
    with pytest.raises(StoreError, match=LARGE):
        Store.open(store)
    build(store, encoder=TokenDouble(), rebuild=True)
    assert late_of(store)


def test_a_mapped_file_may_be_removed(store: Path, pages: Path) -> None:
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
    assert SPANS not in without.manifest.files
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
    before = {name: file_of(store, name).read_bytes() for name in (LARGE, SMALL, SPANS)}
    write_pages(pages, [50])
    build(store, pages, encoder=TokenDouble(), dry_run=True, checks=lambda _: {})
    assert {name: file_of(store, name).read_bytes() for name in before} == before


def test_threads_read_the_same(store: Path) -> None:
    opened = Store.open(store)
    expected = late_scores(ASKED, codes_of(opened))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: late_scores(ASKED, codes_of(opened)), range(40)))
    assert all(np.array_equal(expected, scores) for scores in found)
