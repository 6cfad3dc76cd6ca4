"""Socket Mode: one-use tickets, connections, and envelopes that wait for their acknowledgement."""

import asyncio
import json
import secrets
import time
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from playground.slack_errors import Arguments, SlackError
from playground.slack_install import Installation
from playground.slack_limits import ACK_SECONDS, SOCKETS
from playground.slack_sending import NOT_REACHED, TIMED_OUT, Ack
from playground.timers import Changes

_HOST = "applink-playground"
_PING_SECONDS = 10.0


class SocketMode:
    """Every connection of the bot; each envelope goes to one of them, in turn."""

    def __init__(self, app_id: str) -> None:
        self.ack_seconds = ACK_SECONDS
        self.base_url = ""
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._connections: list[web.WebSocketResponse] = []
        self._changes = Changes()
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    @property
    def connections(self) -> int:
        """Count the open connections."""
        return len(self._connections)

    async def until_connected(self, at_least: int = 1) -> None:
        """Wait until the bot holds that many connections."""
        while self.connections < at_least:
            await self._changes.wait()

    def open(self, _install: Installation, _args: Arguments) -> dict[str, Any]:
        """apps.connections.open: a WebSocket address that is good for one connection."""
        if self.connections >= SOCKETS:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return {"url": f"ws{self.base_url.removeprefix('http')}/slack/socket/{ticket}"}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection: hello, then acknowledgements until it closes."""
        ticket = request.match_info["ticket"]
        if ticket not in self._tickets:
            return web.Response(status=403, text="invalid_ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=_PING_SECONDS)
        await socket.prepare(request)
        self._connections.append(socket)
        try:
            await socket.send_json(self._hello())
            self._changes.bump()
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledge(frame.data)
        finally:
            self._forget(socket)
        return socket

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._connections:
            self._connections.remove(socket)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": self.connections,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": _HOST, "build_number": 1, "approximate_connection_time": 18_060},
        }

    def _acknowledge(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(frame.get("envelope_id", "")) if isinstance(frame, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    async def deliver(self, kind: str, payload: dict[str, Any], *, answerable: bool, **more: Any) -> Ack:
        """Send one envelope and wait for its acknowledgement, whose payload becomes the answer's body."""
        began = time.monotonic()
        if not self._connections:
            return Ack(ok=False, status=0, body=NOT_REACHED, seconds=0.0)
        self._connections.append(socket := self._connections.pop(0))
        envelope_id = str(uuid4())
        envelope = {"envelope_id": envelope_id, "type": kind, "accepts_response_payload": answerable, **more}
        waiting = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self.ack_seconds):
                await socket.send_json(envelope | {"payload": payload})
                frame = await waiting
        except TimeoutError:
            return Ack(ok=False, status=0, body=TIMED_OUT, seconds=time.monotonic() - began)
        except ConnectionError:
            return Ack(ok=False, status=0, body=NOT_REACHED, seconds=time.monotonic() - began)
        finally:
            del self._waiting[envelope_id]
        answer = frame.get("payload") if answerable else None
        body = json.dumps(answer) if answer else ""
        return Ack(ok=True, status=200, body=body, seconds=time.monotonic() - began)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go, as Slack does every few hours; ``warning`` only announces it."""
        for socket in list(self._connections):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}})
            if reason != "warning":
                self._forget(socket)
                await socket.close()

    async def close(self) -> None:
        """Close every connection."""
        for socket in list(self._connections):
            await socket.close()
