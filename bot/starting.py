"""Asks the provider for a recording: never for a second one, and never twice for one wish."""

from datetime import datetime

from bot.choice import Providers
from bot.clock import Clock
from bot.domain.events import RecordingUpdated
from bot.domain.ids import MeetingId, room_of
from bot.domain.meeting import Meeting
from bot.domain.options import RecordingOptions
from bot.domain.ours import Mark
from bot.domain.recording import LAST, RUNNING, STAGE
from bot.doubt import in_doubt
from bot.errors import ProviderRejected, ProviderUnavailable, RecordingActive
from bot.happenings import Happenings
from bot.journal import Wish
from bot.recording_choices import RecordingChoices


class Starting:
    """Starts recordings; the caller holds the meeting's lock."""

    def __init__(self, happenings: Happenings, providers: Providers, clock: Clock, choices: RecordingChoices) -> None:
        self._happenings = happenings
        self._providers = providers
        self._clock = clock
        self._choices = choices

    async def begin(self, wish: Wish, meeting: Meeting, options: RecordingOptions) -> RecordingUpdated:
        """Start a recording at the provider unless one runs; what an earlier try of this wish started is ours."""
        mark, before = Mark.of(wish.key), await wish.recall("asked")
        asked_before = datetime.fromisoformat(before) if before else None
        with in_doubt(whether=asked_before is not None):
            running = await self._running(meeting)
            made = await self._made_before(mark, asked_before, meeting, running) if asked_before else None
        if made:
            return made
        if running:
            return await self._refuse(meeting.id, running)
        asked_at = self._clock()
        await wish.remember("asked", asked_at.isoformat())
        try:
            return await self._ask(meeting, options, mark)
        except (ProviderRejected, ProviderUnavailable) as failure:
            # The answer may be lost and the recording running, or somebody elsewhere was faster: look before telling.
            with in_doubt(whether=failure.unclear):
                running = await self._running(meeting)
            if running is None:
                raise
            if mark.fits(running, meeting, asked_at if isinstance(failure, ProviderUnavailable) else None):
                return running
            return await self._refuse(meeting.id, running)

    async def _ask(self, meeting: Meeting, options: RecordingOptions, mark: Mark) -> RecordingUpdated:
        sent, storage = (
            options.model_copy(update={"prefix": mark.put_on(options.prefix)}),
            self._choices.profile(options),
        )
        return await self._providers.of(meeting.id).start_recording(room_of(meeting.id), sent, storage)

    async def _running(self, meeting: Meeting) -> RecordingUpdated | None:
        """Read the recording that runs; one of single voices stands beside it and does not count."""
        provider, room = self._providers.of(meeting.id), room_of(meeting.id)
        found = await provider.active_recording(room)
        if found is None or not _is_tracks(meeting, found):
            return found
        listed = await provider.list_recordings(room)
        whole = (each for each in reversed(listed) if not _is_tracks(meeting, each))
        return next((each for each in whole if STAGE.get(each.status, LAST) <= RUNNING), None)

    async def _made_before(
        self, mark: Mark, asked_at: datetime, meeting: Meeting, running: RecordingUpdated | None
    ) -> RecordingUpdated | None:
        """Find what an earlier try started, even if it was stopped since: it is not to be started once more."""
        if running and mark.fits(running, meeting, asked_at):
            return running
        reports = await self._providers.of(meeting.id).list_recordings(room_of(meeting.id))
        whole = (report for report in reports if not _is_tracks(meeting, report))
        return next((report for report in whole if mark.fits(report, meeting, asked_at)), None)

    async def _refuse(self, meeting_id: MeetingId, running: RecordingUpdated) -> RecordingUpdated:
        await self._happenings.tell(meeting_id, running)
        raise RecordingActive("This meeting is being recorded already; its controls are in the thread.")


def _is_tracks(meeting: Meeting, report: RecordingUpdated) -> bool:
    known = meeting.recordings.get(report.recording_id)
    return report.tracks or (known is not None and known.tracks)
