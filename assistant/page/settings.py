"""How the page is reached: which names it answers for, which proxies it believes, what is shut.

Each is an environment variable ``YIBAO_<NAME>``; the README lists them with their defaults. Where
the store and the files lie is in ``corpus.settings``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, cast

from assistant.page.addresses import Network, network
from assistant.page.frames import origin
from assistant.page.keys import Key, read_keys
from assistant.page.limits import Limits
from assistant.page.root import root_of
from corpus.errors import InputError
from corpus.given import path_given

Opening = Literal["on", "local", "off"]
"""For everybody, for clients on this machine, for nobody."""

_OPENINGS = ("on", "local", "off")

_LIMIT = "YIBAO_LIMIT_"


@dataclass(frozen=True, slots=True)
class PageSettings:
    """``hosts``: names that the page answers for beside this machine's own (``*``: any).
    ``proxies``: whose ``X-Forwarded-For`` is believed. ``metrics``, ``docs``: who may read
    ``/metrics`` and the description of the API. ``share_days``: how long a share link lives.
    ``keys``: what programs have to show; none: they need none; ``keys_file``: where they were read.
    ``admins``: who may enter the admin corner, each with a password; ``review``: whether what is
    edited, uploaded, removed or corrected waits until another of them approves it. ``root``: the
    path below which the page lies (``/yibao``). ``frames``: the sites that may frame the chat."""

    hosts: tuple[str, ...] = ()
    proxies: tuple[Network, ...] = ()
    metrics: Opening = "local"
    docs: Opening = "on"
    share_days: int = 180
    keys: tuple[Key, ...] = ()
    keys_file: Path | None = None
    admins: Mapping[str, str] = field(default_factory=dict)
    review: bool = False
    root: str = ""
    frames: tuple[str, ...] = ()

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> PageSettings:
        """Read ``YIBAO_HOSTS``, ``YIBAO_PROXIES``, ``YIBAO_METRICS``, ``YIBAO_DOCS``,
        ``YIBAO_SHARE_DAYS``, ``YIBAO_KEYS``, ``YIBAO_ADMINS``, ``YIBAO_REVIEW``,
        ``YIBAO_ROOT_PATH`` and ``YIBAO_FRAMES``. Raises InputError for what they cannot be."""
        env = os.environ if environ is None else environ
        days = env.get("YIBAO_SHARE_DAYS", "").strip() or str(cls().share_days)
        if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= 3650:
            raise InputError(f"YIBAO_SHARE_DAYS 应为 1 到 3650 之间的天数，现为「{days}」。")
        keys = env.get("YIBAO_KEYS", "").strip()
        return cls(
            hosts=_listed(env.get("YIBAO_HOSTS", "")),
            proxies=tuple(network(p) for p in _listed(env.get("YIBAO_PROXIES", ""))),
            metrics=_opening(env, "YIBAO_METRICS", cls().metrics),
            docs=_opening(env, "YIBAO_DOCS", cls().docs),
            share_days=int(days),
            keys=read_keys(path_given(keys)) if keys else (),
            keys_file=path_given(keys) if keys else None,
            admins=_admins(env.get("YIBAO_ADMINS", "")),
            review=_on(env, "YIBAO_REVIEW"),
            root=root_of(env.get("YIBAO_ROOT_PATH", "")),
            frames=tuple(origin(site) for site in _listed(env.get("YIBAO_FRAMES", ""))),
        )

    @classmethod
    def below(cls, root: str | None) -> PageSettings:
        """As ``from_environment``; ``root``: the root path, in place of the environment's."""
        read = cls.from_environment()
        return read if root is None else replace(read, root=root_of(root))


def limits_from(environ: Mapping[str, str] | None = None) -> Limits:
    """The limits, any of them changed by ``YIBAO_LIMIT_<FIELD>`` (a number above 0). Raises InputError for what is no
    such number and for a name that no limit has."""
    env = os.environ if environ is None else environ
    limits = Limits()
    names = {f"{_LIMIT}{one.name.upper()}": one for one in fields(limits)}
    for name in env:
        if name.startswith(_LIMIT) and name not in names:
            near = get_close_matches(name, names, n=1, cutoff=0.0)
            raise InputError(
                f"没有 {name} 这个限额；最接近的是 {near[0]}，全部见 assistant/page/limits.py。"
            )
    for name, one in names.items():
        given = env.get(name, "").strip()
        if not given:
            continue
        kind = type(getattr(limits, one.name))
        try:
            value = kind(given)
        except ValueError:
            value = kind(0)
        if not 0 < value < float("inf"):
            raise InputError(
                f"{name} 应为大于 0 的{'整数' if kind is int else '数'}，现为「{given}」。"
            )
        limits = replace(limits, **{one.name: value})
    return limits


def _admins(value: str) -> dict[str, str]:
    """``王芳:密码;李明:密码`` as names with their passwords."""
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, value.replace("；", ";").split(";"))):
        name, colon, password = part.replace("：", ":", 1).partition(":")
        if not (colon and name.strip() and password.strip()) or name.strip() in found:
            raise InputError("YIBAO_ADMINS 应写成「姓名:密码;姓名:密码」，姓名不重复。")
        found[name.strip()] = password.strip()
    return found


def _on(env: Mapping[str, str], name: str) -> bool:
    given = env.get(name, "").strip().lower() or "off"
    if given not in ("on", "off"):
        raise InputError(f"{name} 只能是 on 或 off，现为「{given}」。")
    return given == "on"


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.replace("，", ",").split(",") if part.strip())


def _opening(env: Mapping[str, str], name: str, default: Opening) -> Opening:
    given = env.get(name, "").strip().lower() or default
    if given not in _OPENINGS:
        raise InputError(f"{name} 只能是 on、local 或 off，现为「{given}」。")
    return cast(Opening, given)
