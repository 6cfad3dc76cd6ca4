"""Reconcilers of two replicas at the real Web API client, before a Slack whose faults and calls are at hand."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import aiohttp
from redis.asyncio import Redis
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import utcnow
from bot.domain.apply import apply
from bot.domain.events import Event
from bot.domain.ids import ChannelId, MeetingId, UserId
from bot.domain.meeting import Meeting
from bot.locks import Locks
from bot.posts import Posts
from bot.reconciler import Later, Reconciler
from bot.slack.chat import SlackChat
from bot.slack.closed import Closed
from bot.store import MeetingStore
from playground.slack import SlackSimulator
from playground.slack_web_api import Call
from playground.stage import stage
from tests.support.stories import BEGUN

PATIENCE = 0.3
"""Seconds after which a call counts as lost here; a deployed bot waits for ten."""


@dataclass
class Replica:
    """What one process has: its own client of the Web API, on a Redis that all share."""

    store: MeetingStore
    posts: Posts
    chat: SlackChat
    reconciler: Reconciler

    async def follows(self, meeting: Meeting) -> Later | None:
        """Let a thread follow, once."""
        return await self.reconciler.reconcile(meeting.id)


@dataclass
class Desk:
    """Two replicas, and Slack as they see it."""

    slack: SlackSimulator
    one: Replica
    other: Replica
    redis: Redis
    renew: Callable[[], Replica]

    def renewed(self) -> Replica:
        """Give a replica that was started with another token."""
        return self.renew()

    async def meets(self, name: str, channel: str = "CGENERAL", *events: Event) -> Meeting:
        """Write a meeting down."""
        where = ChannelId(channel)
        meeting = Meeting(
            id=MeetingId(f"realtimekit:{name}"),
            title=name,
            channel=where,
            home=where,
            host=UserId("UANA"),
            created_at=BEGUN,
        )
        await self.one.store.add(meeting)
        await self.tells(meeting, *events)
        return meeting

    async def tells(self, meeting: Meeting, *events: Event) -> None:
        """Let something happen to a meeting."""
        for event in events:
            await self.one.store.update(meeting.id, partial(apply, event=event))

    async def stands(self, name: str, channel: str = "CGENERAL", *events: Event) -> Meeting:
        """Write a meeting down and have its whole thread stand, with every gate open."""
        meeting = await self.meets(name, channel, *events)
        while await self.one.follows(meeting):
            await self.passes()
        await self.passes()
        self.slack.calls.clear()
        return meeting

    async def passes(self) -> None:
        """Let so much time pass that every gate is open again."""
        for pattern in ("meet:gate:*", "meet:line:*", "meet:ban:*", "*:edited:*"):
            async for key in self.redis.scan_iter(match=pattern):
                await self.redis.delete(key)

    def called(self, method: str) -> list[Call]:
        """Give the calls of a method that Slack took."""
        return [call for call in self.slack.calls if call.method == method]


@asynccontextmanager
async def two_replicas(redis_url: str) -> AsyncIterator[Desk]:
    """Set everything up; nobody works in the background."""
    async with AsyncExitStack() as stack:
        scene = await stack.enter_async_context(stage())
        redis = Redis.from_url(redis_url)
        stack.push_async_callback(redis.aclose)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)))
        made = [_replica(redis, session, scene.slack, scene.keys.bot_token) for _ in range(2)]
        renew = partial(_replica, redis, session, scene.slack, scene.keys.bot_token, name="another")
        yield Desk(scene.slack, *made, redis, renew)


def _replica(
    redis: Redis, session: aiohttp.ClientSession, slack: SlackSimulator, token: str, *, name: str = "one"
) -> Replica:
    client = AsyncWebClient(token, base_url=slack.api_url, session=session, retry_handlers=[])
    store, posts = MeetingStore(redis, utcnow), Posts(redis)
    chat = SlackChat(client, _ignore, Closed(redis, posts, name))
    return Replica(store, posts, chat, Reconciler(store, posts, Locks(redis), chat))


_ignore: Callable[[str, str], None] = lambda _method, _outcome: None  # noqa: E731


def marks(calls: list[Call]) -> list[Mapping[str, str]]:
    """Give what each post was marked with."""
    return [call.args["metadata"]["event_payload"] for call in calls]
