"""What one assistant understands and judges with, whichever generation of the store it answers from:
its words, its models and their weights."""

from __future__ import annotations

from assistant import disputed
from assistant.asked_for import AskedFor
from assistant.language_model import open_judge
from assistant.legal import hears
from assistant.talk import Talk
from corpus.given import characters
from corpus.settings import Settings
from corpus.words import words
from index.encoder import Encoder
from index.line_odds import reader
from index.question import Question, read_question
from index.reranker import open_reranker
from index.retrieve import Retriever
from index.segments import segments
from index.types import Index


class Models:
    """Never changes. Raises ``ModelError`` where a model is named that cannot be had."""

    def __init__(self, encoder: Encoder, settings: Settings) -> None:
        self.encoder = encoder
        self.words = words(settings)
        self.asked_for = AskedFor(encoder.model)
        self.talk = Talk(encoder)
        self.judge = open_judge(settings, self.words)
        self._reranker = open_reranker(settings)

    def load(self) -> None:
        """Read the weights now, so that the first questions need not wait for it."""
        self.asked_for.classifier.weights()
        disputed.head()
        self.talk.classifier.weights()
        hears(self.encoder.model).weights()
        segments("怎么补")  # and the layers under it
        reader()

    def over(self, index: Index) -> Retriever:
        """The search over a generation."""
        return Retriever(index, self.encoder, self.words, reranker=self._reranker)

    def read(self, text: str) -> Question:
        """A text read as a question."""
        return read_question(characters(text), self.words)

    def prepare(self, read: Question) -> None:
        """What needs no vector is worked out while the model makes it."""
        self.asked_for.prepare(read.text)
        hears(self.encoder.model).prepare(read.text)
