"""A person's own way into a meeting: a short-lived link, and the token that it turns into at the click."""

import json
import secrets
from dataclasses import dataclass
from string import Formatter
from urllib.parse import quote

from redis.asyncio import Redis

from bot.choice import Providers
from bot.clock import Clock
from bot.domain.events import ParticipantKnown
from bot.domain.ids import MeetingId, ParticipantId, RoomId, UserId, room_of
from bot.domain.meeting import Meeting, Status
from bot.errors import LinkExpired, MeetingClosed, NoMeetingHere, ProviderNotFound
from bot.exchanged import Ticket
from bot.happenings import Happenings
from bot.keys import CODE_KEPT, WISH_KEPT, code_key, join_lock_key, joining_key
from bot.locks import Locks
from bot.ports import Chat
from bot.store import MeetingStore
from bot.views.words import title

CODE_BYTES = 18


@dataclass(frozen=True, slots=True)
class JoinRules:
    """How people come in here.

    Args:
        host_preset: the provider's preset for whoever started the meeting.
        guest_preset: the preset for everyone else.
        public_url: where this bot is reached by people, None where it is not.
        template: the page that takes a token, with ``{token}`` and ``{meeting_id}``; None where none is configured.

    """

    host_preset: str
    guest_preset: str
    public_url: str | None
    template: str | None


class Joining:
    """Who may come in, and how."""

    def __init__(
        self,
        redis: Redis,
        store: MeetingStore,
        happenings: Happenings,
        locks: Locks,
        providers: Providers,
        chat: Chat,
        rules: JoinRules,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._redis = redis
        self._store = store
        self._happenings = happenings
        self._locks = locks
        self._providers = providers
        self._chat = chat
        self.rules = rules

    async def link(self, meeting_id: MeetingId, user: UserId) -> str | None:
        """Give a person a link of their own; None where no page is configured that could take them in.

        With a public URL the link holds a code that means this person for some minutes, and nothing is minted
        before they open it. Without one it is the configured page's own, with a token in it.

        Raises:
            MeetingClosed: nobody can join any more.
            ProviderError: no token could be had.

        """
        meeting = await self._open_meeting(meeting_id)
        if self.rules.public_url:
            code = secrets.token_urlsafe(CODE_BYTES)
            who = json.dumps({"meeting": meeting.id, "user": user})
            await self._redis.set(code_key(code), who, ex=int(CODE_KEPT.total_seconds()))
            return f"{self.rules.public_url}/join/{code}"
        if not self.rules.template:
            return None
        return self.page(meeting_id, await self.ticket(meeting_id, user))

    async def redeem(self, code: str) -> tuple[Meeting, UserId]:
        """Tell who a code is for; mints nothing.

        Raises:
            LinkExpired: the code is too old, or never was one.
            MeetingClosed: nobody can join any more.

        """
        found = await self._redis.get(code_key(code))
        if not found:
            raise LinkExpired("This link has expired. Press Join in Slack again to get a new one.")
        who = json.loads(found)
        return await self._open_meeting(MeetingId(who["meeting"])), UserId(who["user"])

    def page(self, meeting_id: MeetingId, ticket: Ticket) -> str | None:
        """Give the address of the configured page with this ticket in it; None where none is configured."""
        if not self.rules.template:
            return None
        values = {"token": quote(ticket.token, safe=""), "meeting_id": quote(room_of(meeting_id), safe="")}
        return Formatter().vformat(self.rules.template, (), values)

    async def ticket(self, meeting_id: MeetingId, user: UserId) -> Ticket:
        """Mint a fresh token for a person: for the place they have, or for a new one where they have none.

        Raises:
            MeetingClosed: nobody can join any more.
            ProviderError: no token could be had.

        """
        async with self._locks.hold(join_lock_key(meeting_id, user)):
            meeting = await self._open_meeting(meeting_id)
            place = await self._place(meeting, user)
            if place:
                try:
                    ticket = await self._providers.of(meeting_id).refresh_token(room_of(meeting_id), place)
                except ProviderNotFound:
                    pass  # somebody deleted the place at the provider: give them a new one
                else:
                    # A meeting that has been quiet for long is asked about seldom or never: somebody comes now.
                    await self._expect(meeting_id, user, place)
                    return ticket
            ticket = await self._add(meeting, user)
            await self._expect(meeting_id, user, ticket.participant_id)
            await self._redis.delete(joining_key(meeting_id, user))
        return ticket

    async def _expect(self, meeting_id: MeetingId, user: UserId, place: ParticipantId) -> None:
        await self._happenings.tell(meeting_id, ParticipantKnown(user, place, self._clock()))

    async def _place(self, meeting: Meeting, user: UserId) -> ParticipantId | None:
        known = meeting.participants.get(user)
        if known:
            return known
        day = int(WISH_KEPT.total_seconds())
        if await self._redis.set(joining_key(meeting.id, user), "1", nx=True, ex=day):
            return None
        # A try that was cut off may have made a place that was not written down: look before making another.
        found = await self._providers.of(meeting.id).find_participant(room_of(meeting.id), user)
        if found:
            await self._expect(meeting.id, user, found)
        return found

    async def _add(self, meeting: Meeting, user: UserId) -> Ticket:
        person = await self._chat.person(user)
        preset = self.rules.host_preset if user == meeting.host else self.rules.guest_preset
        room: RoomId = room_of(meeting.id)
        return await self._providers.of(meeting.id).add_participant(
            room, person=user, name=person.name, picture=person.picture, preset=preset
        )

    async def _open_meeting(self, meeting_id: MeetingId) -> Meeting:
        saved = await self._store.get(meeting_id)
        if saved is None:
            raise NoMeetingHere("That meeting was too long ago, I do not remember it. Start a new one with `/meet`.")
        if saved.meeting.status is Status.CLOSED:
            raise MeetingClosed(f"“{title(saved.meeting)}” was ended for everyone, nobody can join it any more.")
        return saved.meeting
