"""The only place where a store's folder is changed: every write, link, rename and removal.

Each is announced to ``step`` before it happens, so that a test can fail or kill the process
between any two of them. Nothing here knows what the files mean; ``index.generations`` decides the
order in which they appear.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def step(operation: str, path: Path) -> None:
    """Called before each change of the disk; does nothing. Tests put their own in its place."""


def make_folder(path: Path) -> None:
    """Make a folder and its parents where they are missing."""
    if not path.is_dir():
        step("make_folder", path)
        path.mkdir(parents=True, exist_ok=True)


def write(path: Path, data: bytes | memoryview) -> None:
    """Write a file and wait until the disk has it. Never over a file that somebody may read."""
    step("write", path)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        step("sync", path)
        os.fsync(file.fileno())


def link(source: Path, target: Path) -> None:
    """Give a finished file a second name; a copy where the disk knows no hard links."""
    step("link", target)
    try:
        os.link(source, target)
    except OSError:
        write(target, source.read_bytes())


def replace(source: Path, target: Path) -> None:
    """Rename in one atomic step, over what was there, and wait until the disk has the new name."""
    step("replace", target)
    os.replace(source, target)
    sync_folder(target.parent)


def write_atomic(path: Path, data: bytes) -> None:
    """Put a file in the place of another: whoever looks sees the old one or the new one."""
    beside = path.with_name(path.name + ".new")
    write(beside, data)
    replace(beside, path)


def sync_folder(path: Path) -> None:
    """Wait until the disk has the names in a folder. Windows cannot be asked for it."""
    step("sync_folder", path)
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_folder(path: Path) -> None:
    """Remove a folder with all in it; what is in use (Windows) is left for the next time."""
    step("remove_folder", path)
    shutil.rmtree(path, ignore_errors=True)


def remove(path: Path) -> None:
    """Remove a file that may be missing."""
    step("remove", path)
    path.unlink(missing_ok=True)
