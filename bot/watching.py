"""Handing out links to a recording's files: to whom may see its channel, and noting who got one."""

from bot.clock import Clock
from bot.domain.events import RecordingWatched
from bot.domain.ids import ChannelId, MeetingId, RecordingId, UserId
from bot.domain.shelf import Shelved, is_visible
from bot.errors import ChatError, UserError
from bot.happenings import Happenings
from bot.ports import Chat
from bot.views import words
from bot.views.hidden import hidden_line

UNSEEN = (
    "This recording belongs to a channel that you are not in, or I cannot tell whether you are. "
    "Join the channel and press the button there."
)


class Watching:
    """Decides who is given a link, and remembers who was."""

    def __init__(self, happenings: Happenings, chat: Chat, clock: Clock) -> None:
        self._happenings = happenings
        self._chat = chat
        self._clock = clock

    async def insist(self, shelved: Shelved, user: UserId, *, clicked_in: ChannelId, in_the_open: bool) -> None:
        """Let a person pass who may see the recording.

        Args:
            shelved: the recording.
            user: who clicked.
            clicked_in: the channel of the message that was clicked, which Slack vouches for.
            in_the_open: whether everybody in that channel sees that message; a private list outlives a membership.

        Raises:
            UserError: they may not; the text says why.

        """
        host = shelved.meeting.hosted_by
        if not is_visible(shelved.meeting, shelved.recording, user):
            raise UserError(f"{hidden_line(shelved.recording)}. They, or {words.mention(host)}, can show it again.")
        here = clicked_in == shelved.meeting.channel
        if not ((here and in_the_open) or await self._is_in(shelved, user, here=here or user == host)):
            raise UserError(UNSEEN)

    async def _is_in(self, shelved: Shelved, user: UserId, *, here: bool) -> bool:
        """Tell whether somebody is in the recording's channel; ``here`` is what counts where the bot may not look."""
        try:
            known = await self._chat.is_member(shelved.meeting.channel, user)
        except ChatError:
            known = None
        # As between two people, where the channel of the click, or whose meeting it is, is the best that is known.
        return here if known is None else known

    async def note(self, meeting_id: MeetingId, recording_id: RecordingId, by: UserId) -> None:
        """Remember that a person was given a link; the thread shows nothing of it."""
        await self._happenings.tell(meeting_id, RecordingWatched(recording_id, by, self._clock()))
