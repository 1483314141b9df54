"""Addresses of engines in Qdrant, and what is said when the way is barred."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import InputError, StoreError
from index.qdrant import QdrantEngine
from index.qdrant.opening import Address, connect


def test_addresses() -> None:
    env = {"QDRANT_URL": "https://cluster:6333", "QDRANT_API_KEY": "secret"}
    assert Address.read("qdrant://host", {}).url == "http://host:6333"
    assert Address.read("qdrants://host:7000", {}).url == "https://host:7000"
    cluster = Address.read("qdrant://?name=a-b&grace=2&shards=6&replicas=2", env)
    assert (cluster.url, cluster.key, cluster.name) == ("https://cluster:6333", "secret", "a-b")
    assert (cluster.grace, cluster.shards, cluster.replicas) == (2.0, 6, 2)
    edge = Address.read("qdrant:///data/yibao", {})
    assert (edge.folder, edge.local, edge.url) == (Path("/data/yibao"), False, "")
    local = Address.read("qdrant+local://", {})
    assert (local.folder, local.local) == (None, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("redis://host", "YIBAO_ENGINE 应为 qdrant://主机:6333"),
        ("qdrant://user:secret@host", "密钥写在 QDRANT_API_KEY 中"),
        ("qdrant://host/path", "YIBAO_ENGINE 是 qdrant://host/path，应为"),
        ("qdrants://", "YIBAO_ENGINE 是 qdrants://，应为"),
        ("qdrant://", "没有设置 QDRANT_URL"),
        ("qdrant://host?grace=soon", "选项 grace=soon 无效"),
        ("qdrant://host?shard=1", "选项 shard=1 无效"),
        ("qdrant://host?name=a_b", "name 只能由字母、数字和 - 组成"),
        ("qdrant://host?shards=0", "shards 和 replicas 应不小于 1"),
    ],
)
def test_what_is_no_address(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as raised:
        Address.read(text, {})
    assert "secret" not in str(raised.value).replace("QDRANT_API_KEY", "")


def test_a_server_that_cannot_be_reached() -> None:
    engine = QdrantEngine.at("qdrant://127.0.0.1:9")
    with pytest.raises(StoreError, match=r"连不上 Qdrant 服务 http://127\.0\.0\.1:9"):
        engine.exists()
    engine.close()


@pytest.mark.parametrize("address", ["qdrant://host", "qdrant:///tmp/nowhere", "qdrant+local://"])
def test_without_the_extra(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *arguments: Any, **options: Any) -> Any:
        if name in ("qdrant_client", "index.qdrant.edge", "qdrant_edge"):
            raise ImportError(name)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(StoreError, match=r"请运行 pip install 'yibao-assistant\[qdrant\]'"):
        connect(Address.read(address, {}))


def test_a_folder_is_shared_in_one_process(tmp_path: Path) -> None:
    address = f"qdrant://{tmp_path}/data"
    one, other = connect(Address.read(address)), connect(Address.read(address + "?grace=1"))
    assert one is other
    one.close()
