"""What is looked up in the keyword index for a question: its words, others for the same, its pairs."""

from __future__ import annotations

from corpus.names import is_scheme_name, scheme_names
from corpus.words import Words
from index.question import Question
from index.types import Term

SYNONYM_WEIGHT = 0.4
SCHEME_WEIGHT = 0.25
"""Of the name of a scheme among other words: it tells for whom, not what is asked."""
STATUTE_PAIRS = 0.35
"""Of pairs of characters beside words, among the articles of laws."""


def word_terms(asked: Question, words: Words) -> list[Term]:
    """The words of a question, and at a lower weight what else people say for them."""
    weights = {w: SCHEME_WEIGHT if is_scheme_name(w) else 1.0 for w in asked.words}
    terms = {word: Term(word, weight) for word, weight in weights.items()}
    for word, weight in weights.items():
        for other in words.synonyms(word):
            terms.setdefault(other, Term(other, weight * SYNONYM_WEIGHT))
    return list(terms.values())


def pair_terms(asked: Question, words: Words, weight: float = 1.0) -> list[Term]:
    """Its pairs of characters, each once; those of a scheme's name weigh less."""
    names = {b for name in scheme_names(asked.folded) for b in words.bigrams(name)}
    return [
        Term(b, weight * (SCHEME_WEIGHT if b in names else 1.0), "bigram")
        for b in dict.fromkeys(words.bigrams(asked.folded))
    ]


def statute_terms(asked: Question, words: Words) -> list[Term]:
    """What is looked up among the articles of laws."""
    return [*word_terms(asked, words), *pair_terms(asked, words, STATUTE_PAIRS)]
