"""training: what is learned from, and how it is put together. The training itself needs peft and
datasets (the extra ``train``) and takes an hour; it is not run here."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import model_kit
import numpy as np
import pytest
import torch

from corpus.settings import ROOT
from index import e5_adaptation, lower_layers
from index.bert_folder import BertFolder
from index.forms import forms
from index.lower_layers import FIXED
from training.batches import batches
from training.chain import Example
from training.judge import bm25, figures
from training.lower import changed, read_by
from training.pairs import Letter, Pair, counted, held_out, letters, of_articles, of_labels
from training.ship import differences, rounded
from training.states import States

REPLY = "您好，来信收悉。办理该业务需携带身份证到窗口。"


def test_letters_of_our_own_field_and_form_letters_stay_out(tmp_path: Path) -> None:
    rows = [
        {"title": "落户", "question": "孩子怎么落户", "answer": REPLY},
        {"title": "社保", "question": "社保断了", "answer": REPLY + "二"},
        {"title": "学位", "question": "怎么申请", "answer": "已回复"},
        *[
            {"title": f"{n}", "question": "问", "answer": "来信收悉，请您致电有关部门咨询。"}
            for n in range(4)
        ],
        {"title": "护照", "question": "怎么办护照", "answer": REPLY + "三"},
    ]
    path = tmp_path / "letters.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    found = letters(path)
    assert [x.title for x in found] == ["落户", "护照"]
    learned, kept = held_out(found, 1)
    assert ([x.title for x in learned], [x.title for x in kept]) == (["落户"], ["护照"])


def test_a_letter_is_asked_by_its_subject_or_its_text() -> None:
    letter = Letter("孩子落户要什么材料", "我是某区居民，" * 60 + "请问要带什么？", REPLY)
    dice = random.Random(0)
    made = [letter.pair("letters", dice) for _ in range(200)]
    asked = [p.question for p in made]
    assert 30 < asked.count(letter.title) < 70
    assert 5 < sum(q.startswith(letter.title + "。") for q in asked) < 40
    assert any(q.endswith("请问要带什么？") for q in asked)
    assert all(len(q) <= 260 for q in asked)
    assert 50 < sum(p.passage.startswith(letter.title) for p in made) < 110


def test_our_articles_and_labels_give_pairs() -> None:
    dice = random.Random(0)
    own = of_articles(ROOT / "corpus" / "articles", dice)
    assert len({p.article for p in own}) > 100
    labels = ROOT / "benchmarks" / "questions" / "own.jsonl"
    asked = of_labels(labels, ROOT / "corpus" / "articles", dice, most=50)
    assert len(asked) == 50
    assert all(p.gold and p.article for p in asked)
    assert counted(own[:2] + asked[:1]) == "articles 2, own 1"


def test_no_question_is_measured_that_was_learned_from() -> None:
    """The sets of ``tests/quality`` have no part in the training."""
    learned = {
        json.loads(line)["question"]
        for path in (ROOT / "benchmarks" / "questions").glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    measured = {
        json.loads(line)["question"]
        for name in ("retrieval", "seeds", "seeds_unseen")
        for line in (ROOT / "tests" / "quality" / f"{name}.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    }
    assert len(learned & measured) / len(measured) < 0.02


def test_a_batch_holds_rivals_and_no_second_answer() -> None:
    def words(n: int) -> str:
        return "".join(chr(0x4E00 + 50 * (n % 24) + i) for i in range(12)) * 2

    pairs = [
        Pair(f"{subject}{n}", f"{subject}：{words(4 * n + m)}", "letters")
        for n in range(12)  # the words of each second one of another subject come again
        for m, subject in enumerate(("落户", "护照", "学位", "租房"))
    ]
    pairs += [Pair("同一问", pairs[0].passage, "letters") for _ in range(4)]
    made = batches(pairs, 6, random.Random(0))
    assert made
    for batch in made:
        assert len(set(batch)) == 6
        assert len({pairs[n].passage for n in batch}) == 6
    flat = [n for batch in made for n in batch]
    assert len(flat) == len(set(flat))


def test_passages_of_one_article_do_not_meet() -> None:
    pairs = [Pair(f"问题{n}", f"答案{n} " + "甲乙丙丁戊己庚辛"[n % 8] * 9, "own", (), f"a{n % 5}") for n in range(40)]  # fmt: skip
    for batch in batches(pairs, 4, random.Random(0)):
        assert len({pairs[n].article for n in batch}) == 4


def test_figures_of_a_ranking() -> None:
    scores = np.array([[3, 2, 1], [1, 3, 2], [3, 1, 2]], np.float32)
    found = figures(scores, np.eye(3, dtype=bool))
    assert found["R@1"] == pytest.approx(2 / 3)
    assert found["MRR"] == pytest.approx((1 + 1 + 1 / 2) / 3)
    assert found["R@5"] == 1.0


def test_words_bring_the_passage_that_shares_them() -> None:
    scores = bm25(["断缴怎么补"], ["断缴以后补缴的办法", "异地就医备案"])
    assert scores[0, 0] > scores[0, 1] == 0


def test_sixteen_bits_lose_no_small_step() -> None:
    """1.0 + 1e-4 is 1.0 in bfloat16; a hundred such steps are not."""
    import torch

    from training.halves import MasterAdamW

    weight = torch.nn.Parameter(torch.ones(3, dtype=torch.bfloat16))
    optimiser = MasterAdamW([weight], lr=1e-4, weight_decay=0.0)
    for _ in range(100):
        optimiser.zero_grad()
        weight.sum().backward()
        optimiser.step()
    assert weight.dtype == torch.bfloat16
    assert weight.tolist() == pytest.approx([0.99] * 3, abs=0.003)


class Weights:
    """A folder's tensors."""

    def __init__(self, **tensors: np.ndarray) -> None:
        self._tensors = tensors

    def names(self) -> list[str]:
        return list(self._tensors)

    def tensor(self, name: str) -> np.ndarray:
        return self._tensors[name]


def test_only_what_was_trained_is_shipped() -> None:
    start = np.array([1.0, 1.001, -0.3, 0.7], np.float32)  # 1.001 is 1.0 in bfloat16
    base = Weights(a=start, b=start)
    trained = Weights(a=rounded(start) + 0.5, b=rounded(start))
    found = differences(base, trained, 0.5)  # type: ignore[arg-type]
    assert set(found) == {"a"}
    assert found["a"].tolist() == [0.25] * 4
    assert rounded(start).tolist() == [1.0, 1.0, -0.30078125, 0.69921875]


def test_the_layers_in_training_are_those_that_run() -> None:
    folder = model_kit.folder()
    states = States(folder)
    trained = e5_adaptation.changes(lower_layers.FILE)
    with torch.no_grad():
        for name, change in trained.items():
            layer, rest = name.removeprefix("encoder.layer.").split(".", 1)
            at = f"layers.{int(layer) - FIXED}.{rest}"
            states.upper.get_parameter(at).add_(torch.from_numpy(change))
    text = "我叫李秀兰，断缴3个月，怎么补"
    states.read([text, "谢谢"])
    (read,) = read_by(states.upper.eval(), [Example(states.of(text, forms), ())])
    opened = BertFolder.open(folder)
    fixed = lower_layers.FixedLayers.open(opened)
    theirs, _ = lower_layers.LowerLayers.open(opened, fixed).states(text)
    lengths = np.linalg.norm(read.states, axis=1) * np.linalg.norm(theirs, axis=1)
    assert ((read.states * theirs).sum(axis=1) / lengths).min() > 0.97
    # and what is written is what was changed
    found = changed(states.upper, folder)
    assert found.keys() == trained.keys()
    assert all(np.allclose(found[name], trained[name], atol=1e-4) for name in found)
