"""What nobody reads any more: swept away when the grace period of the generations that saw it is over.

A question takes a moment and keeps the generation that it began with; so what died stays for that long
after the pointer moved on, and then leaves no trace.
"""

from __future__ import annotations

import time

from index.qdrant.backend import Backend, Between
from index.qdrant.pointer import Names, Pointer
from index.qdrant.schema import ALIVE

GRACE = 10.0
"""Seconds; the slowest answer that was measured took one."""


def recover(backend: Backend, names: Names, was: int, pointer: Pointer | None) -> None:
    """Undo what a refresh wrote that did not come to move the pointer from generation ``was`` (-1:
    none), which is ``pointer`` where that can be read. Under the lease only."""
    for collection in backend.collections():
        epoch = names.epoch_of(collection)
        if epoch is not None and int(epoch) > was:
            backend.drop(collection)
    kept = names.of(pointer.epoch).values() if pointer is not None else ()
    for collection in (*kept, names.state):
        backend.delete(collection, (Between("born", above=was),))
        undead = (Between("died", above=was, upto=ALIVE - 1),)
        backend.set_payload(collection, {"died": ALIVE}, undead)


def sweep(backend: Backend, names: Names, pointer: Pointer, grace: float) -> None:
    """Remove what only generations saw whose grace is over. Harmless beside a refresh and twice."""
    over = time.time() - grace
    waiting = [number for number, when in pointer.past if when > over]
    oldest = min([*waiting, pointer.number])
    kept = {pointer.epoch, *(_epoch(oldest, pointer, backend, names))}
    for collection in backend.collections():
        epoch = names.epoch_of(collection)
        if epoch is not None and int(epoch) <= pointer.number and epoch not in kept:
            backend.drop(collection)
    for collection in (*names.of(pointer.epoch).values(), names.state):
        backend.delete(collection, (Between("died", upto=oldest),))


def _epoch(oldest: int, pointer: Pointer, backend: Backend, names: Names) -> set[str]:
    """The epochs that a generation that may still be read lies in: all that began after the last that
    began before it, and that one."""
    if oldest >= int(pointer.epoch):
        return set()
    found = {names.epoch_of(collection) for collection in backend.collections()}
    epochs = sorted(int(epoch) for epoch in found if epoch is not None)
    first = max((epoch for epoch in epochs if epoch <= oldest), default=0)
    return {str(epoch) for epoch in epochs if epoch >= first}


def waiting(pointer: Pointer, grace: float) -> tuple[tuple[int, float], ...]:
    """The past of the generation to come: those that may still be read."""
    over = time.time() - grace
    return tuple((number, when) for number, when in pointer.past if when > over)
