"""What a store holds and how it is searched, for ``python -m index status``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from index.build import versions
from index.generations import CURRENT, damaged, unreadable
from index.store import Store

_SPACES = {
    "passages": "段落",
    "questions": "问法",
    "statutes": "法条",
    "statute_questions": "法条问法",
}
_KINDS = {"flat": "FAISS 精确检索", "hnsw": "FAISS HNSW 图检索"}


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """``outdated``: what has changed in the program since the store was made (see ``versions``);
    ``mend``, a command, brings the store up to date. ``search``: kind and recall@10 of each space;
    ``bytes``: None where an engine does not tell."""

    store: str
    generation: str
    since: datetime
    model: str
    dimension: int
    counts: Mapping[str, int]
    search: Mapping[str, Mapping[str, Any]]
    bytes: int | None
    outdated: tuple[str, ...]
    mend: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**asdict(self), "since": self.since.isoformat(timespec="seconds")}

    def to_text(self) -> str:
        """Some lines of Chinese."""
        counts = self.counts
        lines = [
            f"知识库：{self.store}",
            f"当前一代：{self.generation[:16]}（{self.since:%Y-%m-%d %H:%M:%S} 起）",
            f"模型：{self.model}（{self.dimension} 维）",
            f"文章 {counts['articles']} 篇，段落 {counts['passages']} 个，"
            f"法条 {counts['statutes']} 条{self._size}",
        ]
        for space, found in self.search.items():
            lines.append(
                f"{_SPACES.get(space, space)}：{_KINDS.get(found['kind'], found['kind'])}，"
                f"recall@10 {found['recall@10']:.3f}"
            )
        if self.outdated:
            lines.append(
                f"程序已更新（{'、'.join(self.outdated)}）：请运行 {self.mend} 使知识库同步。"
            )
        return "\n".join(lines)

    @property
    def _size(self) -> str:
        return "" if self.bytes is None else f"；占用 {self.bytes / 1e6:.1f} MB"


def _since(store: Path) -> datetime:
    """When the current generation became that. Raises StoreError."""
    try:
        return datetime.fromtimestamp((store / CURRENT).stat().st_mtime).astimezone()
    except FileNotFoundError:
        raise damaged(store, f"缺少文件 {CURRENT}") from None
    except OSError as error:
        raise unreadable(store, error) from error


def describe(store: Store) -> StoreStatus:
    """The status of an opened store."""
    manifest, now = store.manifest, versions()
    return StoreStatus(
        store=str(store.path),
        generation=store.generation,
        since=_since(store.path),
        model=manifest.model,
        dimension=manifest.dimension,
        counts=manifest.counts,
        search=manifest.search,
        bytes=sum(entry.size for entry in manifest.files.values()),
        outdated=tuple(v for v in now if manifest.versions.get(v) != now[v]),
        mend=f"python -m index refresh --store {store.path}",
    )
