"""The recordings of a channel: a page of them, and whether the channel is to see one."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.events import RecordingHidden
from bot.domain.ids import ChannelId, MeetingId, RecordingId, UserId
from bot.domain.meeting import Meeting
from bot.domain.shelf import Page, Shelved, Spot, Turn, is_visible, may_hide
from bot.errors import NoRecording, UserError
from bot.happenings import Happenings
from bot.journal import Wish
from bot.keys import KEPT
from bot.recording_index import RecordingIndex
from bot.store import MeetingStore
from bot.views.words import mention

PAGE = 6
FORGOTTEN = KEPT + timedelta(days=1)


class ChannelRecordings:
    """What can be seen and done in the list of a channel's recordings."""

    def __init__(self, store: MeetingStore, index: RecordingIndex, happenings: Happenings, clock: Clock) -> None:
        self._store = store
        self._index = index
        self._happenings = happenings
        self._clock = clock

    async def page(self, channel: ChannelId, user: UserId, turn: Turn | None = None) -> Page:
        """Give a page of a channel's recordings as one person may see them, the newest where none is named."""
        if turn is None:
            await self._note_current(channel)
        rows = await self._rows(channel, user, turn)
        if turn and len(rows) < (PAGE if turn.newer else 1):
            return await self.page(channel, user)  # the newest page is not shown half empty
        shown, more = rows[:PAGE], len(rows) > PAGE
        if turn and turn.newer:
            return Page(self._clock(), tuple(reversed(shown)), turn, older=True, newer=more)
        return Page(self._clock(), tuple(shown), turn, older=more, newer=turn is not None)

    async def _note_current(self, channel: ChannelId) -> None:
        """List what was recorded before recordings were listed, at least of the meeting that is on."""
        saved = await self._store.current(channel)
        if saved:
            await self._index.note(saved.meeting, self._clock())

    async def _rows(self, channel: ChannelId, user: UserId, turn: Turn | None) -> list[Shelved]:
        """Read one more than a page shows, to know whether there are more."""
        rows: list[Shelved] = []
        read: dict[MeetingId, Meeting | None] = {}
        async for spot in self._index.walk(channel, turn):
            if spot.meeting not in read:
                saved = await self._store.get(spot.meeting)
                read[spot.meeting] = saved.meeting if saved else None
            meeting = read[spot.meeting]
            if meeting is None:
                await self._forget(channel, spot)
            elif meeting.channel == channel and spot.recording in meeting.recordings:
                shelved = Shelved(spot, meeting, meeting.recordings[spot.recording])
                rows += [shelved] if is_visible(meeting, shelved.recording, user) else []
            if len(rows) > PAGE:
                break
        return rows

    async def _forget(self, channel: ChannelId, spot: Spot) -> None:
        # A young one may belong to a meeting that is being written at this moment.
        if self._clock().timestamp() - spot.at > FORGOTTEN.total_seconds():
            await self._index.forget(channel, spot)

    async def hide(
        self, wish: Wish, meeting_id: MeetingId, recording_id: RecordingId, by: UserId, *, hidden: bool
    ) -> None:
        """Hide a recording from its channel, or show it there again.

        Raises:
            UserError: another person decides that.
            NoRecording: there is none, or it is not over.

        """
        shelved = await self.one(meeting_id, recording_id)
        if not may_hide(shelved.meeting, shelved.recording, by):
            raise UserError(f"Only {_deciders(shelved)} can hide this recording or show it again.")
        if hidden and not shelved.recording.is_final:
            raise NoRecording("This recording is not over yet. Stop it first; then it can be hidden.")
        at = await wish.once("hide", self._now)  # so that another try does not outdo what was decided since
        await self._happenings.tell(meeting_id, RecordingHidden(recording_id, by, datetime.fromisoformat(at), hidden))

    async def _now(self) -> str:
        return self._clock().isoformat()

    async def one(self, meeting_id: MeetingId, recording_id: RecordingId) -> Shelved:
        """Give one recording.

        Raises:
            NoMeetingHere: its meeting was too long ago.
            NoRecording: its meeting has none of this name.

        """
        meeting = await self._store.meeting(meeting_id)
        recording = meeting.recordings.get(recording_id)
        if recording is None:
            raise NoRecording("I know of no such recording of that meeting. See `/record list`.")
        began = recording.began or meeting.created_at
        return Shelved(Spot(began.timestamp(), meeting_id, recording_id), meeting, recording)


def _deciders(shelved: Shelved) -> str:
    started, host = shelved.recording.first("start"), shelved.meeting.hosted_by
    if started is None or started.by == host:
        return f"{mention(host)}, who hosts the meeting,"
    return f"{mention(started.by)}, who started it, and {mention(host)}, who hosts the meeting,"
