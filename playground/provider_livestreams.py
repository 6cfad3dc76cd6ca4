"""The simulated calls about livestreams."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from playground import provider_shapes as shapes
from playground.livestream import Livestream
from playground.livestreamlife import LivestreamLife
from playground.provider_body import Body
from playground.provider_flavours import iso
from playground.provider_gate import Answer, Call, Operation, Refused
from playground.provider_meetings import find_meeting
from playground.rooms import Rooms

INGEST = "rtmps://ingest.playground.invalid:443/app/"
PLAYLIST = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:6\n"


class _Video(Body):
    height: int | None = None
    width: int | None = None


class _Start(Body):
    nullable = frozenset({"name"})

    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9-_]*$")] | None = None
    video_config: _Video | None = None


@dataclass(frozen=True, slots=True)
class LivestreamCalls:
    """Starts, stops and reads livestreams."""

    rooms: Rooms
    life: LivestreamLife
    base_url: Callable[[], str]

    def operations(self) -> list[Operation]:
        """List the operations."""
        meeting, active = "/meetings/{meeting_id}", "/meetings/{meeting_id}/active-livestream"
        return [
            Operation("start_livestream", "POST", f"{meeting}/livestreams", self._start, takes_a_body=True),
            Operation("list_meeting_livestreams", "GET", f"{meeting}/livestream", self._of_meeting),
            Operation("get_active_livestream", "GET", active, self._active),
            Operation("stop_livestream", "POST", f"{active}/stop", self._stop),
            Operation("get_livestream", "GET", "/livestreams/{livestream_id}", self._one),
        ]

    def routes(self) -> list[web.RouteDef]:
        """List what is not part of the API: where everybody can watch."""
        return [web.get("/provider/live/{livestream_id}.m3u8", self._watch)]

    def _start(self, call: Call) -> Answer:
        body, meeting = call.read(_Start), find_meeting(self.rooms, call)
        if meeting.status == "INACTIVE":
            raise Refused(400, f"BAD_REQUEST: meeting {meeting.id} is inactive")
        # The status of a second one is not documented.
        if self.rooms.running_livestream(meeting.id):
            raise Refused(409, f"A livestream is already in progress for meeting_id {meeting.id}")
        whole = self._shape(self.life.start(meeting, body.name))
        shown = ("id", "status", "ingest_server", "stream_key", "playback_url")
        return Answer({key: whole[key] for key in shown}, 201)

    def _stop(self, call: Call) -> Answer:
        self.life.stop(self._running(call))
        return Answer({"message": "Stopped live stream successfully"})

    def _active(self, call: Call) -> Answer:
        return Answer(self._shape(self._running(call)))

    def _running(self, call: Call) -> Livestream:
        meeting = find_meeting(self.rooms, call)
        running = self.rooms.running_livestream(meeting.id)
        if running is None:
            raise Refused(404, f"No active livestream found for meeting_id {meeting.id}")
        return running

    def _of_meeting(self, call: Call) -> Answer:
        found = self.rooms.livestreams_of(find_meeting(self.rooms, call).id)
        shown, paging = shapes.page(found, call.query)
        last = {"sessions": _run(shown[-1])} if shown else {}
        return Answer({"livestreams": [self._shape(each) for each in shown], "paging": paging} | last)

    def _one(self, call: Call) -> Answer:
        wanted = call.path["livestream_id"]
        livestream = self.rooms.livestreams.get(wanted)
        if livestream is None or self.rooms.meetings[livestream.meeting_id].provider != call.flavour.name:
            raise Refused(404, f"No livestream found with id {wanted}")
        paging = {"total_count": 1, "start_offset": 1, "end_offset": 1}
        return Answer({"livestream": self._shape(livestream), "session": _run(livestream), "paging": paging})

    def _shape(self, one: Livestream) -> dict[str, Any]:
        at = iso(one.stopped_at or one.started_at or one.invoked_at)
        return {
            "id": one.id,
            "name": one.name,
            "status": one.status,
            "meeting_id": one.meeting_id,
            "ingest_server": INGEST,
            "stream_key": one.stream_key,
            "playback_url": playback_url(self.base_url(), one),
            "created_at": iso(one.invoked_at),
            "updated_at": at,
        }

    async def _watch(self, request: web.Request) -> web.Response:
        livestream = self.rooms.livestreams.get(request.match_info["livestream_id"])
        if livestream is None or livestream.status != "LIVE":
            raise web.HTTPNotFound(text="Nothing is on air here.")
        return web.Response(text=PLAYLIST, content_type="application/vnd.apple.mpegurl")


def playback_url(base_url: str, livestream: Livestream) -> str:
    """Give the address at which everybody can watch."""
    return f"{base_url}/provider/live/{livestream.id}.m3u8"


def _run(one: Livestream) -> dict[str, Any]:
    """Write the stretch of time in which a livestream was on air; no schema lets a time be null."""
    times = {"invoked_time": one.invoked_at, "started_time": one.started_at, "stopped_time": one.stopped_at}
    return {
        "id": one.id,
        "livestream_id": one.id,
        **({"err_message": one.err_message} if one.err_message else {}),
        **{name: iso(at) for name, at in times.items() if at},
        "created_at": iso(one.invoked_at),
        "updated_at": iso(one.stopped_at or one.started_at or one.invoked_at),
    }
