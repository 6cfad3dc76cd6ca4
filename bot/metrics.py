"""What is counted, for Prometheus."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest


class Metrics:
    """The counters of one bot; no label ever holds a name, a token or an id."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.slack_requests = Counter(
            "greenroom_slack_requests", "Requests from Slack by answer", ["status"], registry=self.registry
        )
        self.webhooks = Counter(
            "greenroom_webhooks", "Webhook deliveries by outcome", ["provider", "outcome"], registry=self.registry
        )
        self.slack_calls = Counter(
            "greenroom_slack_calls", "Calls to Slack by outcome", ["method", "outcome"], registry=self.registry
        )
        self.provider_calls = Histogram(
            "greenroom_provider_call_seconds",
            "Calls to the video service by outcome",
            ["provider", "operation", "outcome"],
            registry=self.registry,
        )

    def page(self) -> bytes:
        """Write everything out in Prometheus' text format."""
        return generate_latest(self.registry)

    def slack_call(self, method: str, outcome: str) -> None:
        """Count a call to Slack."""
        self.slack_calls.labels(method, outcome).inc()

    def provider_observer(self, provider: str) -> Callable[[str, str, float], None]:
        """Give what counts the calls to one video service."""

        def observe(operation: str, outcome: str, seconds: float) -> None:
            self.provider_calls.labels(provider, operation, outcome).observe(seconds)

        return observe
