"""What changed between two texts, line by line, with the very characters marked."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from markupsafe import Markup

from assistant.page.admin import desk_words as words
from assistant.page.pieces import join

_AROUND = 2  # unchanged lines that are shown on each side of a change


def difference(before: str, after: str) -> Markup:
    """The changed lines with a few around them; what went is a <del>, what came an <ins>."""
    old, new = before.split("\n"), after.split("\n")
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    groups = list(matcher.get_grouped_opcodes(_AROUND))
    if not groups:
        return Markup("<p>{}</p>").format(words.NO_CHANGE)
    hunks = (join(_hunk(old, new, group)) for group in groups)
    return Markup('<div class="diff" tabindex="0" role="group" aria-label="{}">{}</div>').format(
        words.DIFF, join(Markup('<div class="hunk">{}</div>').format(h) for h in hunks)
    )


def _hunk(
    old: list[str], new: list[str], codes: list[tuple[str, int, int, int, int]]
) -> Iterator[Markup]:
    for tag, a, b, c, d in codes:
        if tag == "equal":
            yield from (Markup("<p>{}</p>").format(line) for line in old[a:b])
            continue
        pairs = list(zip(old[a:b], new[c:d], strict=False))
        marked = [_marked(was, now) for was, now in pairs]
        gone = [m[0] for m in marked] + [Markup.escape(line) for line in old[a + len(pairs) : b]]
        came = [m[1] for m in marked] + [Markup.escape(line) for line in new[c + len(pairs) : d]]
        yield from (_line("del", words.DIFF_REMOVED, line) for line in gone)
        yield from (_line("ins", words.DIFF_ADDED, line) for line in came)


def _line(tag: str, label: str, line: Markup) -> Markup:
    return Markup('<p class="{0}"><{0}><span class="said">{1}：</span>{2}</{0}></p>').format(
        tag, label, line
    )


def _marked(was: str, now: str) -> tuple[Markup, Markup]:
    """Two lines with what differs in each marked."""
    left, right = Markup(""), Markup("")
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        mark = Markup("{}") if tag == "equal" else Markup("<mark>{}</mark>")
        left += mark.format(was[a:b]) if a < b else ""
        right += mark.format(now[c:d]) if c < d else ""
    return left, right
