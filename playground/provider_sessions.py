"""The simulated calls about sessions: who is inside now, sending people out, and what was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playground import provider_shapes as shapes
from playground.provider_bodies import Chosen, MuteAll
from playground.provider_files import Files
from playground.provider_flavours import iso
from playground.provider_gate import Answer, Call, Operation, Refused
from playground.provider_meetings import find_meeting
from playground.roomlife import MADE_AFTERWARDS, RoomLife
from playground.rooms import Peer, Rooms, Session


@dataclass(frozen=True, slots=True)
class SessionCalls:
    """Reads sessions and acts on those that are live."""

    rooms: Rooms
    life: RoomLife
    files: Files
    now: Callable[[], datetime]

    def operations(self) -> list[Operation]:
        """List the operations."""
        active, one = "/meetings/{meeting_id}/active-session", "/sessions/{session_id}"
        return [
            Operation("get_active_session", "GET", active, self._active),
            Operation("kick", "POST", f"{active}/kick", self._kick, takes_a_body=True),
            Operation("kick_all", "POST", f"{active}/kick-all", self._kick_all),
            Operation("mute", "POST", f"{active}/mute", self._mute, takes_a_body=True),
            Operation("mute_all", "POST", f"{active}/mute-all", self._mute_all, takes_a_body=True),
            Operation("list_sessions", "GET", "/sessions", self._list),
            Operation("get_session", "GET", one, self._get),
            Operation("list_session_participants", "GET", f"{one}/participants", self._attendance),
            Operation("get_session_chat", "GET", f"{one}/chat", self._chat),
            Operation("get_session_transcript", "GET", f"{one}/transcript", self._transcript),
            Operation("get_session_summary", "GET", f"{one}/summary", self._summary),
        ]

    # ------------------------------------------------------------ live

    def _active(self, call: Call) -> Answer:
        return Answer(self._shape(call, self._live(call)))

    def _kick(self, call: Call) -> Answer:
        chosen = self._chosen(call)
        for peer in chosen:
            self.life.leave(peer, "removed")
        return Answer({"action": "kick", "participants": [_person(peer) for peer in chosen]})

    def _kick_all(self, call: Call) -> Answer:
        self._live(call)
        count = self.life.kick_all(find_meeting(self.rooms, call))
        return Answer({"action": "kick-all", "kicked_participants_count": count})

    def _mute(self, call: Call) -> Answer:
        chosen = self._chosen(call)
        for peer in chosen:
            peer.muted = True
        return Answer({"action": "mute", "participants": [_person(peer) for peer in chosen]})

    def _mute_all(self, call: Call) -> Answer:
        call.read(MuteAll)
        inside = self._live(call).inside
        for peer in inside:
            peer.muted = True
        return Answer({"action": "mute-all", "muted_participants_count": len(inside)})

    def _live(self, call: Call) -> Session:
        meeting = find_meeting(self.rooms, call)
        session = self.rooms.live_session(meeting.id)
        if session is None:
            raise Refused(404, f"No active session found for meeting_id {meeting.id}")
        return session

    def _chosen(self, call: Call) -> list[Peer]:
        body, session = call.read(Chosen), self._live(call)
        chosen = [
            peer
            for peer in session.inside
            if peer.participant_id in body.participant_ids or peer.custom_participant_id in body.custom_participant_ids
        ]
        if not chosen:
            named = ", ".join([*body.participant_ids, *body.custom_participant_ids])
            raise Refused(404, f"No user found with id {named}")
        return chosen

    # ------------------------------------------------------------ all

    def _list(self, call: Call) -> Answer:
        status = shapes.choice(call.query, "status", ("LIVE", "ENDED"))
        by_minutes = shapes.choice(call.query, "sort_by", ("minutesConsumed", "createdAt")) == "minutesConsumed"
        found = [
            self._shape(call, session)
            for meeting in self.rooms.of(call.flavour.name)
            for session in self.rooms.sessions_of(meeting.id)
            if call.query.get("associated_id") in (None, meeting.id)
        ]
        kept = [session for session in found if status in (None, session["status"])]
        key = "minutes_consumed" if by_minutes else "created_at"
        shown, paging = shapes.page(shapes.ordered(kept, call.query, lambda session: session[key]), call.query)
        # Dyte declares no paging for this list.
        return Answer({"sessions": shown}, paging=None if call.flavour.dyte else paging)

    def _get(self, call: Call) -> Answer:
        session = self._shape(call, self._session(call))
        return Answer({"session": session} if call.flavour.dyte else session)

    def _attendance(self, call: Call) -> Answer:
        session = self._session(call)
        by_length = shapes.choice(call.query, "sort_by", ("joinedAt", "duration")) == "duration"
        search = call.query.get("search", "").lower()
        rows = [
            shapes.attendance(peer, self.now())
            for peer in session.peers
            if search in f"{peer.name} {peer.custom_participant_id}".lower()
        ]
        key = "duration" if by_length else "joined_at"
        shown, paging = shapes.page(shapes.ordered(rows, call.query, lambda row: row[key], "ASC"), call.query)
        # Dyte's example has the paging inside; RealtimeKit declares none.
        return Answer({"participants": shown} | ({"paging": paging} if call.flavour.dyte else {}))

    def _chat(self, call: Call) -> Answer:
        return Answer(self._made(call, "meeting.chatSynced", "csv", "chat_download_url"))

    def _transcript(self, call: Call) -> Answer:
        made = self._made(call, "meeting.transcript", "csv", "transcript_download_url")
        return Answer({"sessionId": call.path["session_id"]} | made)

    def _summary(self, call: Call) -> Answer:
        made = self._made(call, "meeting.summary", "txt", "summaryDownloadUrl")
        return Answer({"sessionId": call.path["session_id"]} | made)

    def _made(self, call: Call, event: str, kind: str, key: str) -> dict[str, Any]:
        session = self._session(call)
        what = key.partition("_")[0].removesuffix("DownloadUrl")
        asked = self.rooms.meetings[session.meeting_id].settings.get(MADE_AFTERWARDS[event])
        if session.ended_at is None or not asked:
            raise Refused(404, f"No {what} found for session {session.id}")
        link, expires = self.files.session_link(session, what, kind)
        return {key: link, f"{key}Expiry" if key.endswith("Url") else f"{key}_expiry": iso(expires)}

    def _session(self, call: Call) -> Session:
        session = self.rooms.sessions.get(call.path["session_id"])
        if session is None or self.rooms.meetings[session.meeting_id].provider != call.flavour.name:
            raise Refused(404, f"No session found with id {call.path['session_id']}")
        return session

    def _shape(self, call: Call, session: Session) -> dict[str, Any]:
        return shapes.session(call.flavour, self.rooms, session, self.now())


def _person(peer: Peer) -> dict[str, Any]:
    return {
        "id": peer.participant_id,
        "name": peer.name,
        "created_at": iso(peer.joined_at),
        "updated_at": iso(peer.left_at or peer.joined_at),
    }
