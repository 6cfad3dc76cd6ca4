"""When each provider's webhooks were last heard, and since when polls have had to do without them."""

import asyncio
import logging
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.clock import Clock
from bot.keys import KEPT, as_text, heard_key

log = logging.getLogger(__name__)

GATHER = 0.1
"""Seconds in which many notes become one write."""
PATIENCE = 1.0

ACCEPTED, MISSED, SINCE = "accepted", "missed", "since"


@dataclass(frozen=True, slots=True)
class News:
    """How a provider's news come in, in seconds since 1970.

    Args:
        accepted: when a webhook of this deployment was last accepted, None where none was for a month.
        missed: when a poll last found what a webhook should have told.
        since: the first time it did so after ``accepted``; None while webhooks come.

    """

    accepted: float | None
    missed: float | None
    since: float | None

    def silence(self, now: float) -> float:
        """Give the seconds since a webhook was first missed with none coming since; 0 while they come."""
        return max(0.0, now - self.since) if self.since is not None else 0.0


class Heard:
    """Keeps for all replicas when webhooks came; noted at once and written soon, so that nobody waits for it."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._notes: dict[tuple[str, str], float] = {}
        self._writing: asyncio.Task[None] | None = None

    def accepted(self, provider: str) -> None:
        """Note that a webhook came in."""
        if next(reversed(self._notes), None) != (provider, ACCEPTED):  # else it was noted within ``GATHER``
            self._note(provider, ACCEPTED)

    def missed(self, provider: str) -> None:
        """Note that a poll found what a webhook should have told."""
        self._note(provider, MISSED)

    def _note(self, provider: str, what: str) -> None:
        self._notes.pop((provider, what), None)  # what was noted last is written last
        self._notes[provider, what] = self._clock().timestamp()
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="heard")

    async def _write(self) -> None:
        while self._notes:
            await asyncio.sleep(GATHER)
            notes, self._notes = self._notes, {}
            try:
                await self._keep(notes)
            except (RedisError, OSError) as trouble:
                log.warning("when webhooks came could not be written down: %s", type(trouble).__name__)
                return

    async def _keep(self, notes: dict[tuple[str, str], float]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for (provider, what), at in notes.items():
            key = heard_key(provider)
            pipeline.hset(key, what, str(at))
            if what == ACCEPTED:
                pipeline.hdel(key, SINCE)
            else:
                pipeline.hsetnx(key, SINCE, str(at))
            pipeline.expire(key, int(KEPT.total_seconds()))
        await pipeline.execute()

    async def of(self, provider: str) -> News:
        """Tell how a provider's news come in."""
        found = await self._redis.hmget(heard_key(provider), [ACCEPTED, MISSED, SINCE])
        accepted, missed, since = (float(as_text(each)) if each else None for each in found)
        return News(accepted, missed, since)

    async def close(self) -> None:
        """Write down what was noted."""
        if self._writing:
            await asyncio.wait([self._writing], timeout=PATIENCE)
            self._writing.cancel()
