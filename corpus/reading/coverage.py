"""How much of a file's visible words became articles, and which did not.

Words are compared without blanks, marks and punctuation, sentence by sentence; a sentence that was
taken apart (into a title and a line, into the cells of a row) counts by its pieces. A line in which
the page speaks about itself counts as kept: it became a fact. Short lines of the site itself (返回顶部)
are told, but not counted. What is said again and again is looked up once: damaged files of 300 KB
say one thing 20,000 times.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.reading.about import read_about
from corpus.reading.noise import is_noise
from corpus.reading.types import LeftOut
from corpus.types import Article

_SENTENCES = re.compile(r"[\n。！？!?；;|]+")
_PIECES = re.compile(r"^\s*\d{1,3}[.．](?=\D)|[\s，,、：:（）()《》“”\"'\[\]【】/·…—–-]+")
_NO_WORD = re.compile(r"[\W_]+")
_MOST_SOUGHT = 3_000_000  # characters of articles that are searched for what is not found at once
_LONGEST_NOISE = 40
_LEAST_TOLD, _MOST_TOLD, _LONGEST_TOLD = 6, 200, 300

NO_ARTICLE = "未归入任何文章"
SPOKEN_OF = "导航、提示、广告一类的字句"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Letters, digits and Chinese characters that are visible, those that were kept, the rest."""

    visible: int = 0
    kept: int = 0
    left: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sought:
    """The same of one sentence; ``framed``: what is in no article because it frames the page."""

    visible: int
    kept: int
    framed: int = 0
    left: LeftOut | None = None


def coverage(words: str, articles: Sequence[Article], aside: Sequence[str] = ()) -> Coverage:
    """What of the visible words of a file its articles hold.

    ``aside``: lines that frame the text and are in no article by a rule (menus, running heads). They
    are told, and count only as far as they are more than all that was kept: a page that is mostly
    menus may be one whose article was taken for a menu.
    """
    held, framing = _Held(_told(articles)), _Held(aside)
    sentences = _SENTENCES.split(words)
    known = {sentence: _sought(sentence, held, framing) for sentence in set(sentences)}
    found = [known[sentence] for sentence in sentences]
    visible, kept = sum(of.visible for of in found), sum(of.kept for of in found)
    framed = sum(of.framed for of in found)
    left = [of.left for of in found if of.left is not None][:_MOST_TOLD]
    return Coverage(visible + max(framed - kept, 0), kept, tuple(dict.fromkeys(left)))


def _sought(sentence: str, held: _Held, framing: _Held) -> _Sought:
    """What of one sentence the articles hold."""
    bare = squeezed(sentence)
    if not bare or held.has(bare):
        return _Sought(len(bare), len(bare))
    missing = held.missing(sentence)
    framed = sum(len(piece) for piece in missing if framing.has(piece))
    lost = sum(map(len, missing)) - framed
    text = " ".join(sentence.split())
    if lost and read_about(text, place="edge") is not None:
        lost = 0
    of_site = bool(lost) and len(text) <= _LONGEST_NOISE and is_noise(text)
    visible = 0 if of_site else len(bare) - framed
    kept = 0 if of_site else visible - lost
    if lost + framed < _LEAST_TOLD:
        return _Sought(visible, kept, framed)
    why = NO_ARTICLE if lost >= _LEAST_TOLD and not of_site else SPOKEN_OF
    return _Sought(visible, kept, framed, LeftOut(text[:_LONGEST_TOLD], why))


def squeezed(text: str) -> str:
    """Letters, digits and characters alone, in one form.

    >>> squeezed("一、 办理（材料）：")
    '一办理材料'
    """
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", text)).lower()


class _Held:
    """Words to look others up in."""

    def __init__(self, words: Iterable[str]) -> None:
        texts = list(words)
        self._pieces = set(map(squeezed, {piece for text in texts for piece in _pieces(text)}))
        self._all = "\n".join(squeezed(text) for text in texts)

    def has(self, bare: str) -> bool:
        if bare in self._pieces:
            return True
        return len(self._all) <= _MOST_SOUGHT and bare in self._all

    def missing(self, sentence: str) -> list[str]:
        """The pieces of a sentence that are not held, squeezed."""
        pieces = _PIECES.split(sentence)
        bare = {piece: squeezed(piece) for piece in set(pieces)}
        absent = {piece for piece in set(bare.values()) if piece and not self.has(piece)}
        return [bare[piece] for piece in pieces if bare[piece] in absent]


def _told(articles: Iterable[Article]) -> Iterator[str]:
    """All that articles say, their facts included."""
    for article in articles:
        yield article.title
        yield article.text
        yield from article.questions
        for source in article.sources:
            yield f"{source.publisher}\n{source.name}\n{source.title}"
            yield f"{source.url or ''}\n{source.published or ''}"
        yield f"{article.region}\n{' '.join(article.schemes)}"


def _pieces(text: str) -> Iterator[str]:
    for sentence in set(_SENTENCES.split(text)):
        yield sentence
        yield from _PIECES.split(sentence)
