"""Everyone's part in a meeting: handing it over, asking people in, taking them out, and muting."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.choice import Providers
from bot.clock import Clock
from bot.domain.ids import MeetingId, UserId, room_of
from bot.domain.meeting import Meeting, Status
from bot.domain.role_events import EveryoneMuted, HostHanded, PersonAdded, PersonRemoved
from bot.domain.roles import Mark, has_pass
from bot.domain.rules import Act, Kind, Who
from bot.domain.timeline import Due
from bot.errors import HalfHanded, MeetingClosed, ProviderError, ProviderNotFound, UserError
from bot.happenings import Happenings
from bot.joining import Joining
from bot.journal import Wish
from bot.keys import join_lock_key
from bot.locks import Locks
from bot.permissions import Permissions
from bot.ports import Chat
from bot.store import MeetingStore
from bot.views.words import mention, title
from bot.way_out import WayOut

MOMENT = timedelta(microseconds=1)
AT_ONCE = 20
"""People who can be added or removed with one command."""


class People:
    """What the host does about people."""

    def __init__(
        self,
        store: MeetingStore,
        happenings: Happenings,
        locks: Locks,
        providers: Providers,
        chat: Chat,
        permissions: Permissions,
        joining: Joining,
        clock: Clock,
    ) -> None:
        self._store = store
        self._happenings = happenings
        self._locks = locks
        self._providers = providers
        self._chat = chat
        self._permissions = permissions
        self._joining = joining
        self._clock = clock
        self.way_out = WayOut(store, happenings, locks, providers)

    async def hand_over(self, wish: Wish, meeting_id: MeetingId, to: UserId, by: UserId) -> Meeting:
        """Make somebody else the host.

        Raises:
            NotAllowed: they are not theirs to hand over.
            UserError: that person cannot host.
            HalfHanded: it is handed over here, and the provider does not know yet; asking again is safe.

        """
        meeting = await self.open_meeting(meeting_id)
        handed = meeting.roles.handed
        if handed and (handed.to, handed.by) == (to, by):  # it was done, perhaps by half
            await self._fit_all(meeting_id, to, by, meeting.host)
            return meeting

        async def check() -> None:
            await self._permissions.insist(by, Act.PEOPLE, meeting)
            await self._can_host(to, meeting)

        at = await self._decided(wish, "handed", check, meeting.roles.handed)
        before = UserId(await wish.once("from", lambda: _given(meeting.hosted_by)))
        await self._happenings.tell(meeting_id, HostHanded(to, by, at))
        await self._fit_all(meeting_id, to, before)
        return await self.open_meeting(meeting_id)

    async def _fit_all(self, meeting_id: MeetingId, to: UserId, *others: UserId) -> None:
        try:
            for person in dict.fromkeys((to, *others)):
                await self._fit(meeting_id, person)
        except ProviderError as trouble:
            raise HalfHanded(
                f"{mention(to)} hosts this meeting now, but the video service could not be told. Please do it once "
                "more in a minute: until then everybody keeps the rights there that they had."
            ) from trouble

    async def _can_host(self, user: UserId, meeting: Meeting) -> None:
        if user == meeting.hosted_by:
            raise UserError(f"{mention(user)} hosts this meeting already.")
        if meeting.roles.is_out(user):
            raise UserError(f"{mention(user)} was taken out of this meeting. Add them first with `/meet add`.")
        who = await self._permissions.who(user, meeting.channel)
        if who is Who.UNKNOWN:
            raise UserError(f"Slack did not tell me who {mention(user)} is. Please try again in a minute.")
        rules = await self._permissions.rules(meeting)
        if who not in {Who.MEMBER, Who.ADMIN} and not rules.allow(Act.START, who):
            raise UserError(f"{mention(user)} is no member of this workspace, so they cannot host. Choose a member.")

    async def _fit(self, meeting_id: MeetingId, person: UserId) -> None:
        """Give somebody's place at the provider the preset of their part as it is now; nobody without a place."""
        async with self._locks.hold(join_lock_key(meeting_id, person)):
            meeting = await self.open_meeting(meeting_id)
            place = meeting.participants.get(person)
            if place is None or meeting.roles.is_out(person):
                return
            try:
                await self._providers.of(meeting_id).edit_participant(
                    room_of(meeting_id), place, preset=await self._joining.preset(meeting, person)
                )
            except ProviderNotFound:
                return  # somebody deleted the place there: the next one is made with the right preset

    async def add(self, wish: Wish, meeting_id: MeetingId, people: Sequence[UserId], by: UserId) -> Meeting:
        """Ask people in personally; who was taken out can come again.

        Raises:
            NotAllowed: they may not.
            UserError: one of them is no person who could come.

        """
        meeting = await self.open_meeting(meeting_id)

        async def check() -> None:
            await self._permissions.insist(by, Act.PEOPLE, meeting)
            for person in _few(people):
                kind = (await self._chat.person(person)).kind
                if kind in {Kind.ROBOT, Kind.GONE}:
                    raise UserError(f"{mention(person)} cannot come to a meeting. Nobody was added.")

        at = await self._decided(wish, "added", check, *map(meeting.roles.removed.get, people))
        changed = await self._happenings.tell(meeting_id, *(PersonAdded(person, by, at) for person in people))
        return changed.after if changed else meeting

    async def remove(self, wish: Wish, meeting_id: MeetingId, people: Sequence[UserId], by: UserId) -> Meeting:
        """Take people out: what they were given lets nobody in from this moment on, and they are sent out.

        Raises:
            NotAllowed: they may not.
            UserError: one of them hosts the meeting.
            HalfRemoved: their links are dead, but they may still be inside; asking again is safe.

        """
        meeting = await self.open_meeting(meeting_id)

        async def check() -> None:
            await self._permissions.insist(by, Act.PEOPLE, meeting)
            if meeting.hosted_by in _few(people):
                raise UserError(
                    f"{mention(meeting.hosted_by)} hosts this meeting. Hand it over first with `/meet host` and a name."
                )

        at = await self._decided(wish, "removed", check, *map(meeting.roles.added.get, people))
        await self.way_out.take_out(meeting_id, people, by, at)
        return await self.open_meeting(meeting_id)

    async def pass_ended(self, meeting_id: MeetingId, entry: Due) -> None:
        """Send a guest out whose pass has come to its end; their link has let nobody in since.

        Raises:
            ProviderError: they may still be inside; to be tried again.

        """
        person = UserId(entry.subject)
        async with self._locks.hold(join_lock_key(meeting_id, person)):
            meeting = await self.open_meeting(meeting_id)
            await self.way_out.expel(meeting, person)
        guest = meeting.roles.guests[person]
        await self._happenings.tell(meeting_id, PersonRemoved(person, guest.by, guest.until))

    async def mute_all(self, wish: Wish, meeting_id: MeetingId, by: UserId) -> Meeting:
        """Mute everyone who is in; they can unmute themselves.

        Raises:
            NotAllowed: they may not.
            UserError: nobody is in.
            ProviderError: nobody was muted.

        """
        meeting = await self.open_meeting(meeting_id)

        async def check() -> None:
            await self._permissions.insist(by, Act.PEOPLE, meeting)
            if meeting.status is not Status.LIVE:
                raise UserError(f"Nobody is in “{title(meeting)}” right now, so there is nobody to mute.")
            await self._providers.of(meeting_id).mute_all(room_of(meeting_id))

        at = await self._decided(wish, "muted", check)
        changed = await self._happenings.tell(meeting_id, EveryoneMuted(by, at))
        return changed.after if changed else meeting

    async def _decided(
        self, wish: Wish, step: str, check: Callable[[], Awaitable[None]], *undone: Mark | None
    ) -> datetime:
        """Check what may be checked once alone, as it was when it was asked for.

        Returns:
            The time of that; after what it undoes, though a replica with a clock ahead of ours wrote that down.

        """

        async def now() -> str:
            await check()
            return max([self._clock(), *(mark.at + MOMENT for mark in undone if mark)]).isoformat()

        return datetime.fromisoformat(await wish.once(step, now))

    async def open_meeting(self, meeting_id: MeetingId) -> Meeting:
        """Give a meeting that goes on, or may go on again.

        Raises:
            NoMeetingHere: it was too long ago.
            MeetingClosed: it is over.

        """
        meeting = await self._store.meeting(meeting_id)
        if meeting.status is Status.CLOSED:
            raise MeetingClosed(f"“{title(meeting)}” was ended for everyone already.")
        return meeting


def _few(people: Sequence[UserId]) -> Sequence[UserId]:
    if len(people) > AT_ONCE:
        raise UserError(f"That are {len(people)} people; I can do {AT_ONCE} at once.")
    if not people or any(has_pass(person) for person in people):
        raise UserError("Name somebody with an @, as in `/meet add @bo`.")
    return people


async def _given(user: UserId) -> str:
    return user
