"""The talks of all processes: those of this one in memory, each also written down by and by."""

from __future__ import annotations

import asyncio

from assistant.page.aside import Aside
from assistant.page.talk_book import Kept, TalkBook
from assistant.page.talks import Talk, Talks
from assistant.page.writer import Writer
from corpus.errors import StoreError


class SharedTalks:
    """Used from one event loop. What is in memory is believed unless another process went on with
    the talk since, and is all there is where the database cannot be asked."""

    def __init__(self, here: Talks, book: TalkBook, aside: Aside, writer: Writer) -> None:
        self.here = here
        self._book = book
        self._aside = aside
        self._writer = writer

    def __len__(self) -> int:
        return len(self.here)

    async def get(self, name: str) -> Talk | None:
        """The talk of that id, as it stands now in whichever process."""
        if not name:
            return None
        known = self.here.get(name)
        version = known.version if known else 0
        newer = await self._aside.do(lambda: self._book.newer(name, version))
        if newer is None:
            return known
        self.here.keep(newer)
        return newer

    def keep(self, talk: Talk) -> None:
        """Keep the talk as it is now; it is written down by and by."""
        talk.version += 1
        self.here.keep(talk)
        kept = Kept.of(talk)
        self._writer.later(lambda: self._book.keep(kept))

    async def all(self) -> list[Talk]:
        """Those that are kept, the longest unused first; those in memory where nobody can ask."""
        try:
            return await asyncio.to_thread(self._book.all)
        except StoreError:
            return self.here.all()
