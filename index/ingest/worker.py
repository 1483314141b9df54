"""A process that encodes texts for another; ``process`` starts and feeds it.

Takes a ``Begin`` and then ``Shard``s on its standard input, gives one ``Encoded`` or ``Refused`` for
each shard on its standard output, until the input ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from corpus.reading.messages import receive, send
from index.ingest.helper import Helper


def main() -> None:
    """Encode until nobody asks any more."""
    # whatever a library prints must not get between the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Ctrl-C goes to all processes of a terminal; the one that asked ends this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, BrokenPipeError):  # whoever asked has gone
        helper = Helper(receive(sys.stdin.buffer))
        while True:
            send(answers, helper.encode(receive(sys.stdin.buffer)))
