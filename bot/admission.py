"""Who may go through a door that has the same address for everyone: the people of the conversation it belongs to."""

import asyncio
import logging

from bot.domain.ids import ChannelId, UserId
from bot.domain.meeting import Meeting
from bot.errors import CannotTell, ChatError, NotAmongThem
from bot.ports import Chat

PATIENCE = 2.0
"""Seconds that a new meeting's card may wait for this."""

log = logging.getLogger(__name__)


class Admission:
    """Asks each time, and remembers nothing: access ends when membership ends.

    Args:
        chat: knows who is in a conversation.
        public_url: where the doors are.

    """

    def __init__(self, chat: Chat, public_url: str) -> None:
        self._chat = chat
        self._public_url = public_url

    async def address(self, channel: ChannelId) -> str:
        """Tell where the doors of a new meeting are; empty where nobody could be let in by them."""
        try:
            async with asyncio.timeout(PATIENCE):
                seen = await self._chat.sees_members(channel)
        except (ChatError, TimeoutError) as trouble:
            why = trouble.code if isinstance(trouble, ChatError) else "too slow"
            log.info("nobody can tell who is in %s (%s): people join by a private answer", channel, why)
            return ""
        return self._public_url if seen else ""

    async def admit(self, meeting: Meeting, user: UserId, *, invited: bool = False) -> None:
        """Let a person of the conversation pass.

        Args:
            meeting: whose conversation it is.
            user: who wants to pass.
            invited: whether those who were invited to the meeting by name may pass from outside as well.

        Raises:
            NotAmongThem: they are not in it, or not any more.
            CannotTell: the bot may not look any more.
            ChatError: Slack does not say right now.

        """
        if invited and user in meeting.invited_by_name:
            return
        seen = await self._chat.is_member(meeting.channel, user)
        if seen is None:
            raise CannotTell(
                "I cannot see who is in the conversation that this belongs to. Type `/meet join` there to get in."
            )
        if not seen:
            raise NotAmongThem(
                "This is for the people of one conversation in Slack, and you are not in it. "
                "Ask somebody there to invite you, then open this link again."
            )
