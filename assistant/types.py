"""An answer, what it is made of, and how it is shown: what the rest of the house works with."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.as_json import to_dict
from assistant.markdown import to_markdown
from assistant.parts import (
    Answered,
    Citation,
    CitationKind,
    ClaimCited,
    Completeness,
    Conflict,
    Context,
    LegalBasis,
    Part,
    Procedure,
    Quote,
    Statement,
    Status,
    Step,
)

__all__ = [
    "Answer",
    "Citation",
    "CitationKind",
    "ClaimCited",
    "Completeness",
    "Conflict",
    "Context",
    "LegalBasis",
    "Part",
    "Procedure",
    "Quote",
    "Statement",
    "Status",
    "Step",
]


@dataclass(frozen=True, slots=True)
class Answer(Answered):
    """What ``ask`` gives; its fields are those of ``assistant.parts.Answered``."""

    def to_markdown(self) -> str:
        """The whole answer as Markdown, with ``[n]`` marks and the sources at the end."""
        return to_markdown(self)

    def to_dict(self) -> dict[str, object]:
        """The whole answer as JSON-ready values; ``assistant/answer.schema.json`` is its schema."""
        return to_dict(self)

    def _repr_markdown_(self) -> str:
        return self.to_markdown()
