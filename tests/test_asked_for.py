"""Which matters a question asks for, by its words and by how like it is to examples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.asked_for import NONE, AskedFor, examples, fitted, kinds
from benchmarks.labels import QUALITY, read_rows
from corpus import matters
from index.encoder import Encoder, HashEncoder


def test_the_examples_name_matters_and_are_not_what_measures_them() -> None:
    abouts, questions = examples()
    assert all(about == NONE or matters.matter(about) for about in abouts)
    heard = {matters.family(about) for about in kinds()}
    assert {m.family for m in matters.matters()} < heard
    assert len(set(questions)) == len(questions) > 1000
    rows = [row for path in QUALITY.glob("*.jsonl") for row in read_rows(path)]
    assert not set(questions) & {row.get("question") for row in rows}


def test_an_example_holds_what_its_matter_needs() -> None:
    for about, question in zip(*examples(), strict=True):
        assert matters.may_ask(about, question), question


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


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("歇业大半年才续上，头几个月看病是不是白跑", "待遇等待期"),  # no pattern hears it
        ("空档里看的病，事后交齐了给不给找补", "可否追溯"),
        ("弟弟妹妹沾不沾得上我的医保余额", "共济范围"),
        ("农合转到省里的医保都要带什么", None),  # a pattern hears 带什么: papers to stop
        ("头一回参加职工医保，前几个月看病怎么算", None),
        ("社保卡密码忘了去哪改", None),
        ("医保码要去哪激活", None),  # no card
    ],
)
def test_examples_and_patterns_together(
    question: str, about: str | None, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    asked = AskedFor(encoder, tmp_path_factory.getbasetemp())
    first = asked.matters(question, encoder.encode_queries([question])[0])[:1]
    assert first == ((about,) if about else ())


def test_weights_are_made_once_and_kept(tmp_path: Path) -> None:
    encoder = HashEncoder()
    first = AskedFor(encoder, tmp_path).weights()
    assert len(list(tmp_path.glob("asked-*.npz"))) == 1
    again = AskedFor(encoder, tmp_path).weights()
    assert np.array_equal(first.dense, again.dense)
    assert np.array_equal(first.runs, again.runs)


def test_the_weights_have_the_shapes_that_are_told() -> None:
    encoder = HashEncoder()
    _, questions = examples()
    vectors = encoder.encode_queries(questions)
    weights = fitted(vectors)
    assert weights.dense.shape == (vectors.shape[1], len(kinds()))
    assert weights.centre.dtype == weights.runs.dtype == np.float32
    assert weights.prior.sum() == pytest.approx(1)  # each example asks for one kind


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    encoder = HashEncoder()
    kept = AskedFor(encoder, tmp_path).weights()
    (file,) = tmp_path.glob("asked-*.npz")
    file.write_bytes(b"no array")
    assert np.array_equal(AskedFor(encoder, tmp_path).weights().dense, kept.dense)
