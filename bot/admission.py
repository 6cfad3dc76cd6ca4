"""Who may go through a door that has the same address for everyone: the people of the conversation it belongs to."""

import logging

from bot.domain.ids import ChannelId, UserId
from bot.domain.meeting import Meeting
from bot.errors import CannotTell, ChatError, NotAmongThem
from bot.ports import Chat

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

    async def address(self, channel: ChannelId, user: UserId) -> str:
        """Tell where the doors of a new meeting are; empty where nobody could be let in by them.

        Args:
            channel: the conversation it belongs to.
            user: somebody who is in it for certain, because they have just typed there.

        """
        try:
            seen = await self._chat.is_member(channel, user)
        except ChatError as trouble:
            log.info("nobody can tell who is in %s (%s): people join by a private answer", channel, trouble.code)
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
        if invited and user in meeting.asked_in:
            return
        seen = await self._chat.is_member(meeting.channel, user)
        if seen is None:
            raise CannotTell(
                "I cannot see who is in the conversation that this belongs to. Type /meet join there to get in."
            )
        if not seen:
            raise NotAmongThem(
                "This is for the people of one conversation in Slack, and you are not in it. "
                "Ask somebody there to invite you, then open this link again."
            )
