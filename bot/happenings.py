"""Takes in what happened to a meeting, and sees to it that its thread follows."""

from collections.abc import Awaitable, Callable, Sequence

from bot.domain.events import Event
from bot.domain.ids import MeetingId
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
        changed = await self._store.tell(meeting_id, events)
        if changed:
            await self.follow(meeting_id)
        return changed

    async def hear(self, meeting_id: MeetingId, events: Sequence[Event]) -> Changed | None:
        """Take in what a webhook tells, at little cost; it is for the caller to ask for ``follow``."""
        return await self._store.append(meeting_id, events)
