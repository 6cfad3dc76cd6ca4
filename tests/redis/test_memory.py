"""A meeting that is over costs a few kilobytes, and each of its keys is of a known kind."""

from redis.asyncio import Redis

from tests.redis.memory import by_family, hold

MEETINGS = 20


async def test_a_meeting_costs_a_few_kilobytes(redis: Redis) -> None:
    for number in range(MEETINGS):
        await hold(redis, number)

    sizes = await by_family(redis)

    assert set(sizes) == {"meeting", "posts", "recording", "channel", "wish", "index"}
    assert 3_000 < sizes.total() / MEETINGS < 8_000
