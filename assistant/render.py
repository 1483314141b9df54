"""An answer as Markdown and as JSON-ready values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date

from assistant import phrases
from assistant.escape import inline, line
from assistant.types import Answer, Citation, Conflict, LegalBasis, Statement
from corpus.types import Article, Passage

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


def source_line(citation: Citation) -> str:
    """What a reader needs to judge a citation: title, publisher, date, region, excerpt."""
    parts = [
        f"《{citation.title}》",
        citation.publisher,
        citation.date.isoformat() if citation.date else "日期未注明",
        citation.region,
    ]
    if citation.excerpt:
        parts.append("节选")
    return " · ".join(part for part in parts if part)


def to_markdown(answer: Answer) -> str:
    """Sections as in the contract; ``[n]`` marks; the sources with their exact words at the end."""
    out: list[str] = []
    if answer.understood != answer.question.strip():
        out += [f"> 理解为：{inline(answer.understood)}", ""]
    out += [f"{line(s.text)}{_marks(s.citations)}\n" for s in answer.summary]
    if answer.options:
        out += ["请选择：" + " / ".join(map(inline, answer.options)), ""]
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
            f"{i}. {line(s.text)}{_marks(s.citations)}" for i, s in enumerate(procedure.steps, 1)
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
                claim.value + "".join(f"（{r}）" for r in claim.remarks),
                phrases.SCHEME_NAMES[claim.scheme] if claim.scheme else "未写明",
                claim.region,
                claim.date.isoformat() if claim.date else "未注明",
                claim.publisher or "未注明",
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
        out += [
            f"[{c.number}] {inline(source_line(c))}：「{inline(c.quote.text)}」\n"
            for c in answer.citations
        ]
    return "\n".join(out).strip() + "\n"


def rule_line(conflict: Conflict) -> str:
    """The document of the national rule and its date: 国家规定（社会保险法 第二十七条，2018-12-29）."""
    day = conflict.rule_date.isoformat() if conflict.rule_date else ""
    named = "，".join(part for part in (conflict.rule, day) if part)
    return f"国家规定（{named}）" if named else "国家规定"


def to_dict(answer: Answer) -> dict[str, object]:
    """The answer as JSON-ready values. Passages are given by id, title and offsets; a quote also by
    its text; the articles themselves stay out."""
    value = _value(answer)
    assert isinstance(value, dict)
    return value


def _value(item: object) -> object:
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
            "publisher": item.publisher,
            "date": _value(item.date),
            "region": item.region,
            "excerpt": item.excerpt,
            "url": source.url,
            "source": source.name,
        }
    if is_dataclass(item) and not isinstance(item, type):
        return {f.name: _value(getattr(item, f.name)) for f in fields(item)}
    if isinstance(item, dict):
        return {str(k): _value(v) for k, v in item.items()}
    if isinstance(item, (tuple, list)):
        return [_value(v) for v in item]
    return item


def _section(title: str, lines: Sequence[Statement]) -> list[str]:
    if not lines:
        return []
    return [f"### {title}", *(f"- {line(s.text)}{_marks(s.citations)}" for s in lines), ""]


def _marks(citations: Sequence[Citation]) -> str:
    return "".join(f"[{c.number}]" for c in citations)
