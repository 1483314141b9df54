"""Every command line on a console without Chinese: nothing breaks, and a word says what to set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HINT = "This console's encoding (cp1252) has no Chinese: set PYTHONIOENCODING=utf-8."


def on(encoding: dict[str, str], *command: str) -> subprocess.CompletedProcess[bytes]:
    kept = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**kept, **encoding},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("command", "code", "shown"),
    [
        (("-m", "index", "--help"), 0, "\\u533b\\u4fdd"),  # 医保
        (("-m", "index", "status", "--store", "no/such/store"), 2, "no/such/store"),
        (("-m", "corpus", "--help"), 0, "check"),
        (("-m", "corpus", "check", "--articles", " "), 2, "\\u8def\\u5f84"),  # 路径
        (("-m", "assistant", "--help"), 0, "\\u533b\\u4fdd"),
        (("-m", "assistant", "restore", "no/such/file"), 2, "no/such/file"),
        (("app.py", "--help"), 0, "\\u533b\\u4fdd"),
        (("app.py", "--store", " "), 1, "\\u8def\\u5f84"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_no_command_line_breaks_on_cp1252(command: tuple[str, ...], code: int, shown: str) -> None:
    done = on({"PYTHONIOENCODING": "cp1252"}, *command)
    said = done.stdout.decode("cp1252") + done.stderr.decode("cp1252")
    assert (done.returncode, "Traceback" in said) == (code, False), said
    assert shown in said
    assert HINT in said


def test_a_console_in_ascii_without_utf_8_mode() -> None:
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = on(plain, "-m", "index", "status", "--store", "没有")
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"has no Chinese" in done.stderr


def test_a_console_in_utf_8_is_told_nothing() -> None:
    done = on({"PYTHONIOENCODING": "utf-8"}, "app.py", "--help")
    assert "聊天网页" in done.stdout.decode("utf-8")
    assert done.stderr == b""
