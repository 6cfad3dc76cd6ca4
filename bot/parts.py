"""Parts: a recording that broke off while people are in the room is gone on with, where the channel wants that."""

from bot.domain.events import Noticed, RecordingContinued
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.domain.timeline import Due, Kind
from bot.errors import ProviderError, UserError
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
    ) -> None:
        self._recordings = recordings
        self._permissions = permissions
        self._store = store
        self._happenings = happenings
        self._journal = journal

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
        try:
            await self._start(wish, saved.meeting, entry)
        except UserError:  # somebody was faster, the room was closed, or who asked for it may not any more
            await self._settle(meeting_id, entry, Kind.NOT_RESTARTED)
        except ProviderError:
            tries = int(await wish.recall("tries") or 0) + 1
            await wish.remember("tries", str(tries))
            if tries < TRIES:
                raise
            await self._settle(meeting_id, entry, Kind.RESTART_FAILED)

    async def _start(self, wish: Wish, meeting: Meeting, entry: Due) -> None:
        broken = meeting.recordings[entry.recording_id]
        asked = broken.first("start")
        by = asked.by if asked else meeting.host
        begun = await self._recordings.start(wish, meeting.id, by, broken.chosen)
        await self._happenings.tell(meeting.id, RecordingContinued(begun.id, broken.id))

    async def _settle(self, meeting_id: MeetingId, entry: Due, kind: Kind) -> None:
        await self._happenings.tell(meeting_id, Noticed(kind, entry.subject, entry.at))
