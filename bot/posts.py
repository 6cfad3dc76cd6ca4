"""What stands in Slack: which message is which slot, and how soon the next call is allowed."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from bot.domain.ids import ChannelId, MeetingId
from bot.keys import (
    KEPT,
    as_text,
    ban_key,
    card_edits_line,
    card_gate_key,
    edits_line,
    first_ban_key,
    gate_key,
    posts_key,
    posts_line,
    slow_key,
)
from bot.turns import Place, Turns

TTL = int(KEPT.total_seconds())
POST_EVERY = timedelta(seconds=1)
"""chat.postMessage: about one a second per channel (docs.slack.dev, Rate limits)."""
EDIT_EVERY = timedelta(seconds=3)
"""How often a card may be edited at most; our own rule."""
POST, EDIT = "chat.postMessage", "chat.update"
CHANNEL_EDIT_EVERY = timedelta(seconds=2)
"""How often any of a channel's cards may be edited at most: Slack counts edits by workspace, about 50 a minute, so that
many meetings in one channel would leave none to the others."""
PACE, SLOW_FOR = timedelta(seconds=1.2), timedelta(minutes=1)
"""How often a method may be called after Slack has closed it, and for how long: else all who wait come at once, and all
but the first are refused again."""
AHEAD = timedelta(seconds=10)
"""How much longer than in truth a new card, and a reply that changes, count as having waited: people wait for them, and
not for how many others are in. It is no more than that, so that nobody who changes much keeps all others waiting."""

AT_LEAST = """
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
        self._turns = Turns(redis)

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

    async def may_post(self, meeting: MeetingId, channel: ChannelId, *, first: bool = False) -> float:
        """Take a turn at posting to a channel; gives the seconds to wait, 0 where the turn is ours.

        Args:
            meeting: whose message it is.
            channel: where to.
            first: whether the meeting has nothing there yet.

        """
        ahead = AHEAD if first else timedelta()
        place = Place(posts_line(channel), meeting, POST_EVERY, ahead=ahead)
        wait = await self._turns.take(place, closed=await self.banned_for(POST, channel))
        return wait.seconds if wait else 0

    async def may_edit_card(self, meeting: MeetingId, channel: ChannelId) -> float:
        """Take a turn at editing a meeting's card; gives the seconds to wait, 0 where the turn is ours."""
        left = await self._redis.pttl(card_gate_key(meeting))
        if left > 0:
            return float(left) / 1000
        wait = await self._edit(channel, Place(card_edits_line(channel), meeting, CHANNEL_EDIT_EVERY))
        if not wait:
            await self.edited(meeting)
        return wait

    async def may_edit_reply(self, channel: ChannelId) -> float:
        """Take a turn at editing a reply in a channel; gives the seconds to wait, 0 where the turn is ours."""
        return await self._edit(channel, ahead=AHEAD)

    async def _edit(self, channel: ChannelId, *before: Place, ahead: timedelta = timedelta()) -> float:
        """Take the turns before, and one of the edits that all channels share: they have to be shared out while few."""
        closed, are_few = await self.banned_for(EDIT), await self._redis.exists(slow_key(EDIT))
        who = f"{channel}!" if ahead else channel
        place = Place(edits_line(), who, PACE if are_few else timedelta(), counted=channel, ahead=ahead)
        wait = await self._turns.take(*before, place, closed=closed)
        if wait is None:
            return 0
        if are_few and wait.line == place.line and wait.seconds > PACE.total_seconds():
            # As long as somebody waits for others, all at once would only be refused again.
            await self._redis.eval(AT_LEAST, 1, slow_key(EDIT), _milliseconds(SLOW_FOR))
        return wait.seconds

    async def posted(self, channel: ChannelId) -> None:
        """Count a post's second from now: Slack counts from when it came there, not from when it was sent."""
        await self._redis.set(gate_key(posts_line(channel)), "1", px=_milliseconds(POST_EVERY))

    async def edited(self, meeting: MeetingId) -> None:
        """Count the three seconds of a card's edit from now, for the same reason."""
        await self._redis.set(card_gate_key(meeting), "1", px=_milliseconds(EDIT_EVERY))

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
            await self._redis.eval(AT_LEAST, 1, slow_key(method), milliseconds + _milliseconds(SLOW_FOR))
        alone = channel and await self._is_alone(method, channel, milliseconds)
        await self._redis.eval(AT_LEAST, 1, ban_key(method, channel if alone else None), milliseconds)

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
