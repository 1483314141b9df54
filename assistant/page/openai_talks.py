"""Talks of the OpenAI door, known by their questions.

That interface names no talk: a program sends all that was said, each time. So that a talk of twenty
turns does not ask twenty questions at each of them, what was answered is kept under a digest of the
questions that led to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from assistant.page.desk import Desk
from assistant.types import Answer

_LONGEST = 20
"""Earlier questions that are looked at, as in ``/api/ask``."""


def talks(desk: Desk, client: str, questions: Sequence[str]) -> list[str]:
    """A name for the talk up to each of its questions. Whoever asks the same after the same, of the
    same store and on the same day, gets the same answer; each client has its own."""
    digest = sha256(f"{client}\n{desk.generation}\n{desk.today()}".encode())
    names = []
    for question in questions:
        digest.update(f"\n{len(question)}\n{question}".encode())
        names.append(f"talk {digest.hexdigest()}")
    return names


def known_of(
    desk: Desk, names: Sequence[str], earlier: Sequence[str]
) -> tuple[Sequence[Answer], Sequence[str]]:
    """The answers that are there to the first of the earlier questions, and the rest of these."""
    for n in range(len(earlier), max(0, len(earlier) - _LONGEST), -1):
        errand = desk.errands.get(names[n - 1])
        if errand is not None and errand.answer is not None:
            return errand.answers[-_LONGEST:], earlier[n:]
    return (), earlier[-_LONGEST:]
