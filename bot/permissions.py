"""Who may do what, asked at every door: the deployment's rules, the channel's own, and what Slack says of a person."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.channel_rules import ChannelRules
from bot.clock import Clock
from bot.domain.ids import ChannelId, UserId
from bot.domain.meeting import Meeting
from bot.domain.rules import Act, Rules, Who, may_change_rules, who_of
from bot.errors import ChatBusy, ChatError, ChatUnavailable, NotAllowed, NotKnownNow
from bot.ports import Chat
from bot.views.refusals import not_allowed, not_here, not_told, removed, token_dead
from bot.views.words import title

log = logging.getLogger(__name__)

UNSEEN = timedelta(minutes=1)
"""How long it is believed that the bot may not see who is in a channel."""
PATIENCE = 8.0
"""Seconds in which Slack has to say who is in a channel; a form that is to open meanwhile is given up before."""
PAUSE = 0.5
"""Seconds after which Slack is asked once more that gave no answer."""
CHANNELS_KEPT = 1000

Where = Meeting | ChannelId
"""What an act is about: a meeting, or a channel in which there may be none."""


class Permissions:
    """Decides; every use case asks here before it does anything."""

    def __init__(self, chat: Chat, rules: ChannelRules, clock: Clock, patience: float = PATIENCE) -> None:
        self._chat = chat
        self._rules = rules
        self._clock = clock
        self._patience = patience
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
        try:
            return NotAllowed(not_here(act)) if not typed and await self._is_elsewhere(user, where) else None
        except (ChatError, TimeoutError) as silence:
            log.warning("Slack does not say who is in a channel: %s", _why(silence))
            return NotKnownNow(not_told(act))

    async def _is_elsewhere(self, user: UserId, where: Where) -> bool:
        """Tell somebody who is not in the channel, or not any more, and was not asked in personally.

        Raises:
            ChatError: Slack does not say.
            TimeoutError: not in time.

        """
        if isinstance(where, Meeting) and user in {where.hosted_by, *where.invited_by_name}:
            return False
        channel, now = where.channel if isinstance(where, Meeting) else where, self._clock()
        if self._unseen.get(channel, now) > now:
            return False
        async with asyncio.timeout(self._patience):
            seen = await self._seen(channel, user)
        if seen is None:
            if len(self._unseen) >= CHANNELS_KEPT:
                self._unseen.clear()
            self._unseen[channel] = now + UNSEEN
        return seen is False

    async def _seen(self, channel: ChannelId, user: UserId) -> bool | None:
        """Ask until Slack says."""
        while True:
            try:
                return await self._chat.is_member(channel, user)
            except ChatBusy as busy:
                await asyncio.sleep(busy.retry_after)
            except ChatUnavailable:
                await asyncio.sleep(PAUSE)

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


def _why(silence: Exception) -> str:
    return silence.code if isinstance(silence, ChatError) else "too slow"
