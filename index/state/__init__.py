"""All that is written while serving, in SQLite files on this machine or in one PostgreSQL."""

from index.state.books import BOOKS, Book
from index.state.database import Database
from index.state.opening import State

__all__ = ["BOOKS", "Book", "Database", "State"]
