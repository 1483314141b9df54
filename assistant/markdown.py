"""An answer as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assistant import phrases
from assistant.citing import (
    Reference,
    references,
    source_line,
    steps_with_marks,
    support_lines,
    titles_of,
    words_of,
)
from assistant.escape import escaped, inline, line
from assistant.parts import (
    Answered,
    Citation,
    ClaimCited,
    Conflict,
    LegalBasis,
    Procedure,
    Statement,
)
from assistant.wording import claim_remarks, rule_line, state_text, who_says

_CLAIMS = ("| 说法 | 险种 | 地区 | 日期 | 来源 |", "|---|---|---|---|---|")


def to_markdown(answer: Answered) -> str:
    """Sections as in the contract; ``[n]`` marks; the sources with their exact words at the end."""
    out = [*_opening(answer)]
    for procedure in answer.procedures:
        out += _procedure(procedure)
    out += _list("所需材料", answer.materials)
    out += _list("办理地点", answer.places)
    out += _list("办理时限", answer.times)
    if answer.legal_basis:
        out.append("### 法律依据")
    for basis in answer.legal_basis:
        out += _statute(basis)
    for conflict in answer.conflicts:
        out += _conflict(conflict)
    out += _section("提醒", answer.cautions)
    if answer.citations:
        out.append("### 参考来源")
        out += [row for entry in references(answer) for row in _reference(entry)]
    return "\n".join(out).strip() + "\n"


def _opening(answer: Answered) -> Iterator[str]:
    """How the question was understood, what answers it, and what could be asked instead."""
    if answer.understood != answer.question.strip():
        yield from (f"> 理解为：{inline(answer.understood)}", "")
    heads = answer.headings
    for place, statement in enumerate(answer.summary):
        if place in heads:
            yield f"#### {inline(heads[place])}\n"
        yield f"{line(statement.text)}{_marks(statement.citations)}\n"
    if answer.options:
        yield from ("请选择：" + " / ".join(map(inline, answer.options)), "")
    if answer.nearest:
        yield from ("可以回答的问题：", *(f"- {inline(title)}" for title in answer.nearest), "")


def _procedure(procedure: Procedure) -> Iterator[str]:
    scheme = phrases.SCHEME_NAMES[procedure.scheme] if procedure.scheme else ""
    name = " · ".join(part for part in (procedure.channel, scheme, procedure.place) if part)
    yield f"### 办理步骤（{inline(name)}）"
    yield from _drawn_from(c for step in procedure.steps for c in step.citations)
    for number, (text, cited) in enumerate(steps_with_marks(procedure), 1):
        yield f"{number}. {line(text)}{_marks(cited)}"
    if procedure.truncated:
        yield from ("", phrases.SOURCE_LISTS_FIRST.format(n=len(procedure.steps)))
    yield ""


def _statute(basis: LegalBasis) -> Iterator[str]:
    text = "\n> ".join(map(line, basis.text.split("\n")))
    yield f"**《{inline(basis.law)}》{inline(basis.article_no)}**（{state_text(basis)}）"
    yield from ("", f"> {text}", "")


def _conflict(conflict: Conflict) -> Iterator[str]:
    """The national rule and what explains the difference; then who says what, a row each."""
    yield from (f"### 说法不一：{inline(conflict.about)}", "")
    if conflict.national:
        text, marks = inline(conflict.national.text), _marks(conflict.national.citations)
        yield from (f"{inline(rule_line(conflict))}：{text}{marks}", "")
    if conflict.explained:
        yield from (f"差别来自：{inline(conflict.explained)}", "")
    yield from _CLAIMS
    for claim in conflict.claims:
        yield f"| {' | '.join(map(inline, _cells(claim)))}{_marks((claim.citation,))} |"
    yield ""


def _cells(claim: ClaimCited) -> tuple[str, ...]:
    return (
        claim.value + "".join(f"（{remark}）" for remark in claim_remarks(claim)),
        phrases.SCHEME_NAMES[claim.scheme] if claim.scheme else "未写明",
        claim.region,
        claim.date.isoformat() if claim.date else "未注明",
        who_says(claim),
    )


def _reference(entry: Reference) -> list[str]:
    """An article and what is cited of it. Words in 「」 stand so in the text of its publisher; our
    own stand without, over what they rest on."""
    lines = [inline(source_line(entry.first)), ""]
    for run in entry.runs:
        said = (f"{_marks((citation,))} {escaped(words_of(citation))}" for citation in run)
        lines.append(f"- {' '.join(said)}")
        lines += [f"  - {inline(source)}" for source in support_lines(run[0])]
    return [*lines, ""]


def _section(title: str, lines: Sequence[Statement]) -> list[str]:
    return [f"### {title}", *_rows(lines), ""] if lines else []


def _list(title: str, lines: Sequence[Statement]) -> list[str]:
    """Out of one article, under its title."""
    over = _drawn_from(c for s in lines for c in s.citations)
    return [f"### {title}", *over, *_rows(lines), ""] if lines else []


def _rows(lines: Sequence[Statement]) -> Iterator[str]:
    return (f"- {line(s.text)}{_marks(s.citations)}" for s in lines)


def _drawn_from(cited: Iterable[Citation]) -> Iterator[str]:
    """Over a list: the article that it is from."""
    if titles := titles_of(cited):
        yield from (f"{inline(titles)}：", "")


def _marks(citations: Sequence[Citation]) -> str:
    return "".join(f"[{c.number}]" for c in citations)
