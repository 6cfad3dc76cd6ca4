"""Locks in Redis that end by themselves, so that a killed process holds nobody up for long."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.errors import StoreBusy

log = logging.getLogger(__name__)

RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
WRITE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[3], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[5])
return 1
"""
PAUSE = 0.03
LEASE = 6.0
"""Seconds for which a killed process still holds others up; a living one renews its hold four times in it."""


class Lock:
    """A lock under ``key`` that is held for ``seconds`` from its last renewal."""

    def __init__(self, redis: Redis, key: str, seconds: float) -> None:
        self._redis = redis
        self.key = key
        self._lease = int(seconds * 1000)
        self._token = secrets.token_hex(8)

    async def take(self) -> bool:
        """Take it if it is free."""
        return bool(await self._redis.set(self.key, self._token, nx=True, px=self._lease))

    async def renew(self) -> bool:
        """Hold it for another while; false where it ended and may be someone else's by now."""
        return bool(await self._redis.eval(RENEW, 1, self.key, self._token, self._lease))

    async def write(self, key: str, field: str, value: str, *, kept: int) -> bool:
        """Renew and write in one go, so that nothing comes between; false, and nothing written, where it ended.

        Args:
            key: a hash that belongs to the same meeting as the lock.
            field: what in it.
            value: what is written there.
            kept: seconds for which the hash is kept from now on.

        """
        return bool(await self._redis.eval(WRITE, 2, self.key, key, self._token, self._lease, field, value, kept))

    async def release(self) -> None:
        """Let go of it, if it is still ours."""
        await self._redis.eval(RELEASE, 1, self.key, self._token)


class Locks:
    """Where locks come from."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @asynccontextmanager
    async def attempt(self, key: str, *, seconds: float = LEASE) -> AsyncIterator[Lock | None]:
        """Hold a lock if it is free, for as long as it takes; None where it is not free."""
        lock = Lock(self._redis, key, seconds)
        if not await lock.take():
            yield None
            return
        async with _held(lock, seconds / 4):
            yield lock

    @asynccontextmanager
    async def hold(self, key: str, *, seconds: float = LEASE, patience: float = 20) -> AsyncIterator[None]:
        """Wait for a lock and hold it for as long as it takes.

        Raises:
            StoreBusy: it did not become free within ``patience`` seconds.

        """
        lock = Lock(self._redis, key, seconds)
        for _ in range(int(patience / PAUSE)):
            if await lock.take():
                break
            await asyncio.sleep(PAUSE)
        else:
            raise StoreBusy(f"waited {patience} s for {key}")
        async with _held(lock, seconds / 4):
            yield


@asynccontextmanager
async def _held(lock: Lock, every: float) -> AsyncIterator[None]:
    """Renew a lock that was taken until the context ends, then let go of it."""
    renewing = asyncio.create_task(_renew(lock, every), name=f"hold {lock.key}")
    try:
        yield
    finally:
        renewing.cancel()
        await lock.release()


async def _renew(lock: Lock, every: float) -> None:
    """Keep a lock until cancelled; one that was lost while this process was asleep is another's now."""
    held = True
    while held:
        await asyncio.sleep(every)
        try:
            held = await lock.renew()
        except (RedisError, OSError) as trouble:
            log.warning("%s could not be renewed: %s", lock.key, type(trouble).__name__)
    log.warning("%s was lost while it was held", lock.key)
