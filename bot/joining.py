"""A person's own way into a meeting: a short-lived link, and the token that it turns into at the click."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Formatter
from urllib.parse import quote

from redis.asyncio import Redis

from bot.choice import Providers
from bot.clock import Clock
from bot.domain.company import PersonSeen
from bot.domain.events import ParticipantKnown
from bot.domain.ids import MeetingId, ParticipantId, RoomId, UserId, room_of
from bot.domain.meeting import Meeting, Status
from bot.domain.roles import has_pass
from bot.domain.rules import Act
from bot.errors import LinkExpired, MeetingClosed, NotAllowed, ProviderNotFound
from bot.exchanged import Person, Ticket
from bot.happenings import Happenings
from bot.keys import CODE_KEPT, WISH_KEPT, code_key, join_lock_key, joining_key
from bot.locks import Locks
from bot.permissions import Permissions
from bot.ports import Chat
from bot.store import MeetingStore
from bot.views.refusals import removed
from bot.views.words import title

CODE_BYTES = 18
GUEST_CODE = "g-"
"""What the code of a guest's pass begins with, so that who comes too late is told whom to ask."""

EXPIRED = "This link has expired. Press Join in Slack again to get a new one."
NO_VIEWERS = (
    "You may come in to watch and listen alone, and that is not set up here. Please tell whoever runs Greenroom: "
    "`VIEWER_PRESET` is missing."
)
GUEST_EXPIRED = "This link works no more. Ask whoever invited you for a new one."


@dataclass(frozen=True, slots=True)
class JoinRules:
    """How people come in here.

    Args:
        host_preset: the provider's preset for whoever started the meeting.
        guest_preset: the preset for everyone else.
        viewer_preset: the preset for those who are to watch and listen alone; None where there is none.
        public_url: where this bot is reached by people, None where it is not.
        template: the page that takes a token, with ``{token}`` and ``{meeting_id}``; None where none is configured.

    """

    host_preset: str
    guest_preset: str
    public_url: str | None
    template: str | None
    viewer_preset: str | None = None


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
        permissions: Permissions,
        rules: JoinRules,
        clock: Clock,
    ) -> None:
        self._permissions = permissions
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
            NotAllowed: this person may not, or was taken out.
            ProviderError: no token could be had.

        """
        meeting = await self._open_for(meeting_id, user)
        if self.rules.public_url:
            return await self.keep_code(secrets.token_urlsafe(CODE_BYTES), meeting.id, user, CODE_KEPT)
        if not self.rules.template:
            return None
        return self.page(meeting_id, await self.ticket(meeting_id, user))

    async def keep_code(self, code: str, meeting_id: MeetingId, user: UserId, life: timedelta) -> str:
        """Let a code mean a person for a while, and give the address it opens; the code itself is kept nowhere."""
        who = json.dumps({"meeting": meeting_id, "user": user, "at": self._clock().isoformat()})
        await self._redis.set(code_key(code), who, ex=int(life.total_seconds()))
        return f"{self.rules.public_url}/join/{code}"

    async def redeem(self, code: str) -> tuple[Meeting, UserId]:
        """Tell who a code is for; mints nothing.

        Raises:
            LinkExpired: the code is too old, or never was one.
            MeetingClosed: nobody can join any more.
            NotAllowed: the person may not join, or was taken out since the code was made.

        """
        # What is not even ASCII was never made by us, and may hold what cannot be written down.
        found = await self._redis.get(code_key(code)) if code.isascii() else None
        if not found:
            raise LinkExpired(GUEST_EXPIRED if code.startswith(GUEST_CODE) else EXPIRED)
        who = json.loads(found)
        made = datetime.fromisoformat(who["at"]) if "at" in who else None
        return await self._open_for(MeetingId(who["meeting"]), UserId(who["user"]), made), UserId(who["user"])

    async def open_to(self, meeting_id: MeetingId, user: UserId) -> Meeting:
        """Give a meeting that somebody may come into now; raises as ``ticket``, and mints nothing."""
        return await self._open_for(meeting_id, user)

    async def person(self, meeting: Meeting, user: UserId) -> Person:
        """Tell how somebody is shown in a meeting: as in Slack, or by the name that their pass was made for."""
        guest = meeting.roles.guests.get(user)
        return Person(user, guest.name) if guest else await self._chat.person(user)

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
            NotAllowed: this person may not, or was taken out.
            ProviderError: no token could be had.

        """
        async with self._locks.hold(join_lock_key(meeting_id, user)):
            meeting = await self._open_for(meeting_id, user)
            place = await self._place(meeting, user)
            if place:
                provider, room = self._providers.of(meeting_id), room_of(meeting_id)
                try:
                    # The rules may have changed since the place was made, and the host.
                    if self.rules.viewer_preset or meeting.roles.handed:
                        await provider.edit_participant(room, place, preset=await self.preset(meeting, user))
                    ticket = await provider.refresh_token(room, place)
                except ProviderNotFound:
                    pass  # somebody deleted the place at the provider: give them a new one
                else:
                    # A meeting that has been quiet for long is asked about seldom or never: somebody comes now.
                    await self._expect(meeting, user, place)
                    return ticket
            ticket = await self._add(meeting, user)
            await self._expect(meeting, user, ticket.participant_id)
            await self._redis.delete(joining_key(meeting_id, user))
        return ticket

    async def _expect(self, meeting: Meeting, user: UserId, place: ParticipantId) -> None:
        """Note that somebody is about to come, and what they look like where that is news."""
        now, person = self._clock(), await self.person(meeting, user)
        known = meeting.company.faces.get(user)
        same = known and (known.name, known.picture) == (person.name, person.picture)
        seen = [PersonSeen(user, person.name, person.picture, now)] if person.picture and not same else []
        await self._happenings.tell(meeting.id, ParticipantKnown(user, place, now), *seen)

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
            await self._expect(meeting, user, found)
        return found

    async def _add(self, meeting: Meeting, user: UserId) -> Ticket:
        person, preset = await self.person(meeting, user), await self.preset(meeting, user)
        room: RoomId = room_of(meeting.id)
        return await self._providers.of(meeting.id).add_participant(
            room, person=user, name=person.name, picture=person.picture, preset=preset
        )

    async def preset(self, meeting: Meeting, user: UserId) -> str:
        """Give the provider's preset for somebody's part in a meeting as it is now."""
        if user == meeting.hosted_by:
            return self.rules.host_preset
        if self.rules.viewer_preset and not has_pass(user) and await self._permissions.only_views(user, meeting):
            return self.rules.viewer_preset
        return self.rules.guest_preset

    async def _open_for(self, meeting_id: MeetingId, user: UserId, since: datetime | None = None) -> Meeting:
        """Give a meeting that somebody may come into with what they were given at ``since``."""
        meeting = await self._open_meeting(meeting_id)
        guest = meeting.roles.guests.get(user)
        if has_pass(user) and (guest is None or self._clock() >= guest.until or meeting.roles.is_out(user)):
            raise LinkExpired(GUEST_EXPIRED)
        if meeting.roles.is_out(user, since):
            raise NotAllowed(removed(title(meeting)) if meeting.roles.is_out(user) else EXPIRED)
        if guest is None:
            await self._permissions.insist(user, Act.JOIN, meeting)
            if not self.rules.viewer_preset and await self._permissions.only_views(user, meeting):
                raise NotAllowed(NO_VIEWERS)  # any other preset would let them speak
        return meeting

    async def _open_meeting(self, meeting_id: MeetingId) -> Meeting:
        meeting = await self._store.meeting(meeting_id)
        if meeting.status is Status.CLOSED:
            raise MeetingClosed(f"“{title(meeting)}” was ended for everyone, nobody can join it any more.")
        return meeting
