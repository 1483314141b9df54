"""An encoder somewhere else: opened from what a ``Begin`` says.

Used by an encoding process (``worker``) and by a machine of a cluster (``actors``).
"""

from __future__ import annotations

from corpus.errors import YibaoError
from index.ingest.messages import Begin, Encoded, Refused, Shard
from index.ingest.types import encode


class Helper:
    """Opens its model at once; where that fails, it says so instead of encoding."""

    def __init__(self, begin: Begin) -> None:
        self._refused: Refused | None = None
        try:
            self._encoder = begin.opener()
        except YibaoError as error:
            self._refused = Refused(str(error))
            return
        if self._encoder.model != begin.model:
            self._refused = Refused(
                f"计算向量的另一进程或机器用的是模型 {self._encoder.model}，本机用的是 {begin.model}："
                "请在每台机器上安装同一版本的本项目和模型，设置相同的 YIBAO_MODEL。"
            )

    def encode(self, shard: Shard) -> Encoded | Refused:
        return self._refused or Encoded(encode(self._encoder, shard.kind, shard.texts))
