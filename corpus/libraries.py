"""What the libraries below us are told, in the environment, before any of them is imported.

Several report their use to their makers or ask whether there is a newer version of them, some as
soon as they are imported. ``corpus/__init__.py`` calls ``prepare``, and every room imports that
package first, so nothing of ours imports a library unprepared; worker processes inherit it.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

SILENT = {
    # onnxruntime: looks up its maker's host and keeps a number for this machine in the home folder
    # as soon as it is imported; its ``disable_telemetry_events()`` comes too late for both
    "ORT_DISABLE_TELEMETRY": "1",
    # huggingface_hub, and what builds on it: use reported, newer versions asked for
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    # Gradio: the same; and statistics of its own, with pandas, after every question
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9),
    # FastAPI would send traces to where another program's settings say
    "FASTAPI_OTEL_AUTO_CONFIGURE": "false",
    # Ray: use reported, by every cluster that it makes
    "RAY_USAGE_STATS_ENABLED": "0",
    # what many others look for, those of tomorrow among them
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
"""Set whatever stood there: that nothing leaves the machine is a promise, not a preference."""

PREFERRED = {
    # Two spinning OpenMP threads on a busy machine of two cores collapse (a matrix product fell
    # from 128 to 1 GFLOP/s); read when the first library that uses OpenMP is loaded
    "OMP_WAIT_POLICY": "PASSIVE",
    # numpy's OpenBLAS spins too, 2^28 turns after each product: of 40 answers on two cores 7.75 s of a
    # processor became 5.42, by the clock 5.3 either way
    "OPENBLAS_THREAD_TIMEOUT": "4",
}
"""Set where nothing stood."""


def prepare(environ: MutableMapping[str, str] | None = None) -> None:
    """Write both lists into the environment (of this process, where none is given)."""
    environ = os.environ if environ is None else environ
    environ.update(SILENT)
    for name, value in PREFERRED.items():
        environ.setdefault(name, value)
