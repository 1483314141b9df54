"""The tables of the first version, to which rows are only added; those that a file has stay.

Nothing in them is ever changed or taken out, and the database itself refuses to.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TABLES = ("texts", "writes", "drafts", "rulings")


def upgrade() -> None:
    _table("texts", sa.Column("bytes", sa.LargeBinary, nullable=False), key="sha")
    _table("writes", *_text("at", "who", "what", "place", "note"),
        sa.Column("undoes", sa.Integer, nullable=False),
        *_text("file_before", "file_after", "held_before", "held_after"))  # fmt: skip
    _table("drafts", *_text("at", "who", "place", "note", "base", "text"))
    op.create_table(
        "rulings",
        sa.Column("draft", sa.Integer, primary_key=True, autoincrement=False),
        *_text("at", "who", "verdict"),
        if_not_exists=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        _refuse_in_sqlite()
    else:
        _refuse_in_postgresql()


def _table(name: str, *columns: "sa.Column[Any]", key: str = "number") -> None:
    kind = sa.Integer() if key == "number" else sa.Text()
    first = sa.Column(key, kind, primary_key=True)
    op.create_table(name, first, *columns, if_not_exists=True, sqlite_autoincrement=key == "number")


def _text(*names: str) -> "list[sa.Column[Any]]":
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _refuse_in_sqlite() -> None:
    for table in _TABLES:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_{act.lower()} BEFORE {act} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
            )


def _refuse_in_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append-only'; END $$"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
        )
