"""A video service in memory, as far as polling asks it."""

from collections import Counter
from dataclasses import dataclass, field

from bot.domain.events import Event, RecordingUpdated
from bot.domain.ids import LivestreamId, RecordingId, RoomId, SessionId
from bot.domain.livestream_events import LivestreamUpdated
from bot.errors import ProviderError, ProviderNotFound
from bot.exchanged import LiveSession, RoomStatus, SessionSummary


@dataclass
class ProviderDouble:
    """What the service would say, and how often it was asked.

    Args:
        active: whether anybody may come in.
        sessions: those that it lists.
        live: the one that is going on.
        people: who came and went in each session.
        listed: the recordings that it lists.
        known: what it gives when asked for one recording, where that is more than it lists.
        on_air: the livestream that the room has now.
        streams: the livestreams that it gives when asked for one.
        trouble: raised by calls of that name instead of answering.
        asked: how often each call was made.
        about: every id that was asked about.

    """

    name: str = "realtimekit"
    label: str = "RealtimeKit"
    regions: tuple[str, ...] = ()
    active: bool = True
    sessions: list[SessionSummary] = field(default_factory=list)
    live: LiveSession | None = None
    people: dict[SessionId, list[Event]] = field(default_factory=dict)
    listed: list[RecordingUpdated] = field(default_factory=list)
    known: list[RecordingUpdated] = field(default_factory=list)
    on_air: LivestreamUpdated | None = None
    streams: list[LivestreamUpdated] = field(default_factory=list)
    trouble: dict[str, ProviderError] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    about: set[str] = field(default_factory=set)

    def goes_away(self, trouble: ProviderError) -> None:
        """Answer nothing any more."""
        self.trouble = dict.fromkeys(("get_meeting", "list_sessions", "active_session", "list_recordings"), trouble)

    def comes_back(self) -> None:
        """Answer again."""
        self.trouble = {}

    async def get_meeting(self, room: RoomId) -> RoomStatus:
        """Tell whether the room is open."""
        self._answer("get_meeting", room)
        return RoomStatus(room, "Weekly sync", self.active)

    async def list_sessions(self, room: RoomId) -> list[SessionSummary]:
        """List the sessions."""
        self._answer("list_sessions", room)
        return list(self.sessions)

    async def active_session(self, room: RoomId) -> LiveSession | None:
        """Give the one that is going on."""
        self._answer("active_session", room)
        return self.live

    async def session_participants(self, session: SessionId) -> list[Event]:
        """Tell who came and went."""
        self._answer("session_participants", session)
        return list(self.people.get(session, []))

    async def list_recordings(self, room: RoomId) -> list[RecordingUpdated]:
        """List the recordings."""
        self._answer("list_recordings", room)
        return list(self.listed)

    async def get_recording(self, recording: RecordingId) -> RecordingUpdated:
        """Give one recording."""
        self._answer("get_recording", recording)
        for report in [*self.known, *self.listed]:
            if report.recording_id == recording:
                return report
        raise ProviderNotFound("no such recording", status=404)

    async def active_livestream(self, room: RoomId) -> LivestreamUpdated | None:
        """Give what the room has on air."""
        self._answer("active_livestream", room)
        return self.on_air

    async def get_livestream(self, livestream: LivestreamId) -> LivestreamUpdated:
        """Give one livestream."""
        self._answer("get_livestream", livestream)
        for report in self.streams:
            if report.livestream_id == livestream:
                return report
        raise ProviderNotFound("no such livestream", status=404)

    async def stop_livestream(self, room: RoomId) -> None:
        """Take off the air what is there."""
        self._answer("stop_livestream", room)
        if self.on_air is None:
            raise ProviderNotFound("nothing on air", status=404)
        self.on_air = None

    def _answer(self, call: str, about: str) -> None:
        self.asked[call] += 1
        self.about.add(about)
        if call in self.trouble:
            raise self.trouble[call]
