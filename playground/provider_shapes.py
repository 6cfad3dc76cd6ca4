"""REST answers of the simulated providers: snake_case objects as their OpenAPI documents describe them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from playground.provider_files import Files
from playground.provider_flavours import Flavour, iso
from playground.provider_gate import Refused
from playground.rooms import Meeting, Participant, Peer, Recording, Rooms, Session, Webhook, new_id

DEFAULT_PAGE = 25
ANY_ITEM = TypeVar("ANY_ITEM")

_FLAGS = {
    "live_stream_on_start": False,
    "record_on_start": False,
    "persist_chat": False,
    "summarize_on_end": False,
}
_WRITE_ONLY = {
    "dyte": {"access_key"},  # Dyte's schema marks no other, so a secret comes back
    "realtimekit": {"access_key", "secret", "password", "private_key"},
}
_CALLER = {"type": "ORGANIZATION", "user_Id": new_id(), "name": "Playground"}


def meeting_row(flavour: Flavour, meeting: Meeting) -> dict[str, Any]:
    """Write a meeting as lists show it."""
    own: dict[str, Any] = (
        {"preferred_region": None}
        if flavour.dyte
        else {"transcribe_on_end": False, "session_keep_alive_time_in_secs": 60}
    )
    given = {key: value for key, value in meeting.settings.items() if key in _FLAGS | own}
    return {
        "id": meeting.id,
        "title": meeting.title,
        "status": meeting.status,
        "created_at": iso(meeting.created_at),
        "updated_at": iso(meeting.updated_at),
        **_FLAGS,
        **own,
        **given,
    }


def meeting_detail(flavour: Flavour, meeting: Meeting) -> dict[str, Any]:
    """Write a meeting as single answers show it, with its configurations."""
    more = {key: meeting.settings[key] for key in ("recording_config", "ai_config") if meeting.settings.get(key)}
    if "recording_config" in more:
        more["recording_config"] = _without_secrets(flavour, more["recording_config"])
    return meeting_row(flavour, meeting) | more


def participant(place: Participant) -> dict[str, Any]:
    """Write a participant; its token is never part of it."""
    return {
        "id": place.id,
        "name": place.name,
        "picture": place.picture,
        "custom_participant_id": place.custom_participant_id,
        "preset_name": place.preset_name,
        "created_at": iso(place.created_at),
        "updated_at": iso(place.updated_at),
    }


def session(flavour: Flavour, rooms: Rooms, one: Session, now: datetime) -> dict[str, Any]:
    """Write a session; its organization is the tenant."""
    minutes = sum(_minutes(peer, now) for peer in one.peers)
    return {
        "id": one.id,
        "associated_id": one.meeting_id,
        "meeting_display_name": rooms.meetings[one.meeting_id].title,
        "type": "meeting",
        "status": "LIVE" if one.ended_at is None else "ENDED",
        "live_participants": len(one.inside),
        "max_concurrent_participants": one.most,
        "minutes_consumed": round(minutes, 4),
        "organization_id": flavour.tenant,
        "started_at": iso(one.started_at),
        "created_at": iso(one.started_at),
        "updated_at": iso(one.updated_at),
        **({"ended_at": iso(one.ended_at)} if one.ended_at else {}),
        **({"meta": {}} if flavour.dyte else {}),
    }


def attendance(peer: Peer, now: datetime) -> dict[str, Any]:
    """Write one stay in a session; ``id`` is the peer, ``user_id`` the participant.

    The schemas do not let ``left_at`` be null, so it is left out while the person is inside.
    """
    return {
        "id": peer.id,
        "user_id": peer.participant_id,
        "custom_participant_id": peer.custom_participant_id,
        "display_name": peer.name,
        "preset_name": peer.preset_name,
        "joined_at": iso(peer.joined_at),
        **({"left_at": iso(peer.left_at)} if peer.left_at else {}),
        "duration": round(_minutes(peer, now), 4),
        "created_at": iso(peer.joined_at),
        "updated_at": iso(peer.left_at or peer.joined_at),
    }


def recording(files: Files, one: Recording) -> dict[str, Any]:
    """Write a recording as the active-recording call shows it."""
    return {
        "id": one.id,
        "status": one.status,
        "session_id": one.session_id,
        "output_file_name": one.output_file_name,
        "invoked_time": iso(one.invoked_at),
        "started_time": _maybe(one.started_at),
        "stopped_time": _maybe(one.stopped_at),
        "file_size": one.file_size if one.status == "UPLOADED" else None,
        "download_url": files.track_urls(one) if one.tracks else files.video_url(one),
        "audio_download_url": files.audio_url(one),
        "download_url_expiry": _maybe(files.expiry(one)),
        "recording_duration": one.seconds,
    }


def recording_detail(flavour: Flavour, files: Files, one: Recording) -> dict[str, Any]:
    """Write a recording as its own calls show it, with why it started and stopped."""
    storage = _without_secrets(flavour, one.options).get("storage_config")
    caller = {"caller": _CALLER} if one.start_reason == "API_CALL" else {}
    more: dict[str, Any] = {"start_reason": {"reason": one.start_reason, **caller}}
    if one.stop_reason:
        more["stop_reason"] = {
            "reason": one.stop_reason,
            **({"caller": _CALLER} if one.stop_reason == "API_CALL" else {}),
        }
    if one.tracks and not flavour.dyte:
        more["type"] = "TRACK"
    return recording(files, one) | more | ({"storage_config": storage} if storage else {})


def webhook(hook: Webhook) -> dict[str, Any]:
    """Write a registered webhook."""
    return {
        "id": hook.id,
        "name": hook.name,
        "url": hook.url,
        "events": list(hook.events),
        "enabled": hook.enabled,
        "created_at": iso(hook.created_at),
        "updated_at": iso(hook.updated_at),
    }


def page(items: Sequence[ANY_ITEM], query: Mapping[str, str]) -> tuple[list[ANY_ITEM], dict[str, int]]:
    """Cut out the page that was asked for; offsets count from 1 and are inclusive."""
    number, size = max(1, _number(query, "page_no", 1)), _number(query, "per_page", DEFAULT_PAGE)
    start = (number - 1) * size
    shown = list(items[start : start + size])
    first = start + 1 if shown else 0
    return shown, {"total_count": len(items), "start_offset": first, "end_offset": start + len(shown) if shown else 0}


def ordered(
    items: Sequence[ANY_ITEM], query: Mapping[str, str], key: Callable[[ANY_ITEM], Any], default: str = "DESC"
) -> list[ANY_ITEM]:
    """Put items into the order that was asked for."""
    order = choice(query, "sort_order", ("ASC", "DESC")) or default
    return sorted(items, key=key, reverse=order == "DESC")


def choice(query: Mapping[str, str], name: str, allowed: Sequence[str]) -> str | None:
    """Read a query parameter that has only these values.

    Raises:
        Refused: it has another.

    """
    value = query.get(name)
    if value is not None and value not in allowed:
        raise Refused(400, f'BAD_REQUEST: "{name}" must be one of {", ".join(allowed)}')
    return value


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdecimal():
        raise Refused(400, f'BAD_REQUEST: "{name}" must be a number of at least 0')
    return int(text)


def _minutes(peer: Peer, now: datetime) -> float:
    return ((peer.left_at or now) - peer.joined_at).total_seconds() / 60


def _maybe(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)


def _without_secrets(flavour: Flavour, config: Mapping[str, Any]) -> dict[str, Any]:
    storage = config.get("storage_config")
    if not storage:
        return dict(config)
    hidden = _WRITE_ONLY[flavour.name]
    return {**config, "storage_config": {key: value for key, value in storage.items() if key not in hidden}}
