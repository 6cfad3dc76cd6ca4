"""The engine of durable work, with a provider that hangs and a stream that somebody else wrote to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from redis.asyncio import Redis

from bot.clock import utcnow
from bot.clockwork import Clockwork
from bot.domain.ids import MeetingId
from bot.engine import CONCURRENCY
from bot.happenings import Happenings
from bot.locks import Locks
from bot.polling import Next, Polling
from bot.ports import Chat
from bot.posts import Posts
from bot.reconciler import Reconciler
from bot.store import MeetingStore
from bot.work import Work


class HangingProvider:
    """Polls that hang, as when a provider accepts connections and says nothing."""

    every = 60.0

    def __init__(self) -> None:
        self.asked = 0

    async def poll(self, meeting_id: MeetingId, quiet: int) -> Next | None:
        del meeting_id, quiet
        self.asked += 1
        await asyncio.sleep(3600)
        return None


class Wishes:
    """Notes what was carried out."""

    def __init__(self) -> None:
        self.done = asyncio.Event()

    async def __call__(self, key: str, sealed: str, *, last: bool) -> None:
        del key, sealed, last
        self.done.set()


@asynccontextmanager
async def working(url: str, redis: Redis, polling: HangingProvider, wishes: Wishes) -> AsyncIterator[Work]:
    store = MeetingStore(redis, utcnow)
    reconciler = Reconciler(store, Posts(redis), Locks(redis), cast("Chat", None))
    clockwork = Clockwork(store, cast("Happenings", None), utcnow)
    work = Work(url, store, reconciler, cast("Polling", polling), clockwork, utcnow)
    await work.open()
    work.begin(wishes)
    try:
        yield work
    finally:
        for task in [task for task in asyncio.all_tasks() if "task:poll" in task.get_name()]:
            task.cancel()
        await work.close()


@pytest.mark.soak
async def test_a_provider_that_hangs_leaves_room_for_what_people_ask(redis_url: str, redis: Redis) -> None:
    """More meetings than the worker has places wait for an answer, and a command is carried out all the same."""
    polling, wishes = HangingProvider(), Wishes()
    async with working(redis_url, redis, polling, wishes) as work:
        for number in range(CONCURRENCY + 10):
            await work.ask_now(MeetingId(f"realtimekit:{number}"))
        await asyncio.sleep(0.5)

        await work.write_down("a wish", "sealed")

        await asyncio.wait_for(wishes.done.wait(), 3)
        assert polling.asked


async def test_a_message_that_nobody_can_read_does_not_end_the_worker(redis_url: str, redis: Redis) -> None:
    """Whatever stands in the stream, the next wish is carried out."""
    wishes = Wishes()
    async with working(redis_url, redis, HangingProvider(), wishes) as work:
        await asyncio.sleep(0.3)
        await redis.xadd(work.docket.stream_key, {"garbage": "1"})
        await asyncio.sleep(0.3)

        await work.write_down("a wish", "sealed")

        await asyncio.wait_for(wishes.done.wait(), 4)
        assert work.is_running
