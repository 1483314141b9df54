"""A page process without its page: the desk and the door of the admin corner over a shared state.

Reads one command a line, ``["limit", "10.0.0.1"]``, and writes one result a line, both JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from page_fake import TODAY, FakeAssistant, rich

from assistant.page.admin.door import COOKIE, Door
from assistant.page.desk import Desk
from assistant.page.journal import Journal
from assistant.page.keys import Key
from assistant.page.limits import Limits
from assistant.page.settings import PageSettings
from assistant.page.talks import Said, Talk
from assistant.types import Context
from corpus.settings import Settings

KEY = Key("企业微信", b"digest", 2)


class Process:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.door = Door("geheim", desk.shared)

    async def limit(self, address: str) -> bool:
        """Whether one more question of an address, or of a key's holder, is let in."""
        return not await self.desk.addresses.take(address)

    async def guess(self, address: str) -> bool:
        return not await self.door.patience(address)

    async def say(self, name: str, question: str) -> list[str]:
        """Goes on with a talk; what was said in it before."""
        talk = await self.desk.talks.get(name) or Talk(name)
        before = [turn.answer.question for turn in talk.turns]
        talk.add(Said(question), rich(question, Context()))
        self.desk.talks.keep(talk)
        assert self.desk.settle(120)
        return before

    async def share(self, question: str) -> str:
        return self.desk.journal.share([Said(question)], TODAY)

    async def shared(self, token: str) -> list[str]:
        return [said.question for said in self.desk.journal.shared(token, TODAY) or ()]

    async def enter(self, name: str) -> str:
        return await self.door.enter("geheim", "a", name)

    async def name_of(self, token: str) -> str | None:
        return await self.door.name_of(f"{COOKIE}={token}")

    async def leave(self, token: str) -> None:
        await self.door.leave(f"{COOKIE}={token}")


async def main(database: str, folder: str) -> None:
    own = replace(Settings(), database=database, feedback=Path(folder) / "feedback.db")
    limits = Limits(address_burst=3, address_rate=0.001, state_seconds=120)
    settings = PageSettings(keys=(KEY,))
    process = Process(Desk(FakeAssistant(own), Journal.beside(own), limits, settings))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        name, *given = json.loads(line)
        result: Any = await getattr(process, name)(*given)
        print(json.dumps(result), flush=True)
    process.desk.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
