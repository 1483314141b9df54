"""``python -m index``: refresh, show, status, search, verify, gaps."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from corpus.errors import YibaoError
from corpus.given import path_given, print_anything
from corpus.settings import Settings
from index.engines import store_given
from index.options import parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; errors are one sentence on standard error."""
    print_anything()
    try:
        settings = Settings.from_environment()
    except YibaoError as error:
        print(error, file=sys.stderr)
        return 2
    arguments = parser(settings).parse_args(argv)
    try:
        # here and not by ``argparse``: for it an empty path is the current folder
        arguments.store = store_given(arguments.store)
        if "feedback" in arguments:
            arguments.feedback = path_given(arguments.feedback)
        arguments.paths = [path_given(path) for path in getattr(arguments, "paths", ())]
        return int(arguments.run(arguments))
    except YibaoError as error:
        if getattr(arguments, "json", False):
            failure = {"status": "failed", "error": str(error)}
            print(json.dumps(failure, ensure_ascii=False))
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read has seen enough: status | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
