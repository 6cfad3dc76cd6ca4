"""What ``/metrics`` shows: the counters, and what is looked up at the moment somebody asks."""

import asyncio
import math
from collections.abc import Iterable

from prometheus_client import Gauge
from redis.exceptions import RedisError

from bot.clock import Clock
from bot.heard import Heard
from bot.metrics import Metrics
from bot.store import MeetingStore
from bot.work import Work

PATIENCE = 2.0
"""Seconds to look things up in; a scrape that hangs shows nothing at all."""


class Scrape:
    """Writes the page for Prometheus.

    What it looks up is shared by all replicas, and each of them shows it.

    Args:
        providers: the names of those that are configured.

    """

    def __init__(
        self, metrics: Metrics, store: MeetingStore, work: Work, heard: Heard, providers: Iterable[str], clock: Clock
    ) -> None:
        self._metrics = metrics
        self._store = store
        self._work = work
        self._heard = heard
        self._providers = tuple(providers)
        self._clock = clock
        self._redis_up = self._gauge("redis_up", "Whether Redis answered this scrape")
        self._worker_up = self._gauge("worker_up", "Whether this process carries out tasks")
        self._tasks = self._gauge("tasks", "Tasks that are due or in hand, and tasks for later", "state")
        self._behind = self._gauge("threads_behind", "Threads that do not show their meeting's last change yet")
        self._oldest = self._gauge("threads_behind_seconds", "For how long the one that is most behind has been")
        self._silence = self._gauge(
            "webhook_silence_seconds",
            "Since polls first found what no webhook told, none having come since",
            "provider",
        )
        self._accepted = self._gauge(
            "webhook_accepted_timestamp_seconds", "When a webhook was last accepted", "provider"
        )
        self._missed = self._gauge(
            "poll_correction_timestamp_seconds", "When a poll last found what a webhook should have told", "provider"
        )

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"greenroom_{name}", what, labels, registry=self._metrics.registry)

    async def page(self) -> bytes:
        """Give the page; without Redis it has no more than this process knows by itself."""
        self._worker_up.set(self._work.is_running)
        try:
            async with asyncio.timeout(PATIENCE):
                await self._look_up()
            self._redis_up.set(1)
        except (RedisError, OSError, TimeoutError):
            self._redis_up.set(0)
            self._forget()
        return self._metrics.page()

    async def _look_up(self) -> None:
        for state, count in (await self._work.depth()).items():
            self._tasks.labels(state).set(count)
        behind = await self._store.behind()
        self._behind.set(len(behind))
        self._oldest.set(max(behind, default=0))
        for provider in self._providers:
            await self._look_up_news(provider)

    async def _look_up_news(self, provider: str) -> None:
        news = await self._heard.of(provider)
        self._silence.labels(provider).set(news.silence(self._clock().timestamp()))
        for gauge, at in ((self._accepted, news.accepted), (self._missed, news.missed)):
            if at is not None:
                gauge.labels(provider).set(at)

    def _forget(self) -> None:
        """Show nothing rather than what was true before."""
        for labelled in (self._tasks, self._silence, self._accepted, self._missed):
            labelled.clear()
        for plain in (self._behind, self._oldest):
            plain.set(math.nan)
