"""The form of our own articles: which fields and sections there are, and what a slip looks like.

It only looks at one file at a time and only at its form. Whether the laws exist, the questions are
asked once and the words are ours is the business of ``corpus.check``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import yaml

from corpus.fixed import fixed_problems
from corpus.front import FrontError, parse
from corpus.supports import CLAIM, NO_REGION, NO_SCHEME, Mark, Marked, read_marks
from corpus.types import SCHEMES, Tier

FOLDERS = (
    "停保", "恢复", "断缴与补缴", "转换与转移", "缴费", "个人账户与共济",
    "报销", "凭证与密码", "参保与退保", "政策", "异地就医", "生育", "新生儿与学生", "门诊与慢特病",
    "住院与大病", "药品目录", "退休", "失业与困难", "军人·港澳台·外国人", "违规与责任",
)  # fmt: skip
SECTIONS = ("简要回答", "办理步骤", "所需材料", "办理地点", "办理时限", "注意事项", "说法不一")
ABOUT = (
    "待遇等待期", "补缴期限", "补缴费用", "缴费截止日", "每月缴费日", "缴费标准", "缴费年限", "缴费义务", "视同缴费起点",
    "年限是否清零", "可否追溯", "材料", "停待遇时间", "能否补缴", "能否重复参保", "能否转移", "参保时限", "激活方式",
    "共济范围", "退费", "办理主体", "办理地点", "其他",
)  # fmt: skip
REQUIRED = ("title", "questions", "schemes", "region", "kind", "checked", "sources", "basis")
OPTIONAL = ("conflicts_with", "not_questions", "review_by", "fixed")
SOURCE_FIELDS = ("tier", "publisher", "title", "name", "date", "url")
TIERS = get_args(Tier)
MIN_QUESTIONS = 4
MAX_SENTENCES = 3

FRONT = re.compile(r"\A---\n(?P<yaml>.*?)^---\n(?P<body>.*)\Z", re.S | re.M)
LAW_REF = re.compile(
    r"(?P<law>[^\s《》]{1,80}) (?P<article>第[零一二三四五六七八九十百千]{1,12}条(?:之[一二三四五六七八九])?)"
)
SUMMARY = re.compile(r"^## 简要回答\n(?P<text>.*?)(?=^## |\Z)", re.S | re.M)
MARKUP = re.compile(r"\*\*|__|`|!?\[[^\]]{0,300}\]\(|<[a-zA-Z/!]|^[ \t]{0,20}\|", re.M)


@dataclass(frozen=True, slots=True)
class Problem:
    """One slip: where it is, what is wrong, what would mend it."""

    path: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; {self.mend}"


@dataclass(frozen=True, slots=True)
class Parts:
    """A file taken apart: ``fields`` of the front matter, ``lines`` (1-based, in the file) of each
    field, the ``body`` and the line on which it begins."""

    fields: dict[str, Any]
    lines: dict[str, int]
    body: str
    body_line: int


def take_apart(text: str) -> Parts | None:
    """Front matter and body of ``text``, or None when it has no front matter that is a mapping.

    Raises ``yaml.YAMLError`` when the front matter is not YAML.
    """
    found = FRONT.match(text)
    if found is None:
        return None
    front = parse(found["yaml"])
    if front is None:
        return None
    lines = {name: line + 2 for name, line in front.lines.items()}
    body_line = text[: found.start("body")].count("\n") + 1
    return Parts(front.fields, lines, found["body"], body_line)


def problems(path: str, text: str) -> tuple[Problem, ...]:
    """Every slip in the form of one article; empty when there is none."""
    try:
        parts = take_apart(text)
    except FrontError as error:
        return (Problem(path, error.line + 2, error.what, error.mend),)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark is not None else 1
        mend = "put values that hold a colon between quotes"
        return (Problem(path, line, "the front matter is not YAML", mend),)
    if parts is None:
        mend = "begin the file with --- lines round title, questions, schemes, …"
        return (Problem(path, 1, "no front matter", mend),)
    found = [*_field_problems(parts), *_body_problems(parts)]
    return tuple(Problem(path, line, what, mend) for line, what, mend in found)


Slip = tuple[int, str, str]


def _field_problems(parts: Parts) -> Iterator[Slip]:
    fields, at = parts.fields, parts.lines
    for name in REQUIRED:
        if name not in fields:
            yield 1, f"`{name}` is missing", f"add `{name}:` to the front matter"
    for name in fields:
        if name not in REQUIRED + OPTIONAL:
            yield (
                at.get(str(name), 1),
                f"`{name}` is no field",
                "use " + ", ".join(REQUIRED + OPTIONAL),
            )
    for name in ("title", "region"):
        if name in fields and not (isinstance(fields[name], str) and fields[name].strip()):
            yield at[name], f"`{name}` is {fields[name]!r}", "write one line of text"
    if "kind" in fields and fields["kind"] not in ("faq", "policy"):
        yield at["kind"], f"`kind` is {fields['kind']!r}", "write faq or policy"
    for name in ("checked", "review_by"):
        if name in fields and not isinstance(fields[name], date):
            yield at[name], f"`{name}` is {fields[name]!r}", "write a date, 2026-11-21"
    if "sources" in fields and not isinstance(fields["sources"], dict):
        yield (
            at["sources"],
            "`sources` is not a mapping",
            "write s1: {tier: …, publisher: …, name: …}",
        )
    elif "sources" in fields:
        yield from _sources(fields["sources"], at["sources"])
    for name in _LISTS:
        if name in fields and not isinstance(fields[name], list):
            yield at[name], f"`{name}` is not a list", "write one item a line after `- `"
        elif name in fields:
            yield from _LISTS[name](fields[name], at[name])


def _questions(items: list[Any], line: int) -> Iterator[Slip]:
    if len(items) < MIN_QUESTIONS:
        what = f"`questions` has {len(items)} entries, expected at least {MIN_QUESTIONS}"
        yield line, what, "add the words in which people really ask"
    yield from _asked_once(items, line)


def _asked_once(items: list[Any], line: int) -> Iterator[Slip]:
    for item in items:
        if not isinstance(item, str) or len(item) < 4:
            yield line, f"{item!r} is no question", "write a question of at least four characters"
    if len({str(item) for item in items}) < len(items):
        yield line, "a question stands twice in one list", "keep one"


def _schemes(items: list[Any], line: int) -> Iterator[Slip]:
    for item in items:
        if item not in SCHEMES:
            yield line, f"{item!r} is no scheme", "use " + ", ".join(SCHEMES)


def _sources(items: dict[Any, Any], line: int) -> Iterator[Slip]:
    if not items:
        yield (
            line,
            "`sources` is empty",
            "name what the sentences rest on: s1: {tier, publisher, name}",
        )
    if [str(key) for key in items] != [f"s{n}" for n in range(1, len(items) + 1)]:
        yield (
            line,
            "sources are " + ", ".join(map(str, items)),
            "number them s1, s2, … without a gap",
        )
    for item in items.values():
        if not isinstance(item, dict) or not item.get("publisher") or not item.get("name"):
            yield line, f"source {item!r} lacks publisher or name", "write both"
            continue
        for name in item:
            if name not in SOURCE_FIELDS:
                yield line, f"source field `{name}` is unknown", "use " + ", ".join(SOURCE_FIELDS)
        if item.get("tier") not in TIERS:
            yield (
                line,
                f"source {item['name']} has tier {item.get('tier')!r}",
                f"use {_listed(TIERS)}",
            )
        if "date" in item and not isinstance(item["date"], date):
            yield line, f"source date {item['date']!r}", "write 2021-07-17, or leave it out"


def _basis(items: list[Any], line: int) -> Iterator[Slip]:
    for item in items:
        if not isinstance(item, str) or LAW_REF.fullmatch(item) is None:
            yield line, f"basis {item!r} is no article of a law", "write 社会保险法 第三十二条"


def _conflicts_with(items: list[Any], line: int) -> Iterator[Slip]:
    for item in items:
        if not isinstance(item, str):
            yield line, f"`conflicts_with` holds {item!r}", "write 断缴与补缴/slug or a short note"


_LISTS = {
    "questions": _questions,
    "not_questions": _asked_once,
    "schemes": _schemes,
    "basis": _basis,
    "conflicts_with": _conflicts_with,
}


def _body_problems(parts: Parts) -> Iterator[Slip]:
    seen: list[str] = []
    used: set[str] = set()
    sources = parts.fields.get("sources")
    known = {str(key) for key in sources} if isinstance(sources, dict) else set()
    for number, raw in enumerate(parts.body.split("\n"), start=parts.body_line):
        section = seen[-1] if seen else ""
        marked = read_marks(raw)
        row = marked.text
        if row.startswith("## "):
            name = row[3:].strip()
            if name not in SECTIONS:
                yield number, f"section {name!r} is not of the set", "use " + ", ".join(SECTIONS)
            elif name in seen:
                yield number, f"section {name} stands twice", "join the two"
            seen.append(name)
        elif row.startswith("#") and not (row.startswith("### ") and section == "办理步骤"):
            mend = "use `## ` for sections, `### ` for channels under 办理步骤"
            yield number, f"heading {row!r} is not of the form", mend
        elif row.strip() and not section:
            yield number, "text before the first section", "put it under ## 简要回答"
        elif MARKUP.search(row):
            yield number, "inline markup", "write plain text: no bold, links, code, tables or HTML"
        elif section == "说法不一" and row.strip():
            yield from _claim_line(marked, number)
        elif section == "所需材料" and re.match(r"\d{1,6}\. ", row):
            yield number, "numbered papers", "list papers with `- `"
        yield from _marks(marked, known, number)
        used |= {mark.key for mark in marked.marks}
    for what, mend in fixed_problems(parts.fields, parts.body):
        yield parts.lines["fixed"], what, mend
    for key in sorted(known - used):
        yield parts.lines["sources"], f"source {key} is used by no mark", "take it out"
    yield from _summary(parts)


def _marks(marked: Marked, known: set[str], number: int) -> Iterator[Slip]:
    """Each sentence of a row has a mark, each mark a sentence and a source."""
    ends = set()
    for start, end in marked.sentences():
        ends.add(end)
        said, marks = marked.text[start:end], marked.of((start, end))
        if all(mark.dates for mark in marks):
            mend = "write {s1} for the source that it rests on, or {advice}"
            yield number, f"「{said}」 has no mark", mend
        elif len(marks) > 1 and any(
            not (mark.key or mark.dates) and mark.wrong is None for mark in marks
        ):
            yield number, f"「{said}」 is marked as advice and with a source", "keep one"
    for mark in marked.marks:
        if mark.wrong is not None:
            mend = "write {advice}, {s1}, {s1 第三十二条} or {事项 · 险种 · 地区 · s1}"
            yield number, f"{{{mark.wrong}}} is no mark", mend
        elif mark.key and mark.key not in known:
            yield number, f"{{{mark.key}}} is none of the sources", f"use {_listed(sorted(known))}"
        elif mark.at not in ends:
            yield number, "a mark stands inside a sentence", "put it behind the sentence's end"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _summary(parts: Parts) -> Iterator[Slip]:
    found = SUMMARY.search(parts.body)
    if found is None:
        yield parts.body_line, "section 简要回答 is missing", "answer the question in 1-3 sentences"
        return
    count = len(re.findall("[。！？]", read_marks(found["text"]).text))
    if not 1 <= count <= MAX_SENTENCES:
        line = parts.body_line + parts.body[: found.start()].count("\n")
        what = f"简要回答 has {count} sentences, expected 1 to {MAX_SENTENCES}"
        yield line, what, "say it in fewer, the rest under another section"


def _claim_line(marked: Marked, number: int) -> Iterator[Slip]:
    found = CLAIM.fullmatch(marked.text)
    about: Mark | None = next((mark for mark in marked.marks if mark.about), None)
    if found is None or about is None:
        mend = "write `- 谁说：一句话。{事项 · 险种 · 地区 · s1}`, remarks behind it as 编者注：…。"
        yield number, "a line of 说法不一 is not of the form", mend
        return
    if about.about not in ABOUT:
        yield number, f"事项 {about.about!r} is not of the set", "use " + _listed(ABOUT)
    if about.scheme not in (*SCHEMES, NO_SCHEME):
        yield number, f"险种 {about.scheme!r}", "use " + _listed((*SCHEMES, NO_SCHEME))
    if not about.region:
        yield number, "a claim names no place", f"write 全国, a place or {NO_REGION}"
