"""One meeting, its thread, and the reconciler between them; time passes in Redis instead of in the test."""

from functools import partial, reduce
from typing import Any

from redis.asyncio import Redis

from bot.clock import Clock
from bot.domain.apply import apply
from bot.domain.events import Event
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.locks import Locks
from bot.posts import Post, Posts
from bot.reconciler import Later, Reconciler
from bot.store import MeetingStore
from tests.support.chat_double import ChatDouble
from tests.support.stories import MEETING

MANY = 50


class Scene:
    """A meeting in a channel."""

    def __init__(self, redis: Redis, clock: Clock, chat: ChatDouble) -> None:
        self.redis, self.chat = redis, chat
        self.store, self.posts = MeetingStore(redis, clock), Posts(redis)
        self.lags: list[float] = []
        self.reconciler = Reconciler(self.store, self.posts, Locks(redis), chat, self.lags.append)

    async def begins(self, *events: Event, **changes: Any) -> None:
        """Write a meeting down to which these events happened already."""
        await self.store.add(reduce(apply, events, MEETING.model_copy(update=changes)))

    async def tells(self, *events: Event) -> None:
        """Let something happen to the meeting."""
        for event in events:
            await self.store.update(MEETING.id, partial(apply, event=event))

    async def follows(self) -> Later | None:
        """Let the thread follow, once."""
        return await self.reconciler.reconcile(MEETING.id)

    async def settles(self) -> None:
        """Let the thread follow until nothing is left, and let time pass whenever Slack's limits ask for it."""
        for _ in range(MANY):
            if await self.follows() is None:
                return
            await self.passes()
        raise AssertionError("the thread does not settle")

    async def passes(self) -> None:
        """Let so much time pass that every gate is open again."""
        for pattern in ("meet:gate:*", "meet:line:*", "meet:ban:*", "*:edited:*"):
            async for key in self.redis.scan_iter(match=pattern):
                await self.redis.delete(key)

    async def shows(self, *events: Event, **changes: Any) -> None:
        """Begin a meeting and have its thread stand, with all gates open."""
        await self.begins(*events, **changes)
        await self.settles()
        await self.passes()

    async def meeting(self) -> Meeting:
        """Give the meeting as it is."""
        saved = await self.store.get(MEETING.id)
        assert saved
        return saved.meeting

    async def is_stale(self) -> bool:
        """Tell whether the thread is behind."""
        saved = await self.store.get(MEETING.id)
        assert saved
        return saved.is_stale

    async def post(self, slot: str) -> Post:
        """Give what is written down of a message."""
        return (await self.posts.read(MeetingId(MEETING.id)))[slot]
