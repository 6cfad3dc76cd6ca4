"""Everything that can happen to a meeting, in the bot's own words.

Providers' JSON is translated into these at the border; nothing further in knows a provider's field name.
Events may arrive in any order and any number of times, so each says a fact, not a step.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from bot.domain.company import CompanyEvent
from bot.domain.ids import CallId, ChannelId, ParticipantId, PeerId, RecordingId, SessionId, UserId
from bot.domain.livestream_events import AboutLivestream
from bot.domain.options import RecordingOptions
from bot.domain.role_events import RoleEvent


@dataclass(frozen=True, slots=True)
class SessionStarted:
    """People are, or were, in the room from ``at``."""

    session_id: SessionId
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The stretch of people in the room is over; ``reason`` in the provider's own word."""

    session_id: SessionId
    at: datetime | None = None
    reason: str | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParticipantJoined:
    """One device of one person came in; ``person`` is the custom participant id that we gave."""

    peer_id: PeerId
    session_id: SessionId | None = None
    person: str | None = None
    name: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ParticipantLeft:
    """One device of one person went out."""

    peer_id: PeerId
    session_id: SessionId | None = None
    person: str | None = None
    name: str | None = None
    at: datetime | None = None
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecordingUpdated:
    """What the provider says of a recording, by webhook, answer or poll.

    Args:
        recording_id: the provider's id.
        status: the provider's own word; unknown ones are carried.
        observed_at: when this was true. For an answer or a poll the moment of asking; for a webhook the time
            it carries, or None. Only tells RECORDING from PAUSED, which share a stage.
        invoked_at: when the recording was asked for.
        started_at: when the first picture was taken.
        stopped_at: when it stopped.
        seconds: length of the file.
        size: bytes of the file.
        audio: whether there is an audio file beside the video.
        expires_at: when the provider deletes the file.
        stop_reason: the provider's word: API_CALL, ALL_PEERS_LEFT, INTERNAL_ERROR.
        start_reason: the provider's word: API_CALL, RECORD_ON_START.
        started_by: how the provider calls who asked for it.
        stopped_by: how the provider calls who stopped it.
        session_id: the session it belongs to.
        tracks: whether it is known to record each person's own sound instead of one picture of all.
        file: what the file is called; only for whoever asked just now, and not written down.

    """

    recording_id: RecordingId
    status: str
    observed_at: datetime | None = None
    invoked_at: datetime | None = None
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    seconds: int | None = None
    size: int | None = None
    audio: bool = False
    expires_at: datetime | None = None
    stop_reason: str | None = None
    start_reason: str | None = None
    started_by: str | None = None
    stopped_by: str | None = None
    session_id: SessionId | None = None
    tracks: bool = False
    file: Annotated[str | None, Field(exclude=True)] = None


@dataclass(frozen=True, slots=True)
class RecordingActed:
    """A person asked for something to be done to a recording, and the provider took it.

    ``action`` is start, pause, resume or stop, or return: the recording was resumed at the time that they had chosen.
    """

    recording_id: RecordingId
    action: str
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordingPlanned:
    """A recording was asked for with these options, the deployment's own choices filled in."""

    recording_id: RecordingId
    options: RecordingOptions


@dataclass(frozen=True, slots=True)
class RecordingWatched:
    """A person was given a link to what was recorded."""

    recording_id: RecordingId
    by: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordingHidden:
    """A person hid a recording from its channel, or, where ``hidden`` is false, shows it there again."""

    recording_id: RecordingId
    by: UserId
    at: datetime
    hidden: bool = True


@dataclass(frozen=True, slots=True)
class OffTheRecord:
    """A person had a recording paused at ``at`` that is to go on by itself at ``until``."""

    recording_id: RecordingId
    by: UserId
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class RecordingMarked:
    """A person marked the moment ``at`` of a recording, with a note or without."""

    recording_id: RecordingId
    by: UserId
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class RecordingContinued:
    """A recording was started because another one broke off: it is the next part of ``part_of``."""

    recording_id: RecordingId
    part_of: RecordingId


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something came to pass that no provider tells, because only the time makes it so; see ``bot.domain.timeline``."""

    kind: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ParticipantKnown:
    """A person has been given a place in the room, or a new token for it at ``at``; they are about to come."""

    user: UserId
    participant_id: ParticipantId
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoomClosed:
    """Someone ended the meeting for everyone; ``by`` is None when it was done elsewhere."""

    at: datetime
    by: UserId | None = None


@dataclass(frozen=True, slots=True)
class HomeMoved:
    """The channel does not take our messages, so the thread lives at ``home``; ``because`` is Slack's word."""

    home: ChannelId
    because: str


@dataclass(frozen=True, slots=True)
class InviteFailed:
    """A person who was to be invited directly cannot be written to; ``because`` is Slack's word."""

    user: UserId
    because: str


@dataclass(frozen=True, slots=True)
class ProviderChecked:
    """The provider was asked at ``at`` and did (or did not) answer."""

    at: datetime
    answered: bool


@dataclass(frozen=True, slots=True)
class CallOpened:
    """Slack's own card was made for this meeting; it shows what is told of the call."""

    call_id: CallId
    at: datetime


AboutRecording = (
    RecordingUpdated
    | RecordingActed
    | RecordingPlanned
    | RecordingWatched
    | RecordingHidden
    | OffTheRecord
    | RecordingMarked
    | RecordingContinued
)
"""What changes no more of a meeting than one of its recordings."""

Event = (
    SessionStarted
    | SessionEnded
    | ParticipantJoined
    | ParticipantLeft
    | AboutRecording
    | AboutLivestream
    | Noticed
    | ParticipantKnown
    | RoomClosed
    | HomeMoved
    | InviteFailed
    | ProviderChecked
    | CallOpened
    | RoleEvent
    | CompanyEvent
)


@dataclass(frozen=True, slots=True)
class Ignored:
    """An authentic delivery that changes no meeting: an event type the bot does not know or does not use."""

    event_type: str
