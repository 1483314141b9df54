"""A refresh: what it takes up, carries over, takes away and reports; what it refuses."""

from __future__ import annotations

import errno
import filecmp
import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from store_kit import PairEncoder, answers, build, page, piece, two_statutes, write_pages

from corpus.errors import InputError, LockedError, StoreError
from corpus.sections import sections
from corpus.types import Article, Passage
from index import files
from index.blocks import Block
from index.build import versions
from index.contents import Contents
from index.locks import refreshing
from index.report import Outcome
from index.store import Store


@pytest.fixture(autouse=True)
def _few_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write_pages(tmp_path / "in", range(8))


@pytest.fixture
def store(tmp_path: Path, pages: Path) -> Path:
    build(tmp_path / "store", pages)
    return tmp_path / "store"


def snapshot(store: Path) -> dict[str, bytes]:
    """All files that make a store what it is (the lock and its holder's name do not)."""
    return {
        p.relative_to(store).as_posix(): p.read_bytes()
        for p in sorted(store.rglob("*"))
        if p.is_file() and p.name not in ("lock", "holder.json")
    }


def test_a_new_store_takes_what_it_is_given_and_the_statutes(tmp_path: Path, pages: Path) -> None:
    report = build(tmp_path / "store", pages)
    assert (report.added, report.changed, report.removed, report.unchanged) == (8, 0, 0, 0)
    assert (report.statutes, report.status, report.exit_code) == (2, "ok", 0)
    assert report.switched
    opened = Store.open(tmp_path / "store")
    assert report.generation == opened.generation
    assert report.passages == opened.size


def test_nothing_changed_nothing_done(store: Path, pages: Path) -> None:
    before, encoder = snapshot(store), PairEncoder()
    report = build(store, pages, encoder=encoder)
    assert (report.added, report.unchanged, report.embedded) == (0, 8, 0)
    assert not report.switched
    assert encoder.embedded == []
    assert snapshot(store) == before


def test_only_what_changed_is_embedded(store: Path, pages: Path) -> None:
    write_pages(pages, [50])
    (pages / "0003.txt").write_text(page(3, days=99), encoding="utf-8")
    (pages / "0004.txt").unlink()
    encoder = PairEncoder()
    report = build(store, pages, encoder=encoder)
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 1, 1, 6)
    assert report.embedded == len(encoder.embedded)
    assert all("50" in text or "99" in text for text in encoder.embedded)


def test_a_refreshed_store_is_a_fresh_one_file_for_file(
    store: Path, pages: Path, tmp_path: Path
) -> None:
    write_pages(pages, [50, 51])
    (pages / "0003.txt").write_text(page(3, days=99), encoding="utf-8")
    build(store, pages)
    (pages / "0050.txt").unlink()
    (pages / "0000.txt").rename(pages / "9999.txt")
    build(store, pages)
    build(tmp_path / "fresh", pages)
    assert snapshot(store) == snapshot(tmp_path / "fresh")


@pytest.mark.parametrize("beside", [1.0, 0.0])
def test_a_store_with_a_graph_answers_like_a_fresh_one(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch, beside: float
) -> None:
    """The links are kept, or the new rows are joined to them; what is found among so few is the same."""
    monkeypatch.setattr("index.writing.FLAT_LIMIT", 4)
    monkeypatch.setattr("index.graph.MOST_BESIDE", beside)
    build(tmp_path / "store", pages)
    before = links_of(Store.open(tmp_path / "store"))
    write_pages(pages, [50, 51])
    (pages / "0002.txt").unlink()
    build(tmp_path / "store", pages)
    build(tmp_path / "fresh", pages)
    store, fresh = Store.open(tmp_path / "store"), Store.open(tmp_path / "fresh")
    assert store.manifest.search["passages"] == {"kind": "hnsw", "recall@10": 1.0}
    assert (links_of(store) == before) == bool(beside)
    graph = store.articles.vectors.graph
    assert graph is not None
    assert bool(len(graph.nodes.beside())) == bool(beside)
    assert not graph.nodes.live.all(), "nothing was built anew"
    assert store.generation == fresh.generation
    assert answers(store) == answers(fresh)


def test_a_change_reads_no_links_and_no_vectors_of_others(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.writing.FLAT_LIMIT", 4)
    monkeypatch.setattr("index.graph.MOST_BESIDE", 1.0)
    write_pages(pages, range(8, 40))
    build(tmp_path / "store", pages)
    read: list[str] = []
    whole = Block.whole

    def watched(block: Block) -> memoryview:
        read.append(block._name.rpartition(".")[2])
        return whole(block)

    monkeypatch.setattr(Block, "whole", watched)
    (pages / "0002.txt").write_text(page(2, days=99), encoding="utf-8")
    report = build(tmp_path / "store", pages)
    assert report.changed == 1
    assert set(read) <= {"nodes", "words"}


def test_a_graph_of_before_is_not_searched_and_is_made_anew(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stores made before the links had a file of their own name one file: they answer all the same."""
    monkeypatch.setattr("index.writing.FLAT_LIMIT", 4)
    build(tmp_path / "store", pages)
    expected = answers(Store.open(tmp_path / "store"))
    read = Contents.from_bytes

    def of_before(data: bytes) -> Contents:
        found = read(data)
        files = {kind: some[:1] if "graph" in kind else some for kind, some in found.files.items()}
        return replace(found, files=files)

    with monkeypatch.context() as then:
        then.setattr(Contents, "from_bytes", of_before)
        old = Store.open(tmp_path / "store")
        assert old.articles.vectors.kind == "flat"
        assert answers(old) == expected
        write_pages(pages, [50])
        build(tmp_path / "store", pages)
    assert Store.open(tmp_path / "store").articles.vectors.kind == "hnsw"


def links_of(store: Store) -> str:
    return store.articles.contents.files["passages.graph"][0]


def test_the_order_of_coming_makes_no_difference(tmp_path: Path) -> None:
    one, two = write_pages(tmp_path / "one", range(4)), write_pages(tmp_path / "two", [7, 5, 9])
    build(tmp_path / "a", one, two)
    build(tmp_path / "b", two)
    build(tmp_path / "b", one)
    first, second = Store.open(tmp_path / "a"), Store.open(tmp_path / "b")
    assert first.generation == second.generation
    assert snapshot(tmp_path / "a") == snapshot(tmp_path / "b")
    assert answers(first) == answers(second)


def test_renaming_embeds_nothing(store: Path, pages: Path) -> None:
    (pages / "0002.txt").rename(pages / "renamed.txt")
    encoder = PairEncoder()
    report = build(store, pages, encoder=encoder)
    assert encoder.embedded == []
    assert (report.embedded, report.files.added) == (0, (place(pages / "renamed.txt"),))


def place(path: Path) -> str:
    from index.sources import place_of

    return place_of(path)


def test_a_changed_title_takes_effect(store: Path, pages: Path) -> None:
    text = page(2).replace("第2号窗口如何", "二号窗口怎样", 1)
    (pages / "0002.txt").write_text(text, encoding="utf-8")
    report = build(store, pages)
    titles = {row.article.title for row in Store.open(store).articles.table.rows()}
    assert report.switched
    assert "二号窗口怎样办理西区停保2" in titles
    assert not any(title.startswith("第2号窗口") for title in titles)


@pytest.mark.parametrize("how", ["deleted", "named", "folder", "pattern"])
def test_what_was_removed_leaves_no_trace(store: Path, pages: Path, how: str) -> None:
    """Neither in an answer nor anywhere in the store's files."""
    gone = page(6).splitlines()[0]
    assert any(gone.encode() in data for data in snapshot(store).values())
    if how == "deleted":
        (pages / "0006.txt").unlink()
        report = build(store, pages)
    elif how == "named":
        report = build(store, pages / "0006.txt", remove=True)
    elif how == "folder":
        report = build(store, pages, remove=True)
    else:
        report = build(store, pages / "0006*", remove=True)
    assert report.removed == (8 if how == "folder" else 1)
    assert not any(gone.encode() in data for data in snapshot(store).values())
    assert not any(b"0006" in data for data in snapshot(store).values())
    assert len(list((store / "generations").iterdir())) == 1
    assert Store.open(store).size == report.passages


def test_a_removed_file_may_be_gone_already(store: Path, pages: Path) -> None:
    (pages / "0001.txt").unlink()
    assert build(store, pages / "0001.txt", remove=True).removed == 1


def test_removing_the_unknown_is_an_error(store: Path, tmp_path: Path) -> None:
    before = snapshot(store)
    with pytest.raises(InputError, match=r"other\.txt"):
        build(store, tmp_path / "other.txt", remove=True)
    assert snapshot(store) == before


def test_other_folders_stay(store: Path, tmp_path: Path) -> None:
    build(store, write_pages(tmp_path / "more", [70]))
    assert len(Store.open(store).articles.table) == 9


def test_a_missing_path_loses_nothing(store: Path, tmp_path: Path) -> None:
    before = snapshot(store)
    with pytest.raises(InputError, match=r"路径不存在.*none"):
        build(store, tmp_path / "none")
    assert snapshot(store) == before


def test_a_file_that_can_no_longer_be_read_keeps_its_articles(store: Path, pages: Path) -> None:
    (pages / "0001.txt").write_text("", encoding="utf-8")
    report = build(store, pages)
    assert (report.status, report.exit_code) == ("partly", 1)
    assert [Path(s.path).name for s in report.skipped] == ["0001.txt"]
    assert len(Store.open(store).articles.table) == 8


def test_nothing_readable_makes_no_store(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.xyz"):
        build(tmp_path / "store", tmp_path / "a.xyz")
    assert not Store.exists(tmp_path / "store")


def test_a_dry_run_says_it_all_and_writes_nothing(store: Path, pages: Path) -> None:
    write_pages(pages, [50])
    before = snapshot(store)
    dry = build(store, pages, dry_run=True)
    assert snapshot(store) == before
    wet = build(store, pages)
    assert (dry.added, dry.embedded, dry.passages) == (wet.added, wet.embedded, wet.passages)
    assert (dry.generation, dry.dry_run, dry.switched) == (wet.generation, True, False)


def test_a_dry_run_makes_no_folder(tmp_path: Path, pages: Path) -> None:
    assert build(tmp_path / "store", pages, dry_run=True).added == 8
    assert not (tmp_path / "store").exists()


def test_another_model_is_refused_and_rebuild_mends(store: Path, pages: Path) -> None:
    before, other = snapshot(store), PairEncoder("other")
    with pytest.raises(StoreError, match=r"pairs.*other.*--rebuild"):
        build(store, pages, encoder=other)
    assert snapshot(store) == before
    build(store, encoder=other, rebuild=True)
    opened = Store.open(store, model="other")
    assert len(opened.articles.table) == 8


def test_a_rebuild_mends_a_damaged_store(store: Path, pages: Path) -> None:
    fresh = answers(Store.open(store))
    vectors = piece(store, "vectors")
    vectors.write_bytes(b"x" * vectors.stat().st_size)
    write_pages(pages, [50])
    with pytest.raises(StoreError, match="--rebuild"):
        build(store, pages)
    (pages / "0050.txt").unlink()
    build(store, pages, rebuild=True)
    assert answers(Store.open(store)) == fresh


def test_a_rebuild_without_paths_takes_what_a_damaged_store_knows(
    store: Path, tmp_path: Path
) -> None:
    """The command that the error names brings back this store's articles, not the project's."""
    fresh = answers(Store.open(store))
    piece(store, "words").unlink()
    with pytest.raises(StoreError, match=f"refresh --store {store} --rebuild"):
        Store.open(store)
    build(store, rebuild=True)
    assert answers(Store.open(store)) == fresh
    [sources] = store.glob("generations/*/*.read")
    sources.write_bytes(sources.read_bytes()[:-9])
    with pytest.raises(StoreError, match=rf"{sources.name}.*corpus/articles .*--rebuild"):
        build(store, rebuild=True)


def test_a_store_of_an_older_format_is_rebuilt_from_what_it_knows(store: Path) -> None:
    fresh = answers(Store.open(store))
    [manifest] = store.glob("generations/*/manifest.json")
    raw = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**raw, "format": 1}), encoding="utf-8")
    with pytest.raises(StoreError, match=f"第 1 版.*refresh --store {store} --rebuild"):
        build(store)
    build(store, rebuild=True)
    assert answers(Store.open(store)) == fresh


def test_a_changed_dictionary_cuts_again_and_embeds_nothing(
    store: Path, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Single:
        def keywords(self, text: str) -> list[str]:
            return list(text)

        def bigrams(self, text: str) -> list[str]:
            return []

    monkeypatch.setattr("index.build.WORDS_VERSION", "another")
    monkeypatch.setattr("index.build.MARKS_VERSION", "another")  # it counts the dictionary in
    encoder = PairEncoder()
    report = build(store, pages, encoder=encoder, words=Single())
    assert report.switched
    assert encoder.embedded == []
    build(tmp_path / "fresh", pages, words=Single())
    assert snapshot(store) == snapshot(tmp_path / "fresh")


def test_a_changed_splitter_draws_again_and_embeds_nothing_known(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []

    def counting(article: Article) -> tuple[Passage, ...]:
        drawn.append(article)
        return sections(article)

    monkeypatch.setattr("index.build.sections", counting)
    monkeypatch.setattr("index.build.SECTIONS_VERSION", "another")
    encoder = PairEncoder()
    assert build(store, encoder=encoder).switched
    assert (len(drawn), encoder.embedded) == (10, [])


def test_a_changed_reader_reads_again(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.sources.READER_VERSION", "another")
    report = build(store)
    assert len(report.files.changed) == 8
    assert build(store).files.unchanged == 8


def test_a_file_that_cannot_be_read_is_not_the_one_that_could_not_be_read_before(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty hash stands for no content: such files were taken for unchanged, and read again."""
    with monkeypatch.context() as unreadable:
        unreadable.setattr("index.sources._hash", lambda _: "")
        build(tmp_path / "other", pages)
        for path in pages.iterdir():
            path.unlink()
        unreadable.setattr("index.sources.READER_VERSION", "another")
        report = build(tmp_path / "other")
    assert (report.skipped, report.files.unchanged, report.files.changed) == ((), 8, ())


def test_a_file_without_a_hash_is_read_again_where_it_is_given(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.sources._hash", lambda _: "")
    build(tmp_path / "other", pages)
    (pages / "0003.txt").write_text(page(3, days=99), encoding="utf-8")
    assert [Path(p).name for p in build(tmp_path / "other", pages).files.changed] == ["0003.txt"]


def test_changed_texts_are_embedded_again(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = {**versions(), "texts": "another"}
    monkeypatch.setattr("index.build.versions", lambda: now)
    monkeypatch.setattr("index.texts.passage_text", lambda passage: "〉" + passage.text)
    encoder = PairEncoder()
    build(store, encoder=encoder)
    assert len(encoder.embedded) == Store.open(store).size + 2
    assert all(text.startswith("〉") for text in encoder.embedded)


def test_two_files_of_one_name_keep_apart(tmp_path: Path) -> None:
    for n, folder in ((1, "a"), (2, "b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(page(1, days=n * 10), encoding="utf-8")
    build(tmp_path / "one", tmp_path / "a", tmp_path / "b")
    build(tmp_path / "two", tmp_path / "b", tmp_path / "a")
    first, second = Store.open(tmp_path / "one"), Store.open(tmp_path / "two")
    assert first.generation == second.generation


def test_checks_that_changed_are_reported(store: Path, pages: Path) -> None:
    def checks(opened: Store) -> dict[str, Outcome]:
        first = opened.passages([0])[0].passage.article.title
        return {"甲": Outcome(first, "answered"), "乙": Outcome("", "refused")}

    (pages / "0000.txt").unlink()
    report = build(store, pages, checks=checks)
    assert [c.question for c in report.checks] == ["甲"]
    assert report.checks[0].before.first != report.checks[0].after.first
    assert "甲" in report.to_text()


def test_a_dry_run_asks_the_checks_too(store: Path, pages: Path) -> None:
    def checks(opened: Store) -> dict[str, Outcome]:
        return {"甲": Outcome(str(opened.size), "answered")}

    (pages / "0000.txt").unlink()
    before = snapshot(store)
    assert len(build(store, pages, checks=checks, dry_run=True).checks) == 1
    assert snapshot(store) == before


def test_the_report_as_json_and_text(store: Path, pages: Path) -> None:
    write_pages(pages, [50])
    (pages / "bad.xyz").write_text("x", encoding="utf-8")
    report = build(store, pages)
    said = json.loads(json.dumps(report.to_dict(), ensure_ascii=False))
    assert (said["status"], said["added"], said["unchanged"]) == ("partly", 1, 8)
    assert said["skipped"][0]["path"].endswith("bad.xyz")
    assert said["skipped"][0]["reason"]
    text = report.to_text()
    assert "新增 1，更改 0，移除 0，未变 8" in text
    assert "bad.xyz" in text


def test_progress_tells_of_files_and_passages(tmp_path: Path, pages: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    build(tmp_path / "store", pages, progress=lambda *said: heard.append(said))
    stages = list(dict.fromkeys(stage for stage, _, _ in heard))
    assert stages == ["files", "passages", "words"]
    assert heard[0] == ("files", 1, 8)
    for stage in stages:
        *_, (_, done, total) = (said for said in heard if said[0] == stage)
        assert done == total


def test_two_refreshes_are_kept_apart(store: Path, pages: Path) -> None:
    with refreshing(store), pytest.raises(LockedError, match=f"进程 {os.getpid()}"):
        build(store, pages)
    assert build(store, pages).status == "ok"


def test_the_lock_dies_with_its_process(store: Path, pages: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from index.locks import refreshing\n"
        f"with refreshing(Path({str(store)!r})):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdin is not None
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=f"进程 {child.pid}"):
            build(store, pages)
        child.kill()
        child.wait()
        assert build(store, pages).status == "ok"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.EROFS, "只读"),
        (errno.EACCES, "没有写入权限"),
        (errno.EIO, "请检查磁盘"),
    ],
)
def test_a_disk_that_refuses_is_named(
    store: Path, pages: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    write_pages(pages, [50])
    before = snapshot(store)
    _fail_at(monkeypatch, 0, OSError(code, os.strerror(code)))
    with pytest.raises(StoreError, match=said):
        build(store, pages)
    assert snapshot(store) == before


def test_a_disk_that_is_full_from_any_operation_on(
    store: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, the old store whole or the new one, and once there is room it works."""
    write_pages(pages, [50])
    before = snapshot(store)
    old = answers(Store.open(store))
    operations = _operations(store, pages, monkeypatch)
    new = answers(Store.open(store.with_name("counted")))
    for at in range(operations):
        _fail_at(monkeypatch, at, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        refused = ""
        try:
            build(store, pages)
        except StoreError as error:
            refused = str(error)
        monkeypatch.setattr(files, "step", lambda *_: None)
        found = answers(Store.open(store))
        assert found in (old, new)
        switched = found != old
        assert switched or "磁盘已满" in refused
        if switched:
            restored(store, before)
    assert build(store, pages).added == 1
    assert len(list((store / "generations").iterdir())) == 1


def restored(store: Path, before: dict[str, bytes]) -> None:
    shutil.rmtree(store)
    for name, data in before.items():
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_bytes(data)


def _operations(store: Path, pages: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many operations on the disk this refresh takes; done on a copy."""
    copy = store.with_name("counted")
    shutil.copytree(store, copy)
    heard: list[str] = []
    monkeypatch.setattr(files, "step", lambda operation, path: heard.append(operation))
    build(copy, pages)
    assert {"write", "sync", "replace", "sync_folder", "remove_folder"} <= set(heard)
    return len(heard)


def _fail_at(monkeypatch: pytest.MonkeyPatch, at: int, error: OSError) -> None:
    """From then on nothing works, as on a disk that has become full or read-only."""
    left = [at]

    def step(operation: str, path: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise error

    monkeypatch.setattr(files, "step", step)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path, pages: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.doc").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match=r"letter\.doc"):
        build(tmp_path / "home", pages)
    assert [p.name for p in (tmp_path / "home").iterdir()] == ["letter.doc"]


def test_a_file_in_the_place_of_the_store(tmp_path: Path, pages: Path) -> None:
    (tmp_path / "store").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="不是文件夹"):
        build(tmp_path / "store", pages)


def test_four_readers_through_twenty_refreshes(store: Path, pages: Path, tmp_path: Path) -> None:
    """No error, and each answer is that of one of the generations that there were."""
    expected = {Store.open(store).generation: answers(Store.open(store))}
    said: list[tuple[str, str]] = []
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        opened = Store.open(store)
        try:
            while not done.wait(0.02):  # four that never rest leave the refreshes no processor
                if opened.stale():
                    opened = Store.open(store)
                said.append((opened.generation, answers(opened)))
        except BaseException as error:
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(20):
        if n % 3 == 2:
            (pages / f"{100 + n - 2:04}.txt").unlink()
        else:
            write_pages(pages, [100 + n])
        build(store, pages)
        opened = Store.open(store)
        expected[opened.generation] = answers(opened)
    done.set()
    for reader in readers:
        reader.join()
    assert errors == []
    assert len(expected) == 21
    assert all(expected[generation] == answer for generation, answer in said)
    assert len({generation for generation, _ in said}) > 1
    build(tmp_path / "fresh", pages)
    assert filecmp.dircmp(store / "generations", tmp_path / "fresh" / "generations").common
    assert answers(Store.open(store)) == answers(Store.open(tmp_path / "fresh"))


def test_a_place_is_the_same_however_its_path_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pages(tmp_path / "in", range(2))
    monkeypatch.chdir(tmp_path)
    build(tmp_path / "store", Path("in"))
    report = build(tmp_path / "store", Path("in/../in/0001.txt"), tmp_path / "in" / "0000.txt")
    assert (report.files.unchanged, report.switched) == (2, False)
    monkeypatch.chdir(tmp_path / "in")
    assert build(tmp_path / "store", Path("0000.txt"), remove=True).removed == 1
