"""Limits, admin sessions and talks, which were in one process's memory before."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("secrets", _key("name"), _must("value", sa.LargeBinary))
    op.create_table(
        "buckets", _key("key"), _must("tokens", sa.Double), _must("at", sa.Double),
        _must("full", sa.Double),
    )  # fmt: skip
    op.create_index("buckets_full", "buckets", ["full"])
    op.create_table("failures", _key("key"), _must("n", sa.Integer), _must("at", sa.Double))
    op.create_table("sessions", _key("token"), _must("name", sa.Text), _must("until", sa.Double))
    op.create_table(
        "talks", _key("id"), _must("made", sa.Integer), _must("unseen", sa.Integer),
        _must("version", sa.Integer), _must("touched", sa.Double),
    )  # fmt: skip
    op.create_index("talks_touched", "talks", ["touched"])
    op.create_table(
        "turns", _key("talk"), _key("key"), _must("place", sa.Integer), _must("said", sa.Text),
        _must("answer", sa.LargeBinary),
    )  # fmt: skip


def _key(name: str) -> "sa.Column[Any]":
    return sa.Column(name, sa.Text, primary_key=True)


def _must(name: str, kind: Any) -> "sa.Column[Any]":
    return sa.Column(name, kind, nullable=False)
