"""What happens in the simulated rooms: people come and go, sessions start and end.

A session starts with the first peer and ends some seconds after the last, or when everyone is sent out.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from playground.happenings import Happening, Herald
from playground.livestreamlife import LivestreamLife
from playground.recordinglife import RecordingLife
from playground.rooms import Meeting, Participant, Peer, Recording, Rooms, Session
from playground.timers import Pace, Timers

MADE_AFTERWARDS = {
    "meeting.chatSynced": "persist_chat",
    "meeting.transcript": "transcribe_on_end",
    "meeting.summary": "summarize_on_end",
}
"""What is made out of a session after its end, and the setting that asks for it."""


class RoomLife:
    """Moves the rooms on, and tells what happened."""

    def __init__(
        self,
        rooms: Rooms,
        recordings: RecordingLife,
        livestreams: LivestreamLife,
        *,
        pace: Callable[[], Pace],
        now: Callable[[], datetime],
        timers: Timers,
        herald: Herald,
    ) -> None:
        self.recordings = recordings
        self.livestreams = livestreams
        self._rooms, self._pace, self._now, self._timers, self._herald = rooms, pace, now, timers, herald
        self._emptying: dict[str, asyncio.Task[None]] = {}

    def enter(self, meeting: Meeting, place: Participant) -> Peer:
        """Let one more device of a participant in."""
        session = self._rooms.live_session(meeting.id) or self._start_session(meeting)
        peer = self._peer(session, place)
        first = not session.peers
        session.peers.append(peer)
        session.most, session.updated_at = max(session.most, len(session.inside)), self._now()
        self._stop_emptying(meeting.id)
        self._herald.tell(Happening("meeting.participantJoined", meeting, session, peer=peer))
        if first and meeting.settings.get("record_on_start"):
            self.record(meeting, meeting.settings.get("recording_config") or {}, reason="RECORD_ON_START")
        return peer

    def leave(self, peer: Peer, why: str = "left") -> None:
        """Let a device out; a second time changes nothing."""
        if peer.left_at is not None:
            return
        meeting, session = self._rooms.meetings[peer.meeting_id], self._rooms.sessions[peer.session_id]
        peer.left_at, peer.why, session.updated_at = self._now(), why, self._now()
        self._herald.tell(Happening("meeting.participantLeft", meeting, session, peer=peer))
        if not session.inside:
            self._empty_soon(meeting)

    def kick_all(self, meeting: Meeting) -> int:
        """Send everyone out, which ends the session and its recordings at once, and count them."""
        inside = self._rooms.people(meeting.id)
        for peer in inside:
            self.leave(peer, "ended")
        self._end(meeting, "HOST_ENDED_MEETING")
        return len(inside)

    def record(self, meeting: Meeting, options: Mapping[str, Any], reason: str = "API_CALL") -> Recording:
        """Start a recording; in a room where nobody is, it soon stops again."""
        recording = self.recordings.start(meeting, options, reason)
        if not self._rooms.people(meeting.id):
            self._empty_soon(meeting)
        return recording

    def _peer(self, session: Session, place: Participant) -> Peer:
        return Peer(
            meeting_id=session.meeting_id,
            session_id=session.id,
            participant_id=place.id,
            custom_participant_id=place.custom_participant_id,
            preset_name=place.preset_name,
            name=place.name or "",
            joined_at=self._now(),
        )

    def _start_session(self, meeting: Meeting) -> Session:
        session = Session(meeting.id, started_at=self._now(), updated_at=self._now())
        self._rooms.sessions[session.id] = session
        for recording in self._rooms.running_recordings(meeting.id):
            recording.session_id = recording.session_id or session.id
        self._herald.tell(Happening("meeting.started", meeting, session))
        return session

    def _empty_soon(self, meeting: Meeting) -> None:
        self._stop_emptying(meeting.id)
        self._emptying[meeting.id] = self._timers.after(
            self._pace().empty_seconds, lambda: self._end(meeting, "ALL_PARTICIPANTS_LEFT")
        )

    def _stop_emptying(self, meeting_id: str) -> None:
        waiting = self._emptying.pop(meeting_id, None)
        if waiting is not None and waiting is not asyncio.current_task():
            waiting.cancel()

    def _end(self, meeting: Meeting, reason: str) -> None:
        self._stop_emptying(meeting.id)
        for recording in self._rooms.running_recordings(meeting.id):
            self.recordings.stop(recording, "ALL_PEERS_LEFT")
        session = self._rooms.live_session(meeting.id)
        if session is None:
            return
        self.livestreams.session_ended(meeting)
        session.ended_at, session.updated_at, session.reason = self._now(), self._now(), reason
        self._herald.tell(Happening("meeting.ended", meeting, session))
        self._timers.after(self._pace().upload_seconds, lambda: self._finish(meeting, session))

    def _finish(self, meeting: Meeting, session: Session) -> None:
        for event, flag in MADE_AFTERWARDS.items():
            if meeting.settings.get(flag):
                self._herald.tell(Happening(event, meeting, session))
