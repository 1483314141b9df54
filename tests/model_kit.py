"""The bundled model for tests: the user's own unpacked folder, and texts of many kinds."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.settings import Settings
from index.e5_engine import GraphEngine
from index.e5_unpack import Progress
from index.encoder import BundledEncoder, bundled_folder
from index.late import Codes


class RememberingEncoder(BundledEncoder):
    """The bundled model, which computes the texts of stores once: a dozen stores of the tests hold
    the same laws (6 s), and a vector depends on nothing but its text. Single questions are computed
    each time, as ever."""

    def __init__(self, engine: GraphEngine, family: str) -> None:
        super().__init__(engine, family)
        self._vectors: dict[tuple[str, bool], NDArray[np.float32]] = {}
        self._codes: dict[str, Codes] = {}

    def encode_tokens(self, texts: Sequence[str]) -> list[Codes]:
        new = [text for text in dict.fromkeys(texts) if text not in self._codes]
        self._codes.update(zip(new, super().encode_tokens(new), strict=True))
        return [self._codes[text] for text in texts]

    def _encode(
        self, texts: Sequence[str], query: bool, progress: Progress | None
    ) -> NDArray[np.float32]:
        if len(texts) < 2 or progress is not None:  # who asks for progress is to see it
            return super()._encode(texts, query, progress)
        new = [text for text in dict.fromkeys(texts) if (text, query) not in self._vectors]
        computed = super()._encode(new, query, None)
        self._vectors.update(((text, query), row) for text, row in zip(new, computed, strict=True))
        return np.stack([self._vectors[text, query] for text in texts])

    def write_down(self, path: Path) -> None:
        """All that was computed, for another process of the tests."""
        path.write_bytes(pickle.dumps((self._vectors, self._codes)))

    def learn(self, path: Path) -> None:
        """What another process wrote down."""
        vectors, codes = pickle.loads(path.read_bytes())
        self._vectors.update(vectors)
        self._codes.update(codes)


def folder() -> Path:
    """Unpacked once a user, not once a test: it takes seconds and 240 MB."""
    return bundled_folder(Settings.from_environment())


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
"""Answered by the first ten of ``PASSAGES``, in their order."""
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
ODD = (
    "",
    " ",
    "  a  b ",
    "！？……",
    "😀🦄医保",
    "𠮷野家",
    "▁",
    "ＡＢＣ①②㈠",
    "\n\t断缴\r\n",
    "é ñ ß",
    "9～12月",
)
