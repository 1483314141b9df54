"""Words: jieba with the project's dictionary, character pairs, synonyms, slips of typing.

The only user of jieba. A ``Words`` never changes once made and may be read from many threads.
How words weigh in a ranking is left to the index and what is right of it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from corpus import jieba_cache
from corpus.quantities import quantities
from corpus.settings import Settings
from corpus.slips import Slips
from corpus.text import Span, fold
from corpus.versions import version_of

_DATA = Path(__file__).resolve().parent / "data"

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_RUN = re.compile(rf"[{_HAN}]+|[a-z0-9]+")
_GAP = re.compile(rf"(?<=[{_HAN}])[ \t]+(?=[{_HAN}])")
_HAS_WORD = re.compile(rf"[{_HAN}a-z0-9]")


def _lines(name: str) -> list[list[str]]:
    """The rows of a data file, folded, split at tabs, comments left out."""
    text = (_DATA / name).read_text(encoding="utf-8")
    rows = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [fold(line).split("\t") for line in rows]


VERSION = f"{version_of(__name__)}-jieba-{version('jieba')}"
"""Changes whenever any text could be cut otherwise: a store holds it."""


class Words:
    """Cuts text into words. Made by ``words()``; ``cache`` is a folder private to the user.

    >>> yibao = words()
    >>> [("职工医保断缴三个月")[a:b] for a, b in yibao.cut("职工医保断缴三个月")]
    ['职工医保', '断缴', '三个', '月']
    >>> yibao.keywords("职工医保断缴三个月")
    ['职工医保', '职工', '医保', '断缴', '3个月']
    """

    def __init__(self, cache: Path) -> None:
        groups = _lines("synonyms.txt")
        own = [row[0] for row in _lines("dictionary.txt")]
        more = (*groups, *_lines("lookalikes.txt"), *_lines("terms.txt"))
        own += [word for row in more for word in row]
        self._tokenizer = jieba_cache.tokenizer(cache / "jieba", tuple(dict.fromkeys(own)))
        self._stop = frozenset(row[0] for row in _lines("stopwords.txt"))
        self._synonyms = _neighbours(groups)
        # a question is cut to mend it and to read it
        self._cut_once = lru_cache(maxsize=64)(self._cut_folded)
        self._slips = Slips(
            self._cut_once,
            lambda word: bool(self._tokenizer.FREQ.get(word)),
            table={row[0]: row[1] for row in _lines("slips.txt")},
            terms=[row[0] for row in _lines("terms.txt")],
            sounds=_sounds(),
        )

    def cut(self, text: str) -> list[Span]:
        """Spans of the words, white space and marks of ``text``; their slices join to it."""
        return self._cut_folded(fold(text))

    def keywords(self, text: str) -> list[str]:
        """Words for the keyword index, in order and with repetitions, stop words left out.

        Folded. A compound also gives the words inside it (职工医保: 职工, 医保); a number with a
        unit gives its normal forms instead of its pieces (半年: 半年, 6个月).
        """
        folded = _GAP.sub("", fold(text))
        amounts = quantities(folded)
        spans = [(start, end, "") for start, end in self._cut_once(folded)]
        covered = [False] * len(folded)
        for amount in amounts:
            covered[amount.start : amount.end] = [True] * (amount.end - amount.start)
            spans += [(amount.start, amount.end, normal) for normal in amount.normals]
        found: list[str] = []
        for start, end, normal in sorted(spans, key=lambda span: span[0]):
            if normal:
                found.append(normal)
            elif not all(covered[start:end]):
                found += self._with_inner(folded[start:end])
        return found

    def bigrams(self, text: str) -> list[str]:
        """Pairs of neighbouring Chinese characters; letters and digits stay whole runs.

        >>> words().bigrams("断缴2个月")
        ['断缴', '2', '个月']
        """
        found: list[str] = []
        for run in _RUN.findall(_GAP.sub("", fold(text))):
            if run[0].isascii() or len(run) == 1:
                found.append(run)
            else:
                found += [run[i : i + 2] for i in range(len(run) - 1)]
        return found

    def synonyms(self, word: str) -> tuple[str, ...]:
        """What else people say for it, to be added by OR with a lower weight; () for most words.

        One step only: what a synonym's own synonyms are is not followed, because the lines of
        the table overlap and the look-alikes (断缴, 停保) would meet.
        """
        found = self._synonyms.get(word)
        return self._synonyms.get(fold(word), ()) if found is None else found

    def is_stop_word(self, word: str) -> bool:
        """True for particles, politeness and question words."""
        return fold(word) in self._stop

    def repair(self, text: str) -> str:
        """The text with likely slips mended, folded: for searching only, never shown as asked.

        >>> words().repair("醫宝duanjiao了怎么办")
        '医保断缴了怎么办'
        """
        return self._slips.mend(fold(text))

    def _cut_folded(self, folded: str) -> list[Span]:
        # no guessing of unknown words (HMM): it glues chatter to terms, and the pairs of
        # characters already find what the dictionary does not know
        spans: list[Span] = []
        start = 0
        for word in self._tokenizer.cut(folded, HMM=False):
            spans.append((start, start + len(word)))
            start += len(word)
        return spans

    def _with_inner(self, word: str) -> list[str]:
        if word in self._stop or not _HAS_WORD.search(word):
            return []
        frequency = self._tokenizer.FREQ
        found = [word]
        for size in (2, 3, 4):
            if len(word) > size and not word.isascii():
                pieces = (word[i : i + size] for i in range(len(word) - size + 1))
                found += [p for p in pieces if frequency.get(p) and p not in self._stop]
        return found


def _sounds() -> dict[str, tuple[str, ...]]:
    """Character -> its syllables, without tones."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable, characters in _lines("sounds.txt"):
        for character in characters:
            found[character] = (*found.get(character, ()), syllable)
    return found


def _neighbours(groups: list[list[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        for word in group:
            others = found.setdefault(word, {})
            others.update((other, None) for other in group if other != word)
    return {word: tuple(others) for word, others in found.items()}


@lru_cache(maxsize=8)
def _shared(cache: Path) -> Words:
    return Words(cache)


def words(settings: Settings | None = None) -> Words:
    """The instance for the settings' cache folder, made at first use (about a second, once)."""
    return _shared((settings or Settings.from_environment()).cache.expanduser())
