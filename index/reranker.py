"""A CrossEncoder that reads question and passage together, where the settings name one.

None is named by default: it costs more than the whole search. What its scores are used for is left
to ``retrieve``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from corpus.settings import Settings
from index.texts import clean

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class Reranker:
    """Made with ``open_reranker``."""

    def __init__(self, model: CrossEncoder) -> None:
        self._model = model

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """(n,) float32, higher is better; the scale is the model's own.

        One pair at a time: padding to the longest of a batch changes the last digits.
        """
        pairs = [(clean(question), clean(passage)) for passage in passages]
        found = [self._model.predict([pair], show_progress_bar=False)[0] for pair in pairs]
        return np.array(found, np.float32).reshape(len(pairs))


def open_reranker(settings: Settings) -> Reranker | None:
    """The CrossEncoder that ``settings.reranker`` names, a folder or a hub's name; None for "".

    What is on this machine is taken first; only a name that is not is downloaded. Raises
    ``ModelError`` where it cannot be loaded.
    """
    if not settings.reranker:
        return None
    folder = Path(settings.reranker).expanduser()
    try:
        from sentence_transformers import CrossEncoder

        if folder.is_dir():
            return Reranker(CrossEncoder(str(folder), device="cpu", local_files_only=True))
        try:
            model = CrossEncoder(settings.reranker, device="cpu", local_files_only=True)
        except Exception:  # not on this machine
            model = CrossEncoder(settings.reranker, device="cpu")
        return Reranker(model)
    except Exception as error:  # the libraries below raise many kinds
        raise ModelError(
            f"无法加载 YIBAO_RERANKER 指定的模型 {settings.reranker}（{type(error).__name__}）。"
            "没有任何数据受损；请检查名称和网络，或改为本机上的模型文件夹，或不设 YIBAO_RERANKER。"
        ) from error
