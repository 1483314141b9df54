"""A language model elsewhere, where the settings name one: it may choose, and never writes."""

from __future__ import annotations

from assistant.language_model.opening import open_judge

__all__ = ["open_judge"]
