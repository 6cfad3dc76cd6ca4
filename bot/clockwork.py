"""Carries out what time alone makes due, for one meeting at a time; what is due is said by pure functions."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.domain.events import Noticed
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.domain.timeline import Agenda, Due, Kind, due, next_due
from bot.errors import ProviderError, StoreBusy, UserError
from bot.happenings import Happenings
from bot.store import MeetingStore

log = logging.getLogger(__name__)

CarryOut = Callable[[MeetingId, Due], Awaitable[None]]
"""Does what is due; called again where that was not written down, so it looks first at what is true."""

Look = Callable[[MeetingId], Awaitable[None]]

LOOKED_AT_FIRST = {Kind.EMPTY_ROOM, Kind.START_LAGS}
"""What so short a time makes due that a late webhook may have it otherwise: the provider is asked before it is said."""


async def _nobody_to_ask(_meeting_id: MeetingId) -> None:
    return


@dataclass(frozen=True, slots=True)
class Alarm:
    """When a meeting is to be looked at again; None where nothing is to come. ``version`` is that of the meeting."""

    at: datetime | None
    version: int


class Clockwork:
    """Knows everything that is to happen at a time.

    Who else has something timed gives an agenda, a pure function of the meeting, and says how it is carried out. An
    entry must leave its agenda once it was done.

    Args:
        store: the meetings.
        happenings: told of what is noticed.
        clock: what time it is.
        look: asks the provider about a meeting and writes down what it says.

    """

    def __init__(self, store: MeetingStore, happenings: Happenings, clock: Clock, look: Look = _nobody_to_ask) -> None:
        self._store = store
        self._happenings = happenings
        self._clock = clock
        self._look = look
        self._timed: list[tuple[Agenda, CarryOut]] = []

    def add(self, agenda: Agenda, carry_out: CarryOut) -> None:
        """Have the entries of an agenda carried out in this way."""
        self._timed.append((agenda, carry_out))

    async def notice(self, meeting_id: MeetingId, entry: Due) -> None:
        """Carry out what only has to be known: the thread says it, if it is still so."""
        if entry.kind in LOOKED_AT_FIRST and not await self._still_due(meeting_id, entry):
            return
        await self._happenings.tell(meeting_id, Noticed(entry.kind, entry.subject, self._clock()))

    async def _still_due(self, meeting_id: MeetingId, entry: Due) -> bool:
        """Look first; what cannot be seen now is looked at again after the next poll."""
        await self._look(meeting_id)
        saved = await self._store.get(meeting_id)
        if saved is None or saved.meeting.provider_is_silent:
            return False
        return any((one.kind, one.subject) == (entry.kind, entry.subject) for one in due(saved.meeting, self._clock()))

    async def alarm(self, meeting_id: MeetingId, *, overdue: bool = True) -> Alarm | None:
        """Tell when a meeting is to be looked at; None where it is unknown.

        Args:
            meeting_id: which meeting.
            overdue: whether what is due already counts, or only what is to come.

        """
        saved = await self._store.get(meeting_id)
        if saved is None:
            return None
        now = self._clock()
        if overdue and due(saved.meeting, now, self._agenda):
            return Alarm(now, saved.version)
        return Alarm(next_due(saved.meeting, now, self._agenda), saved.version)

    def _agenda(self, meeting: Meeting) -> Iterator[Due]:
        return (entry for agenda, _ in self._timed for entry in agenda(meeting))

    async def tick(self, meeting_id: MeetingId) -> bool:
        """Carry out what is due; false where something has to be tried again."""
        saved = await self._store.get(meeting_id)
        done = True
        for agenda, carry_out in self._timed if saved else ():
            for entry in due(saved.meeting, self._clock(), agenda) if saved else ():
                done &= await self._carried_out(meeting_id, entry, carry_out)
        return done

    async def _carried_out(self, meeting_id: MeetingId, entry: Due, carry_out: CarryOut) -> bool:
        try:
            await carry_out(meeting_id, entry)
        except (ProviderError, StoreBusy, UserError) as trouble:
            log.warning("%s of %s in %s: %s", entry.kind, entry.subject, meeting_id, trouble)
            return False
        return True
