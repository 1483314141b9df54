"""How many processes answer: ``--workers`` or ``YIBAO_WORKERS``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from corpus.errors import InputError

MOST = 64


def workers_of(
    given: str | None,
    *,
    environ: Mapping[str, str] | None = None,
    platform: str = sys.platform,
) -> int:
    """``given`` on the command line, else in the environment, else 1.

    Raises InputError for what is no such number, and for more than one where a process that has
    loaded everything cannot be copied: Windows has no ``fork``, and the libraries of a Mac do not
    outlive it.
    """
    env = os.environ if environ is None else environ
    name = "YIBAO_WORKERS" if given is None else "--workers"
    text = (env.get(name, "") if given is None else given).strip() or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST):
        raise InputError(f"{name} 应为 1 到 {MOST} 之间的整数，现为「{text}」。")
    if int(text) > 1 and platform != "linux":
        raise InputError(
            f"{name} 大于 1 只能在 Linux 上用：本系统不能复制已装载的进程；"
            f"请去掉 {name}，或者在反向代理后面分别启动几个 app.py。"
        )
    return int(text)
