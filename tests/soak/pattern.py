"""One meeting's full story, as the simulated provider tells it: two sessions, three recordings, and oddities.

The story happens once, in a room of its own whose webhooks are all written down and none sent. It can then be told of
any other room, in any order: every id in it is replaced by one that belongs to that room.
"""

import asyncio
import json
import re
from dataclasses import dataclass, replace
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from playground.provider import ProviderSimulator
from playground.rooms import Meeting, Peer
from playground.timers import Pace

TITLE = "The same story"
BRISK = Pace(start_seconds=0.02, upload_seconds=0.02, empty_seconds=0.05, retry_seconds=0.05)
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Told:
    """One webhook of the story."""

    uuid: str
    body: str


@dataclass(frozen=True)
class Pattern:
    """The story, and the room in which it happened."""

    room: str
    webhooks: tuple[Told, ...]
    own_ids: frozenset[str]

    def for_room(self, room: str) -> list[Told]:
        """Tell it of another room."""
        return [Told(str(uuid5(NAMESPACE_OID, room + one.uuid)), self._moved(one.body, room)) for one in self.webhooks]

    def _moved(self, text: str, room: str) -> str:
        return ID.sub(lambda found: self.name_in(room, found[0]) if found[0] in self.own_ids else found[0], text)

    def name_in(self, room: str, own: str) -> str:
        """Give what stands for an id of the story in another room."""
        return room if own == self.room else str(uuid5(NAMESPACE_OID, room + own))

    def back(self, text: str, room: str) -> str:
        """Put the story's own ids into a text about another room."""
        names = {self.name_in(room, own): own for own in self.own_ids}
        return ID.sub(lambda found: names.get(found[0], found[0]), text)


async def happens(world: ProviderSimulator, room: Meeting) -> Pattern:
    """Let the story happen and write it down; needs a webhook registered, and loses every delivery."""
    pace, world.pace = world.pace, BRISK
    faults = world.faults
    faults.webhooks.drop_all = faults.paused_webhooks = True
    await _first_session(world, room)
    await _second_session(world, room)
    faults.webhooks.drop_all = faults.paused_webhooks = False
    world.pace = pace
    heard = [one for one in world.deliveries.log if room.id in one.body.decode()]
    webhooks = [Told(one.uuid, json.dumps(_odd(json.loads(one.body)))) for one in heard]
    ids = {room.id, *(one.id for one in world.rooms.sessions_of(room.id))}
    ids |= {peer.id for session in world.rooms.sessions_of(room.id) for peer in session.peers}
    ids |= {one.id for one in world.rooms.recordings_of(room.id)}
    return Pattern(room.id, (*webhooks, *_strange(webhooks)), frozenset(ids))


async def _first_session(world: ProviderSimulator, room: Meeting) -> None:
    ana, bo = await _enter(world, room, "Ana"), await _enter(world, room, "Bo")
    first = world.life.record(room, {})
    await asyncio.sleep(0.1)
    world.life.recordings.pause(first)
    await asyncio.sleep(0.02)
    world.life.recordings.resume(first)
    await world.leave(bo.id)
    world.life.recordings.stop(first)
    await asyncio.sleep(0.1)
    world.fail_next_upload()
    second = world.life.record(room, {})
    await asyncio.sleep(0.1)
    world.life.recordings.stop(second)
    await asyncio.sleep(0.1)
    await world.leave(ana.id)
    await asyncio.sleep(0.2)


async def _second_session(world: ProviderSimulator, room: Meeting) -> None:
    again, cy = await _enter(world, room, "Ana"), await _enter(world, room, "Cy")
    world.life.record(room, {})
    await asyncio.sleep(0.1)
    await world.leave(again.id)
    await world.leave(cy.id)
    await asyncio.sleep(0.3)


async def _enter(world: ProviderSimulator, room: Meeting, name: str) -> Peer:
    await asyncio.sleep(0.01)  # two who come at the same moment stand in the order of their ids, which differ by room
    return await world.enter_stranger(room.id, name)


def _odd(payload: dict[str, Any]) -> dict[str, Any]:
    """Add fields that nobody knows."""
    news = {"mood": "sunny", "nested": {"list": [1, None, {"deep": True}]}}
    return {**payload, "trace": news, "meeting": {**payload["meeting"], **news, "version": 3}}


def _strange(webhooks: list[Told]) -> list[Told]:
    """Make events that nobody uses, or knows, or knows in this form."""
    payloads = [json.loads(one.body) for one in webhooks]
    meeting = payloads[0]["meeting"]
    recording = next(payload for payload in payloads if "recording" in payload)
    odd = [
        {"event": "livestreaming.statusUpdate", "meeting": meeting, "livestream": {"id": "l1", "status": "LIVE"}},
        {"event": "livestreaming.statusUpdate", "meeting": meeting, "livestream": {"id": "l1", "status": "OFFLINE"}},
        {"event": "meeting.sparkled", "meeting": meeting, "sparkles": 12},
        {"event": "meeting.chatSynced", "meetingId": meeting["id"], "chatDownloadUrl": None},
        {**recording, "recording": {**recording["recording"], "status": "TRANSCODING"}},
    ]
    return [replace(webhooks[0], uuid=f"odd-{number}", body=json.dumps(one)) for number, one in enumerate(odd)]
