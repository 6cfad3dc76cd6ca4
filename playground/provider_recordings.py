"""The simulated calls about recordings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from playground import provider_shapes as shapes
from playground.provider_files import Files
from playground.provider_gate import Answer, Call, Operation, Refused
from playground.provider_meetings import find_meeting
from playground.recording_options import Action, DyteStart, KitStart
from playground.recordinglife import NotNow
from playground.roomlife import RoomLife
from playground.rooms import Recording, Rooms, Status

_DYTE_FILTERS = ("INVOKED", "RECORDING", "UPLOADING", "UPLOADED")


@dataclass(frozen=True, slots=True)
class RecordingCalls:
    """Starts, steers and reads recordings."""

    rooms: Rooms
    life: RoomLife
    files: Files
    now: Callable[[], datetime]

    def operations(self) -> list[Operation]:
        """List the operations; the path of the active one must be matched before that of a single one."""
        one = "/recordings/{recording_id}"
        return [
            Operation("start_recording", "POST", "/recordings", self._start, takes_a_body=True),
            Operation("list_recordings", "GET", "/recordings", self._list),
            Operation("get_active_recording", "GET", "/recordings/active-recording/{meeting_id}", self._active),
            Operation("get_recording", "GET", one, self._get),
            Operation("update_recording", "PUT", one, self._act, takes_a_body=True),
        ]

    def _start(self, call: Call) -> Answer:
        body = call.read(DyteStart if call.flavour.dyte else KitStart)
        meeting = find_meeting(self.rooms, call, body.meeting_id)
        if meeting.status == "INACTIVE":
            raise Refused(400, f"BAD_REQUEST: meeting {meeting.id} is inactive")
        if self.rooms.running_whole(meeting.id) and not body.allow_multiple_recordings:
            raise Refused(409, f"A recording is already in progress for meeting_id {meeting.id}")
        options = {key: value for key, value in body.given().items() if key != "meeting_id"}
        options = (meeting.settings.get("recording_config") or {}) | options
        return self._answer(call, self.life.record(meeting, options))

    def _act(self, call: Call) -> Answer:
        action, recording = call.read(Action).action, self._recording(call)
        steps: dict[str, Callable[[Recording], None]] = {
            "stop": self.life.recordings.stop,
            "pause": self.life.recordings.pause,
            "resume": self.life.recordings.resume,
        }
        try:
            steps[action](recording)
        except NotNow as error:
            raise Refused(400, str(error)) from error
        return self._answer(call, recording)

    def _get(self, call: Call) -> Answer:
        return self._answer(call, self._recording(call))

    def _active(self, call: Call) -> Answer:
        meeting = find_meeting(self.rooms, call)
        # What is documented is that one is given; that RealtimeKit may give one of single voices is the worst case.
        kinds = self.rooms.running_whole if call.flavour.dyte else self.rooms.running_recordings
        running = kinds(meeting.id)
        if not running:
            raise Refused(404, f"No active recording found for meeting_id {meeting.id}")
        return Answer(shapes.recording(self.files, running[-1]))

    def _list(self, call: Call) -> Answer:
        shapes.choice(call.query, "sort_by", ("invokedTime",))
        wanted, rooms = self._wanted(call), self.rooms.of(call.flavour.name)
        if "meeting_id" in call.query:
            rooms = [find_meeting(self.rooms, call, call.query["meeting_id"])]
        found = [one for meeting in rooms for one in self.rooms.recordings_of(meeting.id) if one.status in wanted]
        if "expired" in call.query:
            expired = shapes.choice(call.query, "expired", ("true", "false")) == "true"
            found = [one for one in found if self._expired(one) == expired]
        shown, paging = shapes.page(shapes.ordered(found, call.query, lambda one: one.invoked_at), call.query)
        return Answer([self._row(call, one) for one in shown], paging=paging)

    def _wanted(self, call: Call) -> tuple[str, ...]:
        allowed = _DYTE_FILTERS if call.flavour.dyte else get_args(Status)
        asked = [status for status in call.query.get("status", "").split(",") if status]
        if not set(asked) <= set(allowed):
            raise Refused(400, f'BAD_REQUEST: "status" must be among {", ".join(allowed)}')
        return tuple(asked) or get_args(Status)

    def _expired(self, one: Recording) -> bool:
        return one.expires_at is not None and one.expires_at <= self.now()

    def _row(self, call: Call, one: Recording) -> dict[str, Any]:
        detail = shapes.recording_detail(call.flavour, self.files, one)
        row = {key: value for key, value in detail.items() if key not in ("start_reason", "stop_reason")}
        return row | {"meeting": shapes.meeting_row(call.flavour, self.rooms.meetings[one.meeting_id])}

    def _answer(self, call: Call, one: Recording) -> Answer:
        return Answer(shapes.recording_detail(call.flavour, self.files, one))

    def _recording(self, call: Call) -> Recording:
        recording = self.rooms.recordings.get(call.path["recording_id"])
        if recording is None or self.rooms.meetings[recording.meeting_id].provider != call.flavour.name:
            raise Refused(404, f"No recording found with id {call.path['recording_id']}")
        return recording
