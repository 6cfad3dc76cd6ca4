"""What the provider simulator knows: meetings, participants, sessions, peers, recordings and webhooks.

Two providers share this model; everything belongs to one of them, and neither sees the other's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid4, uuid5

from playground.livestream import Livestream

ProviderName = Literal["realtimekit", "dyte"]
"""The two services that are simulated."""

Status = Literal["INVOKED", "RECORDING", "PAUSED", "UPLOADING", "UPLOADED", "ERRORED"]
"""The states of a recording, in the providers' words."""

PRESETS = ("group_call_host", "group_call_participant", "webinar_presenter", "webinar_viewer")
"""The presets that every Dyte organization has, and that a dashboard-made RealtimeKit app has here."""

RUNNING: frozenset[Status] = frozenset({"INVOKED", "RECORDING", "PAUSED"})
FILE_LIFE = timedelta(days=7)


def new_id() -> str:
    """Make an id as the providers do, a UUID."""
    return str(uuid4())


def preset_id(name: str) -> str:
    """Give the id of a preset, the same at every start."""
    return str(uuid5(NAMESPACE_URL, f"preset:{name}"))


@dataclass(slots=True)
class Meeting:
    """A room; ``settings`` are the fields of its creation as the REST API names them."""

    provider: ProviderName
    settings: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    status: Literal["ACTIVE", "INACTIVE"] = "ACTIVE"
    id: str = field(default_factory=new_id)

    @property
    def title(self) -> str:
        """What the meeting is called, empty where nothing was given."""
        return self.settings.get("title") or ""


@dataclass(slots=True)
class Participant:
    """A person's place in a meeting; a removed one is remembered so that its tokens can be refused in words."""

    meeting_id: str
    custom_participant_id: str
    preset_name: str
    name: str | None
    picture: str | None
    created_at: datetime
    updated_at: datetime
    removed: bool = False
    id: str = field(default_factory=new_id)


@dataclass(slots=True)
class Peer:
    """One device of one participant, inside or gone; ``why`` says how it went: left, removed, ended."""

    meeting_id: str
    session_id: str
    participant_id: str
    custom_participant_id: str
    preset_name: str
    name: str
    joined_at: datetime
    left_at: datetime | None = None
    why: str | None = None
    muted: bool = False
    id: str = field(default_factory=new_id)


@dataclass(slots=True)
class Session:
    """A stretch of people in a room, with everyone who came."""

    meeting_id: str
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None
    reason: str | None = None
    most: int = 0
    peers: list[Peer] = field(default_factory=list)
    id: str = field(default_factory=new_id)

    @property
    def inside(self) -> list[Peer]:
        """The peers that are in the room now."""
        return [peer for peer in self.peers if peer.left_at is None]


@dataclass(slots=True)
class Recording:
    """One recording of one meeting; ``options`` are those of the start call or of the meeting.

    Where it ``tracks`` single people, ``voices`` are the names of their files.
    """

    meeting_id: str
    session_id: str | None
    options: dict[str, Any]
    start_reason: str
    output_file_name: str
    invoked_at: datetime
    status: Status = "INVOKED"
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    uploaded_at: datetime | None = None
    paused_at: datetime | None = None
    paused_for: timedelta = timedelta()
    stop_reason: str | None = None
    file_size: int | None = None
    tracks: bool = False
    voices: list[str] = field(default_factory=list)
    id: str = field(default_factory=new_id)

    @property
    def running(self) -> bool:
        """Whether it still records or is about to."""
        return self.status in RUNNING

    @property
    def seconds(self) -> int:
        """How much was recorded, pauses left out; 0 until it has stopped."""
        if self.started_at is None or self.stopped_at is None:
            return 0
        return max(0, int((self.stopped_at - self.started_at - self.paused_for).total_seconds()))

    @property
    def expires_at(self) -> datetime | None:
        """When the managed copy and the links to it go; None until there is one."""
        return None if self.uploaded_at is None else self.uploaded_at + FILE_LIFE


@dataclass(slots=True)
class Webhook:
    """Where a provider sends which events."""

    provider: ProviderName
    name: str
    url: str
    events: list[str]
    enabled: bool
    created_at: datetime
    updated_at: datetime
    id: str = field(default_factory=new_id)


@dataclass(slots=True)
class Rooms:
    """Everything there is, by id, in the order it was made."""

    meetings: dict[str, Meeting] = field(default_factory=dict)
    participants: dict[str, Participant] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    livestreams: dict[str, Livestream] = field(default_factory=dict)
    webhooks: dict[str, Webhook] = field(default_factory=dict)

    def of(self, provider: ProviderName) -> list[Meeting]:
        """Give the meetings of a provider."""
        return [meeting for meeting in self.meetings.values() if meeting.provider == provider]

    def people(self, meeting_id: str) -> list[Peer]:
        """Give who is in a room now."""
        session = self.live_session(meeting_id)
        return session.inside if session else []

    def peer(self, peer_id: str) -> Peer | None:
        """Find a peer by its id, inside or gone."""
        return next((peer for peer in self._peers() if peer.id == peer_id), None)

    def live_session(self, meeting_id: str) -> Session | None:
        """Give the session that goes on in a room."""
        return next((session for session in self.sessions_of(meeting_id) if session.ended_at is None), None)

    def sessions_of(self, meeting_id: str) -> list[Session]:
        """Give the sessions of a room, oldest first."""
        return [session for session in self.sessions.values() if session.meeting_id == meeting_id]

    def recordings_of(self, meeting_id: str) -> list[Recording]:
        """Give the recordings of a room, oldest first."""
        return [recording for recording in self.recordings.values() if recording.meeting_id == meeting_id]

    def running_recordings(self, meeting_id: str) -> list[Recording]:
        """Give those that record now or are about to."""
        return [recording for recording in self.recordings_of(meeting_id) if recording.running]

    def livestreams_of(self, meeting_id: str) -> list[Livestream]:
        """Give the livestreams of a room, oldest first."""
        return [livestream for livestream in self.livestreams.values() if livestream.meeting_id == meeting_id]

    def running_livestream(self, meeting_id: str) -> Livestream | None:
        """Give the one that shows a room now or is about to."""
        return next((livestream for livestream in self.livestreams_of(meeting_id) if livestream.running), None)

    def running_whole(self, meeting_id: str) -> list[Recording]:
        """Give those of them that record what everybody saw and heard; there can be one of single voices beside."""
        return [recording for recording in self.running_recordings(meeting_id) if not recording.tracks]

    def participants_of(self, meeting_id: str) -> list[Participant]:
        """Give the places in a room that have not been taken away."""
        return [place for place in self.participants.values() if place.meeting_id == meeting_id and not place.removed]

    def webhooks_of(self, provider: ProviderName) -> list[Webhook]:
        """Give the webhooks of a provider."""
        return [webhook for webhook in self.webhooks.values() if webhook.provider == provider]

    def _peers(self) -> Iterator[Peer]:
        return (peer for session in self.sessions.values() for peer in session.peers)
