"""Who is in a conversation, as Slack says now."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.domain.ids import ChannelId, UserId
from bot.errors import ChatRefused, ChatUnavailable, MessageRefused

FRESH = 1.0
"""Seconds for which an answer is used again, counted from the question: whoever left is out before they are over."""
PAGE = 1000
PAGES = 100
"""At most a hundred thousand people are looked through."""
CHANNELS_KEPT = 1000


class Ask(Protocol):
    """Calls a method of the Web API; raises only ``ChatError`` and its kinds."""

    def __call__(self, method: str, arguments: Mapping[str, Any], *, form: bool) -> Awaitable[Mapping[str, Any]]:
        """Call it and give what it answered."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What Slack said of a conversation; ``members`` is None where the bot may not look."""

    asked_at: float
    members: frozenset[str] | None


class Membership:
    """Asks Slack who is in a conversation (conversations.members); people who come together share an answer.

    Args:
        ask: calls the Web API.
        now: seconds on a clock that only goes forward.

    """

    def __init__(self, ask: Ask, now: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._now = now
        self._seen: dict[ChannelId, Seen] = {}
        self._turns: dict[ChannelId, asyncio.Lock] = {}

    async def has(self, channel: ChannelId, user: UserId) -> bool | None:
        """Tell whether a person is in a conversation; None where the bot may not look.

        It may not look into private channels that it is not in, into a conversation between two people, nor
        anywhere without the scope for that kind of conversation.

        Raises:
            ChatBusy: Slack asks us to wait.
            ChatUnavailable: Slack did not answer.
            TokenDead: Slack refuses our token.

        """
        came = self._now()
        async with self._turn(channel):
            seen = self._seen.get(channel)
            # An answer to a question asked after somebody came is no older than one that would be asked for them now.
            if seen is None or seen.asked_at < min(came, self._now() - FRESH):
                seen = self._seen[channel] = Seen(self._now(), await self._members(channel))
        return None if seen.members is None else user in seen.members

    async def of(self, channel: ChannelId) -> frozenset[str] | None:
        """Tell who is in a conversation now; None where the bot may not look. Raises as ``has``."""
        return await self._members(channel)

    async def team(self, team: str) -> frozenset[str] | None:
        """Tell who belongs to a user group (usergroups.users.list); None and errors as with ``has``."""
        try:
            answer = await self._ask("usergroups.users.list", {"usergroup": team}, form=True)
        except (ChatRefused, MessageRefused):
            return None
        return frozenset(str(user) for user in _listed(answer, "users"))

    async def sees(self, channel: ChannelId) -> bool:
        """Tell whether the bot may look into a conversation at all, however many are in it; raises as ``has``."""
        try:
            await self._ask("conversations.members", {"channel": channel, "limit": 1}, form=True)
        except (ChatRefused, MessageRefused):
            return False
        return True

    def _turn(self, channel: ChannelId) -> asyncio.Lock:
        if len(self._turns) >= CHANNELS_KEPT and channel not in self._turns:
            idle = [one for one, turn in self._turns.items() if not turn.locked()]
            for one in idle:
                del self._turns[one]
                self._seen.pop(one, None)
        return self._turns.setdefault(channel, asyncio.Lock())

    async def _members(self, channel: ChannelId) -> frozenset[str] | None:
        found: set[str] = set()
        arguments: dict[str, Any] = {"channel": channel, "limit": PAGE}
        for _ in range(PAGES):
            try:
                answer = await self._ask("conversations.members", arguments, form=True)
            except (ChatRefused, MessageRefused):
                return None
            found.update(str(member) for member in _listed(answer, "members"))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return frozenset(found)
            arguments = arguments | {"cursor": cursor}
        raise ChatUnavailable("too_many_members")


def _listed(answer: Mapping[str, Any], what: str) -> list[Any]:
    """Give a list that an answer must have; to be without one is not the same as to name nobody."""
    listed = answer.get(what)
    if not isinstance(listed, list):
        raise ChatUnavailable(f"no_{what}")
    return listed
