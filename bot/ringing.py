"""Ringing people: a message of their own for whoever is missing, one a person and meeting, and what they answer."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.company import InviteAnswered
from bot.domain.ids import ChannelId, MeetingId, UserId
from bot.domain.meeting import Meeting, Status
from bot.domain.role_events import PersonAdded
from bot.domain.rules import Act
from bot.errors import ChatError, MeetingClosed, NotAllowed, UserError
from bot.happenings import Happenings
from bot.journal import Wish
from bot.permissions import Permissions
from bot.ports import Chat
from bot.store import MeetingStore
from bot.views.refusals import removed
from bot.views.words import title

CHANNEL = "channel"
"""In the place of a team's id: everyone in the meeting's channel."""
MOST = 500
"""People who are rung at once at most: whoever means more of them means an announcement."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Those who could be rung.

    Args:
        meeting: into which.
        whom: ``CHANNEL``, or a team's id.
        people: who is not in, was not rung before, has not said that they cannot come, and was not taken out.

    """

    meeting: Meeting
    whom: str
    people: tuple[UserId, ...]


class Ringing:
    """Finds who is missing, rings them, and takes their answers."""

    def __init__(
        self, store: MeetingStore, happenings: Happenings, chat: Chat, permissions: Permissions, clock: Clock
    ) -> None:
        self._store = store
        self._happenings = happenings
        self._chat = chat
        self._permissions = permissions
        self._clock = clock

    async def missing(self, meeting_id: MeetingId, by: UserId, whom: str) -> Missing:
        """Find who could be rung.

        Raises:
            UserError: nobody can see who belongs to it, or they are too many.
            MeetingClosed: there is nothing to come to.
            NotAllowed: this person may not ring others.
            ChatError: Slack cannot tell right now.

        """
        meeting = await self._open(meeting_id)
        await self._permissions.insist(by, Act.PEOPLE, meeting)
        members = await self._members(meeting, whom)
        meeting = await self._open(meeting_id)  # while Slack was asked somebody may have come, or been taken out
        rung = set(meeting.asked_in) | {presence.person for presence in meeting.inside} | {by}
        rung |= set(meeting.company.cannot_come)
        found = [person for person in members if person not in rung]
        people = tuple(person for person in found if not meeting.roles.is_out(person))
        if len(people) > MOST:
            raise UserError(f"That would ring {len(people)} people; I ring {MOST} at most. Post in a channel instead.")
        return Missing(meeting, whom, people)

    async def ring(self, wish: Wish, meeting_id: MeetingId, by: UserId, whom: str) -> int:
        """Have everyone who is missing written to, once; gives how many they are. Raises as ``missing``."""

        async def added() -> str:
            at = self._clock()  # from before anybody was looked up: who is taken out meanwhile stays out
            people = (await self.missing(meeting_id, by, whom)).people
            whole = whom == CHANNEL
            await self._happenings.tell(meeting_id, *(PersonAdded(person, by, at, whole) for person in people))
            return str(len(people))

        return int(await wish.once("ring", added))

    async def team(self, team: str) -> list[UserId] | None:
        """Tell who belongs to a team (a user group); None where the bot may not look or Slack does not say."""
        try:
            return sorted(await self._chat.team(team) or ()) or None
        except ChatError:
            return None

    async def answer(self, meeting_id: MeetingId, person: UserId, *, coming: bool) -> Meeting:
        """Note what somebody who was asked in says.

        Raises:
            MeetingClosed: it is over.
            NotAllowed: they were taken out since.

        """
        meeting = await self._open(meeting_id)
        if meeting.roles.is_out(person):
            raise NotAllowed(removed(title(meeting)))
        changed = await self._happenings.tell(meeting_id, InviteAnswered(person, coming, self._clock()))
        return changed.after if changed else meeting

    async def _members(self, meeting: Meeting, whom: str) -> list[UserId]:
        if whom != CHANNEL:
            team = await self.team(whom)
            if team is None:
                raise UserError("I cannot see who belongs to that group. Name people one by one with `/meet add`.")
            return team
        found = await self._chat.members(ChannelId(meeting.channel))
        if found is None:
            raise UserError("I cannot see who is in this channel. Name people one by one with `/meet add`.")
        return sorted(found)

    async def _open(self, meeting_id: MeetingId) -> Meeting:
        meeting = await self._store.meeting(meeting_id)
        if meeting.status is Status.CLOSED:
            raise MeetingClosed(f"“{title(meeting)}” was ended for everyone.")
        return meeting
