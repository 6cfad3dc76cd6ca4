"""A clock that goes only when it is told to."""

import asyncio
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from tests.support.stories import BEGUN

PATIENCE = 8.0


class Clock:
    """The time of day in tests."""

    def __init__(self, now: datetime = BEGUN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now

    def goes_on(self, **length: float) -> datetime:
        """Let some time pass, and give the new one."""
        self.now += timedelta(**length)
        return self.now


class Ahead:
    """A clock that goes as ours does, only that it can be put forward; so nobody has to wait."""

    def __init__(self) -> None:
        self.by = timedelta()

    def __call__(self) -> datetime:
        """Give the time."""
        return datetime.now(UTC) + self.by

    async def goes_on(self, redis: Redis, **length: float) -> None:
        """Let some time pass here, and for the alarms that are set in Redis; they keep their places there."""
        passed = timedelta(**length)
        self.by += passed
        async for member, _ in redis.zscan_iter("greenroom:queue", match="clock:*"):
            await redis.zincrby("greenroom:queue", -passed.total_seconds(), member)


async def alarm_is_set(redis: Redis, meeting_id: str, **ahead: float) -> None:
    """Wait until a meeting's alarm is set to a time no further ahead than this."""
    async with asyncio.timeout(PATIENCE):
        while True:
            when = await redis.zscore("greenroom:queue", f"clock:{meeting_id}")
            if when is not None and when <= (datetime.now(UTC) + timedelta(**ahead)).timestamp():
                return
            await asyncio.sleep(0.01)
