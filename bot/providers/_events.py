"""Webhook payloads to our events.

Nine event types exist at both providers, with the same names and camelCase fields. A payload that was signed is still
not trusted to have the documented shape: the key signs every customer's events, and the providers change them.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.domain.events import Event, Ignored, ParticipantJoined, ParticipantLeft, SessionEnded, SessionStarted
from bot.domain.ids import LivestreamId, PeerId, RecordingId, RoomId
from bot.errors import BadPayload
from bot.exchanged import Delivery
from bot.providers._answers import livestream, recording, session_id
from bot.providers._values import identifier, json_object, mapping, moment, text, word

USED_EVENTS = (
    "meeting.started",
    "meeting.ended",
    "meeting.participantJoined",
    "meeting.participantLeft",
    "recording.statusUpdate",
    "livestreaming.statusUpdate",
)
"""The event types that change a meeting, to be registered for."""

WEBHOOK_EVENTS = (
    *USED_EVENTS,
    "meeting.chatSynced",
    "meeting.transcript",
    "meeting.summary",
)
"""Every event type that Dyte v2 and RealtimeKit have."""


def parse_delivery(body: bytes, webhook_id: str | None) -> Delivery:
    """Read the body of a delivery that was verified.

    Args:
        body: the bytes as received.
        webhook_id: what the header says; not signed.

    Raises:
        BadPayload: the body is no JSON object.

    """
    try:
        payload = json_object(body)
    except ValueError:
        raise BadPayload("the body is not a JSON object") from None
    kind = identifier(payload.get("event")) or "unknown"
    read = _READERS.get(kind)
    event = read(payload) if read else None
    room, own, stream = _room(payload), _recording_id(payload), _livestream_id(payload)
    placed = any(each is not None for each in (room, own, stream))
    return Delivery(identifier(webhook_id), room, own, (event if event and placed else Ignored(kind),), stream)


def _room(payload: dict[str, Any]) -> RoomId | None:
    # While a recording is UPLOADING, Dyte's payload names the room in `meeting` alone.
    named = (
        identifier(mapping(payload.get("recording")).get("meetingId"))
        or identifier(mapping(payload.get("meeting")).get("id"))
        or identifier(payload.get("meetingId"))
    )
    return RoomId(named) if named else None


def _recording_id(payload: dict[str, Any]) -> RecordingId | None:
    row = mapping(payload.get("recording"))
    own = identifier(row.get("id")) or identifier(row.get("recordingId"))
    return RecordingId(own) if own else None


def _livestream_id(payload: dict[str, Any]) -> LivestreamId | None:
    own = identifier(payload.get("streamId"))
    return LivestreamId(own) if own else None


def _started(payload: dict[str, Any]) -> Event | None:
    meeting = mapping(payload.get("meeting"))
    session = session_id(meeting.get("sessionId"))
    return SessionStarted(session, moment(meeting.get("startedAt"))) if session else None


def _ended(payload: dict[str, Any]) -> Event | None:
    meeting = mapping(payload.get("meeting"))
    session = session_id(meeting.get("sessionId"))
    if session is None:
        return None
    started_at, ended_at = moment(meeting.get("startedAt")), moment(meeting.get("endedAt"))
    return SessionEnded(session, ended_at, word(payload.get("reason")), started_at)


def _joined(payload: dict[str, Any]) -> Event | None:
    person = mapping(payload.get("participant"))
    peer = identifier(person.get("peerId"))
    if peer is None:
        return None
    return ParticipantJoined(
        peer_id=PeerId(peer),
        session_id=session_id(mapping(payload.get("meeting")).get("sessionId")),
        person=_custom_id(person),
        name=text(person.get("userDisplayName")),
        at=moment(person.get("joinedAt")),
    )


def _left(payload: dict[str, Any]) -> Event | None:
    person = mapping(payload.get("participant"))
    peer = identifier(person.get("peerId"))
    if peer is None:
        return None
    return ParticipantLeft(
        peer_id=PeerId(peer),
        session_id=session_id(mapping(payload.get("meeting")).get("sessionId")),
        person=_custom_id(person),
        name=text(person.get("userDisplayName")),
        at=moment(person.get("leftAt")),
        joined_at=moment(person.get("joinedAt")),
    )


def _custom_id(person: dict[str, Any]) -> str | None:
    # The older name is deprecated, and yet the only one in one of Dyte's samples.
    return text(person.get("customParticipantId")) or text(person.get("clientSpecificId"))


def _recording_moved(payload: dict[str, Any]) -> Event | None:
    told = recording(mapping(payload.get("recording")), observed_at=None)
    if told is None:
        return None
    # The payload has no time of its own; of RECORDING we know at least that it began then.
    observed_at = told.started_at if told.status == "RECORDING" else None
    session = told.session_id or session_id(mapping(payload.get("meeting")).get("sessionId"))
    return replace(told, observed_at=observed_at, session_id=session)


def _livestream_moved(payload: dict[str, Any]) -> Event | None:
    # Nothing but these: the payload has the stream key too, and an `id` in it would be of something else.
    return livestream({name: payload.get(name) for name in ("streamId", "status", "playbackUrl")})


_READERS: dict[str, Callable[[dict[str, Any]], Event | None]] = dict(
    zip(USED_EVENTS, (_started, _ended, _joined, _left, _recording_moved, _livestream_moved), strict=True)
)
