"""What Slack has closed to us: a method until the time that it named, and everything while it refuses our token."""

import hashlib
from typing import Protocol

from redis.asyncio import Redis

from bot.domain.ids import ChannelId
from bot.errors import ChatBusy, ChatError, TokenDead
from bot.keys import as_text, dead_token_key
from bot.posts import Posts

POST = "chat.postMessage"
"""The one method that Slack counts by channel."""
DEAD_FOR = 600
"""Seconds after which a token that was refused is tried once more, by one call of the whole deployment."""


class Doors(Protocol):
    """Knows what may be called."""

    async def check(self, method: str, channel: ChannelId | None) -> None:
        """Raise what Slack would answer, where it has said so already."""

    async def note(self, method: str, channel: ChannelId | None, refusal: ChatError) -> None:
        """Remember a refusal that holds for calls to come."""


class AlwaysOpen:
    """Doors for whoever asks once and then is gone, as the doctor is."""

    async def check(self, method: str, channel: ChannelId | None) -> None:
        """Let every call pass."""

    async def note(self, method: str, channel: ChannelId | None, refusal: ChatError) -> None:
        """Remember nothing."""


class Closed:
    """The doors that every replica looks at before it calls.

    Args:
        redis: where replicas share what they were told.
        posts: keeps the methods that are closed for a while.
        token: ours; a new one is not blamed for an old one.

    """

    def __init__(self, redis: Redis, posts: Posts, token: str) -> None:
        self._redis = redis
        self._posts = posts
        self._dead = dead_token_key(hashlib.sha256(token.encode()).hexdigest()[:16])

    async def check(self, method: str, channel: ChannelId | None) -> None:
        """Raise what Slack would answer, where it has said so already.

        Raises:
            TokenDead: our token was refused lately.
            ChatBusy: the method is closed.

        """
        code = await self._redis.get(self._dead)
        if code is not None:
            raise TokenDead(as_text(code))
        left = await self._posts.banned_for(method, _counted_at(method, channel))
        if left:
            raise ChatBusy(method, left)

    async def note(self, method: str, channel: ChannelId | None, refusal: ChatError) -> None:
        """Remember a refusal that holds for calls to come."""
        if isinstance(refusal, ChatBusy):
            await self._posts.ban(refusal.method, refusal.retry_after, _counted_at(method, channel))
        elif isinstance(refusal, TokenDead):
            await self._redis.set(self._dead, refusal.code, ex=DEAD_FOR)


def _counted_at(method: str, channel: ChannelId | None) -> ChannelId | None:
    return channel if method == POST else None
