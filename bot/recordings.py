"""Starting, pausing, resuming and stopping recordings; one at a time, and once a wish."""

from collections.abc import Awaitable, Callable

from bot.choice import Providers
from bot.clock import Clock
from bot.deeds import Deed, note, recall
from bot.domain.events import Noticed, RecordingActed, RecordingPlanned, RecordingUpdated
from bot.domain.ids import MeetingId, RecordingId, UserId
from bot.domain.meeting import Meeting, Status
from bot.domain.options import RecordingOptions
from bot.domain.recording import PAUSED, RECORDING, STAGE, UPLOADED, UPLOADING, Recording
from bot.domain.rules import Act
from bot.domain.timeline import Kind
from bot.doubt import in_doubt
from bot.errors import (
    MeetingClosed,
    NoRecording,
    ProviderNotFound,
    ProviderRejected,
)
from bot.exchanged import FileLinks
from bot.happenings import Happenings
from bot.journal import Wish
from bot.keys import provider_lock_key
from bot.locks import Locks
from bot.permissions import Permissions
from bot.ports import Provider
from bot.recording_choices import EMPTY, RecordingChoices
from bot.starting import Starting
from bot.store import MeetingStore
from bot.views.words import title

Command = Callable[[Provider], Callable[[RecordingId], Awaitable[RecordingUpdated]]]
"""What is to be done, once it is known that there is a recording and who keeps it."""

WISHED = {"pause": (PAUSED,), "resume": (RECORDING,), "stop": (UPLOADING, UPLOADED)}
"""How a recording is once it was done."""


class Recordings:
    """What can be done with recordings."""

    def __init__(
        self,
        store: MeetingStore,
        happenings: Happenings,
        locks: Locks,
        providers: Providers,
        permissions: Permissions,
        clock: Clock,
        choices: RecordingChoices | None = None,
    ) -> None:
        self._permissions = permissions
        self._store = store
        self._happenings = happenings
        self._locks = locks
        self._providers = providers
        self._clock = clock
        self.choices = choices or RecordingChoices()
        self._starting = Starting(happenings, providers, clock, self.choices)

    async def start(
        self, wish: Wish, meeting_id: MeetingId, by: UserId, options: RecordingOptions = EMPTY
    ) -> Recording:
        """Ask for a recording, made as ``options`` say, or else as the meeting, the deployment, the provider have it.

        Raises:
            UserError: the provider would not take these options, or the file would be lost.
            RecordingActive: one is running; it is shown in the thread.
            NotAllowed: they may not record here.
            MeetingClosed: there is nothing left to record.
            ProviderError: nothing was started.

        """
        async with self._locks.hold(provider_lock_key(meeting_id)):
            done = await recall(wish, "start")
            if done:
                return await self._acted_before(done, "start", by, await wish.recall("options"))
            meeting = await self._store.meeting(meeting_id)
            if meeting.status is Status.CLOSED:
                raise MeetingClosed(f"“{title(meeting)}” was ended for everyone, so there is nothing to record.")
            await self._permissions.insist(by, Act.RECORD, meeting)
            settled = await self._settled(wish, meeting, options)
            report = await self._starting.begin(wish, meeting, settled)
            acted = await self._acted(wish, "start", meeting_id, report.recording_id, by)
            changed = await self._happenings.tell(
                meeting_id, report, acted, RecordingPlanned(report.recording_id, settled)
            )
        return (changed.after if changed else meeting).recordings[report.recording_id]

    async def _settled(self, wish: Wish, meeting: Meeting, asked: RecordingOptions) -> RecordingOptions:
        """Fill in what was left open; a later try of this wish keeps to what the first one made of it."""

        async def settle() -> str:
            return self.choices.settled(asked, meeting.record_options).model_dump_json(exclude_defaults=True)

        return RecordingOptions.model_validate_json(await wish.once("options", settle))

    async def pause(self, wish: Wish, meeting_id: MeetingId, recording_id: RecordingId | None, by: UserId) -> Recording:
        """Pause a recording; the one that runs where none is named. One that is off the record stays paused.

        Raises:
            NoRecording: it is not running; the text says what is true now.
            NotAllowed: they may not.
            ProviderError: nothing was changed.

        """
        return await self._act(wish, "pause", (RECORDING,), lambda p: p.pause_recording, meeting_id, recording_id, by)

    async def resume(
        self, wish: Wish, meeting_id: MeetingId, recording_id: RecordingId | None, by: UserId
    ) -> Recording:
        """Go on with a paused recording; raises as ``pause``."""
        return await self._act(wish, "resume", (PAUSED,), lambda p: p.resume_recording, meeting_id, recording_id, by)

    async def stop(self, wish: Wish, meeting_id: MeetingId, recording_id: RecordingId | None, by: UserId) -> Recording:
        """Stop a recording; raises as ``pause``."""
        allowed = tuple(word for word, stage in STAGE.items() if stage <= STAGE[RECORDING])
        return await self._act(wish, "stop", allowed, lambda p: p.stop_recording, meeting_id, recording_id, by)

    async def _act(
        self,
        wish: Wish,
        action: str,
        allowed: tuple[str, ...],
        command: Command,
        meeting_id: MeetingId,
        recording_id: RecordingId | None,
        by: UserId,
    ) -> Recording:
        async with self._locks.hold(provider_lock_key(meeting_id)):
            done = await recall(wish, action)
            if done:
                return await self._acted_before(done, action, by)
            meeting = await self._store.meeting(meeting_id)
            await self._permissions.insist(by, Act.RECORD, meeting)
            recording = _chosen(meeting, recording_id)
            if recording.tracks and action != "stop":
                raise NoRecording("The recording of each person's own sound cannot be paused, only stopped.")
            stays = action == "pause" and recording.off is not None  # it stands still; now it is not to go on by itself
            if recording.status not in allowed and not stays:
                raise NoRecording(what_is_true(recording))
            told = [] if stays else [await self._send(action, command, meeting_id, recording)]
            acted = await self._acted(wish, action, meeting_id, recording.id, by)
            changed = await self._happenings.tell(meeting_id, *told, acted)
        return changed.after.recordings[recording.id] if changed else recording

    async def _acted(
        self, wish: Wish, action: str, meeting_id: MeetingId, own: RecordingId, by: UserId
    ) -> RecordingActed:
        """Write down that the provider took this wish, so that another try tells the same and does no more."""
        deed = await note(wish, action, Deed(meeting_id, own, self._clock()))
        return RecordingActed(own, action, by, deed.at)

    async def _acted_before(self, done: Deed, action: str, by: UserId, options: str | None = None) -> Recording:
        """Only tell what this wish did: somebody else may have wished for something else since."""
        with in_doubt():
            report = await self._providers.of(done.meeting).get_recording(RecordingId(done.own))
        acted = RecordingActed(report.recording_id, action, by, done.at)
        planned = (
            [RecordingPlanned(report.recording_id, RecordingOptions.model_validate_json(options))] if options else []
        )
        await self._happenings.tell(done.meeting, report, acted, *planned)
        return (await self._store.meeting(done.meeting)).recordings[report.recording_id]

    async def _send(
        self, action: str, command: Command, meeting_id: MeetingId, recording: Recording
    ) -> RecordingUpdated:
        try:
            return await command(self._providers.of(meeting_id))(recording.id)
        except ProviderNotFound:
            raise
        except ProviderRejected as rejected:
            # We are behind the provider: learn what is true and say that instead.
            with in_doubt(whether=rejected.unclear):
                report = await self._providers.of(meeting_id).get_recording(recording.id)
            if rejected.unclear and report.status in WISHED[action]:
                return report  # an earlier try, whose answer got lost, is what stood in the way of this one
            changed = await self._happenings.tell(meeting_id, report)
            if changed is None or not changed or changed.after.recordings[recording.id].status == recording.status:
                raise
            raise NoRecording(what_is_true(changed.after.recordings[recording.id])) from rejected

    async def links(self, meeting_id: MeetingId, recording_id: RecordingId, by: UserId) -> FileLinks:
        """Fetch fresh links to a finished recording, for one person, now.

        Raises:
            NotAllowed: they may not watch it.
            NoRecording: there is no file, or the provider has deleted it.
            ProviderError: the provider did not say.

        """
        meeting = await self._store.meeting(meeting_id)
        await self._permissions.insist(by, Act.WATCH, meeting)
        recording = _chosen(meeting, recording_id)
        try:
            links = await self._providers.of(meeting_id).recording_links(recording.id)
        except ProviderNotFound as gone:
            if recording.status == UPLOADED:
                await self._happenings.tell(meeting_id, Noticed(Kind.DELETED, recording.id, self._clock()))
            raise NoRecording("The video service has deleted this recording.") from gone
        if links.expires_at and links.expires_at < self._clock():
            raise NoRecording("The video service has deleted this recording: it keeps files for seven days.")
        return links


def _chosen(meeting: Meeting, recording_id: RecordingId | None) -> Recording:
    recording = meeting.recordings.get(recording_id) if recording_id else meeting.active_recording
    if recording is None and meeting.active_tracks:
        raise NoRecording("Only each person's own sound is being recorded. Stop that with `/record tracks stop`.")
    if recording is None:
        raise NoRecording("Nothing is being recorded here. Start with `/record`.")
    return recording


def what_is_true(recording: Recording) -> str:
    """Say how far a recording is, to somebody whose click came too late."""
    words = {
        "INVOKED": "The recording is still starting; try again in a moment.",
        "RECORDING": "The recording is running already.",
        "PAUSED": "The recording is paused already.",
        "UPLOADING": "The recording has stopped already; its file is being made ready.",
        "UPLOADED": "The recording has stopped already; its file is ready in the thread.",
        "ERRORED": "The recording has failed; the thread says why.",
    }
    return words[recording.status]
