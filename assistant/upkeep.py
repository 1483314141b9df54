"""``python -m assistant backup PATH`` and ``restore PATH``: everything in one file, and back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.backup import back_up
from assistant.restore import restore
from corpus.errors import YibaoError
from corpus.given import path_given
from corpus.settings import Settings
from index.engines import store_given

COMMANDS = ("backup", "restore")


def main(argv: Sequence[str]) -> int:
    """0 when all is done, 2 on an error, which is one sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m assistant", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (
        ("backup", "把知识库、反馈、页面记录和上传的文件存成一个文件"),
        ("restore", "从备份文件恢复"),
    ):
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument("path", metavar="PATH", help="备份文件（备份时也可以是文件夹）")
        sub.add_argument("--store", help="知识库：文件夹，或引擎的地址")
        sub.add_argument("--force", action="store_true", help="覆盖已有的内容")
    given = parser.parse_args(argv)
    try:
        settings = Settings.from_environment()
        if given.store is not None:
            store = store_given(given.store)
            settings = (
                replace(settings, store=store, engine="")
                if isinstance(store, Path)
                else replace(settings, engine=store)
            )
        path = path_given(given.path)
        if given.command == "backup":
            print(f"已备份到 {back_up(settings, path, force=given.force)}")
        else:
            head = restore(settings, path, force=given.force)
            print(f"已恢复 {head.made} 的备份，共 {len(head.files)} 个文件。")
    except YibaoError as error:
        print(error, file=sys.stderr)
        return 2
    return 0
