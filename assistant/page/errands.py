"""The answers for programs that are on their way or were given a while ago, each by an id."""

from __future__ import annotations

import time
from collections import Counter, OrderedDict

from assistant.page.errand import Errand


class Errands:
    """Errands by id. Those that nobody has asked for in a while are forgotten, and where there are
    too many the oldest of the client that has most."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._known: OrderedDict[str, Errand] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, name: str) -> Errand | None:
        """The errand of that id, if it is still known; it is kept from now on."""
        self._forget()
        errand = self._known.get(name)
        if errand is not None:
            errand.touched = time.monotonic()
            self._known.move_to_end(name)
        return errand

    def keep(self, name: str, errand: Errand) -> Errand:
        """Know it by that id."""
        self._known[name] = errand
        self._known.move_to_end(name)
        self._forget()
        return errand

    def _forget(self) -> None:
        since = time.monotonic() - self._seconds
        for name in [n for n, e in self._known.items() if not e.busy and e.touched < since]:
            del self._known[name]
        while len(self._known) > self._most and (least := self._least_missed()):
            del self._known[least]

    def _least_missed(self) -> str:
        """The oldest of the client that has most, of those that nobody reads; "" where all are."""
        idle = [(name, errand.client) for name, errand in self._known.items() if not errand.busy]
        if not idle:
            return ""
        ((most, _),) = Counter(client for _, client in idle).most_common(1)
        return next(name for name, client in idle if client == most)
