"""Nothing leaves the machine: not at import, at start, in the page, in an answer, in a refresh."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import corpus
from corpus.libraries import PREFERRED, SILENT, prepare

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
ALONE = ("unshare", "-rnm")  # a user who is root there, a network and mounts of its own


def test_a_switch_is_set_whatever_stood_there_and_a_preference_where_nothing_did() -> None:
    environ = {"ORT_DISABLE_TELEMETRY": "0", "OMP_WAIT_POLICY": "ACTIVE", "HOME": "/home/a"}
    prepare(environ)
    assert environ == {**SILENT, **PREFERRED, "OMP_WAIT_POLICY": "ACTIVE", "HOME": "/home/a"}
    environ = {}
    prepare(environ)
    assert environ == SILENT | PREFERRED
    assert Path(corpus.__file__).parent == ROOT / "corpus"
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


@pytest.mark.parametrize("room", ["corpus", "index", "assistant", "corpus.reading.worker"])
def test_every_room_prepares_the_libraries_before_it_imports_one(room: str) -> None:
    """An audit hook sees the first import of a library, and what the environment says then."""
    watch = (
        "import os, sys\n"
        "names = {'onnxruntime', 'gradio', 'huggingface_hub', 'torch', 'faiss', 'numpy', 'fastapi'}\n"
        "def hook(event, given):\n"
        "    if event == 'import' and given[0] in names:\n"
        "        assert os.environ.get('ORT_DISABLE_TELEMETRY') == '1', given[0]\n"
        "sys.addaudithook(hook)\n"
        f"import {room}\n"
        "assert os.environ['DO_NOT_TRACK'] == '1'\n"
    )
    environ = {k: v for k, v in os.environ.items() if k not in SILENT}
    environ["PYTHONPATH"] = str(ROOT)
    subprocess.run([sys.executable, "-c", watch], env=environ, cwd=ROOT, check=True, timeout=600)


def test_the_environment_is_written_in_one_place() -> None:
    rooms = [p for room in ("corpus", "index", "assistant") for p in (ROOT / room).rglob("*.py")]
    writing = []
    for path in (*rooms, ROOT / "app.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = ast.unparse(node) if isinstance(node, (ast.Assign, ast.Call)) else ""
            if text.startswith(("os.environ[", "os.environ.setdefault", "os.environ.update")):
                writing.append(path.relative_to(ROOT).as_posix())
            if text.startswith("os.putenv"):
                writing.append(path.relative_to(ROOT).as_posix())
    assert writing == []  # corpus.libraries writes through ``prepare``'s argument


def alone(tmp_path: Path, *command: str, timeout: int) -> tuple[int, list[str], list[str], str]:
    """Run a command without a network: its status, the names that it looked up, the files that it
    left in its home folder, and what it printed."""
    if sys.platform != "linux":
        pytest.skip("only Linux gives a process a network of its own")
    home, record = tmp_path / "home", tmp_path / "record"
    home.mkdir()
    record.touch()
    mine = (*SILENT, *PREFERRED, "PYTHONPATH")
    environ = {
        k: v
        for k, v in os.environ.items()
        if k not in mine and not k.startswith(("YIBAO_", "XDG_", "HF_"))
    }
    environ |= {"HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    runner = [*ALONE, sys.executable, str(HERE / "nameserver.py"), str(record)]
    try:
        probe = subprocess.run([*runner, "true"], capture_output=True, text=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("no unshare here, which gives a process a network of its own")
    if probe.returncode:
        pytest.skip(f"this machine gives no process a network of its own: {probe.stderr[-200:]}")
    done = subprocess.run(
        [*runner, *command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=timeout
    )
    names = record.read_text(encoding="utf-8").split()
    files = sorted(p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file())
    return done.returncode, names, files, done.stdout + done.stderr


def test_a_name_that_is_looked_up_and_a_file_that_is_left_are_seen(tmp_path: Path) -> None:
    """The control of the next test: it would see both."""
    leaves = (
        "import pathlib, socket\n"
        "pathlib.Path.home().joinpath('left').write_text('x')\n"
        "try:\n"
        "    socket.getaddrinfo('telemetry.example.com', 443)\n"
        "except OSError:\n"
        "    pass\n"
    )
    status, names, files, said = alone(tmp_path, sys.executable, "-c", leaves, timeout=60)
    assert status == 0, said
    assert set(names) == {"telemetry.example.com"}
    assert files == ["left"]


def test_nothing_is_looked_up_and_no_file_of_others_left(tmp_path: Path) -> None:
    """Import, build, page, question, refresh, removal and reading in processes of their own."""
    folder = tmp_path / "folder"
    folder.mkdir()
    visit = (sys.executable, str(HERE / "offline_visit.py"), str(folder))
    status, names, files, said = alone(tmp_path, *visit, timeout=1800)
    assert status == 0, said[-3000:]
    assert names == []
    assert {file.split("/")[1] for file in files if file.startswith(".cache/")} == {
        "yibao-assistant"
    }
    assert all(file.startswith(".cache/yibao-assistant/") for file in files), files
