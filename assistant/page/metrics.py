"""What ``/metrics`` counts. One registry a page, so that two pages in one process share nothing.

No label carries anything that a person wrote.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

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
        self.waiting = Gauge("yibao_waiting", "People in line now.", registry=self.registry)
        self.talks = Gauge("yibao_talks", "Transcripts in memory.", registry=self.registry)

    def text(self) -> bytes:
        """Everything in the exposition format of Prometheus."""
        return generate_latest(self.registry)
