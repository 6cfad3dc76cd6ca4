"""Takes in what happened to a meeting, and sees to it that its thread follows."""

from collections.abc import Awaitable, Callable, Iterable
from functools import reduce

from bot.domain.apply import apply
from bot.domain.events import Event
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.store import Changed, MeetingStore

Follow = Callable[[MeetingId], Awaitable[None]]
"""Asks for a meeting's thread to be brought up to date soon; durable once it returns."""


class Happenings:
    """The one way in which a meeting changes, whoever speaks: a webhook, an answer, a poll, or a person."""

    def __init__(self, store: MeetingStore, follow: Follow) -> None:
        self._store = store
        self.follow = follow

    async def tell(self, meeting_id: MeetingId, *events: Event) -> Changed | None:
        """Take in events and let the thread follow; None where the meeting is unknown."""
        changed = await self.take_in(meeting_id, events)
        if changed:
            await self.follow(meeting_id)
        return changed

    async def take_in(self, meeting_id: MeetingId, events: Iterable[Event]) -> Changed | None:
        """Take in events; the thread is marked stale, and it is for the caller to ask for ``follow``."""
        story = tuple(events)

        def change(meeting: Meeting) -> Meeting:
            return reduce(apply, story, meeting)

        return await self._store.update(meeting_id, change)
