"""Programs that read for us (LibreOffice, OCR): started within limits, in a folder of their own.

They run as processes of their own, so that the limits of the process that reads (time, memory) need
not be theirs, and so that nothing of them is left when they hang.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus.errors import InputError
from corpus.reading.types import File

if sys.platform != "win32":
    import resource

CONVERT_SECONDS = 60
"""For LibreOffice on one file: its first start takes 5 to 15 s, a long document 10 more."""
OCR_SECONDS_A_PAGE = 30
"""A page takes 3 to 10 s of processor time, and others may be at work on the machine."""
OCR_PAGES = 30
OCR_SECONDS = 600
"""By the clock for a file; pages that it does not come to are named."""
MEMORY = 4_000_000_000
"""Bytes of address space: LibreOffice maps 1.5 GB, OCR holds 940 MB."""
_OUTPUT = 200_000_000  # bytes that a program may write into one file
_DEAD = "http://127.0.0.1:9"  # where nobody listens
_HELPED = frozenset((".doc", ".wps", ".rtf", ".odt", ".ods", ".odp", ".ppt", ".dps", ".xlsb"))
_SEEN = frozenset((".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".pdf"))


def seconds(file: File) -> int:
    """By the clock, that helpers may take for a file on top of what its own reading takes."""
    if file.kind in _HELPED:
        return CONVERT_SECONDS
    return OCR_SECONDS + 2 * OCR_SECONDS_A_PAGE if file.kind in _SEEN else 0


def run(
    command: Sequence[str], *, timeout: float, folder: Path, what: str, given: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> bytes:  # fmt: skip
    """What a program writes to its output. Raises InputError where it fails or takes too long.

    Whatever it started goes with it. It finds no way out: proxies lead to nowhere.
    """
    own = {"HOME": str(folder), "TMPDIR": str(folder), "TMP": str(folder), "TEMP": str(folder)}
    away = {name: _DEAD for name in ("http_proxy", "https_proxy", "all_proxy")}
    try:
        process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=folder, start_new_session=True,
            env={**os.environ, **own, **away, **(environment or {})},
            preexec_fn=_bound if sys.platform != "win32" else None,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError(f"无法启动{what}（{error}）；请检查其安装后重试") from error
    try:
        out, _ = process.communicate(given, timeout=timeout)
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"{what}超过 {timeout:.0f} 秒没有完成，已跳过；请拆分文件后重试"
        ) from error
    finally:
        _end(process)
    if process.returncode:
        raise InputError(f"{what}没有成功；请检查文件，或另存为 .docx、.xlsx、.pdf 后重试")
    return out


def _bound() -> None:
    if sys.platform != "win32":
        for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, _OUTPUT),
                           (resource.RLIMIT_CPU, resource.RLIM_INFINITY)):  # fmt: skip
            _, hard = resource.getrlimit(what)
            with contextlib.suppress(ValueError, OSError):
                wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.setrlimit(what, (hard if most == resource.RLIM_INFINITY else wanted, hard))


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and all that it started."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()
    process.communicate()
