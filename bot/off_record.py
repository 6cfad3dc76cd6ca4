"""Off the record: a pause that ends by itself at a time that was chosen beforehand."""

from datetime import datetime, timedelta

from bot.choice import Providers
from bot.clock import Clock
from bot.domain.acts import RETURN
from bot.domain.events import Noticed, OffTheRecord, RecordingActed
from bot.domain.ids import MeetingId, RecordingId, UserId
from bot.domain.recording import PAUSED, Recording
from bot.domain.rules import Act
from bot.domain.timeline import Due, Kind
from bot.errors import NoRecording, ProviderError
from bot.happenings import Happenings
from bot.journal import Wish
from bot.keys import provider_lock_key
from bot.locks import Locks
from bot.permissions import Permissions
from bot.recordings import Recordings
from bot.store import MeetingStore


class OffRecord:
    """Goes off the record, and comes back."""

    def __init__(
        self,
        recordings: Recordings,
        permissions: Permissions,
        store: MeetingStore,
        happenings: Happenings,
        locks: Locks,
        providers: Providers,
        clock: Clock,
    ) -> None:
        self._recordings = recordings
        self._permissions = permissions
        self._store = store
        self._happenings = happenings
        self._locks = locks
        self._providers = providers
        self._clock = clock

    async def begin(
        self, wish: Wish, meeting_id: MeetingId, recording_id: RecordingId | None, by: UserId, length: timedelta
    ) -> Recording:
        """Pause a recording for a while; one that is paused already goes on by itself at that time.

        Raises:
            NotAllowed: they may not record here.
            NoRecording: it is not running; the text says what is true now.
            NotAllowed: they may not.
            ProviderError: nothing was changed.

        """
        recording = await self._paused(wish, meeting_id, recording_id, by)
        told = await wish.once("off", self._now)  # another try goes off at the same time, whatever happened since
        at = datetime.fromisoformat(told)
        changed = await self._happenings.tell(meeting_id, OffTheRecord(recording.id, by, at, at + length))
        return changed.after.recordings[recording.id] if changed else recording

    async def _now(self) -> str:
        return self._clock().isoformat()

    async def _paused(self, wish: Wish, meeting_id: MeetingId, own: RecordingId | None, by: UserId) -> Recording:
        meeting = await self._store.meeting(meeting_id)
        recording = meeting.recordings.get(own) if own else meeting.active_recording
        paused_by_this = await wish.recall("pause")
        if recording and recording.status == PAUSED and not paused_by_this:
            await self._permissions.insist(by, Act.RECORD, meeting)
            return recording
        try:
            return await self._recordings.pause(wish, meeting_id, own, by)
        except NoRecording:
            # What was just learnt may be that it stands still already: then it is to go on by itself.
            found = (await self._store.meeting(meeting_id)).recordings.get(recording.id) if recording else None
            if found is None or found.status != PAUSED:
                raise
            return found

    async def come_back(self, meeting_id: MeetingId, entry: Due) -> None:
        """Resume a recording whose time off the record is over, unless anybody did anything to it meanwhile.

        Raises:
            ProviderError: it still stands still, and the thread says so; to be tried again.

        """
        async with self._locks.hold(provider_lock_key(meeting_id)):
            recording = (await self._store.meeting(meeting_id)).recordings[entry.recording_id]
            if recording.off is None or recording.off.until > self._clock():
                return
            try:
                await self._resume(meeting_id, recording, recording.off.by)
            except ProviderError:
                await self._happenings.tell(meeting_id, Noticed(Kind.RESUME_FAILED, entry.subject, self._clock()))
                raise

    async def _resume(self, meeting_id: MeetingId, recording: Recording, by: UserId) -> None:
        """Look before acting: a process that died between the two must not have resumed in vain, or twice."""
        provider = self._providers.of(meeting_id)
        report = await provider.get_recording(recording.id)
        if report.status != PAUSED:
            await self._happenings.tell(meeting_id, report)
            return
        resumed = await provider.resume_recording(recording.id)
        await self._happenings.tell(meeting_id, resumed, RecordingActed(recording.id, RETURN, by, self._clock()))
