"""What sources say differently, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from assistant.page import words
from assistant.page.pieces import NOTHING, day, join, marks, said, section
from assistant.types import ClaimCited, Conflict
from assistant.wording import claim_remarks, rule_line, who_says


def at_odds(conflicts: Sequence[Conflict], turn: str) -> Markup:
    """For each matter on which sources differ the national rule and what explains it, then a table of who says what,
    folded where the rule settles it."""
    if not conflicts:
        return NOTHING
    return section("conflicts", words.CONFLICTS, join(_conflict(c, turn) for c in conflicts))


def _conflict(conflict: Conflict, turn: str) -> Markup:
    head = join(Markup('<th scope="col">{}</th>').format(name) for name in words.CLAIM_HEADS)
    rows = join(_claim(claim, turn) for claim in conflict.claims)
    national = (
        Markup('<p class="national"><b>{}</b> {}</p>').format(
            rule_line(conflict), said(conflict.national, turn)
        )
        if conflict.national
        else NOTHING
    )
    explained = (
        Markup('<p class="explained">{}</p>').format(words.EXPLAINED.format(conflict.explained))
        if conflict.explained
        else NOTHING
    )
    table = Markup(
        '<div class="table" role="group" tabindex="0" aria-label="{}"><table><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(f"{words.CONFLICTS}：{conflict.about}", conflict.about, head, rows)
    if conflict.national:
        table = Markup("<details><summary>{}</summary>{}</details>").format(
            words.SAID_OTHERWISE.format(conflict.about, len(conflict.claims)), table
        )
    return Markup('<div class="conflict">{}{}{}</div>').format(national, explained, table)


def spelled(condition: str) -> str:
    """``>3个月`` as people say it: 超过3个月."""
    for sign, word in words.CONDITIONS.items():
        condition = condition.replace(sign, word)
    return condition


def _claim(claim: ClaimCited, turn: str) -> Markup:
    condition = (
        Markup('<span class="condition">{}</span>').format(spelled(claim.condition))
        if claim.condition
        else NOTHING
    )
    remarks = join(Markup('<span class="remark">{}</span>').format(r) for r in claim_remarks(claim))
    cells = (
        words.SCHEMES.get(claim.scheme or "", words.NO_SCHEME),
        claim.region,
        day(claim.date),
    )
    rest = join(Markup("<td>{}</td>").format(cell) for cell in cells)
    return Markup('<tr><th scope="row">{}{}{}</th>{}<td>{}{}</td></tr>').format(
        condition,
        claim.value,
        remarks,
        rest,
        who_says(claim),
        marks((claim.citation,), turn),
    )
