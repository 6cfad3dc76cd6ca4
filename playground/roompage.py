"""The room page: being on it is being in the meeting.

The page opens a WebSocket, says its token, and is told at every change who is in and whether it is recorded.
Closing the page, or pressing Leave, leaves.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

from playground.jointokens import JoinTokens, TokenRefused
from playground.roomlife import RoomLife
from playground.rooms import Meeting, Peer, Rooms
from playground.timers import Changes

PAGE = Path(__file__).with_name("page")
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}
FAREWELLS = {
    "left": "You left the meeting.",
    "removed": "You were removed from the meeting.",
    "ended": "The meeting was ended for everyone.",
}


@dataclass(slots=True)
class RoomPage:
    """Serves the page and holds the people who are on it."""

    rooms: Rooms
    life: RoomLife
    tokens: JoinTokens
    changes: Changes
    _sockets: set[web.WebSocketResponse] = field(default_factory=set)

    def routes(self) -> list[web.RouteDef]:
        """List the page, its parts and its socket."""
        return [
            web.get("/room/", _page("room.html")),
            web.get("/room/room.js", _page("room.js")),
            web.get("/room/room.css", _page("room.css")),
            web.get("/room/socket", self._be_inside),
        ]

    async def close(self) -> None:
        """Hang up on everyone."""
        await asyncio.gather(*(socket.close() for socket in list(self._sockets)))

    async def _be_inside(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            await self._stay(socket)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _stay(self, socket: web.WebSocketResponse) -> None:
        hello = await socket.receive()
        if hello.type is not WSMsgType.TEXT:
            return
        try:
            meeting, place = self.tokens.admit(hello.data)
        except TokenRefused as refused:
            await _last_words(socket, str(refused))
            return
        peer = self.life.enter(meeting, place)
        showing = asyncio.create_task(self._show(socket, meeting, peer))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT and message.data == "leave":
                    break
        finally:
            self.life.leave(peer)
            await showing

    async def _show(self, socket: web.WebSocketResponse, meeting: Meeting, peer: Peer) -> None:
        """Tell the page what is true, now and at every change, until its person is out."""
        with contextlib.suppress(ConnectionError):
            while peer.left_at is None:
                seen = self.changes.version
                await socket.send_json(self._view(meeting, peer))
                await self.changes.wait(seen)
            await _last_words(socket, FAREWELLS[peer.why or "left"])

    def _view(self, meeting: Meeting, me: Peer) -> dict[str, Any]:
        running = {recording.status for recording in self.rooms.running_recordings(meeting.id)}
        return {
            "title": meeting.title or "Meeting",
            "me": me.id,
            "people": [
                {"id": peer.id, "name": peer.name, "muted": peer.muted} for peer in self.rooms.people(meeting.id)
            ],
            "recording": next((status for status in ("RECORDING", "PAUSED", "INVOKED") if status in running), None),
        }


async def _last_words(socket: web.WebSocketResponse, words: str) -> None:
    if not socket.closed:
        await socket.send_json({"over": words})
        await socket.close()


def _page(name: str) -> Any:
    async def serve(_: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / name, headers=HEADERS)

    return serve
