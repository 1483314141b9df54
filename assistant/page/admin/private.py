"""How the admin page calls its functions: as no door for programs, with tokens in place of files."""

from __future__ import annotations

from typing import Any

PRIVATE: dict[str, Any] = {"api_visibility": "private"}
TOKENS = "(files, _, ...rest) => [null, (files || []).map((file) => [file.path, file.orig_name]), ...rest]"
"""Gradio would read a file by the path that a browser names: what is sent is a token and a name."""
