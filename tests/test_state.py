"""The state's books: opened by several at once, taken over from earlier files, moved and told of."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from corpus.errors import InputError, StoreError
from index.feedback import Feedback
from index.state import BOOKS, Database, State
from index.state import tables as t
from index.state.books import DESK, PAGE
from index.state.copying import book_of, holds_rows, load, save

ROOT = Path(__file__).resolve().parent.parent

# as the first version of the program made them, word for word
OLD_FEEDBACK = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, question TEXT NOT NULL, status TEXT NOT NULL,
    rating TEXT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL, generation TEXT NOT NULL);
INSERT INTO feedback VALUES
    (3, '2026-11-20', '我叫李秀兰，怎么停保', 'refused', '', '', '', 'g1'),
    (7, '2026-11-21', '多久生效', 'answered', 'down', '已过时', '打13800138000', 'g2');
"""
OLD_PAGE = """
CREATE TABLE IF NOT EXISTS shares (token TEXT PRIMARY KEY, made TEXT NOT NULL, said TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS days (
    day TEXT NOT NULL, status TEXT NOT NULL, subject TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (day, status, subject));
CREATE TABLE IF NOT EXISTS seen (day TEXT PRIMARY KEY);
INSERT INTO shares VALUES ('abc', '2026-11-20', '[["问", ["region"]]]');
INSERT INTO days VALUES ('2026-11-20', 'answered', '停保', 41);
INSERT INTO seen VALUES ('2026-11-20');
"""
OLD_DESK = """
CREATE TABLE IF NOT EXISTS texts (sha TEXT PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS writes (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
    what TEXT NOT NULL, place TEXT NOT NULL, note TEXT NOT NULL, undoes INTEGER NOT NULL,
    file_before TEXT NOT NULL, file_after TEXT NOT NULL,
    held_before TEXT NOT NULL, held_after TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS drafts (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
    place TEXT NOT NULL, note TEXT NOT NULL, base TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rulings (
    draft INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, verdict TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS texts_delete BEFORE DELETE ON texts
    BEGIN SELECT RAISE(ABORT, 'append-only'); END;
INSERT INTO texts VALUES ('s1', x'E5819C00FF');
INSERT INTO writes VALUES (4, '2026-11-20 10:00:00', '王芳', 'edit', 'p', '', 0, '', 's1', '', '');
INSERT INTO drafts VALUES (2, '2026-11-20 11:00:00', '李明', 'p', '改了', 's1', 's1');
INSERT INTO rulings VALUES (2, '2026-11-20 12:00:00', '王芳', 'approved');
"""
OLD = {"feedback": OLD_FEEDBACK, "page": OLD_PAGE, "desk": OLD_DESK}


def write_old(folder: Path, *, masked: int = 1) -> None:
    for name, words in OLD.items():
        with closing(sqlite3.connect(folder / f"{name}.db")) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(words)
            db.execute(f"PRAGMA user_version = {masked if name == 'feedback' else 0}")


def rows_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as db:
        return {
            table.name: [tuple(row) for row in db.execute(sa.select(table))]
            for table in database.book.tables.sorted_tables
        }


def held(state: State) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for d in state if d.book.backed_up for name, rows in rows_of(d).items()}


ALL = {
    "feedback": [
        (3, "2026-11-20", "我叫李秀兰，怎么停保", "refused", "", "", "", "g1"),
        (7, "2026-11-21", "多久生效", "answered", "down", "已过时", "打13800138000", "g2"),
    ],
    "shares": [("abc", "2026-11-20", '[["问", ["region"]]]')],
    "days": [("2026-11-20", "answered", "停保", 41)],
    "seen": [("2026-11-20",)],
    "texts": [("s1", b"\xe5\x81\x9c\x00\xff")],
    "writes": [(4, "2026-11-20 10:00:00", "王芳", "edit", "p", "", 0, "", "s1", "", "")],
    "drafts": [(2, "2026-11-20 11:00:00", "李明", "p", "改了", "s1", "s1", "edit", "")],
    "rulings": [(2, "2026-11-20 12:00:00", "王芳", "approved", "")],
}


# --- files of earlier versions -------------------------------------------------------------------


def test_files_of_the_first_version_are_taken_over(tmp_path: Path) -> None:
    write_old(tmp_path)
    with closing(State.open("", feedback=tmp_path / "feedback.db")) as state:
        assert held(state) == ALL
    with closing(State.open("", feedback=tmp_path / "feedback.db")) as again:
        assert held(again) == ALL


def test_lines_from_before_anything_was_masked_are_masked_once(tmp_path: Path) -> None:
    write_old(tmp_path, masked=0)
    first, second = Feedback(tmp_path / "feedback.db").entries()
    assert first.question == "我叫【姓名已隐去】，怎么停保"
    assert second.comment == "打【号码已隐去】"
    with closing(sqlite3.connect(tmp_path / "feedback.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_what_is_written_goes_on_with_the_numbers_of_old(tmp_path: Path) -> None:
    write_old(tmp_path)
    book = Database.of_file(tmp_path / "desk.db", DESK)
    row = {"at": "t", "who": "w", "place": "p", "note": "", "base": "", "text": "s1"}
    with book.write() as db:
        given = db.execute(sa.insert(t.drafts).values(row).returning(t.drafts.c.number))
        assert given.scalar_one() == 3
    book.close()


# --- both databases ------------------------------------------------------------------------------


def test_the_tables_are_those_that_queries_name(database: str, tmp_path: Path) -> None:
    with closing(State.open(database, feedback=tmp_path / "feedback.db")) as state:
        for one in state:
            with one.read() as db:
                looked = sa.inspect(db)
                for table in one.book.tables.sorted_tables:
                    there = {c["name"]: c["nullable"] for c in looked.get_columns(table.name)}
                    assert there == {c.name: c.nullable for c in table.columns}, table.name
                    key = looked.get_pk_constraint(table.name)["constrained_columns"]
                    assert key == [c.name for c in table.primary_key], table.name


def test_processes_that_start_at_once_make_the_tables_once(database: str, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.state import State\n"
        "sys.stdin.readline()\n"
        "[d.open() for d in State.open(sys.argv[1], feedback=Path(sys.argv[2]))]"
    )
    given = [sys.executable, "-c", script, database, str(tmp_path / "feedback.db")]
    all_of_them = [
        subprocess.Popen(given, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [process.communicate("\n")[1] for process in all_of_them]
    assert [process.returncode for process in all_of_them] == [0, 0, 0], said
    with closing(State.open(database, feedback=tmp_path / "feedback.db")) as state:
        assert not any(held(state).values())


def test_the_desks_rows_stay_as_they_are(database: str, tmp_path: Path) -> None:
    with closing(State.open(database, feedback=tmp_path / "feedback.db")) as state:
        with state.desk.write() as db:
            db.execute(sa.insert(t.texts).values(sha="s", bytes=b"1"))
        for change in (sa.update(t.texts).values(sha="x"), sa.delete(t.texts)):
            with pytest.raises(StoreError, match="append-only"), state.desk.write() as db:
                db.execute(change)
        assert rows_of(state.desk)["texts"] == [("s", b"1")]


def test_what_fails_within_is_not_written(database: str, tmp_path: Path) -> None:
    with closing(State.open(database, feedback=tmp_path / "feedback.db")) as state:

        def twice() -> None:
            with state.page.write() as db:
                db.execute(sa.insert(t.seen).values(day="2026-11-19"))
                db.execute(sa.insert(t.seen).values(day="2026-11-19"))

        with pytest.raises(StoreError, match=r"(?i)unique"):
            twice()
        assert rows_of(state.page)["seen"] == []


# --- from one database to the other --------------------------------------------------------------


def test_a_book_goes_to_the_other_database_and_back(database: str, tmp_path: Path) -> None:
    if not database:
        pytest.skip("files are copied by SQLite itself")
    write_old(tmp_path)
    with closing(State.open(database, feedback=Path("unused"))) as state:
        assert not any(map(holds_rows, state))
        for _ in range(2):  # what is there already makes way
            for book in BOOKS[:3]:
                load(tmp_path / f"{book.name}.db", getattr(state, book.name))
        assert held(state) == ALL
        assert [holds_rows(d) for d in state] == [True, True, True, False]
        Feedback(state.feedback).record("又问", status="refused")
        assert rows_of(state.feedback)["feedback"][-1][0] == 8
        (tmp_path / "out").mkdir()
        for book in BOOKS[:3]:
            save(getattr(state, book.name), tmp_path / "out" / f"{book.name}.db")
        after = held(state)
    with closing(State.open("", feedback=tmp_path / "out" / "feedback.db")) as copied:
        assert held(copied) == after


def test_a_file_tells_which_book_it_is(tmp_path: Path) -> None:
    write_old(tmp_path)
    with closing(sqlite3.connect(tmp_path / "notes.db")) as db:
        db.execute("CREATE TABLE notes (text TEXT)")
    found = [book_of(tmp_path / f"{name}.db") for name in ("feedback", "page", "desk", "notes")]
    assert found == [*BOOKS[:3], None]


# --- what cannot be used -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", ["mysql://a:geheim@b/c", "postgresql://a:geheim@b", "x", "sqlite:///a.db", "a b://"]
)
def test_other_addresses_are_refused_without_their_password(given: str) -> None:
    with pytest.raises(InputError, match="YIBAO_DATABASE 应为 postgresql://") as told:
        State.open(given, feedback=Path("unused"))
    assert "geheim" not in str(told.value)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match="用 PostgreSQL 要先安装它的驱动：pip install"):
        State.open("postgresql://a:geheim@b/c", feedback=Path("unused"))


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    pytest.importorskip("psycopg", reason="needs the driver of PostgreSQL")
    state = State.open("postgres://a:geheim@127.0.0.1:1/c", feedback=Path("unused"))
    with pytest.raises(
        StoreError, match=r"页面记录 postgresql://127\.0\.0\.1:1/c 现在无法读写"
    ) as told:
        state.page.open()
    assert "geheim" not in str(told.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.db").write_text("这不是数据库" * 100, encoding="utf-8")
    with pytest.raises(
        StoreError, match=r"页面记录 .*page\.db 现在无法读写（file is not a database）"
    ):
        Database.of_file(tmp_path / "page.db", PAGE, pooled=False).open()
