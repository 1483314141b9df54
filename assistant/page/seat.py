"""Which of several page processes this is, and names that lead back to it.

What lives in one process alone (an answer on its way to a program) is known by a name; whoever asks
for it by that name has to reach that process. So the name is drawn until its checksum says which
process made it: nothing has to be looked up, and it is as hard to guess as before.
"""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seat:
    """``number`` of ``of`` processes, from 1; ``boot``: changes with what the processes loaded, so
    that a browser knows that its page is of an older program."""

    number: int = 1
    of: int = 1
    boot: str = field(default_factory=lambda: secrets.token_hex(6))

    def fresh(self) -> str:
        """A name of 22 characters (128 bits) that ``seat_of`` leads back here."""
        while True:
            name = secrets.token_urlsafe(16)
            if seat_of(name, self.of) == self.number:
                return name


def seat_of(name: str, of: int) -> int:
    """The number of the process, of so many, that a name belongs to."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass")) % of + 1
