"""What an encoding process or machine is told, and what it says. All are pickled."""

from __future__ import annotations

from dataclasses import dataclass

from index.ingest.types import Kind, Made, Opener


@dataclass(frozen=True, slots=True)
class Begin:
    """Open a model, which has to be ``model``."""

    opener: Opener
    model: str


@dataclass(frozen=True, slots=True)
class Shard:
    """Some texts to encode."""

    kind: Kind
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """What each text of a shard gave."""

    made: Made


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing can be encoded there: one sentence."""

    reason: str
