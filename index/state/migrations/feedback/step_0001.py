"""The table of the first version; a file that has it already keeps its lines, masked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

from index.masking import mask

revision = "0001"
down_revision = None

_MASKED_BY = 1
"""``user_version`` of an SQLite file whose lines went through the masking of the first version."""


def upgrade() -> None:
    db = op.get_bind()
    if sa.inspect(db).has_table("feedback"):
        _mask_old(db)
        return
    names = ("day", "question", "status", "rating", "reason", "comment", "generation")
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in names),
    )


def _mask_old(db: Connection) -> None:
    """Mask the lines that were written before anything was masked. Only SQLite has such."""
    if db.exec_driver_sql("PRAGMA user_version").scalar_one() >= _MASKED_BY:
        return
    rows = db.exec_driver_sql("SELECT id, question, reason, comment FROM feedback").all()
    for key, *texts in rows:
        db.exec_driver_sql(
            "UPDATE feedback SET question = ?, reason = ?, comment = ? WHERE id = ?",
            (*map(mask, texts), key),
        )
    db.exec_driver_sql(f"PRAGMA user_version = {_MASKED_BY}")
