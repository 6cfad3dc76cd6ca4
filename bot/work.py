"""Durable work: what is written down here is carried out, whatever process dies in between.

Tasks live on Redis Streams through pydocket. Its traps that this module steps around (docs/decisions.md): adding a key
whose task is running is refused, so news replaces; a killed task is found again only after the lease; the default
connection pool is smaller than the concurrency it serves.
"""

import asyncio
import logging
import os
import secrets
import socket
import time
from datetime import timedelta
from typing import Protocol

from docket import Docket, ExponentialRetry, Perpetual, Worker
from docket.dependencies import Retry

from bot.clock import Clock
from bot.domain.ids import MeetingId
from bot.keys import KEPT
from bot.polling import Polling
from bot.reconciler import Reconciler
from bot.store import MeetingStore

log = logging.getLogger(__name__)

NAME = "greenroom"
LEASE = timedelta(seconds=6)
"""A killed process's tasks are taken over after this long; a living one renews its claim four times in it."""
CONCURRENCY = 64
POLLS = 24
"""How many of these places polls may take: a provider that hangs must leave room for what people ask."""
POLL_WAIT = 2.0
CONNECTIONS = 512
RESTART = 1.0
SWEEP = timedelta(seconds=10)
POKED = 5.0
"""Seconds within which the same meeting's next poll is not moved again."""

ATTEMPTS = 10


class CarryOut(Protocol):
    """Carries out one wish."""

    async def __call__(self, key: str, sealed: str, *, last: bool) -> None:
        """Do what a sealed payload asks for; raise only what a later try may mend, and nothing on the last one."""


class Work:
    """The engine of durable work, and everything that runs on it."""

    def __init__(self, url: str, store: MeetingStore, reconciler: Reconciler, polling: Polling, clock: Clock) -> None:
        self.docket = Docket(NAME, _roomy(url), execution_ttl=timedelta(minutes=5))
        self._store = store
        self._reconciler = reconciler
        self._polling = polling
        self._clock = clock
        self._carry_out: CarryOut | None = None
        self._worker: Worker | None = None
        self._running: asyncio.Task[None] | None = None
        self._poked: dict[MeetingId, float] = {}
        self._polls = 0
        for task in (self.wish, self.reconcile, self.poll, self.sweep):
            self.docket.register(task)

    # ------------------------------------------------------------ writing down

    async def write_down(self, key: str, sealed: str) -> None:
        """Write a wish down; it is carried out once the moment this returns, and the same key only once."""
        await self.docket.add("wish", key=f"wish:{key}")(key, sealed)

    async def follow(self, meeting_id: MeetingId) -> None:
        """Bring a meeting's thread up to date soon, and ask the provider about it in a while."""
        await self._reconcile_at(meeting_id, 0)
        now = time.monotonic()
        if now - self._poked.get(meeting_id, -POKED) >= POKED:
            self._forget_pokes(now)
            await self._poll_at(meeting_id, self._polling.every, quiet=0)
            self._poked[meeting_id] = now  # not before it is written down: whoever tries again must not be skipped

    async def ask_now(self, meeting_id: MeetingId) -> None:
        """Ask the provider about a meeting at once."""
        await self._poll_at(meeting_id, 0, quiet=0)

    def _forget_pokes(self, now: float) -> None:
        if len(self._poked) > 10_000:  # noqa: PLR2004 - bounds memory, not behaviour
            self._poked = {meeting: at for meeting, at in self._poked.items() if now - at < POKED}

    async def _reconcile_at(self, meeting_id: MeetingId, seconds: float) -> None:
        when = self._clock() + timedelta(seconds=seconds)
        await self.docket.replace("reconcile", when=when, key=f"reconcile:{meeting_id}")(meeting_id)

    async def _poll_at(self, meeting_id: MeetingId, seconds: float, *, quiet: int) -> None:
        when = self._clock() + timedelta(seconds=seconds)
        await self.docket.replace("poll", when=when, key=f"poll:{meeting_id}")(meeting_id, quiet)

    # ------------------------------------------------------------ the tasks

    async def wish(
        self,
        key: str,
        sealed: str,
        retry: Retry = ExponentialRetry(  # noqa: B008 - how pydocket takes its rules
            attempts=ATTEMPTS, minimum_delay=timedelta(seconds=0.5), maximum_delay=timedelta(seconds=30)
        ),
    ) -> None:
        """Carry out what a person asked for; raises only what a later try may mend."""
        if self._carry_out is None:
            raise RuntimeError("work has not begun")
        await self._carry_out(key, sealed, last=retry.attempt >= ATTEMPTS)

    async def reconcile(
        self,
        meeting_id: str,
        retry: Retry = ExponentialRetry(  # noqa: B008 - how pydocket takes its rules
            attempts=None, minimum_delay=timedelta(seconds=1), maximum_delay=timedelta(seconds=60)
        ),
    ) -> None:
        """Make a thread equal to its meeting."""
        del retry
        later = await self._reconciler.reconcile(MeetingId(meeting_id))
        if later:
            await self._reconcile_at(MeetingId(meeting_id), later.seconds)

    async def poll(
        self,
        meeting_id: str,
        quiet: int,
        retry: Retry = ExponentialRetry(  # noqa: B008 - how pydocket takes its rules
            attempts=None, minimum_delay=timedelta(seconds=1), maximum_delay=timedelta(seconds=60)
        ),
    ) -> None:
        """Ask the provider about one meeting."""
        del retry
        if self._polls >= POLLS:
            await self._poll_at(MeetingId(meeting_id), POLL_WAIT, quiet=quiet)
            return
        self._polls += 1
        try:
            coming = await self._polling.poll(MeetingId(meeting_id), quiet)
        finally:
            self._polls -= 1
        if coming:
            await self._poll_at(MeetingId(meeting_id), coming.seconds, quiet=coming.quiet)

    async def sweep(self, perpetual: Perpetual = Perpetual(every=SWEEP, automatic=True)) -> None:  # noqa: B008 - same
        """Find threads that are behind although nobody is at them, as after a crash between two writes."""
        del perpetual
        for meeting_id in await self._store.stale():
            await self.docket.add("reconcile", key=f"reconcile:{meeting_id}")(meeting_id)
        await self._let_keys_expire()

    async def _let_keys_expire(self) -> None:
        """Give pydocket's own keys an end too; while there is work, every sweep moves it on."""
        async with self.docket.redis() as redis:
            standing = [self.docket.stream_key, self.docket.queue_key]
            async for key in redis.scan_iter(match=f"{self.docket.prefix}:*", count=1000):
                name = key.decode() if isinstance(key, bytes) else str(key)
                if name in standing or await redis.ttl(name) < 0:
                    await redis.expire(name, int(KEPT.total_seconds()))

    # ------------------------------------------------------------ running

    async def open(self) -> None:
        """Connect, so that work can be written down."""
        await self.docket.__aenter__()

    def begin(self, carry_out: CarryOut) -> None:
        """Start to carry out what is written down, in this process."""
        self._carry_out = carry_out
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
            self._worker = worker
            await worker.run_forever()

    @property
    def is_running(self) -> bool:
        """Whether tasks are being carried out in this process."""
        return self._running is not None and not self._running.done()

    async def close(self) -> None:
        """Finish what is in hand, leave the rest to others, and disconnect."""
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running], timeout=10)
            self._running = None
        await self.docket.__aexit__(None, None, None)


def _roomy(url: str) -> str:
    """Ask for a connection pool that is larger than the concurrency it serves."""
    if not url.startswith(("redis://", "rediss://", "unix://")) or "max_connections=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}max_connections={CONNECTIONS}"
