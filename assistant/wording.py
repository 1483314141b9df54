"""What is said of a statute, a claim and a rule, alike in every form of an answer."""

from __future__ import annotations

from assistant import phrases
from assistant.citing import named
from assistant.parts import ClaimCited, Conflict, LegalBasis

_STATES = {
    "in force": "现行有效",
    "not yet in force": "已公布，{effective} 起施行",
    "repealed": "已废止",
    "amended": "已修改，非现行文本",
    "not in the database": "不在法规库中，未核对",
    "no such article": "查无此条",
}


def state_text(basis: LegalBasis) -> str:
    """The state of a statute on the day asked, in our words: 现行有效, 已公布，2027-01-01 起施行."""
    return _STATES[basis.state].format(effective=basis.effective)


def who_says(claim: ClaimCited) -> str:
    """Whose claim it is, where it is said, and what kind of source that is."""
    source = claim.source
    if source is None:
        return claim.publisher or phrases.UNSIGNED
    name = named(source, claim.locator) if source.publisher else phrases.UNSIGNED
    return f"{name}（{phrases.TIERS[source.tier]}）"


def claim_remarks(claim: ClaimCited) -> tuple[str, ...]:
    """What is said of a claim beside it, what our editors remark last."""
    note = (phrases.NOTE.format(note=claim.note.rstrip("。")),) if claim.note else ()
    return (*claim.remarks, *note)


def rule_line(conflict: Conflict) -> str:
    """The document of the national rule and its date: 国家规定（社会保险法 第二十七条，2018-12-29）."""
    day = conflict.rule_date.isoformat() if conflict.rule_date else ""
    named = "，".join(part for part in (conflict.rule, day) if part)
    return f"国家规定（{named}）" if named else "国家规定"
