"""The steps that lead to today's tables, a folder a book; ``env`` is what Alembic runs."""
