"""What is to be done at once is never put off by what is done in its own time, whichever of them comes first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from redis.asyncio import Redis

from bot.clock import utcnow
from bot.clockwork import Clockwork
from bot.domain.ids import MeetingId
from bot.happenings import Happenings
from bot.polling import PROMPTED, Next, Polling
from bot.reconciler import Later, Reconciler
from bot.store import MeetingStore
from bot.work import Work

MEETING = MeetingId("realtimekit:room")
LONG, PATIENCE = 600.0, 5.0
OFTEN = 20
"""Between being written down and being taken up there is but a moment, and it has to be hit."""


class Routine:
    """Stands for polls and for the writing of threads: each wants to be back much later, and news comes before it ends.

    Args:
        news: how often it comes.

    """

    every = LONG

    def __init__(self, news: int = 0) -> None:
        self.began: asyncio.Queue[int] = asyncio.Queue()
        self.work: Work | None = None
        self._news = news

    async def poll(self, meeting_id: MeetingId, quiet: int) -> Next | None:
        self.began.put_nowait(quiet)
        if self.work and self._is_news():
            await self.work.ask_now(meeting_id)
        return Next(LONG, 0)

    async def reconcile(self, meeting_id: MeetingId) -> Later | None:
        self.began.put_nowait(0)
        if self.work and self._is_news():
            await self.work.follow(meeting_id)
        return Later(LONG)

    def _is_news(self) -> bool:
        self._news -= 1
        return self._news >= 0


async def nothing_wished(key: str, sealed: str, *, last: bool) -> None:
    """Carry out nothing."""
    del key, sealed, last


@asynccontextmanager
async def written_down(url: str, redis: Redis, routine: Routine) -> AsyncIterator[Work]:
    """Give work that is written down; ``begin`` has it carried out."""
    store = MeetingStore(redis, utcnow)
    clockwork = Clockwork(store, cast("Happenings", None), utcnow)
    work = Work(url, store, cast("Reconciler", routine), cast("Polling", routine), clockwork, utcnow)
    routine.work = work
    await work.open()
    try:
        yield work
    finally:
        await work.close()


async def test_news_while_the_provider_is_being_asked_is_asked_about_at_once(redis_url: str, redis: Redis) -> None:
    """What was read before the news is no answer to it, and the poll after that one is a long time away."""
    routine = Routine(OFTEN)
    async with written_down(redis_url, redis, routine) as work:
        await work.ask_now(MEETING)
        work.begin(nothing_wished)
        async with asyncio.timeout(PATIENCE):
            assert [await routine.began.get() for _ in range(OFTEN)] == [PROMPTED] * OFTEN


async def test_news_while_a_thread_is_being_written_is_written_at_once(redis_url: str, redis: Redis) -> None:
    """The thread may have to wait for a turn that the news has no need of."""
    routine = Routine(OFTEN)
    async with written_down(redis_url, redis, routine) as work:
        await work.follow(MEETING)
        work.begin(nothing_wished)
        async with asyncio.timeout(PATIENCE):
            assert len([await routine.began.get() for _ in range(OFTEN)]) == OFTEN


async def test_asking_at_once_is_not_put_off_by_the_thread_that_follows(redis_url: str, redis: Redis) -> None:
    routine = Routine()
    async with written_down(redis_url, redis, routine) as work:
        await work.ask_now(MEETING)
        await work.follow_all({MEETING: "ref"})
        work.begin(nothing_wished)
        async with asyncio.timeout(PATIENCE):
            while await routine.began.get() != PROMPTED:
                pass
