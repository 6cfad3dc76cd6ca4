"""What stands in Slack: which message is which slot, and how soon the next call is allowed."""

from collections.abc import Sequence
from datetime import timedelta

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from bot.domain.ids import ChannelId, MeetingId
from bot.keys import (
    KEPT,
    as_text,
    ban_key,
    channel_edits_key,
    edit_gate_key,
    first_ban_key,
    pace_key,
    post_gate_key,
    posts_key,
    slow_key,
)

TTL = int(KEPT.total_seconds())
POST_EVERY = timedelta(seconds=1)
"""chat.postMessage: about one a second per channel (docs.slack.dev, Rate limits)."""
EDIT_EVERY = timedelta(seconds=3)
"""How often a card may be edited at most; our own rule."""
EDIT = "chat.update"
CHANNEL_EDIT_EVERY = timedelta(seconds=2)
"""How often any of a channel's cards may be edited at most: Slack counts edits by workspace, about 50 a minute, so that
many meetings in one channel would leave none to the others."""
PACE, SLOW_FOR = timedelta(seconds=1.2), timedelta(minutes=1)
"""How often a method may be called after Slack has closed it, and for how long: else all who wait come at once, and all
but the first are refused again."""

BAN = """
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
return 1
"""


class Post(BaseModel):
    """A slot's message in Slack.

    Args:
        home: where it was wanted: a channel, or a person.
        channel: where it stands.
        ts: its name there; empty while it is being posted, so that a crash at that moment can be told.
        digest: what it looked like when it was last written.
        gone: somebody deleted it, or the place takes no messages: it is not to be tried again.

    """

    model_config = ConfigDict(frozen=True)

    home: ChannelId
    channel: ChannelId
    ts: str = ""
    digest: str = ""
    gone: bool = False

    @property
    def written(self) -> str:
        """How it stands in Redis."""
        return self.model_dump_json(exclude_defaults=True)


class Posts:
    """The thread as it stands, slot by slot."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def read(self, meeting: MeetingId) -> dict[str, Post]:
        """Read every slot's post."""
        found = await self._redis.hgetall(posts_key(meeting))
        return {as_text(slot): Post.model_validate_json(as_text(post)) for slot, post in found.items()}

    async def record(self, meeting: MeetingId, slot: str, post: Post) -> None:
        """Write a slot's post down."""
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.hset(posts_key(meeting), slot, post.written)
        pipeline.expire(posts_key(meeting), TTL)
        await pipeline.execute()

    async def forget(self, meeting: MeetingId, slot: str) -> None:
        """Forget a slot's post that was never made."""
        await self._redis.hdel(posts_key(meeting), slot)

    async def may_post(self, channel: ChannelId) -> float:
        """Take a turn at posting to a channel; gives the seconds to wait, 0 where the turn is ours."""
        return await self._turn(post_gate_key(channel), POST_EVERY)

    async def may_edit(self, meeting: MeetingId, slot: str, channel: ChannelId | None = None) -> float:
        """Take a turn at editing a message; gives the seconds to wait, 0 where the turn is ours.

        Args:
            meeting: whose message it is.
            slot: which message.
            channel: where it stands, for one that takes turns with its channel's others.

        """
        turns = [(edit_gate_key(meeting, slot), EDIT_EVERY)]
        if channel:
            turns.append((channel_edits_key(channel), CHANNEL_EDIT_EVERY))
        return await self._turns([*turns, *await self._pace(EDIT)])

    async def may_edit_soon(self) -> float:
        """Take a turn at editing a message that is edited seldom; gives the seconds to wait."""
        return await self._turns(await self._pace(EDIT))

    async def _pace(self, method: str) -> list[tuple[str, timedelta]]:
        return [(pace_key(method), PACE)] if await self._redis.exists(slow_key(method)) else []

    async def _turns(self, turns: Sequence[tuple[str, timedelta]]) -> float:
        """Take several turns, or none: what was taken for nothing is given back."""
        for number, (key, every) in enumerate(turns):
            wait = await self._turn(key, every)
            if wait:
                for taken, _ in turns[:number]:
                    await self._redis.delete(taken)
                return wait
        return 0

    async def posted(self, channel: ChannelId) -> None:
        """Count a post's second from now: Slack counts from when it came there, not from when it was sent."""
        await self._redis.set(post_gate_key(channel), "1", px=_milliseconds(POST_EVERY))

    async def edited(self, meeting: MeetingId, slot: str) -> None:
        """Count an edit's three seconds from now, for the same reason."""
        await self._redis.set(edit_gate_key(meeting, slot), "1", px=_milliseconds(EDIT_EVERY))

    async def _turn(self, key: str, every: timedelta) -> float:
        if await self._redis.set(key, "1", nx=True, px=_milliseconds(every)):
            return 0
        left = await self._redis.pttl(key)
        return max(left, 1) / 1000

    async def ban(self, method: str, seconds: float, channel: ChannelId | None = None) -> None:
        """Note that Slack has closed a method to us, until the latest end that it named; every replica looks here.

        Args:
            method: the Web API method.
            seconds: how long.
            channel: where it was closed, for a method that Slack counts by channel. It stays open elsewhere, unless
                another channel is closed at the same time: then it is no longer about one channel.

        """
        milliseconds = max(1, int(seconds * 1000))
        if method == EDIT:
            await self._redis.set(slow_key(method), "1", px=milliseconds + _milliseconds(SLOW_FOR))
        alone = channel and await self._is_alone(method, channel, milliseconds)
        await self._redis.eval(BAN, 1, ban_key(method, channel if alone else None), milliseconds)

    async def _is_alone(self, method: str, channel: ChannelId, milliseconds: int) -> bool:
        if await self._redis.set(first_ban_key(method), channel, nx=True, px=milliseconds):
            return True
        first = await self._redis.get(first_ban_key(method))
        return first is None or as_text(first) == channel

    async def banned_for(self, method: str, channel: ChannelId | None = None) -> float:
        """Give the seconds for which a method is closed to us, in one channel where it is counted by channel."""
        everywhere = await self._redis.pttl(ban_key(method))
        here = await self._redis.pttl(ban_key(method, channel)) if channel else 0
        return max(everywhere, here, 0) / 1000


def _milliseconds(every: timedelta) -> int:
    return int(every.total_seconds() * 1000)
