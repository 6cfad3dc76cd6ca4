"""Looks into Redis the moment a webhook was accepted: what was accepted must be there."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.clock import utcnow
from bot.domain.ids import LivestreamId, MeetingId, PeerId, RecordingId, SessionId
from bot.domain.livestream import IDLE
from bot.domain.livestream import STAGE as SHOWN
from bot.domain.meeting import Meeting
from bot.domain.recording import STAGE
from bot.store import MeetingStore

Fact = Callable[[Meeting], bool]

LOOKED_BACK = 2.0
"""Seconds before a takeover from which on a write may not have been handed on."""


@dataclass
class Witness:
    """Checks every accepted delivery against the store.

    Args:
        redis: where the store is.
        newest: gives the address of the server that is master now, where there are several.

    """

    redis: Redis
    newest: Callable[[], str] | None = None
    accepted: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    _seen: deque[tuple[float, dict[str, Any]]] = field(default_factory=lambda: deque(maxlen=1000))
    _readers: dict[str, Redis] = field(default_factory=dict)
    _looking: set[asyncio.Task[None]] = field(default_factory=set)

    def __call__(self, request: web.Request, body: bytes, status: int) -> None:
        """Take notice of one answered request."""
        if not request.path.startswith("/webhooks/"):
            return
        if not 200 <= status < 300:
            self.refused += 1
            return
        self.accepted += 1
        payload = json.loads(body)
        self._seen.append((time.time(), payload))
        task = asyncio.create_task(self._look(payload))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look(self, payload: dict[str, Any]) -> None:
        room, fact = fact_of(payload)
        saved = await self._read(MeetingId(f"realtimekit:{room}"))
        if saved is not None and not _holds(fact, saved):
            self.lost.append(f"{payload['event']} of {room}")

    async def look_back(self, since: float) -> None:
        """Look again for what was accepted from shortly before that time on: another Redis may have taken over."""
        late = [payload for at, payload in self._seen if at > since - LOOKED_BACK]
        for payload in late:
            room, fact = fact_of(payload)
            saved = await self._read(MeetingId(f"realtimekit:{room}"))
            if saved is not None and not _holds(fact, saved):
                self.forgotten.append(f"{payload['event']} of {room}")

    async def _read(self, meeting: MeetingId) -> Meeting | None:
        while True:
            try:
                saved = await MeetingStore(await self._reader(), utcnow).get(meeting)
            except (RedisError, OSError, TimeoutError):
                await asyncio.sleep(0.1)  # Redis itself is away just now; what it has accepted it must still have
            else:
                return saved.meeting if saved else None

    async def _reader(self) -> Redis:
        """Find whom to ask: a master that was replaced still answers for a while to whoever only reads."""
        if self.newest is None:
            return self.redis
        url = await asyncio.to_thread(self.newest)
        if url not in self._readers:
            self._readers[url] = Redis.from_url(url, socket_timeout=5)
        return self._readers[url]

    async def done(self) -> None:
        """Wait until every look was taken."""
        while self._looking:
            await asyncio.gather(*self._looking)
        for reader in self._readers.values():
            await reader.aclose()


def _holds(fact: Fact, known: Meeting) -> bool:
    try:
        return fact(known)
    except KeyError:
        return False  # what it is about is not even there


def fact_of(payload: dict[str, Any]) -> tuple[str, Fact]:
    """Give the room that a webhook is about, and what must be true of its meeting afterwards."""
    meeting, room = payload["meeting"], str(payload["meeting"]["id"])
    match payload["event"]:
        case "meeting.started":
            return room, lambda known: meeting["sessionId"] in known.sessions
        case "meeting.ended":
            return room, lambda known: known.sessions[SessionId(meeting["sessionId"])].ended
        case "meeting.participantJoined":
            return room, lambda known: payload["participant"]["peerId"] in known.presences
        case "meeting.participantLeft":
            return room, lambda known: known.presences[PeerId(payload["participant"]["peerId"])].left
        case "livestreaming.statusUpdate":
            own, status = LivestreamId(payload["streamId"]), payload["status"]
            return room, lambda known: status == IDLE or known.livestreams[own].stage >= SHOWN[status]
        case _:
            told = payload["recording"]
            return room, lambda known: known.recordings[RecordingId(told["id"])].stage >= STAGE[told["status"]]
