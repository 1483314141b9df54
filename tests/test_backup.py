"""A backup holds all of it and one moment of it; a restore puts it back whole or says why not."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import threading
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import Mock

import pytest
from postgres_kit import Postgres
from sqlalchemy import insert, select
from store_kit import PairEncoder, TokenDouble, answers, two_statutes, write_pages

from assistant import backup
from assistant.__main__ import main
from assistant.backup import back_up
from assistant.restore import restore
from corpus.errors import InputError, LockedError, StoreError
from corpus.settings import Settings
from corpus.words import words
from index.feedback import Feedback
from index.generations import MANIFEST, current_generation, folder_of
from index.locks import refreshing
from index.qdrant import QdrantEngine, lease
from index.refresh import refresh
from index.state import State, tables
from index.store import Store


def installation(folder: Path) -> Settings:
    return replace(Settings(), store=folder / "store", feedback=folder / "state" / "feedback.db")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A store of four articles, feedback, the page's records and two uploads."""
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    settings = installation(tmp_path / "here")
    refresh(settings.store, [write_pages(tmp_path / "in", range(4))], encoder=PairEncoder())
    Feedback(settings.feedback).record("怎么停保", status="refused", day=date(2026, 11, 21))
    state = settings.feedback.parent
    with closing(sqlite3.connect(state / "page.db")) as db, db:
        db.execute("CREATE TABLE shares (token TEXT)")
        db.execute("INSERT INTO shares VALUES ('abc')")
    (state / "uploads" / "sub").mkdir(parents=True)
    (state / "uploads" / "停保.md").write_text("停保", encoding="utf-8")
    (state / "uploads" / "sub" / "b.txt").write_text("补缴", encoding="utf-8")
    (state / "notes.db").write_text("这不是数据库", encoding="utf-8")
    return settings


def shares(settings: Settings) -> list[tuple[str]]:
    with closing(sqlite3.connect(settings.feedback.with_name("page.db"))) as db:
        return db.execute("SELECT token FROM shares").fetchall()


def test_all_of_it_comes_back_elsewhere(here: Settings, tmp_path: Path) -> None:
    made = back_up(here, tmp_path / "kept" / "all.tar")
    there = installation(tmp_path / "there")
    head = restore(there, made)
    assert head.generation == current_generation(here.store)
    assert current_generation(there.store) == head.generation
    assert Store.peek(there.store).manifest == Store.peek(here.store).manifest
    assert Feedback(there.feedback).entries() == Feedback(here.feedback).entries()
    assert shares(there) == [("abc",)]
    uploads = there.feedback.with_name("uploads")
    assert (uploads / "停保.md").read_text(encoding="utf-8") == "停保"
    assert (uploads / "sub" / "b.txt").read_text(encoding="utf-8") == "补缴"
    assert not there.feedback.with_name("notes.db").exists()
    assert [p.name for p in (tmp_path / "kept").iterdir()] == ["all.tar"]


def test_nothing_that_stands_is_overwritten_unless_forced(here: Settings, tmp_path: Path) -> None:
    made = back_up(here, tmp_path / "all.tar")
    Feedback(here.feedback).record("后来问的", status="refused")
    with pytest.raises(InputError, match=r"已经存在.*--force"):
        restore(here, made)
    assert len(Feedback(here.feedback).entries()) == 2
    restore(here, made, force=True)
    assert [e.question for e in Feedback(here.feedback).entries()] == ["怎么停保"]
    assert len(Store.peek(here.store).manifest.files) > 5


def test_a_page_that_has_its_records_open_sees_what_was_restored(
    here: Settings, tmp_path: Path
) -> None:
    made = back_up(here, tmp_path / "all.tar")
    with closing(sqlite3.connect(here.feedback.with_name("page.db"))) as serving:
        with serving:
            serving.execute("PRAGMA journal_mode = WAL")
            serving.execute("INSERT INTO shares VALUES ('later')")
        restore(here, made, force=True)
        assert serving.execute("SELECT token FROM shares").fetchall() == [("abc",)]


def test_postgresql_and_files_are_one_form(postgres: Postgres, tmp_path: Path) -> None:
    files, other = installation(tmp_path / "files"), installation(tmp_path / "other")
    fill(files)
    made = back_up(files, tmp_path / "files.tar")
    with postgres.database() as address:
        there = replace(installation(tmp_path / "there"), database=address)
        restore(there, made)
        assert rows(there) == rows(files) != {}
        assert not there.feedback.exists()
        with pytest.raises(InputError, match=r"postgresql://.* 已经存在.*--force"):
            restore(there, made)
        restore(there, made, force=True)
        again = back_up(there, tmp_path / "pg.tar")
        head = restore(other, again)
        assert sorted(head.files) == ["state/desk.db", "state/feedback.db", "state/page.db"]
        assert rows(other) == rows(there)


def test_what_is_forgotten_by_itself_is_in_no_backup(tmp_path: Path) -> None:
    settings = installation(tmp_path / "here")
    fill(settings)
    with closing(State.of(settings)) as state, state.live.write() as db:
        db.execute(insert(tables.sessions).values(token="t", name="王芳", until=9e9))
    head = restore(installation(tmp_path / "there"), back_up(settings, tmp_path / "all.tar"))
    assert sorted(head.files) == ["state/desk.db", "state/feedback.db", "state/page.db"]


def fill(settings: Settings) -> None:
    with closing(State.of(settings)) as state:
        Feedback(state.feedback).record("怎么停保", status="refused", day=date(2026, 11, 21))
        with state.page.write() as db:
            db.execute(insert(tables.shares).values(token="abc", made="2026-11-21", said="[]"))
        with state.desk.write() as db:
            db.execute(insert(tables.texts).values(sha="s", bytes=b"\x00\xff"))


def rows(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {}
    with closing(State.of(settings)) as state:
        for database in (state.feedback, state.page, state.desk):
            with database.read() as db:
                for table in database.book.tables.sorted_tables:
                    found[table.name] = [tuple(row) for row in db.execute(select(table))]
    return found


def test_it_is_consistent_while_others_write(here: Settings, tmp_path: Path) -> None:
    """Each question is written with its comment: a backup that caught half of one would show it."""
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            Feedback(here.feedback).record("问题", status="refused", comment="原因")

    writer = threading.Thread(target=write)
    writer.start()
    made = [back_up(here, tmp_path / f"{n}.tar") for n in range(3)]
    stop.set()
    writer.join()
    for n, path in enumerate(made):
        there = installation(tmp_path / f"there{n}")
        restore(there, path)
        with closing(sqlite3.connect(there.feedback)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert {e.comment for e in Feedback(there.feedback).entries()} <= {"", "原因"}


def test_a_generation_that_goes_meanwhile_is_followed_by_the_next(
    here: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, times = backup.generations.read_checked, []

    def slow(store: Path, name: str, *rest: object) -> bytes:
        times.append(name)
        if len(times) == 2:
            pages = write_pages(tmp_path / "in", range(5))
            refresh(here.store, [pages], encoder=PairEncoder())
        return real(store, name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(backup.generations, "read_checked", slow)
    back_up(here, tmp_path / "all.tar")
    there = installation(tmp_path / "there")
    restore(there, tmp_path / "all.tar")
    assert current_generation(there.store) == current_generation(here.store) != times[0]
    assert Store.peek(there.store).manifest.counts["articles"] == 5


def test_a_damaged_store_is_not_backed_up(here: Settings, tmp_path: Path) -> None:
    name = current_generation(here.store)
    folder = folder_of(here.store, name)
    victim = next(p for p in sorted(folder.iterdir()) if p.name != MANIFEST and p.stat().st_size)
    victim.write_bytes(b"x" * victim.stat().st_size)
    with pytest.raises(StoreError, match="已损坏"):
        back_up(here, tmp_path / "all.tar")
    assert list(tmp_path.glob("*.tar")) == []


def test_a_file_that_is_there_stays(here: Settings, tmp_path: Path) -> None:
    (tmp_path / "all.tar").write_text("别人的", encoding="utf-8")
    with pytest.raises(InputError, match=r"all\.tar 已经存在"):
        back_up(here, tmp_path / "all.tar")
    assert (tmp_path / "all.tar").read_text(encoding="utf-8") == "别人的"
    assert back_up(here, tmp_path / "all.tar", force=True).stat().st_size > 1000


def test_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有可备份的内容"):
        back_up(installation(tmp_path), tmp_path / "all.tar")


def test_a_refresh_is_waited_for(here: Settings, tmp_path: Path) -> None:
    made = back_up(here, tmp_path / "all.tar")
    with refreshing(here.store), pytest.raises(LockedError):
        restore(here, made, force=True)


def changed(made: Path, to: Path, names: dict[str, str], data: bytes | None = None) -> Path:
    """The backup with entries under other names, or all with other content."""
    with tarfile.open(made) as source, tarfile.open(to, "w") as target:
        for entry in source:
            held = source.extractfile(entry)
            assert held is not None
            content = held.read()
            if entry.name == "backup.json":
                head = json.loads(content)
                head["files"] = {names.get(n, n): sha for n, sha in head["files"].items()}
                content = json.dumps(head).encode()
            elif data is not None:
                content = data
            entry.name, entry.size = names.get(entry.name, entry.name), len(content)
            target.addfile(entry, io.BytesIO(content))
    return to


@pytest.mark.parametrize(
    "name",
    ["../out.db", "state/../../out.db", "state/out.sh", "/out.db", "state/other/x", "store/a/b"],
)
def test_a_backup_writes_nowhere_else(here: Settings, tmp_path: Path, name: str) -> None:
    made = back_up(here, tmp_path / "all.tar")
    evil = changed(made, tmp_path / "evil.tar", {"state/page.db": name})
    with pytest.raises(InputError, match="不是完整的备份文件"):
        restore(installation(tmp_path / "there"), evil)
    assert not (tmp_path / "there").exists()
    assert list(tmp_path.rglob("out.*")) == []


def test_a_damaged_backup_changes_nothing(here: Settings, tmp_path: Path) -> None:
    made = back_up(here, tmp_path / "all.tar")
    cut = tmp_path / "cut.tar"
    cut.write_bytes(made.read_bytes()[: made.stat().st_size // 2])
    wrong = changed(made, tmp_path / "wrong.tar", {}, b"x")
    other = tmp_path / "other.txt"
    other.write_text("这不是备份", encoding="utf-8")
    for path in (cut, wrong, other, tmp_path):
        with pytest.raises(InputError, match="不是完整的备份文件"):
            restore(installation(tmp_path / "there"), path)
    with pytest.raises(InputError, match="没有备份文件"):
        restore(installation(tmp_path / "there"), tmp_path / "none.tar")
    assert not (tmp_path / "there").exists()


def test_the_command_line(
    here: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("YIBAO_STORE", str(here.store))
    monkeypatch.setenv("YIBAO_FEEDBACK", str(here.feedback))
    assert main(["backup", str(tmp_path)]) == 0
    [made] = tmp_path.glob("yibao-*.tar")
    assert capsys.readouterr().out == f"已备份到 {made}\n"
    assert main(["restore", str(made)]) == 2
    assert "已经存在" in capsys.readouterr().err
    assert main(["restore", str(made), "--force"]) == 0
    assert "已恢复" in capsys.readouterr().out


def told(engine: QdrantEngine) -> str:
    """What its current generation says to some questions, without what differs by when it was made."""
    return answers(engine.open(model=TokenDouble().model))


def engine_in(folder: Path, way: str) -> Settings:
    address = f"qdrant{way}://{folder / 'qdrant'}?grace=0"
    return replace(installation(folder), engine=address)


@pytest.fixture(params=["+local", ""], ids=["local", "edge"])
def held(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """An engine of four articles, one of them removed and one changed since it was filled."""
    monkeypatch.setattr("index.qdrant.refresh.statutes", two_statutes)
    settings = engine_in(tmp_path / "here", request.param)
    with closing(QdrantEngine.at(settings.engine)) as engine:
        pages = write_pages(tmp_path / "in", range(5))
        engine.refresh([pages], encoder=TokenDouble())
        (pages / "0004.txt").unlink()
        write_pages(pages, [6])
        engine.refresh([pages], encoder=TokenDouble())
    return settings


@pytest.mark.parametrize("to", ["+local", ""], ids=["to local", "to edge"])
def test_an_engine_comes_back_in_another(held: Settings, tmp_path: Path, to: str) -> None:
    with closing(QdrantEngine.at(held.engine)) as engine:
        made = back_up(held, tmp_path / "all.tar")
        before, status = told(engine), engine.status()
    there = engine_in(tmp_path / "there", to)
    with closing(QdrantEngine.at(there.engine)) as other:
        restore(there, made)
        assert told(other) == before
        assert other.status().generation == status.generation
        assert other.status().counts == status.counts
        assert other.verify(encoder=TokenDouble(), words=words(), every=True).problems == ()
        report = other.refresh([tmp_path / "in"], encoder=TokenDouble())
        assert (report.unchanged, report.embedded, report.switched) == (5, 0, False)
    assert not there.store.exists()


def test_an_engine_that_stands_is_replaced_only_if_forced(held: Settings, tmp_path: Path) -> None:
    with closing(QdrantEngine.at(held.engine)) as engine:
        made, before = back_up(held, tmp_path / "all.tar"), told(engine)
        engine.refresh([write_pages(tmp_path / "in", [9])], encoder=TokenDouble())
        after = told(engine)
        assert after != before
        with pytest.raises(InputError, match=r"^qdrant.* 已经存在.*--force"):
            restore(held, made)
        assert told(engine) == after
        restore(held, made, force=True)
        assert told(engine) == before
        engine.settle()
        assert engine.verify(words=words()).problems == ()


def test_a_restore_that_is_killed_leaves_the_engine_as_it_was(
    held: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(QdrantEngine.at(held.engine)) as engine:
        made = back_up(held, tmp_path / "all.tar")
        engine.refresh([write_pages(tmp_path / "in", [9])], encoder=TokenDouble())
        before = told(engine)
        with monkeypatch.context() as killed:
            killed.setattr("index.qdrant.copying.move", Mock(side_effect=KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                restore(held, made, force=True)
        assert told(engine) == before
        report = engine.refresh([tmp_path / "in"], encoder=TokenDouble())
        assert (report.added, report.switched) == (0, False)
        assert engine.verify(words=words()).problems == ()


def test_a_refresh_of_the_engine_is_waited_for(held: Settings, tmp_path: Path) -> None:
    with (
        closing(QdrantEngine.at(held.engine)) as engine,
        lease.refreshing(engine._backend, engine._names, engine.address),
        pytest.raises(LockedError, match="正由另一个刷新占用"),
    ):
        back_up(held, tmp_path / "all.tar")
    assert list(tmp_path.glob("*.tar")) == []


def test_what_lies_in_memory_is_not_backed_up(here: Settings, tmp_path: Path) -> None:
    made = back_up(here, tmp_path / "all.tar")
    there = replace(installation(tmp_path / "there"), engine="qdrant+local://")
    sentence = r"^qdrant\+local:// 的内容只在运行它的进程的内存里，不能备份或恢复：请改用"
    with pytest.raises(InputError, match=sentence):
        back_up(there, tmp_path / "new" / "memory.tar")
    with pytest.raises(InputError, match=sentence):
        restore(there, made)
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "there").exists()


def test_folders_and_engines_are_not_mixed(held: Settings, here: Settings, tmp_path: Path) -> None:
    of_folder, of_engine = (back_up(s, tmp_path / f"{n}.tar") for n, s in enumerate((here, held)))
    with pytest.raises(InputError, match="来自 Qdrant 引擎，没有恢复：请用 YIBAO_ENGINE"):
        restore(installation(tmp_path / "there"), of_engine)
    with pytest.raises(InputError, match="备份里的知识库是文件夹，没有恢复：请去掉 YIBAO_ENGINE"):
        restore(engine_in(tmp_path / "there", ""), of_folder)
    assert not (tmp_path / "there" / "state").exists()
