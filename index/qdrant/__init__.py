"""The articles in Qdrant: one generation after the other, on this machine or on many.

``QdrantEngine.at("qdrant://…")`` is an ``index.engine.Engine``. Needs the extra ``[qdrant]``.
"""

from index.qdrant.engine import QdrantEngine

__all__ = ["QdrantEngine"]
