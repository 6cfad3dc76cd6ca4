"""Locks end by themselves when their holder is gone, and not a moment before."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot.errors import StoreBusy
from bot.locks import Locks


async def test_a_lock_is_held_for_as_long_as_the_work_takes(redis: Redis) -> None:
    locks = Locks(redis)
    async with locks.hold("lock", seconds=0.1):
        await asyncio.sleep(0.3)
        async with locks.attempt("lock") as other:
            assert other is None
    async with locks.attempt("lock", seconds=0.1) as held:
        assert held is not None
        await asyncio.sleep(0.3)
        assert await held.renew()


async def test_whoever_waits_gets_the_lock_when_its_holder_is_gone(redis: Redis) -> None:
    await redis.set("lock", "of a killed process", px=100)
    async with Locks(redis).hold("lock", patience=2):
        assert await redis.pttl("lock") > 1000


async def test_waiting_ends(redis: Redis) -> None:
    locks = Locks(redis)
    async with locks.hold("lock"):
        with pytest.raises(StoreBusy):
            async with locks.hold("lock", patience=0.1):
                pass


async def test_a_lock_that_was_lost_is_not_taken_back_and_not_released(redis: Redis) -> None:
    locks = Locks(redis)
    async with locks.attempt("lock", seconds=0.1) as lock:
        await redis.set("lock", "another's", ex=60)
        await asyncio.sleep(0.1)
        assert lock is not None
        assert not await lock.renew()
    assert await redis.get("lock") == b"another's"
