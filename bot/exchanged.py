"""The plain values that pass between the use cases and the outside world."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.events import Event, Ignored
from bot.domain.ids import ChannelId, LivestreamId, ParticipantId, RecordingId, RoomId, SessionId, UserId
from bot.domain.rules import Kind

Block = dict[str, Any]
"""A Block Kit block, as Slack documents it."""


# ---------------------------------------------------------------- with the video provider


@dataclass(frozen=True, slots=True)
class Ticket:
    """A person's way into a room, fresh from the provider.

    The token is a password: it is handed to the person's browser and kept nowhere.
    """

    participant_id: ParticipantId
    token: str

    def __repr__(self) -> str:
        """Leave the token out of tracebacks and logs."""
        return f"Ticket(participant_id={self.participant_id!r})"


@dataclass(frozen=True, slots=True)
class RoomStatus:
    """A room as the provider sees it now; ``active`` is false once nobody can join it."""

    room: RoomId
    title: str
    active: bool


@dataclass(frozen=True, slots=True)
class LiveSession:
    """The stretch of people in a room right now; ``people`` is a head count."""

    session_id: SessionId
    started_at: datetime | None
    people: int


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One past or present session of a room; ``ended`` is the provider's word for it."""

    session_id: SessionId
    started_at: datetime | None
    ended: bool
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class FileLinks:
    """Where a finished recording can be fetched; presigned, so never logged, stored or posted to a channel."""

    download_url: str | None
    audio_url: str | None
    expires_at: datetime | None

    def __repr__(self) -> str:
        """Leave the presigned links out of tracebacks and logs."""
        return f"FileLinks(expires_at={self.expires_at!r})"


@dataclass(frozen=True, slots=True)
class TrackFile:
    """The file of one person's own sound, by its name; presigned, as ``FileLinks``."""

    name: str
    url: str

    def __repr__(self) -> str:
        """Leave the presigned link out of tracebacks and logs."""
        return f"TrackFile(name={self.name!r})"


@dataclass(frozen=True, slots=True)
class TrackFiles:
    """Every file of a recording of single voices."""

    files: tuple[TrackFile, ...]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook as registered at the provider; its URL may hold a secret path, so it is not shown."""

    id: str
    name: str
    url: str
    events: tuple[str, ...]
    enabled: bool

    def __repr__(self) -> str:
        """Leave the URL out of tracebacks and logs."""
        return f"Webhook(id={self.id!r}, name={self.name!r}, enabled={self.enabled!r})"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One verified webhook delivery.

    Args:
        webhook_id: which registered webhook the provider says it belongs to; not signed, None where it says none.
        room: the room it is about, None where the payload does not say.
        recording_id: the recording it is about, which is how a room-less delivery is placed.
        events: what it means; ``Ignored`` alone for a type the bot does not use.
        livestream_id: the livestream it is about, which is all that Dyte says of one.

    """

    webhook_id: str | None
    room: RoomId | None
    recording_id: RecordingId | None
    events: tuple[Event | Ignored, ...]
    livestream_id: LivestreamId | None = None


# ---------------------------------------------------------------- with the chat


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread as it must look.

    Args:
        slot: its name in the thread; the card's is ``card``.
        text: the whole message in words, for screen readers and notifications.
        blocks: what is drawn.
        broadcast: whether a reply is shown in the channel too.
        to: a person to whom it goes directly; None for a message of the thread.

    """

    slot: str
    text: str
    blocks: tuple[Block, ...]
    broadcast: bool = False
    to: UserId | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message ended up; the channel is another one than asked for when that named a person."""

    channel: ChannelId
    ts: str


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user: how they are shown to others, and what Slack says they are.

    Args:
        user: their id.
        name: what others see.
        picture: of them.
        kind: whether they are a member, a guest, or from elsewhere.
        admin: whether they run our workspace.
        dead_token: Slack's word, where it says nothing of anybody because it refuses our token.

    """

    user: UserId
    name: str
    picture: str | None = None
    kind: Kind = Kind.UNKNOWN
    admin: bool = False
    dead_token: str = ""
