"""A few charts as inline SVG, each with the same numbers as a table for those who cannot see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup

from assistant.page.journal import Day
from assistant.page.pieces import join

WIDTH, HEIGHT, FOOT = 720, 200, 24


def overview(days: Sequence[Day], today: date, *, span: int = 30) -> Markup:
    """Questions a day with the refused among them, and the subjects asked most."""
    total, refused = Counter[date](), Counter[date]()
    subjects = Counter[str]()
    for row in days:
        total[row.day] += row.n
        if row.status == "refused":
            refused[row.day] += row.n
        if row.subject:
            subjects[row.subject] += row.n
    dates = [today - timedelta(days=n) for n in reversed(range(span))]
    asked = sum(total.values())
    share = f"{100 * sum(refused.values()) / asked:.0f}%" if asked else "–"
    return Markup(
        '<div class="charts"><p>近 {} 天共 {} 个提问，其中 {} 未能回答。</p>'
        "<figure><figcaption>每天的提问（下段为未能回答）</figcaption>{}</figure>"
        "<figure><figcaption>问得最多的主题</figcaption>{}</figure></div>"
    ).format(span, asked, share, _columns(dates, total, refused), _bars(subjects.most_common(8)))


def _columns(dates: Sequence[date], total: Counter[date], refused: Counter[date]) -> Markup:
    most = max([total[d] for d in dates] + [1])
    step = WIDTH / len(dates)

    def column(place: int, day: date, kind: str, n: int) -> Markup:
        tall = (HEIGHT - FOOT) * n / most
        return Markup(
            '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">'
            "<title>{}：{}</title></rect>"
        ).format(kind, place * step + 2, HEIGHT - FOOT - tall, step - 4, tall, day.isoformat(), n)

    columns = join(
        column(place, day, kind, counts[day])
        for kind, counts in (("all", total), ("refused", refused))
        for place, day in enumerate(dates)
        if counts[day]
    )
    labels = join(
        Markup('<text x="{:.1f}" y="{}">{}</text>').format(
            place * step + 2, HEIGHT - 6, f"{day.month}-{day.day}"
        )
        for place, day in enumerate(dates)
        if place % 5 == 0
    )
    table = join(
        Markup("<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>").format(
            day.isoformat(), total[day], refused[day]
        )
        for day in dates
        if total[day]
    )
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="每天的提问，数字见下表">'
        '<line class="base" x1="0" x2="{}" y1="{}" y2="{}"></line>'
        '<text x="2" y="12">{}</text>{}{}</svg>'
        "<details><summary>数字</summary><table><tr><th>日期</th><th>提问</th><th>未能回答</th></tr>{}"
        "</table></details>"
    ).format(WIDTH, HEIGHT, WIDTH, HEIGHT - FOOT, HEIGHT - FOOT, most, columns, labels, table)


def _bars(subjects: Sequence[tuple[str, int]]) -> Markup:
    if not subjects:
        return Markup("<p>还没有数据。</p>")
    most = subjects[0][1]
    rows = join(
        Markup(
            '<tr><th scope="row">{}</th>'
            '<td><span class="bar-h" style="width:{:.0f}%"></span> {}</td></tr>'
        ).format(name, 80 * n / most, n)
        for name, n in subjects
    )
    return Markup('<table class="bars">{}</table>').format(rows)
