"""Sending people out of a room, so that nothing they hold lets them in again; what fails for one stops no other."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.choice import Providers
from bot.domain.ids import MeetingId, UserId, room_of
from bot.domain.meeting import Meeting
from bot.domain.role_events import PersonRemoved
from bot.domain.roles import has_pass
from bot.errors import HalfRemoved, ProviderError
from bot.happenings import Happenings
from bot.keys import join_lock_key
from bot.locks import Locks
from bot.store import MeetingStore
from bot.views.words import mention


class WayOut:
    """Takes people out of meetings."""

    def __init__(self, store: MeetingStore, happenings: Happenings, locks: Locks, providers: Providers) -> None:
        self._store = store
        self._happenings = happenings
        self._locks = locks
        self._providers = providers

    async def take_out(self, meeting_id: MeetingId, people: Sequence[UserId], by: UserId, at: datetime) -> None:
        """Take people out, whoever may ask for that; first what lets them in, then themselves.

        Raises:
            HalfRemoved: some may still be inside; it says who.

        """
        await self._happenings.tell(meeting_id, *(PersonRemoved(person, by, at) for person in people))
        tried = [await self._tried(meeting_id, person) for person in people]
        failed = {person: trouble for person, trouble in zip(people, tried, strict=True) if trouble}
        if failed:
            raise HalfRemoved(_half(list(failed))) from next(iter(failed.values()))

    async def _tried(self, meeting_id: MeetingId, person: UserId) -> ProviderError | None:
        try:
            await self._send_away(meeting_id, person)
        except ProviderError as trouble:
            return trouble
        return None

    async def _send_away(self, meeting_id: MeetingId, person: UserId) -> None:
        # Whoever was just being let in holds this lock, and their new place is known once we have it.
        async with self._locks.hold(join_lock_key(meeting_id, person)):
            saved = await self._store.get(meeting_id)
            if saved and saved.meeting.roles.is_out(person):  # else somebody has added them again meanwhile
                await self.expel(saved.meeting, person)

    async def expel(self, meeting: Meeting, person: UserId) -> None:
        """Send somebody out and take their place away; the caller holds the lock of whoever lets them in.

        Raises:
            ProviderError: not all of it was done, and all of it was tried.

        """
        provider, room = self._providers.of(meeting.id), room_of(meeting.id)
        place = meeting.participants.get(person) or await provider.find_participant(room, person)
        if place is None:
            await provider.kick(room, person, None)
            return
        # Between the first two they may have come in once more. Which of our names the provider still knows them
        # by without a place is not documented, so they are sent out before and after.
        await _each(
            lambda: provider.kick(room, person, place),
            lambda: provider.remove_participant(room, place),
            lambda: provider.kick(room, person, place),
        )


async def _each(*steps: Callable[[], Awaitable[None]]) -> None:
    """Take every step, whatever becomes of the others; the first trouble is raised at the end."""
    troubles: list[ProviderError] = []
    for step in steps:
        try:
            await step()
        except ProviderError as trouble:
            troubles.append(trouble)
    if troubles:
        raise troubles[0]


def _half(people: Sequence[UserId]) -> str:
    named = "them" if any(map(has_pass, people)) else " ".join(map(mention, people))
    return (
        f"Their links let nobody in any more, but the video service could not be told to send {named} out. "
        "Please do it once more in a minute."
    )
