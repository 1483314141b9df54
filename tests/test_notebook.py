"""The notebook that the README points to runs from its first cell to its last."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from corpus.settings import ROOT

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")


# jupyter_client and its zmq sockets leave the closing of theirs to the garbage collector
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_quickstart_runs(shipped: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_STORE", str(shipped.settings.store))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    path = Path(ROOT / "notebooks" / "quickstart.ipynb")
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [
        output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
    ]
    assert not [o for o in outputs if o.output_type == "error"]
    tables = [o.data["text/html"] for o in outputs if "text/html" in o.get("data", {})]
    assert "<table>" in tables[0]
    streams = "".join(o.text for o in outputs if o.output_type == "stream")
    assert "12月25日" in streams
