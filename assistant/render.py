"""An answer as Markdown and as JSON-ready values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date

from assistant import phrases
from assistant.citing import (
    Reference,
    named,
    references,
    source_line,
    steps_with_marks,
    support_lines,
    words_of,
)
from assistant.escape import escaped, inline, line
from assistant.parts import Answered, Citation, ClaimCited, Conflict, LegalBasis, Statement
from corpus.types import Article, Passage, Source, Support

VERSION = 2
"""Of the JSON form: 2 tells quotations from our own words and names what these rest on."""

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


def to_markdown(answer: Answered) -> str:
    """Sections as in the contract; ``[n]`` marks; the sources with their exact words at the end."""
    out: list[str] = []
    if answer.understood != answer.question.strip():
        out += [f"> 理解为：{inline(answer.understood)}", ""]
    heads = answer.headings
    for place, statement in enumerate(answer.summary):
        out += [f"#### {inline(heads[place])}\n"] if place in heads else []
        out += [f"{line(statement.text)}{_marks(statement.citations)}\n"]
    if answer.options:
        out += ["请选择：" + " / ".join(map(inline, answer.options)), ""]
    if answer.nearest:
        out += ["可以回答的问题：", *(f"- {inline(title)}" for title in answer.nearest), ""]
    for procedure in answer.procedures:
        name = " · ".join(
            part
            for part in (
                procedure.channel,
                phrases.SCHEME_NAMES[procedure.scheme] if procedure.scheme else "",
                procedure.place,
            )
            if part
        )
        out += [f"### 办理步骤（{inline(name)}）"]
        out += [
            f"{i}. {line(text)}{_marks(cited)}"
            for i, (text, cited) in enumerate(steps_with_marks(procedure), 1)
        ]
        if procedure.truncated:
            out += ["", phrases.SOURCE_LISTS_FIRST.format(n=len(procedure.steps))]
        out += [""]
    for title, lines in (
        ("所需材料", answer.materials),
        ("办理地点", answer.places),
        ("办理时限", answer.times),
    ):
        out += _section(title, lines)
    if answer.legal_basis:
        out += ["### 法律依据"]
        for basis in answer.legal_basis:
            text = "\n> ".join(map(line, basis.text.split("\n")))
            out += [
                f"**《{inline(basis.law)}》{inline(basis.article_no)}**（{state_text(basis)}）",
                "",
                f"> {text}",
                "",
            ]
    for conflict in answer.conflicts:
        out += [
            f"### 说法不一：{inline(conflict.about)}",
            "",
            "| 说法 | 险种 | 地区 | 日期 | 来源 |",
            "|---|---|---|---|---|",
        ]
        for claim in conflict.claims:
            cells = (
                claim.value + "".join(f"（{r}）" for r in claim_remarks(claim)),
                phrases.SCHEME_NAMES[claim.scheme] if claim.scheme else "未写明",
                claim.region,
                claim.date.isoformat() if claim.date else "未注明",
                who_says(claim),
            )
            row = " | ".join(map(inline, cells))
            out.append(f"| {row}{_marks((claim.citation,))} |")
        if conflict.national:
            rule = inline(rule_line(conflict))
            text, marks = inline(conflict.national.text), _marks(conflict.national.citations)
            out += ["", f"{rule}：{text}{marks}"]
        if conflict.explained:
            out += ["", f"差别来自：{inline(conflict.explained)}"]
        out += [""]
    out += _section("提醒", answer.cautions)
    if answer.citations:
        out += ["### 参考来源"]
        out += [row for entry in references(answer) for row in _reference(entry)]
    return "\n".join(out).strip() + "\n"


def _reference(entry: Reference) -> list[str]:
    """An article and what is cited of it. Words in 「」 stand so in the text of its publisher; our
    own stand without, over what they rest on."""
    lines = [inline(source_line(entry.first)), ""]
    for run in entry.runs:
        said = (f"{_marks((citation,))} {escaped(words_of(citation))}" for citation in run)
        lines.append(f"- {' '.join(said)}")
        lines += [f"  - {inline(source)}" for source in support_lines(run[0])]
    return [*lines, ""]


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


def to_dict(answer: Answered) -> dict[str, object]:
    """The answer as JSON-ready values. Passages are given by id, title and offsets; a quote also by
    its text; the articles themselves stay out."""
    told = value(answer)
    assert isinstance(told, dict)
    return {"version": VERSION, **told, "completeness": answer.completeness}


def value(item: object) -> object:
    """Anything of an answer as JSON-ready values."""
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, Passage):
        return {
            "id": item.id,
            "article": item.article.id,
            "title": item.article.title,
            "start": item.start,
            "end": item.end,
            "kind": item.kind,
            "heading": list(item.heading),
            "text": item.text,
        }
    if isinstance(item, Article):
        return item.id
    if isinstance(item, Citation):
        source = item.quote.passage.article.source
        return {
            "number": item.number,
            "text": item.quote.text,
            "article": item.quote.passage.article.id,
            "start": item.quote.start,
            "end": item.quote.end,
            "title": item.title,
            "kind": item.kind,
            "publisher": item.publisher,
            "date": value(item.date),
            "region": item.region,
            "excerpt": item.excerpt,
            "url": None if item.kind == "editorial" else source.url,
            "source": "" if item.kind == "editorial" else source.name,
            "tier": None if item.kind == "editorial" else source.tier,
            "supports": [value(support) for support in item.supports],
        }
    if isinstance(item, Support):
        return {"start": item.start, "end": item.end, **_told(item.source),
                "relation": item.relation, "locator": item.locator}  # fmt: skip
    if isinstance(item, Source):
        return _told(item)
    if is_dataclass(item) and not isinstance(item, type):
        return {f.name: value(getattr(item, f.name)) for f in fields(item)}
    if isinstance(item, dict):
        return {str(k): value(v) for k, v in item.items()}
    if isinstance(item, (tuple, list)):
        return [value(v) for v in item]
    return item


def _told(source: Source) -> dict[str, object]:
    return {
        "publisher": source.publisher,
        "title": source.title,
        "name": source.name,
        "date": value(source.published),
        "tier": source.tier,
        "url": source.url,
        "kept": source.kept,
    }


def _section(title: str, lines: Sequence[Statement]) -> list[str]:
    if not lines:
        return []
    return [f"### {title}", *(f"- {line(s.text)}{_marks(s.citations)}" for s in lines), ""]


def _marks(citations: Sequence[Citation]) -> str:
    return "".join(f"[{c.number}]" for c in citations)
