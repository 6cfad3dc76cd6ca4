"""The simulated calls about meetings and the people who may join them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playground import provider_shapes as shapes
from playground.jointokens import JoinTokens
from playground.provider_bodies import (
    DyteMeeting,
    DyteMeetingChange,
    KitMeeting,
    KitMeetingChange,
    Place,
    PlaceChange,
)
from playground.provider_body import is_id
from playground.provider_gate import Answer, Call, Operation, Refused
from playground.rooms import PRESETS, Meeting, Participant, Rooms, preset_id


def find_meeting(rooms: Rooms, call: Call, meeting_id: str | None = None) -> Meeting:
    """Find the meeting that a call names; the other provider's are not there.

    Raises:
        Refused: it is no UUID, or there is none.

    """
    wanted = meeting_id or call.path["meeting_id"]
    if not is_id(wanted):
        raise Refused(400, 'BAD_REQUEST: "meeting_id" must be a UUID')
    meeting = rooms.meetings.get(wanted)
    if meeting is None or meeting.provider != call.flavour.name:
        raise Refused(404, f"No meeting found with id {wanted}")
    return meeting


@dataclass(frozen=True, slots=True)
class MeetingCalls:
    """Creates and changes meetings and participants."""

    rooms: Rooms
    tokens: JoinTokens
    now: Callable[[], datetime]

    def operations(self) -> list[Operation]:
        """List the operations."""
        meeting = "/meetings/{meeting_id}"
        people = f"{meeting}/participants"
        one = f"{people}/{{participant_id}}"
        return [
            Operation("create_meeting", "POST", "/meetings", self._create, takes_a_body=True),
            Operation("list_meetings", "GET", "/meetings", self._list),
            Operation("get_meeting", "GET", meeting, self._get),
            Operation("update_meeting", "PATCH", meeting, self._change, takes_a_body=True),
            Operation("replace_meeting", "PUT", meeting, self._replace, takes_a_body=True),
            Operation("add_participant", "POST", people, self._add, takes_a_body=True),
            Operation("list_participants", "GET", people, self._people),
            Operation("get_participant", "GET", one, self._person),
            Operation("edit_participant", "PATCH", one, self._edit, takes_a_body=True),
            Operation("replace_participant", "PUT", one, self._swap, only="realtimekit", takes_a_body=True),
            Operation("delete_participant", "DELETE", one, self._remove),
            Operation("refresh_token", "POST", f"{one}/token", self._refresh),
        ]

    # ------------------------------------------------------------ meetings

    def _create(self, call: Call) -> Answer:
        body = call.read(DyteMeeting if call.flavour.dyte else KitMeeting)
        meeting = Meeting(call.flavour.name, body.given(), self.now(), self.now())
        self.rooms.meetings[meeting.id] = meeting
        return Answer(shapes.meeting_detail(call.flavour, meeting), 201)

    def _list(self, call: Call) -> Answer:
        status = None if call.flavour.dyte else shapes.choice(call.query, "status", ("ACTIVE", "INACTIVE"))
        search = call.query.get("search", "").lower()
        found = [
            meeting
            for meeting in reversed(self.rooms.of(call.flavour.name))
            if status in (None, meeting.status) and (search in meeting.title.lower() or search == meeting.id)
        ]
        shown, paging = shapes.page(found, call.query)
        return Answer([shapes.meeting_row(call.flavour, meeting) for meeting in shown], paging=paging)

    def _get(self, call: Call) -> Answer:
        return Answer(shapes.meeting_detail(call.flavour, find_meeting(self.rooms, call)))

    def _change(self, call: Call) -> Answer:
        body = call.read(DyteMeetingChange if call.flavour.dyte else KitMeetingChange)
        meeting, given = find_meeting(self.rooms, call), body.given()
        meeting.status = given.pop("status", meeting.status)
        meeting.settings = meeting.settings | given
        meeting.updated_at = self.now()
        return Answer(shapes.meeting_detail(call.flavour, meeting))

    def _replace(self, call: Call) -> Answer:
        body = call.read(DyteMeeting if call.flavour.dyte else KitMeeting)
        meeting = find_meeting(self.rooms, call)
        meeting.settings, meeting.updated_at = body.given(), self.now()
        return Answer(shapes.meeting_detail(call.flavour, meeting))

    # ------------------------------------------------------------ participants

    def _add(self, call: Call) -> Answer:
        body = call.read(Place)
        meeting = find_meeting(self.rooms, call)
        place = Participant(
            meeting.id,
            body.custom_participant_id,
            _preset(body.preset_name),
            body.name,
            body.picture,
            self.now(),
            self.now(),
        )
        self.rooms.participants[place.id] = place
        return self._with_token(call, place, 201)

    def _people(self, call: Call) -> Answer:
        places = self.rooms.participants_of(find_meeting(self.rooms, call).id)
        shown, paging = shapes.page(places, call.query)
        return Answer([shapes.participant(place) for place in shown], paging=paging)

    def _person(self, call: Call) -> Answer:
        return Answer(shapes.participant(self._place(call)))

    def _edit(self, call: Call) -> Answer:
        given = call.read(PlaceChange).given()
        return self._changed(call, {name: value for name, value in given.items() if value or name != "preset_name"})

    def _swap(self, call: Call) -> Answer:
        return self._changed(call, call.read(Place).model_dump())

    def _changed(self, call: Call, values: dict[str, Any]) -> Answer:
        place = self._place(call)
        if "preset_name" in values:
            _preset(values["preset_name"])
        for name, value in values.items():
            setattr(place, name, value)
        place.updated_at = self.now()
        return self._with_token(call, place, 200)

    def _remove(self, call: Call) -> Answer:
        place = self._place(call)
        place.removed, place.updated_at = True, self.now()
        shown = shapes.participant(place)
        kept = {key: shown[key] for key in ("custom_participant_id", "created_at", "updated_at")}
        return Answer(kept | {"preset_id": preset_id(place.preset_name)})

    def _refresh(self, call: Call) -> Answer:
        return Answer({"token": self.tokens.mint(call.flavour, self._place(call))})

    def _with_token(self, call: Call, place: Participant, status: int) -> Answer:
        return Answer(shapes.participant(place) | {"token": self.tokens.mint(call.flavour, place)}, status)

    def _place(self, call: Call) -> Participant:
        meeting = find_meeting(self.rooms, call)
        place = self.rooms.participants.get(call.path["participant_id"])
        if place is None or place.removed or place.meeting_id != meeting.id:
            raise Refused(404, f"No participant found with id {call.path['participant_id']}")
        return place


def _preset(name: str) -> str:
    """Check that there is such a preset; names are case-sensitive."""
    if name not in PRESETS:
        raise Refused(400, f'BAD_REQUEST: no preset found with name "{name}"')
    return name
