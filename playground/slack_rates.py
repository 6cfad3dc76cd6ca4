"""Slack's rate limits: token buckets by method, and one for each channel's posts."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from playground.slack_errors import SlackError
from playground.slack_limits import POSTS_PER_SECOND, TIER_PER_MINUTE
from playground.workspace import utcnow


@dataclass(frozen=True, slots=True)
class RateLimits:
    """How much is allowed.

    Slack promises each tier as "so many and more per minute", so tiers are multiplied by ``generosity``;
    ``per_minute`` sets a method's own number, which is taken as it is.
    """

    post_burst: float = 4.0
    posts_per_second: float = POSTS_PER_SECOND
    generosity: float = 5.0
    per_minute: dict[str, float] = field(default_factory=lambda: {"chat.update": TIER_PER_MINUTE[3]})

    def of(self, method: str, tier: int | None) -> float | None:
        """Give a method's calls per minute, None where Slack only speaks of special limits."""
        if method in self.per_minute:
            return self.per_minute[method]
        return None if tier is None else TIER_PER_MINUTE[tier] * self.generosity


@dataclass(slots=True)
class Bucket:
    """A token bucket, full at its start."""

    size: float
    per_second: float
    left: float
    at: datetime

    def take(self, now: datetime) -> float:
        """Take one; give 0, or else the seconds until there is one, having taken nothing."""
        self.left = min(self.size, self.left + max(0.0, (now - self.at).total_seconds()) * self.per_second)
        self.at = now
        if self.left >= 1 - 1e-9:
            self.left -= 1
            return 0.0
        return (1 - self.left) / self.per_second


class Rates:
    """All buckets of one workspace."""

    def __init__(self, limits: RateLimits | None = None, *, now: Callable[[], datetime] = utcnow) -> None:
        self.limits = limits or RateLimits()
        self._now = now
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def call(self, method: str, tier: int | None) -> None:
        """Count one call of a method, or refuse it."""
        allowed = self.limits.of(method, tier)
        if allowed is not None:
            self._take(("method", method), allowed, allowed / 60)

    def post(self, channel: str) -> None:
        """Count one post into a channel, or refuse it."""
        self._take(("post", channel), self.limits.post_burst, self.limits.posts_per_second)

    def _take(self, key: tuple[str, str], size: float, per_second: float) -> None:
        now = self._now()
        bucket = self._buckets.setdefault(key, Bucket(size, per_second, size, now))
        if wait := bucket.take(now):
            raise SlackError("ratelimited", retry_after=max(1, math.ceil(wait)))
