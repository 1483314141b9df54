"""What each command of ``python -m index`` does: calls the library, prints what it says."""

from __future__ import annotations

import csv
import json
import sys
from argparse import Namespace
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from corpus.errors import InputError, YibaoError
from corpus.given import characters
from corpus.reading import start_early
from corpus.settings import Settings
from corpus.words import words
from index.checks import Checks, read_checks
from index.corrections import Correction, correction
from index.encoder import open_encoder
from index.engines import engine_at
from index.feedback import Entry, Feedback
from index.gaps import gaps as group
from index.ingest.choose import crew
from index.progress import bar
from index.report import RefreshReport
from index.reranker import open_reranker
from index.retrieve import Retriever
from index.show import show as show_files
from index.state import State
from index.unanswered import questions_of, unanswered
from index.watch import watch

_EXCERPT = 60


def refresh(arguments: Namespace) -> int:
    """Refresh once, or for as long as ``--watch`` runs."""
    if (arguments.remove or arguments.watch or arguments.trust) and not arguments.paths:
        option = "--remove" if arguments.remove else "--watch" if arguments.watch else "--trust"
        raise InputError(f"{option} 需要 PATH：请写出文件或文件夹。")
    corrections = _corrections(arguments)
    if arguments.paths and not arguments.remove:
        start_early()  # while the model is opened
    settings = Settings.from_environment()
    engine = engine_at(arguments.store)
    with bar() as progress:
        encoder = open_encoder(settings, progress=progress)

    checks = Checks(read_checks(), encoder, words(settings), today=date.today())

    def once() -> RefreshReport:
        with crew(settings, jobs=arguments.jobs, ray=arguments.ray) as helpers, bar() as progress:
            return engine.refresh(
                arguments.paths,
                encoder=encoder,
                settings=settings,
                remove=arguments.remove,
                rebuild=arguments.rebuild,
                dry_run=arguments.dry_run,
                progress=progress,
                checks=checks,
                trust=arguments.trust,
                corrections=corrections,
                crew=helpers,
            )

    def tell(said: RefreshReport | YibaoError) -> None:
        if isinstance(said, YibaoError):
            print(said, file=sys.stderr, flush=True)
        elif arguments.json:
            _print_json(said.to_dict())
        else:
            print(said.to_text(), flush=True)

    if arguments.watch:
        watch(arguments.paths, once, tell)
        return 0
    report = once()
    tell(report)
    engine.settle()
    return report.exit_code


def _corrections(arguments: Namespace) -> dict[str | Path, Correction]:
    """What the options say of the one file that is given."""
    said = correction(**{name: getattr(arguments, name) for name in Correction.__slots__})
    if not said:
        return {}
    if len(arguments.paths) != 1 or not arguments.paths[0].is_file() or arguments.remove:
        raise InputError("更正标题、发布者等只能用于一个文件：请只给出该文件的路径。")
    return {arguments.paths[0]: said}


def show(arguments: Namespace) -> int:
    """What a reader makes of the files; 1 where one could not be read or is doubtful."""
    shown = show_files(arguments.path, arguments.store)
    if arguments.json:
        _print_json([file.to_dict() for file in shown])
    else:
        print("\n\n".join(file.to_text() for file in shown))
    if not any(file.articles for file in shown):
        return 2
    return 1 if any(file.skipped or file.doubtful for file in shown) else 0


def status(arguments: Namespace) -> int:
    """What the store holds, which model and versions made it, how it is searched."""
    found = engine_at(arguments.store).status()
    if arguments.json:
        _print_json(found.to_dict())
    else:
        print(found.to_text())
    return 0


def search(arguments: Namespace) -> int:
    """The ranking of one question, explained."""
    question = characters(" ".join(arguments.question))
    retriever = _retriever(arguments)
    found = retriever.find(
        question, k=arguments.k, scheme=arguments.scheme, region=arguments.region
    )
    hits = [
        {
            "rank": rank,
            "score": hit.score,
            "title": hit.passage.article.title,
            "publisher": hit.passage.article.author,
            "kind": hit.passage.kind,
            "passage": hit.passage.id,
            "text": hit.passage.text,
            "why": dict(hit.why),
            "also": [p.id for p in hit.also],
        }
        for rank, hit in enumerate(found.hits, 1)
    ]
    if arguments.json:
        _print_json({"question": question, "generation": retriever.index.generation, "hits": hits})
        return 0
    for hit in hits:
        _print_hit(hit)
    if not hits:
        print("没有找到相关段落。")
    return 0


def _retriever(arguments: Namespace) -> Retriever:
    settings = Settings.from_environment()
    encoder = open_encoder(settings)
    index = engine_at(arguments.store).open(model=encoder.model)
    return Retriever(index, encoder, words(settings), reranker=open_reranker(settings))


def _print_hit(hit: dict[str, Any]) -> None:
    text = " ".join(hit["text"].split())
    print(f"{hit['rank']}. {hit['title']}（{hit['publisher']}，{hit['kind']}，{hit['score']:.3f}）")
    print(f"   {text[:_EXCERPT]}{'…' if len(text) > _EXCERPT else ''}")
    print("   " + "  ".join(f"{name} {value:.3f}" for name, value in hit["why"].items()))


def verify(arguments: Namespace) -> int:
    """Compare everything in the store with what it was made from; 1 where something is wrong."""
    settings = Settings.from_environment()
    with bar() as progress:
        found = engine_at(arguments.store).verify(
            encoder=open_encoder(settings),
            words=words(settings),
            every=arguments.all,
            progress=progress,
        )
    if arguments.json:
        _print_json(found.to_dict())
    else:
        print(found.to_text())
    return 0 if found.sound else 1


def gaps(arguments: Namespace) -> int:
    """The gaps as text, JSON, or each question as a row of CSV: of what people asked, or of files."""
    entries = _unanswered(arguments) if arguments.files else _asked(arguments.feedback)
    if arguments.csv:
        rows = csv.DictWriter(sys.stdout, list(Entry.__slots__))
        rows.writeheader()
        rows.writerows(_harmless(e).to_dict() for e in entries if e.is_gap)
        return 0
    found = group(entries, words(Settings.from_environment()))
    if arguments.json:
        _print_json([gap.to_dict() for gap in found])
    else:
        print("\n".join(gap.to_text() for gap in found) or "没有未答或差评的问题。")
    return 0


def _asked(file: Path) -> tuple[Entry, ...]:
    """What people asked: of the file, or of the database that the settings name in its place."""
    settings = Settings.from_environment()
    in_file = not settings.database or file != settings.feedback
    book = file if in_file else State.of(settings).feedback
    return Feedback(book, days=settings.feedback_days).entries()


def _unanswered(arguments: Namespace) -> tuple[Entry, ...]:
    """The questions of the files that nothing in the store answers; says how many are no gaps."""
    questions = tuple(dict.fromkeys(q for file in arguments.files for q in questions_of(file)))
    retriever = _retriever(arguments)
    with bar() as progress:
        found = unanswered(questions, retriever, today=date.today(), progress=progress)
    print(
        f"{len(questions)} 个问题：{len(found['in'])} 个有来源回答，{len(found['unanswered'])} 个没有，"
        f"{len(found['off topic'])} 个与知识库的文章无关。",
        file=sys.stderr,
    )
    return found["unanswered"]


def _harmless(entry: Entry) -> Entry:
    """A spreadsheet would run what begins like a formula."""

    def safe(text: str) -> str:
        return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text

    return replace(
        entry,
        question=safe(entry.question),
        reason=safe(entry.reason),
        comment=safe(entry.comment),
    )


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1), flush=True)
