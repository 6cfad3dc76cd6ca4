"""What is counted, for Prometheus."""

import re
from collections.abc import Callable
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot import __version__

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
SLOW = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


class Metrics:
    """The counters of one bot; no label ever holds a name, a token, an id, or what anybody typed."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        Gauge("greenroom_build_info", "Which version runs", ["version"], registry=self.registry).labels(
            __version__
        ).set(1)
        self._acknowledgements = Histogram(
            "greenroom_acknowledgement_seconds",
            "How long Slack waited until what it sent was written down, by kind of payload and what Slack was told",
            ["kind", "outcome"],
            buckets=QUICK,
            registry=self.registry,
        )
        self._wishes = Histogram(
            "greenroom_wish_seconds",
            "How long carrying out took, by kind of wish and how it ended",
            ["kind", "outcome"],
            buckets=SLOW,
            registry=self.registry,
        )
        self._webhooks = Counter(
            "greenroom_webhooks", "Webhook deliveries by outcome", ["provider", "outcome"], registry=self.registry
        )
        self._webhook_counters: dict[tuple[str, str], Counter] = {}
        self._corrections = Counter(
            "greenroom_poll_corrections",
            "Polls that found what a webhook should have told",
            ["provider"],
            registry=self.registry,
        )
        self._lag = Histogram(
            "greenroom_thread_lag_seconds",
            "From a meeting's change to its thread showing it",
            buckets=SLOW,
            registry=self.registry,
        )
        self._slack_calls = Counter(
            "greenroom_slack_calls", "Calls to Slack by outcome", ["method", "outcome"], registry=self.registry
        )
        self._provider_calls = Histogram(
            "greenroom_provider_call_seconds",
            "Calls to the video service by outcome",
            ["provider", "operation", "outcome"],
            registry=self.registry,
        )
        self._retries = Counter(
            "greenroom_retries", "What was tried again: a task, or a call", ["what"], registry=self.registry
        )

    def page(self) -> bytes:
        """Write everything out in Prometheus' text format."""
        return generate_latest(self.registry)

    def acknowledged(self, kind: str, outcome: str, seconds: float) -> None:
        """Count what Slack sent."""
        self._acknowledgements.labels(kind, _word(outcome)).observe(seconds)

    def wish(self, kind: str, outcome: str, seconds: float) -> None:
        """Count what was carried out."""
        self._wishes.labels(kind, outcome).observe(seconds)

    def webhook(self, provider: str, outcome: str) -> None:
        """Count a delivery."""
        counter = self._webhook_counters.get((provider, outcome))
        if counter is None:
            counter = self._webhooks.labels(provider, _word(outcome))
            self._webhook_counters[provider, outcome] = counter
        counter.inc()

    def correction(self, provider: str) -> None:
        """Count a poll that found what a webhook should have told."""
        self._corrections.labels(provider).inc()

    def shown(self, seconds: float) -> None:
        """Note how long a thread was behind."""
        self._lag.observe(seconds)

    def slack_call(self, method: str, outcome: str) -> None:
        """Count a call to Slack; ``outcome`` may be Slack's own error word."""
        self._slack_calls.labels(method, outcome if _WORD.fullmatch(outcome) else "other").inc()

    def retried(self, what: str) -> None:
        """Count that something is tried once more."""
        self._retries.labels(what).inc()

    def provider_observer(self, provider: str) -> Callable[[str, str, float], None]:
        """Give what counts the calls to one video service."""

        def observe(operation: str, outcome: str, seconds: float) -> None:
            self._provider_calls.labels(provider, operation, outcome).observe(seconds)

        return observe


@lru_cache(maxsize=256)
def _word(outcome: str) -> str:
    """Write an outcome as labels are written: ``BadSignature`` and ``too slow`` become one word in small letters."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|\s+", "_", outcome).lower()
