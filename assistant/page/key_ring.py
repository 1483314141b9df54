"""The API keys as their file holds them now: it is read again once it was written to.

A file that cannot be read, or that holds a slip, changes nothing: the keys that were good stay, and
the log says why.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assistant.page.keys import Key, rates_of, read_keys
from assistant.page.limits import Rate
from corpus.errors import InputError

log = logging.getLogger("yibao.page")

_Stamp = tuple[int, int, int]


class KeyRing(Mapping[str, Rate]):
    """By client what each key's holder may ask. ``path``: where the keys come from, None where they
    never change; ``keys`` were read from it."""

    def __init__(self, keys: Sequence[Key] = (), path: Path | None = None) -> None:
        self._path = path
        self._stamp = self._stamped()
        self._take(keys)

    def client_of(self, digest: bytes) -> str | None:
        """What limits know the holder of a key by; None for a key that is not ours."""
        self._look()
        return self._clients.get(digest)

    def __bool__(self) -> bool:
        return bool(self._clients)

    def __getitem__(self, client: str) -> Rate:
        self._look()
        return self._rates[client]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rates)

    def __len__(self) -> int:
        return len(self._rates)

    def _take(self, keys: Sequence[Key]) -> None:
        self._clients = {key.digest: key.client for key in keys}
        self._rates = rates_of(keys)

    def _look(self) -> None:
        stamp = self._stamped()
        if self._path is None or stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._take(read_keys(self._path))
        except InputError as error:
            log.error("%s 仍按原来的密钥。", error)

    def _stamped(self) -> _Stamp | None:
        """What changes whenever the file is written to or replaced; a look costs some µs."""
        try:
            status = self._path.stat() if self._path else None
        except OSError:
            return None
        return status and (status.st_mtime_ns, status.st_size, status.st_ino)
