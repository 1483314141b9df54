"""Late interaction: scores against a plain loop, and what keeping tokens small costs a cosine."""

from __future__ import annotations

import numpy as np
import pytest

from index.encoder import HashEncoder
from index.late import (
    BLOCK,
    WIDTH,
    WINDOW,
    Basis,
    TokenAsker,
    TokenEncoder,
    basis,
    late_scores,
    question_vectors,
    step_for,
)

RANDOM = np.random.default_rng(7)


def plain(asked: np.ndarray, passages: list[np.ndarray]) -> np.ndarray:
    """The definition, a passage and a window after the other."""
    rows = []
    for codes in passages:
        near = codes.astype(np.float64) @ asked.T.astype(np.float64)
        whole = near.max(axis=0)
        windows = [near[at : at + WINDOW].max(axis=0).mean() for at in range(0, len(near), BLOCK)]
        rows.append([whole.mean(), max(windows)])
    return np.array(rows)


def some(*lengths: int) -> list[np.ndarray]:
    return [RANDOM.integers(-127, 128, (n, WIDTH)).astype(np.int8) for n in lengths]


def question(tokens: int) -> np.ndarray:
    return (RANDOM.normal(size=(tokens, WIDTH)) / 127 / WIDTH).astype(np.float32)


@pytest.mark.parametrize(
    "lengths",
    [
        (1,),
        (1, 1, 1),
        (BLOCK,),
        (WINDOW,),
        (WINDOW + 1,),
        (5 * WINDOW + 3,),
        (1, 7, 8, 9, 31, 32, 33, 200, 1, 510),
        (510, 1),
    ],
    ids=repr,
)
@pytest.mark.parametrize("tokens", [1, 3, 4, 12])
def test_equal_to_a_plain_loop(lengths: tuple[int, ...], tokens: int) -> None:
    asked, passages = question(tokens), some(*lengths)
    found = late_scores(asked, passages)
    assert (found.shape, found.dtype) == ((len(lengths), 2), np.dtype(np.float32))
    assert np.allclose(found, plain(asked, passages), rtol=1e-5, atol=1e-6)


def test_a_passage_scores_alone_as_among_others() -> None:
    """But for the last digit: a product of matrices sums in another order at its edges."""
    asked, passages = question(9), some(40, 3, 77)
    together = late_scores(asked, passages)
    alone = np.concatenate([late_scores(asked, [codes]) for codes in passages])
    assert np.allclose(together, alone, rtol=1e-5, atol=1e-7)


def test_one_place_is_worth_more_than_two_far_apart() -> None:
    """Both passages hold both words; only the window tells the one that has them side by side."""
    first, second = np.eye(2, WIDTH, dtype=np.float32) / 127
    other = np.zeros((8 * WINDOW, WIDTH), np.int8)
    near, apart = other.copy(), other.copy()
    near[100, 0] = near[101, 1] = 127
    apart[0, 0] = apart[-1, 1] = 127
    found = late_scores(np.stack([first, second]), [near, apart])
    assert found[0].tolist() == pytest.approx([1.0, 1.0])
    assert found[1].tolist() == pytest.approx([1.0, 0.5])


def test_codes_keep_a_cosine() -> None:
    """Only the rounding is lost: a hundredth of a vector's length, spread over all directions."""
    directions = basis().directions
    states = RANDOM.normal(size=(300, len(directions))).astype(np.float32)
    along = states @ directions
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    kept = Basis(directions, step_for(along, 4), 4)
    codes = kept.codes(states)
    assert codes.dtype == np.int8
    error = np.abs(kept.asked(states) @ codes.T.astype(np.float32) - along @ along.T)
    assert error.mean() < 0.01
    assert error.max() < 0.05


def test_the_basis_is_one() -> None:
    kept = basis()
    assert kept.directions.shape == (384, WIDTH)
    assert kept.step.shape == (WIDTH,)
    assert kept.step.min() > 0
    # no direction is spent on what others say: all of them carry something of their own
    values = np.linalg.svd(kept.directions, compute_uv=False)
    assert values[-1] > 0.01 * values[0]


def test_length_makes_no_difference_and_codes_stay_in_their_bits() -> None:
    small = Basis(np.eye(4, WIDTH, dtype=np.float32), np.full(WIDTH, 0.001, np.float32), 4)
    states = np.array([[1, 0, 0, 0], [-9, 0, 0, 0], [3, 4, 0, 0]], np.float32)
    assert small.codes(states)[:, :2].tolist() == [[15, 1], [-15, 1], [15, 15]]
    assert np.array_equal(small.codes(states), small.codes(states * 100))


def test_an_encoder_without_tokens_gives_none() -> None:
    double = HashEncoder()
    assert not isinstance(double, TokenAsker)
    assert not isinstance(double, TokenEncoder)
    vector, tokens = question_vectors(double, "断缴")
    assert np.array_equal(vector, double.encode_queries(["断缴"])[0])
    assert tokens is None
