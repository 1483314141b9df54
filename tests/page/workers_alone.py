"""Serves the stand-in assistant with workers: ``python workers_alone.py FOLDER WORKERS [PORT]``.

What the environment says holds (``YIBAO_LIMIT_…``, ``YIBAO_ROOT_PATH``).
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from assistant.page.workers.serving import run_workers
from corpus.errors import YibaoError

logging.basicConfig(level=logging.WARNING, format="%(message)s")
try:
    run_workers(
        Path(sys.argv[1]),
        workers=int(sys.argv[2]),
        host="127.0.0.1",
        port=int(sys.argv[3]) if len(sys.argv) > 3 else 0,
        where="workers_fake:opened",
    )
except YibaoError as error:
    sys.exit(str(error))
