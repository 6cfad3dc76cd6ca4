"""Asks the provider for a recording: never for a second one, and never twice for one wish."""

from datetime import datetime, timedelta

from bot.choice import Providers
from bot.clock import Clock
from bot.domain.events import RecordingUpdated
from bot.domain.ids import MeetingId, room_of
from bot.domain.meeting import Meeting
from bot.domain.options import RecordingOptions
from bot.domain.recording import LAST, RUNNING, STAGE
from bot.errors import ProviderRejected, ProviderUnavailable, RecordingActive
from bot.happenings import Happenings
from bot.journal import Wish
from bot.recording_choices import RecordingChoices

ON_START = "RECORD_ON_START"
SKEW = timedelta(seconds=2)
"""How far the provider's clock may be behind ours."""


class Starting:
    """Starts recordings; the caller holds the meeting's lock."""

    def __init__(self, happenings: Happenings, providers: Providers, clock: Clock, choices: RecordingChoices) -> None:
        self._happenings = happenings
        self._providers = providers
        self._clock = clock
        self._choices = choices

    async def begin(self, wish: Wish, meeting: Meeting, options: RecordingOptions) -> RecordingUpdated:
        """Start a recording at the provider unless one runs; what an earlier try of this wish started is ours."""
        meeting_id, asked_before = meeting.id, await wish.recall("asked")
        running = await self._running(meeting)
        if running:
            return running if asked_before else await self._refuse(meeting_id, running)
        made = await self._made_since(datetime.fromisoformat(asked_before), meeting) if asked_before else None
        if made:
            return made
        await wish.remember("asked", self._clock().isoformat())
        try:
            storage = self._choices.profile(options)
            return await self._providers.of(meeting_id).start_recording(room_of(meeting_id), options, storage)
        except (ProviderRejected, ProviderUnavailable) as failure:
            # The answer may be lost and the recording running, or somebody elsewhere was faster: look before telling.
            running = await self._running(meeting)
            if running is None:
                raise
            if isinstance(failure, ProviderUnavailable):
                return running
            return await self._refuse(meeting_id, running)

    async def _running(self, meeting: Meeting) -> RecordingUpdated | None:
        """Read the recording that runs; one of single voices stands beside it and does not count."""
        provider, room = self._providers.of(meeting.id), room_of(meeting.id)
        found = await provider.active_recording(room)
        if found is None or not _is_tracks(meeting, found):
            return found
        listed = await provider.list_recordings(room)
        whole = (each for each in reversed(listed) if not _is_tracks(meeting, each))
        return next((each for each in whole if STAGE.get(each.status, LAST) <= RUNNING), None)

    async def _made_since(self, asked_at: datetime, meeting: Meeting) -> RecordingUpdated | None:
        """Find what an earlier try started and somebody has stopped since: it is not to be started once more."""
        claimed = {
            own for own, each in meeting.recordings.items() if each.first("start") or each.start_reason == ON_START
        }
        reports = await self._providers.of(meeting.id).list_recordings(room_of(meeting.id))
        ours = (report for report in reports if report.recording_id not in claimed and not report.tracks)
        return next((report for report in ours if report.invoked_at and report.invoked_at >= asked_at - SKEW), None)

    async def _refuse(self, meeting_id: MeetingId, running: RecordingUpdated) -> RecordingUpdated:
        await self._happenings.tell(meeting_id, running)
        raise RecordingActive("This meeting is being recorded already; its controls are in the thread.")


def _is_tracks(meeting: Meeting, report: RecordingUpdated) -> bool:
    known = meeting.recordings.get(report.recording_id)
    return report.tracks or (known is not None and known.tracks)
