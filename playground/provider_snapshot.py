"""The provider's side at one moment, as the page's JSON; no token and no file link is in it."""

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any

from playground.deliveries import Delivery
from playground.livestream import Livestream
from playground.provider import ProviderSimulator
from playground.provider_flavours import iso
from playground.rooms import Meeting, Peer, ProviderName, Recording, Rooms, Status

Json = dict[str, Any]

SHOWN_DELIVERIES = 50
ACTIONS: dict[Status, Sequence[str]] = {
    "INVOKED": ["stop"],
    "RECORDING": ["pause", "stop", "fail"],
    "PAUSED": ["resume", "stop", "fail"],
    "UPLOADED": ["delete"],
}
"""What someone inside the meeting, or the service itself, could do to a recording, by its state."""


ANY_KIND = ("stop", "fail", "delete")
"""What can be done to recordings of single voices too."""


def provider_snapshot(simulator: ProviderSimulator, provider: ProviderName) -> Json:
    """Give one provider's rooms, what goes wrong there, and the webhooks it sent, newest last."""
    rooms = simulator.rooms
    sent = (delivery for delivery in reversed(simulator.deliveries.log) if delivery.provider == provider)
    return {
        "provider": {
            "label": simulator.flavours[provider].label,
            "rooms": [_room(rooms, meeting) for meeting in rooms.of(provider)],
        },
        "faults": {name: value for name, value in simulator.faults.switches().items() if _plain(value)},
        "deliveries": [_delivery(delivery) for delivery in islice(sent, SHOWN_DELIVERIES)][::-1],
    }


def _plain(value: object) -> bool:
    return isinstance(value, bool | int | float)


def _room(rooms: Rooms, meeting: Meeting) -> Json:
    session = rooms.live_session(meeting.id)
    return {
        "id": meeting.id,
        "title": meeting.title,
        "status": meeting.status,
        "session": session.id if session else None,
        "people": [_peer(peer) for peer in rooms.people(meeting.id)],
        "recordings": [_recording(recording) for recording in rooms.recordings_of(meeting.id)],
        "livestreams": [_livestream(livestream) for livestream in rooms.livestreams_of(meeting.id)],
    }


def _peer(peer: Peer) -> Json:
    return {"peerId": peer.id, "name": peer.name, "customId": peer.custom_participant_id}


def _recording(recording: Recording) -> Json:
    actions = [each for each in ACTIONS.get(recording.status, ()) if each in ANY_KIND or not recording.tracks]
    return {"id": recording.id, "status": recording.status, "actions": actions}


def _livestream(livestream: Livestream) -> Json:
    """Give no stream key: the page is for everybody."""
    actions = ["stop", "fail"] if livestream.running else []
    return {"id": livestream.id, "status": livestream.status, "actions": actions}


def _delivery(delivery: Delivery) -> Json:
    again = f", attempt {delivery.attempt}" if delivery.attempt > 1 else ""
    return {
        "event": _what(delivery),
        "outcome": f"{delivery.outcome}{again}",
        "ok": delivery.status is not None and 200 <= delivery.status < 300,  # noqa: PLR2004 - HTTP's own numbers
        "at": iso(delivery.at),
    }


def _what(delivery: Delivery) -> str:
    """Name the event, and the state of a recording or livestream it is about: six of one name would tell nothing."""
    payload = json.loads(delivery.body)
    about = payload if "streamId" in payload else payload.get("recording") or {}
    return f"{delivery.event} {about.get('status', '')}".strip()
