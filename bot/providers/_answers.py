"""Providers' JSON to our values: the parts that Dyte and RealtimeKit spell alike.

Each reader gives None (or an empty list) where the one thing that makes it useful is missing, and leaves out every
other field that is not as documented. Field names are those of both providers' OpenAPI documents.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from bot.domain.events import Event, ParticipantJoined, ParticipantLeft, RecordingUpdated
from bot.domain.ids import LivestreamId, ParticipantId, PeerId, RecordingId, RoomId, SessionId
from bot.domain.livestream_events import LivestreamUpdated
from bot.errors import ProviderUnavailable
from bot.exchanged import FileLinks, LiveSession, RoomStatus, SessionSummary, Ticket, TrackFile, TrackFiles, Webhook
from bot.providers._values import (
    caller,
    identifier,
    mapping,
    moment,
    reason,
    rows,
    snaked,
    text,
    web_address,
    whole,
    word,
)

T = TypeVar("T")


def insist(value: T | None, operation: str, *, unclear: bool = False) -> T:
    """Give what an answer is useless without.

    Raises:
        ProviderUnavailable: it is not there; ``unclear`` as told.

    """
    if value is None:
        raise ProviderUnavailable(f"the answer to {operation} lacks what was asked for", unclear=unclear)
    return value


def room_id(data: Mapping[str, Any]) -> RoomId | None:
    """Read the id of a meeting that was made."""
    room = identifier(data.get("id"))
    return RoomId(room) if room else None


def room_status(data: Mapping[str, Any], room: RoomId) -> RoomStatus | None:
    """Read a meeting; one without a word on its status can be joined."""
    if identifier(data.get("id")) is None:
        return None
    return RoomStatus(room, text(data.get("title")) or "", active=data.get("status") != "INACTIVE")


def participant_id(data: Mapping[str, Any]) -> ParticipantId | None:
    """Read the id of a participant."""
    own = identifier(data.get("id"))
    return ParticipantId(own) if own else None


def ticket(data: Mapping[str, Any], participant: ParticipantId | None = None) -> Ticket | None:
    """Read a join token; an answer to a refresh may leave the participant's id out."""
    owner = participant_id(data) or participant
    token = data.get("token")
    return Ticket(owner, token) if owner and isinstance(token, str) and token else None


def session_id(value: object) -> SessionId | None:
    """Read a session's id."""
    session = identifier(value)
    return SessionId(session) if session else None


def recording(
    data: Mapping[str, Any], *, observed_at: datetime | None, known_as: RecordingId | None = None
) -> RecordingUpdated | None:
    """Read a recording as REST or, in camelCase, a webhook tells it."""
    row = snaked(data)
    own = identifier(row.get("id")) or identifier(row.get("recording_id")) or known_as
    status = word(row.get("status"))
    if own is None or status is None:
        return None
    return RecordingUpdated(
        recording_id=RecordingId(own),
        status=status,
        observed_at=observed_at,
        invoked_at=moment(row.get("invoked_time")),
        started_at=moment(row.get("started_time")),
        stopped_at=moment(row.get("stopped_time")),
        seconds=whole(row.get("recording_duration")),
        size=whole(row.get("file_size")),
        audio=_audio_url(row) is not None,
        expires_at=moment(row.get("download_url_expiry")),
        stop_reason=reason(row.get("stop_reason")),
        start_reason=reason(row.get("start_reason")),
        started_by=caller(row.get("start_reason")),
        stopped_by=caller(row.get("stop_reason")),
        session_id=session_id(row.get("session_id")) or session_id(row.get("room_uuid")),
        tracks=row.get("type") == "TRACK" or isinstance(row.get("download_url"), list),
        file=text(row.get("output_file_name")),
    )


def file_links(data: Mapping[str, Any]) -> FileLinks:
    """Read where a recording's files are."""
    expires_at = moment(data.get("download_url_expiry"))
    return FileLinks(_download_url(data.get("download_url")), _audio_url(data), expires_at)


def track_files(data: Mapping[str, Any]) -> TrackFiles:
    """Read where the files of single voices are: a list of layers, each with its files by name, or one address.

    Both schemas say that ``download_url`` is a string; RealtimeKit's guide shows the list.
    """
    told, expires_at = data.get("download_url"), moment(data.get("download_url_expiry"))
    alone = web_address(told)
    if alone:
        return TrackFiles((TrackFile(text(data.get("output_file_name")) or "", alone),), expires_at)
    named = ((name, file) for layer in rows(told) for name, file in mapping(layer.get("download_urls")).items())
    links = ((name, web_address(mapping(file).get("download_url") or file)) for name, file in named)
    return TrackFiles(tuple(TrackFile(text(name) or "", link) for name, link in links if link), expires_at)


def _download_url(value: object) -> str | None:
    """Read the link; for a track recording it is a list of layers, each with its files."""
    files = (file for layer in rows(value) for file in mapping(layer.get("download_urls")).values())
    links = (web_address(mapping(file).get("download_url")) for file in files)
    return web_address(value) or next((link for link in links if link), None)


def _audio_url(row: Mapping[str, Any]) -> str | None:
    # Guides' samples say download_audio_url, both schemas audio_download_url.
    return web_address(row.get("audio_download_url")) or web_address(row.get("download_audio_url"))


def livestream(data: Mapping[str, Any], *, observed_at: datetime | None = None) -> LivestreamUpdated | None:
    """Read a livestream as REST or, in camelCase, a webhook tells it.

    Its stream key and ingest server let anybody broadcast in its place, so they are left where they are.
    """
    row = snaked(data)
    own = identifier(row.get("id")) or identifier(row.get("stream_id"))
    status = word(row.get("status"))
    if own is None or status is None:
        return None
    return LivestreamUpdated(
        LivestreamId(own), status, observed_at=observed_at, playback_url=web_address(row.get("playback_url"))
    )


def livestream_run(data: Mapping[str, Any], *, observed_at: datetime) -> LivestreamUpdated | None:
    """Read a livestream with its latest run: a ``session`` in the schemas, one of ``sessions`` in an example."""
    told = livestream(mapping(data.get("livestream")) or data, observed_at=observed_at)
    runs = [mapping(data.get("session")), mapping(data.get("sessions")), *rows(data.get("sessions"))]
    latest = max(runs, key=lambda run: str(run.get("created_at") or run.get("started_time") or ""))
    if told is None:
        return None
    return replace(
        told,
        invoked_at=moment(latest.get("invoked_time")),
        started_at=moment(latest.get("started_time")),
        stopped_at=moment(latest.get("stopped_time")),
        reason=text(latest.get("err_message")),
    )


def made_at(data: Mapping[str, Any]) -> datetime | None:
    """Read when something was made."""
    return moment(data.get("created_at"))


def live_session(data: Mapping[str, Any]) -> LiveSession | None:
    """Read who is inside."""
    row = mapping(data.get("session")) or data  # Dyte wraps a session where it is asked for by its own id
    session = session_id(row.get("id"))
    if session is None:
        return None
    return LiveSession(session, moment(row.get("started_at")), whole(row.get("live_participants")) or 0)


def session_summary(data: Mapping[str, Any]) -> SessionSummary | None:
    """Read one session of a list."""
    session = session_id(data.get("id"))
    if session is None:
        return None
    ended = data.get("status") == "ENDED"
    return SessionSummary(session, moment(data.get("started_at")), ended, moment(data.get("ended_at")))


def attendance(data: Mapping[str, Any], session: SessionId) -> list[Event]:
    """Read one row of a session's attendance: the coming and, if it happened, the going of one device."""
    peer = identifier(data.get("id"))
    if peer is None:
        return []
    person, name = text(data.get("custom_participant_id")), text(data.get("display_name"))
    joined_at, left_at = moment(data.get("joined_at")), moment(data.get("left_at"))
    came = ParticipantJoined(PeerId(peer), session, person, name, joined_at)
    if left_at is None:
        return [came]
    return [came, ParticipantLeft(PeerId(peer), session, person, name, left_at, joined_at)]


def webhook(data: Mapping[str, Any]) -> Webhook | None:
    """Read a registered webhook; one that does not say is enabled, which is both providers' default."""
    own, url = identifier(data.get("id")), data.get("url")
    if own is None or not isinstance(url, str):
        return None
    events = data.get("events")
    names = tuple(name for name in events if isinstance(name, str)) if isinstance(events, list) else ()
    return Webhook(own, text(data.get("name")) or "", url, names, enabled=data.get("enabled") is not False)
