"""Webhook payloads of the simulated providers: camelCase, with each provider's own omissions and ways to write time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from playground.faults import ProviderFaults
from playground.happenings import Happening
from playground.livestream import Livestream
from playground.provider_files import Files
from playground.provider_flavours import Flavour, iso
from playground.provider_livestreams import INGEST, playback_url
from playground.rooms import Meeting, Peer, Recording, Session

ORGANIZATION = "Greenroom playground"
ANY_PART = TypeVar("ANY_PART", Livestream, Peer, Recording, Session)


@dataclass(frozen=True, slots=True)
class Payloads:
    """Writes what a webhook says about a happening."""

    files: Files
    faults: ProviderFaults
    base_url: Callable[[], str]

    def write(self, flavour: Flavour, happening: Happening) -> dict[str, Any] | None:
        """Write the payload, None where the provider does not send this one."""
        writers: dict[str, Callable[[Flavour, Happening], dict[str, Any] | None]] = {
            "meeting.started": _started,
            "meeting.ended": _ended,
            "meeting.participantJoined": self._came_or_went,
            "meeting.participantLeft": self._came_or_went,
            "meeting.chatSynced": self._chat,
            "meeting.transcript": self._made,
            "meeting.summary": self._made,
            "recording.statusUpdate": self._recording,
            "livestreaming.statusUpdate": self._livestream,
        }
        payload = writers[happening.event](flavour, happening)
        return None if payload is None else {"event": happening.event} | payload

    def _came_or_went(self, flavour: Flavour, happening: Happening) -> dict[str, Any]:
        peer = _needed(happening.peer)
        meeting = _meeting(flavour, happening.meeting, happening.session)
        if flavour.dyte and self.faults.sparse_joins:
            meeting.pop("sessionId", None)
            who = {
                "peerId": peer.id,
                "userDisplayName": peer.name,
                "clientSpecificId": peer.custom_participant_id,
            }
            return {"meeting": meeting, "participant": who}
        return {"meeting": meeting, "participant": _participant(peer)}

    def _chat(self, flavour: Flavour, happening: Happening) -> dict[str, Any]:
        session = _needed(happening.session)
        link, expires = self.files.session_link(session, "chat", "csv")
        whole = _meeting(flavour, happening.meeting, session)
        more = {} if flavour.dyte else {key: whole[key] for key in ("title", "createdAt", "startedAt", "endedAt")}
        return {
            "meetingId": happening.meeting.id,
            "sessionId": session.id,
            "chatDownloadUrl": link,
            "chatDownloadUrlExpiry": flavour.webhook_time(expires),
            "organizedBy": whole["organizedBy"],
            **more,
        }

    def _made(self, flavour: Flavour, happening: Happening) -> dict[str, Any]:
        what = happening.event.partition(".")[2]
        kind = "csv" if what == "transcript" else "txt"
        link, expires = self.files.session_link(_needed(happening.session), what, kind)
        return {
            "meeting": _meeting(flavour, happening.meeting, happening.session),
            f"{what}DownloadUrl": link,
            f"{what}DownloadUrlExpiry": flavour.webhook_time(expires),
        }

    def _recording(self, flavour: Flavour, happening: Happening) -> dict[str, Any] | None:
        one = _needed(happening.recording)
        if one.status == "PAUSED" and not self.faults.paused_webhooks:
            return None
        if one.status == "INVOKED" and not flavour.dyte:
            return None
        meeting = _meeting(flavour, happening.meeting, happening.session)
        meeting.setdefault("endedAt", None)
        told = _recording(flavour, one) | (self._result(flavour, one) if one.status == "UPLOADED" else {})
        if flavour.dyte and one.status == "UPLOADING":
            for missing in ("meetingId", "outputFileName"):
                del told[missing]
            meeting.pop("sessionId", None)
        return {"recording": told, "meeting": meeting}

    def _livestream(self, flavour: Flavour, happening: Happening) -> dict[str, Any] | None:
        one = _needed(happening.livestream)
        if one.status == "INVOKED" and flavour.dyte:
            return None
        # Webhooks have no word for a failure; what is not yet there is IDLE here, what is over is OFFLINE.
        status = {"INVOKED": "IDLE", "LIVE": "LIVE"}.get(one.status, "OFFLINE")
        told: dict[str, Any] = {"streamId": one.id, "status": status}
        if flavour.dyte:
            return told
        meeting = _meeting(flavour, happening.meeting, None)
        del meeting["startedAt"]
        return told | {
            "manualIngest": False,
            "playbackUrl": playback_url(self.base_url(), one),
            "ingestServer": INGEST,
            "streamKey": one.stream_key,
            "meeting": meeting,
        }

    def _result(self, flavour: Flavour, one: Recording) -> dict[str, Any]:
        expiry, audio, video = self.files.expiry(one), self.files.audio_url(one), self.files.video_url(one)
        tracks = self.files.track_urls(one) if one.tracks else None
        result: dict[str, Any] = {"recordingDuration": one.seconds}
        if tracks or video:
            result["downloadUrl"] = tracks or video
        if audio:
            result["audioDownloadUrl"] = audio
        if expiry:
            result["downloadUrlExpiry"] = flavour.webhook_time(expiry)
        if one.stop_reason:
            result["stopReason"] = _stop_reason(flavour, one.stop_reason)
        return result


def _started(flavour: Flavour, happening: Happening) -> dict[str, Any]:
    return {"meeting": _meeting(flavour, happening.meeting, happening.session)}


def _ended(flavour: Flavour, happening: Happening) -> dict[str, Any]:
    reason = _needed(happening.session).reason
    return {"meeting": _meeting(flavour, happening.meeting, happening.session), "reason": reason}


def _meeting(flavour: Flavour, meeting: Meeting, session: Session | None) -> dict[str, Any]:
    """Write the common part; its status says LIVE even after the end."""
    told: dict[str, Any] = {"id": meeting.id}
    if session is not None:
        told["sessionId"] = session.id
    told |= {"title": meeting.title, "status": "LIVE"}
    begun = iso(session.started_at if session else meeting.created_at)
    told |= {"createdAt": begun, "startedAt": begun}
    if session is not None and session.ended_at is not None:
        told["endedAt"] = iso(session.ended_at)
    if not flavour.dyte:
        told["roomName"] = meeting.id
    return told | {"organizedBy": {"id": flavour.tenant, "name": ORGANIZATION}}


def _participant(peer: Peer) -> dict[str, Any]:
    """Write who came or went; there is no participant id in it."""
    left = {} if peer.left_at is None else {"leftAt": iso(peer.left_at)}
    return {
        "peerId": peer.id,
        "userDisplayName": peer.name,
        "customParticipantId": peer.custom_participant_id,
        "clientSpecificId": peer.custom_participant_id,
        "joinedAt": iso(peer.joined_at),
        **left,
    }


def _recording(flavour: Flavour, one: Recording) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": one.id,
        "recordingId": one.id,
        "meetingId": one.meeting_id,
        "organizationId": flavour.tenant,
        "roomUUID": one.session_id,
        "status": one.status,
        "outputFileName": one.output_file_name,
    }
    if one.started_at is not None:
        told["startedTime"] = flavour.webhook_time(one.started_at)
    if one.stopped_at is not None:
        told["stoppedTime"] = flavour.webhook_time(one.stopped_at)
    if one.file_size is not None:
        told["fileSize"] = one.file_size if flavour.dyte else str(one.file_size)
    return told


def _stop_reason(flavour: Flavour, reason: str) -> Any:
    """Write why it stopped: an object, and at Dyte a string in Python's notation."""
    caller = "ORGANIZATION" if reason == "API_CALL" else "INTERNAL"
    if flavour.dyte:
        return f"{{'reason':'{reason}','caller':{{'type':'{caller}'}}}}"
    return {"reason": reason, "caller": {"type": caller}}


def _needed(value: ANY_PART | None) -> ANY_PART:
    if value is None:
        raise LookupError("This happening lacks what its event is about")
    return value
