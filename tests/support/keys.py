"""The promise that every key expires, to be held against a Redis after a test."""

from redis.asyncio import Redis

DAY = 86_400
LONGEST = 31 * DAY
NO_END = -1


async def assert_keys_expire(redis: Redis) -> None:
    """Fail when any key lives for ever, or for longer than anything is to be remembered.

    A key that ends while this looks is fine: that is what it promised.
    """
    ends = {key: await redis.ttl(key) async for key in redis.scan_iter(match="*", count=1000)}
    forever = sorted(key for key, seconds in ends.items() if seconds == NO_END)
    too_long = sorted(key for key, seconds in ends.items() if seconds > LONGEST)

    assert forever == []
    assert too_long == []
