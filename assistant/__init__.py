"""医保问答: what notebooks and users import.

>>> from assistant import ask, retrieve
>>> retrieve("断缴两个月怎么补", k=5)        # Hits
>>> ask("断缴两个月怎么补")                  # Answer
"""

from __future__ import annotations

from assistant.api import ask, refresh, retrieve
from assistant.assistant import Assistant
from assistant.hits import Hits
from assistant.types import (
    Answer,
    Citation,
    ClaimCited,
    Conflict,
    Context,
    LegalBasis,
    Procedure,
    Quote,
    Statement,
    Step,
)

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "ClaimCited",
    "Conflict",
    "Context",
    "Hits",
    "LegalBasis",
    "Procedure",
    "Quote",
    "Statement",
    "Step",
    "ask",
    "refresh",
    "retrieve",
]
