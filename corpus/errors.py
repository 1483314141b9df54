"""Every error that this project raises on purpose, in one shallow tree.

    YibaoError
    ├── InputError      what was given cannot be used (a path, a question, a number)
    ├── ArticleError    an article of our own corpus breaks its form
    ├── ModelError      no usable model where one is needed or named
    └── StoreError      the store cannot be opened, read or written
        └── LockedError another refresh is at work

Each message is one sentence: what was wrong, what was expected, how to mend it.
"""


class YibaoError(Exception):
    """Base of them all: catch this one to catch any."""


class InputError(YibaoError, ValueError):
    """What was given cannot be used."""


class ArticleError(YibaoError, ValueError):
    """An article of the corpus breaks its form; the message names file, line and mend."""


class ModelError(YibaoError, RuntimeError):
    """A model cannot be loaded or reached as it is named; the message says what can be done."""


class StoreError(YibaoError, RuntimeError):
    """The store cannot be opened, read or written."""


class LockedError(StoreError):
    """Another refresh holds the store; the message says which process."""
