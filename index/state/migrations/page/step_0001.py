"""The tables of the first version; those that a file has already stay as they are."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "shares",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("made", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "days",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("day", "status", "subject")),
        sa.Column("n", sa.Integer, nullable=False),
        if_not_exists=True,
    )
    op.create_table("seen", sa.Column("day", sa.Text, primary_key=True), if_not_exists=True)
