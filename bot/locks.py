"""Locks in Redis that end by themselves, so that a killed process holds nobody up for long."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from bot.errors import StoreBusy

RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
RENEW = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0"
PAUSE = 0.03


class Lock:
    """A lock that is held for ``seconds`` from its last renewal."""

    def __init__(self, redis: Redis, key: str, seconds: float) -> None:
        self._redis = redis
        self._key = key
        self._lease = int(seconds * 1000)
        self._token = secrets.token_hex(8)

    async def take(self) -> bool:
        """Take it if it is free."""
        return bool(await self._redis.set(self._key, self._token, nx=True, px=self._lease))

    async def renew(self) -> bool:
        """Hold it for another while; false where it ended and may be someone else's by now."""
        return bool(await self._redis.eval(RENEW, 1, self._key, self._token, self._lease))

    async def release(self) -> None:
        """Let go of it, if it is still ours."""
        await self._redis.eval(RELEASE, 1, self._key, self._token)


class Locks:
    """Where locks come from."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    @asynccontextmanager
    async def attempt(self, key: str, *, seconds: float) -> AsyncIterator[Lock | None]:
        """Hold a lock if it is free; None where it is not."""
        lock = Lock(self._redis, key, seconds)
        if not await lock.take():
            yield None
            return
        try:
            yield lock
        finally:
            await lock.release()

    @asynccontextmanager
    async def hold(self, key: str, *, seconds: float = 30, patience: float = 20) -> AsyncIterator[None]:
        """Wait for a lock and hold it.

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
        try:
            yield
        finally:
            await lock.release()
