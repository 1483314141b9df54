"""``python -m assistant [QUESTION]``: one answer, or a talk in the terminal.

``backup PATH`` and ``restore PATH`` in place of a question are ``assistant.upkeep``'s. In a talk, ``来源`` shows the sources of the last answer, ``新`` starts anew, ``退出`` ends it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from assistant import upkeep
from assistant.assistant import Assistant
from assistant.citing import references, source_line, support_lines, words_of
from assistant.escape import inline, unescaped
from assistant.markdown import to_markdown
from assistant.types import Answer
from corpus.errors import YibaoError
from corpus.given import print_anything
from index.progress import bar

SOURCES = "### 参考来源"


def main(argv: list[str] | None = None) -> int:
    """0 after a talk or an answer, 1 when a single question is refused, 2 on an error."""
    print_anything()
    given = sys.argv[1:] if argv is None else argv
    if given[:1] and given[0] in upkeep.COMMANDS:
        return upkeep.main(given)
    name = "yibao" if Path(sys.argv[0]).stem == "yibao" else "python -m assistant"
    parser = argparse.ArgumentParser(prog=name, description="医保问答（终端）")
    parser.epilog = f"备份与恢复：{name} backup PATH，{name} restore PATH"
    parser.add_argument("question", nargs="*", help="问题；不写则进入对话")
    parser.add_argument("--store", help="知识库：文件夹，或引擎的地址")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出一个回答")
    args = parser.parse_args(given)
    try:
        with bar() as progress:
            yibao = Assistant.open(args.store, progress=progress)
        if not args.question:
            return _talk(yibao)
        answer = yibao.ask(" ".join(args.question))
    except YibaoError as error:
        print(error, file=sys.stderr)
        return 2
    if args.json:
        import json

        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
    else:
        print(_shown(answer), end="")
    return 1 if answer.status == "refused" else 0


def _talk(yibao: Assistant) -> int:
    print("医保问答。输入问题；「来源」看出处，「新」换话题，「退出」结束。")
    history: list[Answer] = []
    while True:
        try:
            line = input("\n> ").strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return 0
        if line in ("退出", "exit", "quit"):
            return 0
        if line == "新":
            history.clear()
        elif line == "来源":
            _sources(history[-1] if history else None)
        elif line:
            try:
                history.append(yibao.ask(line, history))
            except YibaoError as error:
                print(error)
                continue
            _stream(_shown(history[-1]).split(SOURCES)[0])


def _sources(answer: Answer | None) -> None:
    for entry in references(answer) if answer else ():
        print(_flat(source_line(entry.first)))
        for run in entry.runs:
            print("  " + " ".join(f"[{c.number}] {_flat(words_of(c))}" for c in run))
            for line in support_lines(run[0]):
                print(f"      {_flat(line)}")
    if not answer or not answer.citations:
        print("没有可显示的来源。")


def _shown(answer: Answer) -> str:
    """Markdown; to a person at a terminal, who sees it as it is written, without its backslashes."""
    markdown = to_markdown(answer)
    return unescaped(markdown) if sys.stdout.isatty() else markdown


def _flat(text: str) -> str:
    return unescaped(inline(text))


def _stream(text: str) -> None:
    """Line by line, so that a long answer can be read as it comes; at once into a pipe."""
    pause = 0.03 if sys.stdout.isatty() else 0.0
    for line in text.rstrip().splitlines():
        print(line, flush=True)
        time.sleep(pause)


if __name__ == "__main__":
    sys.exit(main())
