"""Slips of typing, mended for searching: homophones (停宝), pinyin (tingbao), a table of the rest.

Nothing mended is ever shown. Each rule is as narrow as keeps 24,000 articles of law untouched:
- the table (``slips.txt``): a wrong form and what it means, where it tears no word apart;
- homophones: two to five characters that are no word, sound like a term of the field
  (``terms.txt``) and share at least half of its characters with it, place by place;
- pinyin: a run of letters that divides into terms completely, one of them of five letters or more,
  or that completes a term with the characters beside it (断jiao).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from corpus.text import Span

Sound = str
_LETTERS = re.compile(r"[a-z]+(?: [a-z]+)*")
_RUN = re.compile("[a-z]+")
_LONGEST_RUN = 60
_SURE_LETTERS = 5  # shorter pieces alone spell English too: "made" is ma and de
# Common words of one character: with one neighbour they sound like a term by chance (已保, 不缴).
_FUNCTION = frozenset(
    "已以一亦也不没未须需应为其之地得等可只就至由与和及或者所有无此该这那再在起前后时中间内上下过着"
)
# Nothing in the place of these is a slip, however long the term: 医保吗 is not 医保码.
_PARTICLES = frozenset("的了吗呢吧啊么嘛呀哦")
# How southern speakers and hurried typists confuse them: zh z, ch c, sh s, -ing -in, -eng -en.
_CONFUSED = ((re.compile("^([zcs])h"), r"\1"), (re.compile("([ie])ng$"), r"\1n"))


class Slips:
    """Mends text. ``cut`` gives the spans of words, ``is_word`` says what is a word.

    ``table``: wrong -> meant (ASCII keys are pinyin). ``sounds``: character -> its syllables.
    """

    def __init__(
        self,
        cut: Callable[[str], list[Span]],
        is_word: Callable[[str], bool],
        *,
        table: Mapping[str, str],
        terms: Sequence[str],
        sounds: Mapping[str, tuple[Sound, ...]],
    ) -> None:
        self._cut, self._is_word = cut, is_word
        self._plain = {character: _plain(heard[-1]) for character, heard in sounds.items()}
        self._table = {wrong: right for wrong, right in table.items() if not wrong.isascii()}
        self._wrong = re.compile("|".join(sorted(self._table, key=len, reverse=True)))
        self._pinyin = {wrong: right for wrong, right in table.items() if wrong.isascii()}
        self._heard: dict[tuple[Sound, ...], list[str]] = {}
        self._partly: dict[tuple[str, str], str] = {}
        for term in terms:
            spelt = [sounds[character][-1] for character in term]
            self._pinyin.setdefault("".join(spelt), term)
            self._heard.setdefault(self._key(term), []).append(term)
            for at in range(1, len(term)):
                self._partly.setdefault((term[:at], "".join(spelt[at:])), term)
                self._partly.setdefault(("".join(spelt[:at]), term[at:]), term)
        self._longest = max(map(len, self._pinyin))

    def mend(self, folded: str) -> str:
        """``folded`` is text that went through ``corpus.text.fold``."""
        mended = _LETTERS.sub(self._mend_letters, folded)
        if _LETTERS.search(mended):
            mended = self._mend_partly(mended)
        if self._wrong.search(mended):
            edges = {0, *(end for _, end in self._cut(mended))}

            def right(match: re.Match[str]) -> str:
                whole = match.start() in edges and match.end() in edges
                return self._table[match[0]] if whole else match[0]

            mended = self._wrong.sub(right, mended)
        return self._mend_homophones(mended)

    def _mend_homophones(self, text: str) -> str:
        spans = self._cut(text)
        sounds = self._key(text)
        found: list[str] = []
        at = 0
        while at < len(spans):
            start, end = spans[at]
            taken = 1
            for last in range(min(len(spans), at + 5) - 1, at, -1):
                stop = spans[last][1]
                terms = self._heard.get(sounds[start:stop], ()) if 2 <= stop - start <= 5 else ()
                term = self._sounds_like(text[start:stop], terms) if terms else None
                if term is not None:
                    found.append(term)
                    taken = last - at + 1
                    break
            else:
                found.append(text[start:end])
            at += taken
        return "".join(found)

    def _sounds_like(self, window: str, terms: Sequence[str]) -> str | None:
        """Of the ``terms`` that sound like it, the one that is meant."""
        if self._is_word(window):
            return None
        if len(window) == 2 and not _FUNCTION.isdisjoint(window):
            return None
        for term in terms:
            wrong = {mine for mine, other in zip(window, term, strict=True) if mine != other}
            if not wrong & _PARTICLES and 2 * len(wrong) <= len(term):
                return term
        return None

    def _key(self, text: str) -> tuple[Sound, ...]:
        return tuple(self._plain.get(character, character) for character in text)

    def _mend_partly(self, text: str) -> str:
        """断jiao and duan缴: letters that complete a term with the characters beside them."""
        found: list[str] = []
        done = 0
        for match in _RUN.finditer(text):
            start, end, letters = match.start(), match.end(), match[0]
            for size in (3, 2, 1):
                before, after = text[max(done, start - size) : start], text[end : end + size]
                if (before, letters) in self._partly:
                    found += [text[done : start - len(before)], self._partly[before, letters]]
                    done = end
                    break
                if (letters, after) in self._partly:
                    found += [text[done:start], self._partly[letters, after]]
                    done = end + len(after)
                    break
        return "".join([*found, text[done:]])

    def _mend_letters(self, match: re.Match[str]) -> str:
        """A run of letters, with or without blanks between them."""
        whole = self._divide(match[0].replace(" ", ""))
        if whole is not None:
            return whole
        return " ".join(self._divide(run) or run for run in match[0].split(" "))

    def _divide(self, letters: str) -> str | None:
        """What the letters mean, in the fewest pieces, or None where they do not divide."""
        if len(letters) > _LONGEST_RUN:
            return None
        # for each beginning: number of pieces, letters of the longest, meaning
        best: list[tuple[int, int, str] | None] = [(0, 0, "")] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self._longest), end):
                before, meaning = best[start], self._pinyin.get(letters[start:end])
                if before is None or meaning is None:
                    continue
                current = best[end]
                if current is None or before[0] + 1 < current[0]:
                    longest = max(before[1], end - start)
                    best[end] = (before[0] + 1, longest, before[2] + meaning)
        last = best[-1]
        return last[2] if last is not None and last[1] >= _SURE_LETTERS else None


def _plain(sound: Sound) -> Sound:
    for pattern, replacement in _CONFUSED:
        sound = pattern.sub(replacement, sound)
    return sound
