"""``YIBAO_ENGINE``: which Qdrant is meant, and the way to it.

    qdrant://host:6333            a server; qdrants:// over TLS
    qdrant://                     the server or cluster that QDRANT_URL names
    qdrant:///some/folder         the engine in this process, its data in that folder
    qdrant+local:///some/folder   the client's own local mode, for a first look
    qdrant+local://               the same in memory

behind ``?``: ``name`` (of the collections), ``grace`` (seconds), ``shards`` and ``replicas``.
``QDRANT_API_KEY`` is the key, where the server wants one; it is never part of a message.
"""

from __future__ import annotations

import os
import re
import threading
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from corpus.errors import InputError, StoreError
from index.qdrant.backend import Backend
from index.qdrant.sweeping import GRACE

SECONDS = 30
"""Longest wait for one answer of a server."""
_FORMS = (
    "qdrant://主机:6333（服务）、qdrant://（地址在 QDRANT_URL 中）、"
    "qdrant:///文件夹（本机内嵌）或 qdrant+local:///文件夹（试用）"
)
_MISSING = "引擎 {address} 需要 {package}：请运行 pip install 'yibao-assistant[qdrant]'。"


@dataclass(frozen=True, slots=True)
class Address:
    """An engine's address, read. ``url``: of a server, or ""; ``folder``: of an engine on this machine;
    ``local``: in the client's own mode, in memory where there is no folder."""

    text: str
    url: str = ""
    folder: Path | None = None
    local: bool = False
    name: str = "yibao"
    grace: float = GRACE
    shards: int | None = None
    replicas: int | None = None
    key: str | None = None

    @classmethod
    def read(cls, text: str, environ: Mapping[str, str] | None = None) -> Address:
        """Raises ``InputError`` for what is none."""
        env = os.environ if environ is None else environ
        parts = urlsplit(text)
        if parts.scheme not in ("qdrant", "qdrants", "qdrant+local") or "@" in parts.netloc:
            raise InputError(f"YIBAO_ENGINE 应为 {_FORMS}，密钥写在 QDRANT_API_KEY 中。")
        options = _options(parts.query)
        local = parts.scheme == "qdrant+local"
        folder = Path(parts.path).expanduser() if parts.path.strip("/") else None
        if (parts.netloc and (folder or local)) or (parts.scheme == "qdrants" and not parts.netloc):
            raise InputError(f"YIBAO_ENGINE 是 {text}，应为 {_FORMS}。")
        url = ""
        if parts.netloc:
            secure = "https" if parts.scheme == "qdrants" else "http"
            port = "" if ":" in parts.netloc else ":6333"
            url = f"{secure}://{parts.netloc}{port}"
        elif folder is None and not local:
            url = env.get("QDRANT_URL", "").strip()
            if not url:
                raise InputError(
                    "YIBAO_ENGINE 是 qdrant://，但没有设置 QDRANT_URL："
                    "请设置服务地址，例如 http://127.0.0.1:6333。"
                )
        return cls(text, url, folder, local, key=env.get("QDRANT_API_KEY") or None, **options)


def is_address(store: str | Path) -> bool:
    """Whether that names an engine in Qdrant, and no folder."""
    return isinstance(store, str) and store.startswith(
        ("qdrant://", "qdrants://", "qdrant+local://")
    )


def _options(query: str) -> dict[str, Any]:
    known = {"name": str, "grace": float, "shards": int, "replicas": int}
    found: dict[str, Any] = {}
    for option, values in parse_qs(query, keep_blank_values=True).items():
        try:
            found[option] = known[option](values[-1])
        except (KeyError, ValueError):
            raise InputError(
                f"YIBAO_ENGINE 的选项 {option}={values[-1]} 无效：可用 name、grace（秒）、shards、replicas。"
            ) from None
    if not re.fullmatch(r"[A-Za-z0-9-]{1,40}", found.get("name", "yibao")):
        raise InputError("YIBAO_ENGINE 的 name 只能由字母、数字和 - 组成，最多 40 个字符。")
    if found.get("grace", 0.0) < 0 or min(found.get("shards", 1), found.get("replicas", 1)) < 1:
        raise InputError("YIBAO_ENGINE 的 grace 应不小于 0，shards 和 replicas 应不小于 1。")
    return found


_opened: weakref.WeakValueDictionary[str, Backend] = weakref.WeakValueDictionary()
"""Engines in folders: a process can open one only once, so whoever opens it again shares it."""
_opening = threading.Lock()


def connect(address: Address) -> Backend:
    """The way to an engine. Raises ``StoreError`` where it cannot be used or the extra is missing."""
    if address.folder is None:
        return _connected(address)
    key = f"{address.local} {address.folder.resolve()}"
    with _opening:
        found = _opened.get(key)
        if found is None:
            found = _opened[key] = _connected(address)
        return found


def disconnect(backend: Backend) -> None:
    """Close it for all who share it; whoever connects next opens it anew."""
    with _opening:
        for key in [key for key, one in _opened.items() if one is backend]:
            del _opened[key]
        backend.close()


def _connected(address: Address) -> Backend:
    if address.folder is not None and not address.local:
        try:
            from index.qdrant.edge import EdgeBackend
        except ImportError:
            raise _missing(address, "qdrant-edge-py") from None
        return EdgeBackend(address.folder)
    try:
        from qdrant_client import QdrantClient

        from index.qdrant.client import ClientBackend
    except ImportError:
        raise _missing(address, "qdrant-client") from None
    if address.url:
        return ClientBackend(
            lambda: QdrantClient(
                url=address.url, api_key=address.key, timeout=SECONDS, check_compatibility=False
            ),
            address.url,
            shards=address.shards,
            replicas=address.replicas,
        )
    where = {"path": str(address.folder)} if address.folder else {"location": ":memory:"}
    return ClientBackend(lambda: QdrantClient(**where), address.text, local=True)


def _missing(address: Address, package: str) -> StoreError:
    return StoreError(_MISSING.format(address=address.text, package=package))
