"""The engine's own keys have an end too: while it runs, and after it was stopped for good."""

from datetime import timedelta

import redis as blocking_redis
from redis.asyncio import Redis

from bot.clock import utcnow
from bot.engine import Engine
from bot.keys import KEPT
from tests.support.keys import NO_END, assert_keys_expire


async def task(what: str) -> None:
    """Do nothing, much later."""


async def busy(redis_url: str) -> Engine:
    """Give an engine with a task that waits for its time."""
    engine = Engine(redis_url)
    await engine.open()
    engine.docket.register(task)
    await engine.docket.add(task, when=utcnow() + timedelta(hours=1), key="later")("x")
    await engine.docket.add(task, key="now")("x")
    return engine


def ends(redis_url: str) -> dict[bytes, int]:
    with blocking_redis.Redis.from_url(redis_url) as client:
        return {key: client.ttl(key) for key in client.scan_iter()}


async def test_keys_without_an_end_are_given_one_and_no_task_is_lost(redis_url: str) -> None:
    engine = await busy(redis_url)
    assert NO_END in ends(redis_url).values()

    await engine.let_keys_expire()
    with blocking_redis.Redis.from_url(redis_url) as client:
        assert_keys_expire(client)
    assert await engine.depth() == {"due": 1, "later": 1}
    await engine.close()


async def test_a_queue_in_use_is_kept_for_as_long_as_it_is_used(redis_url: str, redis: Redis) -> None:
    engine = await busy(redis_url)
    await engine.let_keys_expire()
    await redis.expire(engine.docket.queue_key, 60)
    await engine.let_keys_expire()

    assert await redis.ttl(engine.docket.queue_key) >= KEPT.total_seconds() - 5
    await engine.close()


async def test_an_engine_that_stops_leaves_nothing_for_ever(redis_url: str) -> None:
    engine = await busy(redis_url)
    await engine.close()

    assert NO_END not in ends(redis_url).values()
    assert ends(redis_url)
