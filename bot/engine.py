"""The engine under durable work: pydocket's docket, and a worker on it that runs for as long as the process lives.

pydocket's traps that are stepped around here (docs/decisions.md): a killed task is found again only after the lease;
the default connection pool is smaller than the concurrency it serves; its keys have no end.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

from docket import Docket, Worker
from redis.exceptions import RedisError

from bot.keys import KEPT

log = logging.getLogger(__name__)

NAME = "greenroom"
LEASE = timedelta(seconds=6)
"""A killed process's tasks are taken over after this long; a living one renews its claim four times in it."""
CONCURRENCY = 64
CONNECTIONS = 512
RESTART = 1.0

AT_ONCE = 50
"""Keys that are asked about in one go."""

DRAIN = 4.0
"""Seconds to finish what is in hand at the end: nobody else takes it on before the lease is over."""
HAND_OVER = 2.0
"""Seconds for what was not finished to let go of its locks, and for connections to close."""
LAST_LOOK = 1.0
"""Seconds to give the keys that stay behind an end."""


def moment_in(seconds: float) -> datetime:
    """Give the time so many seconds from now as pydocket counts it: by the machine's own clock."""
    return datetime.now(UTC) + timedelta(seconds=seconds)


class Engine:
    """Carries out the tasks that are registered at ``docket``."""

    def __init__(self, url: str) -> None:
        self.docket = Docket(NAME, _roomy(url), execution_ttl=timedelta(minutes=5))
        self._running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect, so that work can be written down."""
        await self.docket.__aenter__()

    def begin(self) -> None:
        """Start to carry out what is written down, in this process."""
        self._running = asyncio.create_task(self._run(), name="durable work")

    async def _run(self) -> None:
        """Work for as long as this process lives: a bot that takes wishes and carries none out helps nobody."""
        while True:
            try:
                return await self._work()  # which ends by itself when it is cancelled
            except Exception:
                log.exception("the worker ended, starting it again")
            await asyncio.sleep(RESTART)

    async def _work(self) -> None:
        async with Worker(
            self.docket,
            name=f"{socket.gethostname()}#{os.getpid()}#{secrets.token_hex(3)}",
            concurrency=CONCURRENCY,
            redelivery_timeout=LEASE,
            reconnection_delay=timedelta(seconds=1),
            minimum_check_interval=timedelta(milliseconds=50),
            scheduling_resolution=timedelta(milliseconds=50),
        ) as worker:
            await worker.run_forever()

    @property
    def is_running(self) -> bool:
        """Whether tasks are being carried out in this process."""
        return self._running is not None and not self._running.done()

    async def depth(self) -> dict[str, int]:
        """Count the tasks: ``due`` or in hand, and ``later`` for those that wait for their time."""
        now = moment_in(0).timestamp()
        async with self.docket.redis() as redis, redis.pipeline() as pipeline:
            pipeline.xlen(self.docket.stream_key)
            pipeline.zcount(self.docket.queue_key, "-inf", now)
            pipeline.zcount(self.docket.queue_key, now, "+inf")
            streamed, overdue, later = await pipeline.execute()
        return {"due": streamed + overdue, "later": later}

    async def let_keys_expire(self) -> None:
        """Give pydocket's own keys an end too; while there is work, every call moves it on."""
        async with self.docket.redis() as redis:
            standing = {self.docket.stream_key, self.docket.queue_key}
            found = redis.scan_iter(match=f"{self.docket.prefix}:*", count=1000)
            names = [key.decode() if isinstance(key, bytes) else str(key) async for key in found]
            for start in range(0, len(names), AT_ONCE):  # every finished recording has an alarm that waits for days
                some = names[start : start + AT_ONCE]
                async with redis.pipeline() as opened:  # side by side, each would have a connection of its own
                    pipeline: Any = opened  # what pydocket says of it names few commands
                    for name in some:
                        pipeline.ttl(name)
                    ends = await pipeline.execute()
                endless = {name for name, end in zip(some, ends, strict=True) if end < 0}
                for name in endless | standing.intersection(some):
                    await redis.expire(name, int(KEPT.total_seconds()))

    async def close(self) -> None:
        """Finish what is in hand, leave to others what takes too long, and disconnect."""
        if self._running:
            await _stopped(self._running)
            self._running = None
        with contextlib.suppress(TimeoutError, RedisError, OSError):
            async with asyncio.timeout(LAST_LOOK):
                await self.let_keys_expire()  # nobody else may ever do it
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HAND_OVER):
                await self.docket.__aexit__(None, None, None)


async def _stopped(running: asyncio.Task[None]) -> None:
    """Stop the worker: first it takes nothing new and finishes; what it does not finish in time is cut off."""
    running.cancel()
    if (await asyncio.wait([running], timeout=DRAIN))[0]:
        return
    log.warning("what is in hand takes too long and is left to others")
    running.cancel()
    await asyncio.wait([running], timeout=HAND_OVER)


def _roomy(url: str) -> str:
    """Ask for a connection pool that is larger than the concurrency it serves."""
    if "+cluster" in url.partition("://")[0] or "max_connections=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}max_connections={CONNECTIONS}"
