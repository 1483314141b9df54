"""API keys: who may use the doors for programs, and how many questions a minute each.

The operator names a file in ``YIBAO_KEYS``, one key a line: a name, the key, and how many questions
a minute (60 where none is written); ``#`` begins a remark. Where a file is named, every door for
programs asks for a key: one that stayed open beside the others would make their limits idle. Where
none is, they are open to whoever reaches the page, with the limits of an address. A file that is
written to is read again (``key_ring``).

A file and no variable: the environment of a process is seen by others (``docker inspect``, a crash
report), and twenty keys do not fit into one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from assistant.page import words
from assistant.page.asgi import App, Receive, Scope, Send, header, say
from assistant.page.limits import Rate
from corpus.errors import InputError

PER_MINUTE = 60
_REMARK = re.compile(r"(?:^|\s)#.*")
"""A ``#`` within a key is part of it."""
_MOST_A_MINUTE = 6000
_SHORTEST = 16
"""Characters: with fewer a key can be guessed."""
_OPEN = ("/api", "/api/docs", "/api/openapi.json")
"""What only describes the doors; ``YIBAO_DOCS`` says who may read it."""
_DOORS = ("/api", "/v1", "/mcp")
_MARK = "key "
"""Before the name of a key, where an address may stand as well: no address has a blank."""


@dataclass(frozen=True, slots=True)
class Key:
    """``name`` is what limits know its holder by; ``digest`` is the SHA-256 of the key itself,
    which is kept nowhere; ``minute``: questions a minute."""

    name: str
    digest: bytes
    minute: int = PER_MINUTE

    @property
    def client(self) -> str:
        """What stands in place of an address."""
        return f"{_MARK}{self.name}"


def read_keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file. Raises InputError, which names the line and never a key."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise InputError(
            f"YIBAO_KEYS 指的文件 {path} 读不到；应为 UTF-8 文字文件，每行一个：名称 密钥 每分钟次数。"
        ) from None
    keys: list[Key] = []
    for number, line in enumerate(lines, start=1):
        fields = _REMARK.sub("", line).split()
        if fields:
            keys.append(_key(fields, f"{path} 第 {number} 行", keys))
    if not keys:
        raise InputError(
            f"YIBAO_KEYS 指的文件 {path} 里没有密钥；不用密钥时请不要设置 YIBAO_KEYS。"
        )
    return tuple(keys)


def _key(fields: Sequence[str], where: str, before: Sequence[Key]) -> Key:
    if len(fields) not in (2, 3):
        raise InputError(f"{where}应为「名称 密钥 每分钟次数」，以空格分开，次数可以不写。")
    name, secret, *rest = fields
    minute = rest[0] if rest else str(PER_MINUTE)
    if len(secret) < _SHORTEST or not (secret.isascii() and secret.isprintable()):
        raise InputError(f"{where}的密钥应为至少 {_SHORTEST} 个英文字母、数字或符号。")
    if not (minute.isascii() and minute.isdigit() and 1 <= int(minute) <= _MOST_A_MINUTE):
        raise InputError(f"{where}的每分钟次数应为 1 到 {_MOST_A_MINUTE} 之间的整数。")
    digest = sha256(secret.encode("ascii")).digest()
    if any(one.name == name or one.digest == digest for one in before):
        raise InputError(f"{where}的名称或密钥与前面一行相同；每个名称和密钥只能写一次。")
    return Key(name, digest, int(minute))


def rates_of(keys: Sequence[Key]) -> dict[str, Rate]:
    """What each key's holder may ask: a minute's worth at once, then as many a minute."""
    return {key.client: Rate(key.minute / 60, float(key.minute)) for key in keys}


def by_key(client: str) -> bool:
    """Whether limits know the client by a key, and not by an address."""
    return client.startswith(_MARK)


class Known(Protocol):
    """The keys that are good now (``key_ring``)."""

    def client_of(self, digest: bytes) -> str | None:
        """What limits know the holder of a key by; None for a key that is not ours."""

    def __bool__(self) -> bool:
        """Whether programs need one."""


class Keyed:
    """ASGI: 401 for programs without a key of ours; who has one is known by it from here on, in
    place of the address, to limits and in the line."""

    def __init__(self, app: App, keys: Known) -> None:
        self.app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._keys or not guarded(scope["path"]):
            await self.app(scope, receive, send)
            return
        given = _bearer(scope)
        client = self._keys.client_of(sha256(given.encode("latin-1")).digest())
        if client is None:
            text = words.WRONG_KEY if given else words.NO_KEY
            await say(send, 401, text, (b"www-authenticate", b"Bearer"))
            return
        await self.app({**scope, "client": (client, 0)}, receive, send)


def guarded(path: str) -> bool:
    """Whether it is one of the doors for programs."""
    bare = path.rstrip("/")
    return bare not in _OPEN and any(bare == door or bare.startswith(f"{door}/") for door in _DOORS)


def _bearer(scope: Scope) -> str:
    """The key in ``Authorization: Bearer …``, or ""."""
    given = header(scope, b"authorization")
    kind, _, secret = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return secret.strip() if kind.lower() == "bearer" else ""
