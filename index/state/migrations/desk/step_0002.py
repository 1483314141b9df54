"""What a draft is of: a text as before, or a file that is to come in, to go, or to be corrected; and
why a draft was sent back."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _text("drafts", "what", "edit")
    _text("drafts", "facts", "")
    _text("rulings", "reason", "")


def _text(table: str, name: str, meant: str) -> None:
    """One more column; ``meant``: what the rows that are there say without it."""
    op.add_column(table, sa.Column(name, sa.Text, nullable=False, server_default=meant))
