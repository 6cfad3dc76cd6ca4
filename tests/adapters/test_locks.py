"""Locks end by themselves when their holder is gone, and not a moment before."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot.errors import StoreBusy
from bot.locks import Lock, Locks


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


async def test_of_many_who_try_at_once_one_holds_the_lock(redis: Redis) -> None:
    locks, inside, most = Locks(redis), 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with locks.hold("lock", patience=5):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(6)))
    assert most == 1


async def test_a_lock_is_free_again_after_trouble(redis: Redis) -> None:
    locks = Locks(redis)
    with pytest.raises(ZeroDivisionError):
        async with locks.hold("lock"):
            raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError):
        async with locks.attempt("lock"):
            raise ZeroDivisionError

    assert await redis.exists("lock") == 0


async def test_a_lock_that_ended_is_not_renewed_and_not_released_for_another(redis: Redis) -> None:
    ours, theirs = Lock(redis, "lock", 5), Lock(redis, "lock", 5)
    assert await ours.take()
    assert not await theirs.take()
    await redis.delete("lock")
    assert await theirs.take()

    assert not await ours.renew()
    await ours.release()
    assert await theirs.renew()


async def test_what_is_written_under_a_lock_is_written_only_while_it_is_held(redis: Redis) -> None:
    lock = Lock(redis, "lock", 5)
    await lock.take()
    await redis.pexpire("lock", 100)

    assert await lock.write("hash", "name", "value", kept=60)
    assert await redis.hget("hash", "name") in {b"value", "value"}
    assert 50 < await redis.ttl("hash") <= 60
    assert 4000 < await redis.pttl("lock") <= 5000

    await redis.set("lock", "another's", ex=60)
    assert not await lock.write("hash", "name", "late", kept=60)
    assert await redis.hget("hash", "name") in {b"value", "value"}


async def test_renewing_starts_the_time_anew(redis: Redis) -> None:
    lock = Lock(redis, "lock", 5)
    await lock.take()
    await redis.pexpire("lock", 100)
    await lock.renew()

    assert 4000 < await redis.pttl("lock") <= 5000
