"""Parts: a recording that broke off while people are in the room is gone on with, where the channel wants that."""

from contextlib import suppress

from bot.choice import Providers
from bot.clock import Clock
from bot.domain.events import Noticed, RecordingContinued
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.domain.timeline import Due, Kind, is_missed, is_too_late
from bot.errors import ProviderError, ProviderNotFound, RecordingActive, UserError
from bot.happenings import Happenings
from bot.journal import Journal, Wish
from bot.permissions import Permissions
from bot.recordings import Recordings
from bot.store import MeetingStore

TRIES = 5
"""How often a next part is tried to be started: about a minute. After that it is for people to look."""


class Parts:
    """Starts next parts; each once, however often this is carried out, because each is a wish of its own."""

    def __init__(
        self,
        recordings: Recordings,
        permissions: Permissions,
        store: MeetingStore,
        happenings: Happenings,
        journal: Journal,
        providers: Providers,
        clock: Clock,
    ) -> None:
        self._recordings = recordings
        self._permissions = permissions
        self._store = store
        self._happenings = happenings
        self._journal = journal
        self._providers = providers
        self._clock = clock

    async def go_on(self, meeting_id: MeetingId, entry: Due) -> None:
        """Start the next part of a recording, or note why there is none.

        Raises:
            ProviderError: not yet; to be tried again.

        """
        saved = await self._store.get(meeting_id)
        if saved is None:
            return
        if not (await self._permissions.rules(saved.meeting)).restart_failed_recordings:
            await self._settle(meeting_id, entry, Kind.NOT_RESTARTED)
            return
        wish = self._journal.wish(f"part:{meeting_id}:{entry.recording_id}")
        if is_too_late(saved.meeting.recordings[entry.recording_id], self._clock()) and not await wish.recall("asked"):
            await self._settle(meeting_id, entry, Kind.NOT_RESTARTED)
            return
        try:
            meeting = await self._explained(saved.meeting, entry)
            if is_missed(meeting, meeting.recordings[entry.recording_id]):
                await self._start(wish, meeting, entry)
        except UserError:  # somebody was faster, the room was closed, or who asked for it may not any more
            await self._settle(meeting_id, entry, Kind.NOT_RESTARTED)
        except ProviderError:
            tries = int(await wish.recall("tries") or 0) + 1
            await wish.remember("tries", str(tries))
            if tries < TRIES:
                raise
            await self._settle(meeting_id, entry, Kind.RESTART_FAILED)

    async def _explained(self, meeting: Meeting, entry: Due) -> Meeting:
        """Ask why it ended where that was not told: webhooks and lists leave out that somebody stopped it elsewhere."""
        if meeting.recordings[entry.recording_id].stop_reason:
            return meeting
        with suppress(ProviderNotFound):
            report = await self._providers.of(meeting.id).get_recording(entry.recording_id)
            changed = await self._happenings.tell(meeting.id, report)
            return changed.after if changed is not None else meeting
        return meeting

    async def _start(self, wish: Wish, meeting: Meeting, entry: Due) -> None:
        broken, running = meeting.recordings[entry.recording_id], meeting.active_recording
        if running and running.first("start") and not await wish.recall("start"):
            raise RecordingActive("Somebody was faster.")
        # So that a part of which only the provider knows, because this process dies, is known for what it is.
        await self._settle(meeting.id, entry, Kind.RESTARTING)
        asked = broken.first("start")
        by = asked.by if asked else meeting.host
        begun = await self._recordings.start(wish, meeting.id, by, broken.once_more)
        await self._happenings.tell(meeting.id, RecordingContinued(begun.id, broken.id))

    async def _settle(self, meeting_id: MeetingId, entry: Due, kind: Kind) -> None:
        await self._happenings.tell(meeting_id, Noticed(kind, entry.subject, entry.at))
