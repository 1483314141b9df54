"""What uploaded files will be read as, before they are taken in: the preview of ``python -m index show``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from assistant.page import words
from assistant.page.admin.library import checked, keep, safe_name
from corpus.errors import InputError
from corpus.reading import FileReading, discover, read_each
from index.corrections import NOTHING, Correction
from index.show import article_shown, file_shown

Stored = Callable[[Sequence[str]], Mapping[str, Correction]]
"""Names of files -> what the store has corrected of the file of that name, where it has."""
_LONGEST = 20_000  # characters of a preview; a list of a thousand rows has more than anyone reads


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would be taken in: ``text`` tells of it. ``facts``: of its first article, in the
    order of the form; ``read``: the articles themselves."""

    name: str
    text: str
    facts: tuple[str, ...] = ()
    read: str = ""


def preview(name: str, path: Path, *, most_bytes: int, corrected: Correction = NOTHING) -> Preview:
    """Read one upload and keep nothing of it. What is wrong with it stands in the text. Blocks."""
    try:
        done = _read(name, path, most_bytes)
    except (InputError, OSError) as error:
        return Preview(name, words.REFUSED_FILE.format(f"{name}：{error}"))
    articles = corrected.applied(done.articles)
    text = file_shown(done, articles).to_text().replace(done.file.where, name)
    if not articles:
        return Preview(name, text)
    first = article_shown(articles[0])
    schemes = "、".join(first.schemes)
    facts = (first.title, first.publisher, first.published, first.region, schemes, first.kind)
    read = "\n\n".join(article.text for article in articles)
    return Preview(name, text[:_LONGEST], facts, read[:_LONGEST])


def previews(
    given: Sequence[tuple[str, Path]],
    known: Mapping[str, Correction],
    stored: Stored,
    most_bytes: int,
) -> list[Preview]:
    """Of all files, with what was corrected now over what the store has corrected before. Blocks."""
    before = stored([name for name, _ in given])
    return [
        preview(
            name,
            path,
            most_bytes=most_bytes,
            corrected=known.get(name, NOTHING).over(before.get(name, NOTHING)),
        )
        for name, path in given
    ]


def previews_html(found: Sequence[Preview]) -> Markup:
    if not found:
        return Markup("")
    return Markup('<h2>{}</h2><pre class="report">{}</pre>').format(
        words.PREVIEW, "\n\n".join(p.text for p in found)
    )


def _read(name: str, path: Path, most_bytes: int) -> FileReading:
    """The reading of an upload under the name that it will have."""
    safe = safe_name(name)
    data = checked(path, safe, most_bytes=most_bytes)
    with tempfile.TemporaryDirectory(prefix="yibao-", ignore_cleanup_errors=True) as folder:
        files, skipped = discover(keep(Path(folder), safe, data))
        if not files:
            raise InputError("；".join(s.reason for s in skipped))
        (done,) = read_each(files[:1])
        return done
