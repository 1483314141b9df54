"""Which matter a question asks for, by its words and by the examples that are nearest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.asked_for import NONE, AskedFor, examples
from benchmarks.labels import QUALITY, read_rows
from corpus import matters
from index.encoder import HashEncoder


def test_the_examples_name_matters_and_are_not_what_measures_them() -> None:
    abouts, questions = examples()
    assert all(about == NONE or matters.matter(about) for about in abouts)
    assert len(set(questions)) == len(questions) > 300
    rows = [row for path in QUALITY.glob("*.jsonl") for row in read_rows(path)]
    assert not set(questions) & {row.get("question") for row in rows}


def test_an_example_never_speaks_against_itself() -> None:
    for about, question in zip(*examples(), strict=True):
        if about != NONE:
            assert about in matters.asked(question) or matters.hints_at(about, question), question


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("断缴以后啥时候能报", "待遇等待期"),
        ("医保断了以前交的打水漂了吗", "年限是否清零"),
        ("停居民医保要带啥", "材料"),
    ],
)
def test_how_people_say_it(question: str, about: str) -> None:
    assert about in matters.asked(question)


def test_vectors_are_made_once_and_kept(tmp_path: Path) -> None:
    encoder = HashEncoder()
    first = AskedFor(encoder, tmp_path).vectors()
    assert len(list(tmp_path.glob("asked-*.npy"))) == 1
    again = AskedFor(encoder, tmp_path).vectors()
    assert np.array_equal(first, again)
    abouts, questions = examples()
    asked = AskedFor(encoder, tmp_path)
    assert asked.matters(first[0]) in ((abouts[0],), (abouts[0], abouts[1]), ())
    assert len(questions) == len(first)


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    encoder = HashEncoder()
    kept = AskedFor(encoder, tmp_path).vectors()
    (file,) = tmp_path.glob("asked-*.npy")
    file.write_bytes(b"no array")
    assert np.array_equal(AskedFor(encoder, tmp_path).vectors(), kept)
