"""index.e5_adaptation: differences in two bits a number are merged back where they belong."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.e5_adaptation import LEVELS, adapted, identity, packed


def written(path: Path, differences: dict[str, np.ndarray]) -> Path:
    np.savez(path, **packed(differences))  # type: ignore[arg-type]
    return path


def test_levels_of_a_row_come_back_exactly(tmp_path: Path) -> None:
    row = LEVELS[[0, 1, 2, 3, 3, 2, 1, 0]]
    change = np.stack([row, row[::-1] * 10]).astype(np.float32)
    change /= change.std(axis=1, keepdims=True)
    path = written(tmp_path / "a.npz", {"layer.weight": change})
    before = {"layer.weight": np.ones((2, 8), np.float32), "other": np.zeros(3, np.float32)}
    after = adapted(before, path)
    expected = 1 + LEVELS[[[0, 1, 2, 3, 3, 2, 1, 0], [0, 1, 2, 3, 3, 2, 1, 0]]]
    assert np.allclose(after["layer.weight"], expected, atol=1e-5)
    assert after["other"] is before["other"]
    assert np.array_equal(before["layer.weight"], np.ones((2, 8)))


def test_little_is_lost_of_normal_numbers(tmp_path: Path) -> None:
    change = np.random.default_rng(0).normal(size=(64, 384)).astype(np.float32) * 1e-3
    path = written(tmp_path / "a.npz", {"w": change})
    found = adapted({"w": np.zeros_like(change)}, path)["w"]
    # the least that four levels can err by: .1175 of the variance (Max 1960)
    assert 0.11 < float(((found - change) ** 2).mean() / (change**2).mean()) < 0.125


def test_vectors_stand_in_sixteen_bits(tmp_path: Path) -> None:
    path = written(tmp_path / "a.npz", {"b": np.array([0.5, -0.25], np.float32)})
    assert adapted({"b": np.ones(2, np.float32)}, path)["b"].tolist() == [1.5, 0.75]


def test_without_a_file_the_model_is_the_packages(tmp_path: Path) -> None:
    tensors = {"w": np.ones((2, 4), np.float32)}
    assert adapted(tensors, tmp_path / "none.npz") is tensors
    assert identity(tmp_path / "none.npz") == ""


def test_the_identity_is_the_content(tmp_path: Path) -> None:
    one = written(tmp_path / "a.npz", {"b": np.ones(2, np.float32)})
    other = written(tmp_path / "b.npz", {"b": np.zeros(2, np.float32)})
    assert len(identity(one)) == 8
    assert identity(one) != identity(other)
