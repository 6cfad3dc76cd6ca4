"""What the page's panel does at the provider's side, past the bot."""

from collections.abc import Callable

from aiohttp import web

from playground.provider import ProviderSimulator
from playground.rooms import Recording
from playground.web_json import Json, Refused, takes
from playground.wishes import EnterWish, FaultsWish, LeaveWish, LivestreamWish, RecordingWish


class ProviderActs:
    """Lets people come and go, moves recordings, and makes things go wrong."""

    def __init__(self, provider: ProviderSimulator) -> None:
        self._provider = provider

    def routes(self) -> list[web.RouteDef]:
        """List what the panel asks."""
        return [
            web.post("/playground/provider/leave", takes(LeaveWish, self._leave)),
            web.post("/playground/provider/enter", takes(EnterWish, self._enter)),
            web.post("/playground/provider/recording", takes(RecordingWish, self._recording)),
            web.post("/playground/provider/livestream", takes(LivestreamWish, self._livestream)),
            web.post("/playground/provider/faults", takes(FaultsWish, self._faults)),
        ]

    async def _leave(self, wish: LeaveWish) -> Json:
        if self._provider.rooms.peer(wish.peer_id) is None:
            raise Refused(404, "Nobody of that id is or was in a room.")
        await self._provider.leave(wish.peer_id)
        return {"ok": True}

    async def _enter(self, wish: EnterWish) -> Json:
        meeting = self._provider.rooms.meetings.get(wish.room)
        if meeting is None:
            raise Refused(404, "There is no such room.")
        if meeting.status != "ACTIVE":
            raise Refused(409, "This room is closed.")
        peer = await self._provider.enter_stranger(meeting.id, wish.name)
        return {"ok": True, "peerId": peer.id}

    async def _recording(self, wish: RecordingWish) -> Json:
        recording = self._provider.rooms.recordings.get(wish.recording_id)
        if recording is None:
            raise Refused(404, "There is no such recording.")
        life = self._provider.life.recordings
        acts: dict[str, Callable[[Recording], None]] = {
            "pause": life.pause,
            "resume": life.resume,
            "stop": life.stop,
            "fail": life.break_off,
            "delete": life.delete,
        }
        acts[wish.action](recording)
        self._provider.changes.bump()
        return {"ok": True}

    async def _livestream(self, wish: LivestreamWish) -> Json:
        livestream = self._provider.rooms.livestreams.get(wish.livestream_id)
        if livestream is None:
            raise Refused(404, "There is no such livestream.")
        life = self._provider.life.livestreams
        {"stop": life.stop, "fail": life.break_off}[wish.action](livestream)
        return {"ok": True}

    async def _faults(self, wish: FaultsWish) -> Json:
        faults = self._provider.faults
        for name, value in wish.switches().items():
            try:
                faults.switch(name, value)
            except (KeyError, ValueError) as error:
                raise Refused(400, f"{name} cannot be set to {value!r}.") from error
        self._provider.changes.bump()
        return {"ok": True}
