"""The front door: opens the assistant and serves the chat page.

python app.py [--host 127.0.0.1] [--port 7860] [--store STORE] [--root-path /yibao]
              [--workers 4]
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from assistant.page.workers.count import workers_of
from corpus.errors import YibaoError
from corpus.given import print_anything
from index.engines import store_given


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, open the store (built on first use), serve until stopped."""
    parser = argparse.ArgumentParser(prog="app.py", description="医保问答：聊天网页")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=7860, help="port (7860); 0 takes a free one")
    parser.add_argument(
        "--store", help="folder of the store (index/store), or the address of an engine"
    )
    parser.add_argument(
        "--root-path", help="path below which a proxy serves the page, as /yibao (YIBAO_ROOT_PATH)"
    )
    parser.add_argument("--workers", help="processes that answer, one a processor (1; Linux)")
    print_anything()
    chosen = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    try:
        store = store_given(chosen.store) if chosen.store is not None else None
        serve(store, chosen, workers_of(chosen.workers))
    except KeyboardInterrupt:
        return 0
    except (YibaoError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def serve(store: str | Path | None, chosen: argparse.Namespace, workers: int) -> None:
    """In this process, or in so many others; then nothing that only they need is loaded here."""
    if workers == 1:
        from assistant.page.main import run

        run(store, host=chosen.host, port=chosen.port, root=chosen.root_path)
    else:
        from assistant.page.workers.serving import run_workers

        run_workers(
            store, workers=workers, host=chosen.host, port=chosen.port, root=chosen.root_path
        )


if __name__ == "__main__":
    sys.exit(main())
