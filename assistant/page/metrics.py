"""What ``/metrics`` counts. One registry a page, so that two pages in one process share nothing; of
several workers (``page.workers``) whichever is asked gives the sums of all.

No label carries anything that a person wrote.
"""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """Counters for questions, limits, failures, feedback; how long asking took; the line now."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.questions = Counter(
            "yibao_questions_total",
            "Questions asked, by door (page, api, mcp, openai) and by status of the answer.",
            ("door", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "yibao_ask_seconds",
            "Seconds from being served to having the answer, the line not counted.",
            buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5),
            registry=self.registry,
        )
        self.refused = Counter(
            "yibao_limited_total",
            "Requests turned away, by reason (visitor, address, length, line, gone).",
            ("reason",),
            registry=self.registry,
        )
        self.failures = Counter(
            "yibao_failures_total", "Failures inside, shown as an apology.", registry=self.registry
        )
        self.feedback = Counter(
            "yibao_feedback_total", "Thumbs, by rating.", ("rating",), registry=self.registry
        )
        self.waiting = self._gauge("yibao_waiting", "People in line now.")
        self.talks = self._gauge("yibao_talks", "Transcripts in memory.")

    def _gauge(self, name: str, meaning: str) -> Gauge:
        """A number of this moment; of several processes, the sum of those that live."""
        return Gauge(name, meaning, registry=self.registry, multiprocess_mode="livesum")

    def text(self) -> bytes:
        """Everything in the exposition format of Prometheus."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        every = CollectorRegistry()
        MultiProcessCollector(every)  # type: ignore[no-untyped-call]
        return generate_latest(every)
