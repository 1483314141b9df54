"""Markdown's own markup that carries no words: made plain before its lines are read.

Struck words, comments, anchors, fences of blocks and tabs, escapes; formulas become readable, a
footnote moves to the sentence that it belongs to.
"""

from __future__ import annotations

import re

from corpus.reading.htmlinside import without_comments, without_html

_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_STRUCK = re.compile(r"~~(?=[^\s~])([^~\n]{1,500})~~")
_ANCHOR = re.compile(r"\s{0,5}\{[#.:][^{}\n]{1,80}\}\s{0,5}$")
_COMMENT = re.compile(r"\[(?://|comment)\]:\s{0,3}#|%%.{0,500}%%\s{0,5}$")
_DEFINED = re.compile(r"\s{0,3}\[[^\]^\n]{1,60}\]:\s{0,5}(?:<?https?://|/|#)\S{0,500}")
_NOTE = re.compile(r"\s{0,3}\[\^([^\]\n]{1,40})\]:\s{0,5}(.{1,2000})")
_NOTED = re.compile(r"\[\^([^\]\n]{1,40})\]")
# blocks and tabs of VuePress, Docusaurus, MkDocs, GitBook: what stands behind the mark is their title
_BLOCK = re.compile(r"\s{0,12}(?::{3,8}|!!!\+?|\?\?\?\+?)\s{0,3}([A-Za-z-]{0,30})\s{0,3}(.{0,80})$")
_TAB = re.compile(
    r"\s{0,12}(?:===\+?!?\s{1,3}[\"“]([^\"”\n]{1,60})[\"”]\s{0,5}$|@tab(?::active)?\s{1,3}(.{1,60})$"
    r"|\{%\s{0,3}tab\s{1,3}title=\"([^\"\n]{1,60})\"\s{0,3}%\})"
)
_TEMPLATE = re.compile(r"\{%[^%\n]{0,200}%\}")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|~<>$-])")
_FORMULA = re.compile(r"\$\$([^$]{1,1000})\$\$|(?<![\\$\d])\$(?=[^\s$])([^$\n]{1,300})\$(?!\d)")
_FRACTION = re.compile(r"\\d?frac\{([^{}]{1,200})\}\{([^{}]{1,200})\}")
_WORDS = re.compile(r"\\(?:text|mathrm|mathbf|textbf|mbox)\{([^{}]{0,200})\}")
_SIGNS = {
    "times": "×", "div": "÷", "cdot": "·", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "pm": "±",
    "approx": "≈", "neq": "≠", "sum": "∑", "lt": "<", "gt": ">", "quad": " ", "left": "", "right": "",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]{1,20})")


def plain_markdown(text: str) -> str:
    """The text with such markup resolved, outside fenced blocks; no word is added."""
    text = without_comments(text)
    parts: list[str] = []
    block: list[str] = []
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            if not fenced:
                parts.append(_resolved(block))
                block = []
            else:
                parts.append("\n".join(block))
                block = []
            parts.append(line.strip())
            fenced = not fenced
        else:
            block.append(line)
    parts.append("\n".join(block) if fenced else _resolved(block))
    return _with_notes("\n".join(parts))


def _resolved(lines: list[str]) -> str:
    text = without_html("\n".join(lines))
    kept = [_line(t) for t in _dedented(text.split("\n")) if not _COMMENT.match(t.lstrip())]
    return _FORMULA.sub(_formula, "\n".join(line for line in kept if line is not None))


def _dedented(lines: list[str]) -> list[str]:
    """What stands indented under the mark of a tab or a block, as lines of their own."""
    out: list[str] = []
    inside = False
    for line in lines:
        if _TAB.match(line) or line.lstrip().startswith(("!!!", "???")):
            inside = True
        elif inside and line.startswith("    "):
            line = line[4:]
        elif line.strip():
            inside = False
        out.append(line)
    return out


def _line(line: str) -> str | None:
    """One line; None where it was markup alone."""
    if _DEFINED.match(line):
        return None
    if tab := _TAB.match(line):
        return f"### {next(filter(None, tab.groups())).strip()}"
    if (block := _BLOCK.match(line)) and (block.group(1) or not block.group(2)):
        title = _ANCHOR.sub("", block.group(2)).strip(' "“”')
        return f"**{title}**" if title else ""
    line = _STRUCK.sub("", _TEMPLATE.sub("", line))
    return _ANCHOR.sub("", line) if line.endswith("}") or line.rstrip().endswith("}") else line


def _formula(found: re.Match[str]) -> str:
    """``$基数 \\times 8.5\\%$`` as 基数 × 8.5%; what is no formula (two prices) stays."""
    inner = found.group(1) or found.group(2)
    if "\\" not in inner and not re.search(r"[=×÷+*/^]", inner):
        return found.group()
    inner = _WORDS.sub(r"\1", _FRACTION.sub(_fraction, inner))
    inner = _COMMAND.sub(lambda c: _SIGNS.get(c.group(1), c.group(1)), inner)
    return re.sub(r"\\(.)", r"\1", inner).replace("{", "").replace("}", "").strip()


def _fraction(found: re.Match[str]) -> str:
    above, below = (t if re.fullmatch(r"[\w.%\\]+", t) else f"({t})" for t in found.groups())
    return f"{above}/{below}"


def unescaped(text: str) -> str:
    """``1\\.`` as a converter wrote it is ``1.``"""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def _with_notes(text: str) -> str:
    """Each footnote behind the words that refer to it; one that nothing refers to stays a line."""
    notes: dict[str, str] = {}
    kept: list[str] = []
    for line in text.split("\n"):
        if (found := _NOTE.fullmatch(line.rstrip())) and found.group(1) not in notes:
            notes[found.group(1)] = found.group(2).strip()
        else:
            kept.append(line)
    if not notes:
        return text
    used: set[str] = set()

    def put(found: re.Match[str]) -> str:
        note = notes.get(found.group(1))
        if note is None or found.group(1) in used:
            return "" if note else found.group()
        used.add(found.group(1))
        return f"（{note.rstrip('。')}）"

    body = _NOTED.sub(put, "\n".join(kept))
    left = [note for key, note in notes.items() if key not in used]
    return "\n".join([body, *left]) if left else body
