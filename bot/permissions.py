"""Who may do what, asked at every door: the deployment's rules, the channel's own, and what Slack says of a person."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.channel_rules import ChannelRules
from bot.clock import Clock
from bot.domain.ids import ChannelId, UserId
from bot.domain.meeting import Meeting
from bot.domain.rules import Act, Rules, Who, may_change_rules, who_of
from bot.errors import ChatError, NotAllowed
from bot.ports import Chat
from bot.views.refusals import not_allowed, not_here, removed, token_dead
from bot.views.words import title

UNSEEN = timedelta(minutes=1)
"""How long it is believed that the bot may not see who is in a channel."""
PATIENCE = 1.5
"""Seconds that somebody waits for what Slack says of who is in a channel."""
CHANNELS_KEPT = 1000

Where = Meeting | ChannelId
"""What an act is about: a meeting, or a channel in which there may be none."""


class Permissions:
    """Decides; every use case asks here before it does anything."""

    def __init__(self, chat: Chat, rules: ChannelRules, clock: Clock) -> None:
        self._chat = chat
        self._rules = rules
        self._clock = clock
        self._unseen: dict[ChannelId, datetime] = {}

    async def rules(self, where: Where) -> Rules:
        """Give the rules that hold there."""
        return await self._rules.of(where.channel if isinstance(where, Meeting) else where)

    async def who(self, user: UserId, where: Where) -> Who:
        """Tell what somebody is to a meeting, or in a channel."""
        person = await self._chat.person(user)
        host = isinstance(where, Meeting) and user == where.hosted_by
        return who_of(person.kind, admin=person.admin, host=host)

    async def insist(self, user: UserId, act: Act, where: Where) -> None:
        """Let somebody do something, or not.

        Raises:
            NotAllowed: they may not; the text says who may and what to do.

        """
        if refusal := await self.refusal(user, act, where):
            raise refusal

    async def refusal(self, user: UserId, act: Act, where: Where, *, typed: bool = False) -> NotAllowed | None:
        """Give what ``insist`` would raise; None where somebody may.

        Args:
            user: who wants to do something.
            act: what.
            where: about which meeting, or in which channel.
            typed: whether it was typed there just now, which Slack lets nobody do who is not in the channel.

        """
        who, rules = await self.who(user, where), await self.rules(where)
        meeting = where if isinstance(where, Meeting) else None
        if not rules.allow(act, who):
            if dead := (await self._chat.person(user)).dead_token:
                return NotAllowed(token_dead(dead))
            return NotAllowed(not_allowed(act, who, rules, meeting.hosted_by if meeting else None))
        if meeting and meeting.roles.is_out(user) and act is not Act.WATCH and who is not Who.ADMIN:
            return NotAllowed(removed(title(meeting)))
        return NotAllowed(not_here(act)) if not typed and await self._is_elsewhere(user, where) else None

    async def _is_elsewhere(self, user: UserId, where: Where) -> bool:
        """Tell somebody who is known not to be in the channel, or not any more, and was not asked in personally."""
        if isinstance(where, Meeting) and user in {where.hosted_by, *where.invited_by_name}:
            return False
        channel, now = where.channel if isinstance(where, Meeting) else where, self._clock()
        if self._unseen.get(channel, now) > now:
            return False
        try:
            async with asyncio.timeout(PATIENCE):
                seen = await self._chat.is_member(channel, user)
        except (ChatError, TimeoutError):
            return False  # what Slack shows to people it may be asked for; only a clear no is one
        if seen is None:
            if len(self._unseen) >= CHANNELS_KEPT:
                self._unseen.clear()
            self._unseen[channel] = now + UNSEEN
        return seen is False

    async def only_views(self, user: UserId, meeting: Meeting) -> bool:
        """Tell whether somebody comes in to watch and listen alone."""
        return (await self.rules(meeting)).only_views(await self.who(user, meeting))

    async def may_change_rules(self, user: UserId, channel: ChannelId) -> bool:
        """Tell whether somebody may change a channel's rules: who made it, or an admin of the workspace."""
        person = await self._chat.person(user)
        if may_change_rules(person.kind, admin=person.admin, creator=False):
            return True
        creator = may_change_rules(person.kind, admin=False, creator=True)
        return creator and await self._chat.creator(channel) == user

    async def change_rules(self, user: UserId, channel: ChannelId, chosen: Mapping[str, Any]) -> Rules:
        """Make a channel's rules as chosen.

        Raises:
            NotAllowed: they may not.

        """
        if not await self.may_change_rules(user, channel):
            raise NotAllowed(
                "Only whoever made this channel and admins of the workspace may change its rules. Nothing was changed."
            )
        return await self._rules.choose(channel, chosen)
