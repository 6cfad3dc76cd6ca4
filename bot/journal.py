"""What a wish has done already, so that carrying it out a second time repeats nothing.

A process may be killed between an effect at the provider and the end of the wish. Each effect is therefore
written down by name as soon as it is known, and asked for by name before it is made.
"""

from collections.abc import Awaitable, Callable

from redis.asyncio import Redis

from bot.keys import WISH_KEPT, as_text, wish_key

DONE = "done"


class Wish:
    """One command or click of one person."""

    def __init__(self, redis: Redis, key: str) -> None:
        self._redis = redis
        self.key = key

    async def once(self, step: str, effect: Callable[[], Awaitable[str]]) -> str:
        """Make an effect, or give what it gave the first time.

        A process that was asleep may make it a second time; what was written down first counts for both.

        Args:
            step: the effect's name within this wish.
            effect: makes it and gives what is to be remembered of it; never a secret.

        """
        known = await self.recall(step)
        if known is not None:
            return known
        result = await effect()
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.hsetnx(wish_key(self.key), step, result)
        pipeline.expire(wish_key(self.key), int(WISH_KEPT.total_seconds()))
        pipeline.hget(wish_key(self.key), step)
        return as_text((await pipeline.execute())[-1])

    async def recall(self, step: str) -> str | None:
        """Read what a step gave."""
        known = await self._redis.hget(wish_key(self.key), step)
        return as_text(known) if known is not None else None

    async def remember(self, step: str, result: str) -> None:
        """Write down what a step gave."""
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.hset(wish_key(self.key), step, result)
        pipeline.expire(wish_key(self.key), int(WISH_KEPT.total_seconds()))
        await pipeline.execute()

    async def finish(self) -> None:
        """Note that nothing is left to be done."""
        await self.remember(DONE, "1")

    async def is_finished(self) -> bool:
        """Tell whether nothing is left to be done, as for a request that was replayed."""
        return await self.recall(DONE) is not None


class Journal:
    """Where wishes are remembered."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def wish(self, key: str) -> Wish:
        """Open the page of one wish."""
        return Wish(self._redis, key)
