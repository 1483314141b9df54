"""Formulas of a Word document in one line: 报销额=(总费用-起付线)×85%.

Fractions are written with a stroke, powers and indices behind ^ and _, roots behind √.
"""

from __future__ import annotations

import re

from corpus.reading.package import local
from corpus.reading.wordparts import Element, attribute, child, number

_SIMPLE = re.compile(r"[\w.%％]*")
_SCRIPTS = {"sub": "_", "sup": "^"}
_PROPERTIES = frozenset(["ctrlPr", "rPr", "del", "moveFrom"])


def formula(element: Element) -> str:
    """The words of an ``m:oMath`` element or of a part of one."""
    name = local(element)
    if name.endswith("Pr") or name in _PROPERTIES:
        return ""
    if name == "t":
        return element.text or ""
    if name == "f":
        top, bottom = (_grouped(formula_of(element, part)) for part in ("num", "den"))
        return f"{top}/{bottom}"
    if name in ("sSub", "sSup", "sSubSup", "sPre"):
        return formula_of(element, "e") + _scripts(element)
    if name == "nary":
        sign = attribute(child(element, "naryPr", "chr")) or "∫"
        return sign + _scripts(element) + formula_of(element, "e")
    if name == "rad":
        degree = formula_of(element, "deg")
        return f"{degree}√{_grouped(formula_of(element, 'e'))}"
    if name == "d":
        return _delimited(element)
    if name in ("mr", "eqArr"):
        parts = [formula(inner) for inner in element if local(inner) == "e"]
        return " ".join(filter(None, parts)) + " "
    return "".join(formula(inner) for inner in element)


def formula_of(element: Element, part: str) -> str:
    """The words of one part of a construct: its numerator, its base."""
    inner = child(element, part)
    return formula(inner) if inner is not None else ""


def _scripts(element: Element) -> str:
    found = ((mark, formula_of(element, part)) for part, mark in _SCRIPTS.items())
    return "".join(f"{mark}{_grouped(text)}" for mark, text in found if text)


def _delimited(element: Element) -> str:
    """What stands in brackets; Word writes none of them where they are round."""
    properties = child(element, "dPr")
    marks = {"begChr": "(", "endChr": ")", "sepChr": "|"}
    for name in marks:
        given = child(properties, name)
        marks[name] = attribute(given) if given is not None else marks[name]
    parts = [formula(inner) for inner in element if local(inner) == "e"]
    return marks["begChr"] + marks["sepChr"].join(parts) + marks["endChr"]


def _grouped(text: str) -> str:
    """In brackets where it is more than one word, so that a/b stays what it is."""
    return text if _SIMPLE.fullmatch(text) or number(text) else f"({text})"
