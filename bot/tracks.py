"""Recording each person's own sound: beside the ordinary recording, one at a time, and once a wish."""

from dataclasses import replace
from datetime import datetime

from bot.choice import Providers
from bot.clock import Clock
from bot.deeds import Deed, note, recall
from bot.domain.events import Noticed, RecordingActed, RecordingUpdated
from bot.domain.ids import MeetingId, RecordingId, UserId, room_of
from bot.domain.meeting import Meeting, Status
from bot.domain.options import RecordingOptions
from bot.domain.ours import Mark, is_young
from bot.domain.recording import LAST, RUNNING, STAGE, Recording
from bot.domain.rules import Act
from bot.domain.timeline import Kind
from bot.domain.voices import prefix_for
from bot.doubt import in_doubt
from bot.errors import (
    MeetingClosed,
    NoRecording,
    ProviderNotFound,
    ProviderRejected,
    ProviderUnavailable,
    RecordingActive,
    UserError,
)
from bot.exchanged import TrackFiles
from bot.happenings import Happenings
from bot.journal import Wish
from bot.keys import provider_lock_key
from bot.locks import Locks
from bot.permissions import Permissions
from bot.ports import Provider
from bot.recording_choices import RecordingChoices
from bot.store import MeetingStore
from bot.views.words import title

ALREADY = "Each person's own sound is being recorded already; its Stop button is in the thread."
NOBODY_INSIDE = (
    "Nobody is in the meeting, and each person's own sound can be recorded only while people are inside. "
    "Press Join on the card, then type `/record tracks` again."
)
TRACKS = "start tracks"
"""How the start is called among what a wish did."""
NOTHING_RUNS = "Nobody's own sound is being recorded here. Start with `/record tracks`."


class Tracks:
    """What can be done with recordings of single voices."""

    def __init__(
        self,
        store: MeetingStore,
        happenings: Happenings,
        locks: Locks,
        providers: Providers,
        permissions: Permissions,
        clock: Clock,
        choices: RecordingChoices,
    ) -> None:
        self._store = store
        self._happenings = happenings
        self._locks = locks
        self._providers = providers
        self._permissions = permissions
        self._clock = clock
        self._choices = choices

    async def start(self, wish: Wish, meeting_id: MeetingId, by: UserId) -> Recording:
        """Record each person's own sound from now on.

        Raises:
            UserError: nobody is inside, or the files would be kept nowhere.
            RecordingActive: that is being done already.
            MeetingClosed: there is nothing left to record.
            NotAllowed: they may not record here.
            ProviderError: nothing was started.

        """
        async with self._locks.hold(provider_lock_key(meeting_id)):
            done = await recall(wish, TRACKS)
            meeting = await self._store.meeting(done.meeting if done else meeting_id)
            if done is None:
                await self._insist(meeting, by)
                report = await self._begin(wish, meeting)
                done = await note(wish, TRACKS, Deed(meeting.id, report.recording_id, self._clock()))
            else:
                report = await self._providers.of(meeting.id).get_recording(RecordingId(done.own))
            acted = RecordingActed(report.recording_id, "start", by, done.at)
            changed = await self._happenings.tell(meeting.id, replace(report, tracks=True), acted)
        return (changed.after if changed else meeting).recordings[report.recording_id]

    async def _insist(self, meeting: Meeting, by: UserId) -> None:
        if meeting.status is Status.CLOSED:
            raise MeetingClosed(f"“{title(meeting)}” was ended for everyone, so there is nothing to record.")
        await self._permissions.insist(by, Act.RECORD, meeting)

    async def _begin(self, wish: Wish, meeting: Meeting) -> RecordingUpdated:
        provider, before = self._providers.of(meeting.id), await wish.recall("tracks asked")
        mark = Mark.of(wish.key)
        with in_doubt():
            made = await _made_since(provider, mark, datetime.fromisoformat(before), meeting) if before else None
        if made:
            return made
        if meeting.active_tracks:
            raise RecordingActive(ALREADY)
        if await provider.active_session(room_of(meeting.id)) is None:
            raise UserError(NOBODY_INSIDE)
        asked_at = self._clock()
        await wish.remember("tracks asked", asked_at.isoformat())
        return await self._ask(provider, meeting, mark, asked_at)

    async def _ask(self, provider: Provider, meeting: Meeting, mark: Mark, asked_at: datetime) -> RecordingUpdated:
        own = self._choices.settled(RecordingOptions())
        storage = self._choices.profile(own) if provider.tracks_in_storages else None
        if own.bucket is False and storage is None:
            raise UserError(
                f"{provider.label} keeps each person's own sound only in its own bucket, which is switched off here. "
                "Nothing was started; please ask whoever runs Greenroom."
            )
        prefix, lost = mark.put_on(prefix_for(meeting.title)), None
        try:
            report = await provider.start_tracks(
                room_of(meeting.id), prefix=prefix, storage=storage, bucket=own.bucket is not False
            )
        except ProviderRejected:
            await self._refuse_beside_another(provider, meeting)
            raise
        except ProviderUnavailable as failure:
            report, lost = None, failure
        # Dyte documents no answer, and one that got lost says nothing either: see what has begun since.
        with in_doubt(whether=lost is None or lost.unclear):
            report = report or await _made_since(provider, mark, asked_at, meeting)
        if report is None:
            raise lost or ProviderUnavailable("start_tracks was taken, and no recording is to be seen", unclear=True)
        return report

    async def _refuse_beside_another(self, provider: Provider, meeting: Meeting) -> None:
        """Say that it is being done already where it is, and we did not know: as after an answer that got lost."""
        listed = await provider.list_recordings(room_of(meeting.id))
        running = [each for each in listed if each.tracks and STAGE.get(each.status, LAST) <= RUNNING]
        if running:
            await self._happenings.tell(meeting.id, *running)
            raise RecordingActive(ALREADY)

    async def to_stop(self, wish: Wish, meeting_id: MeetingId) -> RecordingId:
        """Give the recording of single voices that runs, or ran when this wish was tried first.

        Raises:
            NoRecording: there is none.

        """

        async def running() -> str:
            recording = (await self._store.meeting(meeting_id)).active_tracks
            if recording is None:
                raise NoRecording(NOTHING_RUNS)
            return recording.id

        return RecordingId(await wish.once("tracks to stop", running))

    async def files(self, meeting_id: MeetingId, recording_id: RecordingId, by: UserId) -> TrackFiles:
        """Fetch fresh links to everybody's file, for one person, now.

        Raises:
            NotAllowed: they may not.
            NoRecording: there are no files, or the provider has deleted them.
            ProviderError: the provider did not say.

        """
        await self._permissions.insist(by, Act.WATCH, await self._store.meeting(meeting_id))
        try:
            found = await self._providers.of(meeting_id).track_files(recording_id)
        except ProviderNotFound as gone:
            await self._happenings.tell(meeting_id, Noticed(Kind.DELETED, recording_id, self._clock()))
            raise NoRecording("The video service has deleted these files.") from gone
        if found.expires_at and found.expires_at < self._clock():
            raise NoRecording("The video service has deleted these files: it keeps them for seven days.")
        if not found.files:
            raise NoRecording("The video service has no files to hand out: nobody spoke, or they went to a storage.")
        return found


async def _made_since(provider: Provider, mark: Mark, asked_at: datetime, meeting: Meeting) -> RecordingUpdated | None:
    """Find the recording that this wish began.

    A name without the mark is no proof here: that files of single voices give theirs to their recording is documented
    nowhere. So what is known to be one of single voices, young, and nobody else's, is the next best.
    """
    listed = await provider.list_recordings(room_of(meeting.id))
    ours = [each for each in listed if mark.stands_on(each) or is_young(each, meeting, asked_at)]
    return min(ours, key=lambda each: (not mark.stands_on(each), not each.tracks), default=None)
