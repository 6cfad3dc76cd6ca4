"""Marking moments of a recording, each at the time of the press and once a wish."""

from datetime import datetime

from bot.clock import Clock
from bot.domain.events import RecordingMarked
from bot.domain.ids import MeetingId, RecordingId
from bot.domain.meeting import Meeting
from bot.domain.moments import Moment
from bot.domain.recording import Recording
from bot.domain.rules import Act
from bot.errors import NoRecording, UserError
from bot.happenings import Happenings
from bot.journal import Wish
from bot.permissions import Permissions
from bot.recordings import what_is_true
from bot.store import MeetingStore

MOST = 500
"""Moments that one recording can have: each is kept in Redis for as long as the meeting."""


class Moments:
    """What can be done with the moments of a recording."""

    def __init__(self, store: MeetingStore, happenings: Happenings, permissions: Permissions, clock: Clock) -> None:
        self._permissions = permissions
        self._store = store
        self._happenings = happenings
        self._clock = clock

    async def mark(self, meeting_id: MeetingId, recording_id: RecordingId | None, mark: Moment) -> Recording:
        """Mark a moment of a recording; of the one that ran at the time where none is named.

        Raises:
            NotAllowed: they may not come in either.
            NoRecording: nothing was recorded at that time; the text says what is true now.
            UserError: it has more moments than anybody can read.

        """
        meeting = await self._store.meeting(meeting_id)
        await self._permissions.insist(mark.by, Act.JOIN, meeting)  # whoever may be there may mark
        recording = _chosen(meeting, recording_id, mark.at)
        if len(recording.marks) >= MOST:
            raise UserError(f"This recording has {MOST} marked moments already, which is as many as I keep.")
        changed = await self._happenings.tell(meeting_id, RecordingMarked(recording.id, mark.by, mark.at, mark.text))
        return changed.after.recordings[recording.id] if changed else recording

    async def at(self, wish: Wish, sent: datetime | None) -> datetime:
        """Give the time of a press: when Slack says it was, never later than now, and the same at every try."""

        async def first() -> str:
            now = self._clock()
            return min(sent or now, now).isoformat()

        return datetime.fromisoformat(await wish.once("at", first))


def _chosen(meeting: Meeting, recording_id: RecordingId | None, at: datetime) -> Recording:
    """Find what was being recorded at a time, which may have stopped since."""
    named = [meeting.recordings[recording_id]] if recording_id in meeting.recordings else []
    candidates = named if recording_id else meeting.whole
    recording = next((each for each in reversed(candidates) if each.is_active or _ran(each, at)), None)
    if recording is None and named:
        raise NoRecording(what_is_true(named[0]))
    if recording is None:
        raise NoRecording("Nothing is being recorded here. Start with `/record`.")
    return recording


def _ran(recording: Recording, at: datetime) -> bool:
    return recording.stopped_at is not None and (recording.began or at) <= at <= recording.stopped_at
