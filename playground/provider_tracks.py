"""The simulated call that records single voices; afterwards such a recording is read and stopped like any other."""

from dataclasses import dataclass

from playground import provider_shapes as shapes
from playground.provider_files import Files
from playground.provider_gate import Answer, Call, Operation, Refused
from playground.provider_meetings import find_meeting
from playground.roomlife import RoomLife
from playground.rooms import Rooms
from playground.track_options import DyteTracks, KitTracks


@dataclass(frozen=True, slots=True)
class TrackCalls:
    """Starts recordings of single voices."""

    rooms: Rooms
    life: RoomLife
    files: Files

    def operations(self) -> list[Operation]:
        """List the one operation."""
        return [Operation("start_tracks", "POST", "/recordings/track", self._start, takes_a_body=True)]

    def _start(self, call: Call) -> Answer:
        """Start; that there is one at a time, and that Dyte's undocumented answer is empty, is decided here."""
        body: DyteTracks | KitTracks = call.read(DyteTracks) if call.flavour.dyte else call.read(KitTracks)
        meeting = find_meeting(self.rooms, call, body.meeting_id)
        if self.rooms.live_session(meeting.id) is None:
            raise Refused(404, f"No active session found for meeting_id {meeting.id}")
        if any(one.tracks for one in self.rooms.running_recordings(meeting.id)):
            raise Refused(409, f"A track recording is already in progress for meeting_id {meeting.id}")
        options = {key: value for key, value in body.given().items() if key != "meeting_id"}
        one = self.life.recordings.start(meeting, options, tracks=True)
        if call.flavour.dyte:
            return Answer({})
        return Answer({"recording": shapes.recording_detail(call.flavour, self.files, one)})
