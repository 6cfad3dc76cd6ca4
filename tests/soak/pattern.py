"""One meeting's full story: two sessions, three recordings, single voices, two livestreams, and oddities.

The story happens once, in a room of its own whose webhooks are all written down and none sent. It can then be told of
any other room, in any order: every id in it is replaced by one that belongs to that room. What people asked for in
Slack meanwhile, as replicas write it down, is part of it (``Told.asked``).
"""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from bot.clock import utcnow
from bot.domain.events import OffTheRecord, RecordingActed, RecordingMarked, RecordingPlanned
from bot.domain.ids import LivestreamId, RecordingId, UserId
from bot.domain.livestream_events import LivestreamActed
from bot.domain.options import RecordingOptions
from playground.livestream import Livestream
from playground.provider import ProviderSimulator
from playground.rooms import Meeting, Peer, Recording
from playground.timers import Pace

TITLE = "The same story"
ANA, BO = UserId("UPERSON01"), UserId("UPERSON02")
BRISK = Pace(start_seconds=0.02, upload_seconds=0.02, empty_seconds=0.05, retry_seconds=0.05)
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Told:
    """One webhook of the story."""

    uuid: str
    body: str


Asked = RecordingActed | OffTheRecord | RecordingMarked | RecordingPlanned | LivestreamActed
"""What a person asked for, as the replica that carried it out tells the meeting of it."""


@dataclass(frozen=True)
class Pattern:
    """The story, and the room in which it happened."""

    room: str
    webhooks: tuple[Told, ...]
    asked: tuple[Asked, ...]
    own_ids: frozenset[str]

    def for_room(self, room: str) -> list[Told]:
        """Tell it of another room."""
        return [Told(str(uuid5(NAMESPACE_OID, room + one.uuid)), self._moved(one.body, room)) for one in self.webhooks]

    def asked_in(self, room: str) -> list[Asked]:
        """Give what people asked for in another room."""
        return [_renamed(one, partial(self.name_in, room)) for one in self.asked]

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
    asked = [*await _first_session(world, room), *await _second_session(world, room)]
    await world.deliveries.settled()
    faults.webhooks.drop_all = faults.paused_webhooks = False
    world.pace = pace
    heard = [one for one in world.deliveries.log if room.id in one.body.decode()]
    webhooks = [Told(one.uuid, json.dumps(_odd(json.loads(one.body)))) for one in heard]
    ids = {room.id, *(one.id for one in world.rooms.sessions_of(room.id))}
    ids |= {peer.id for session in world.rooms.sessions_of(room.id) for peer in session.peers}
    ids |= {one.id for one in (*world.rooms.recordings_of(room.id), *world.rooms.livestreams_of(room.id))}
    return Pattern(room.id, (*webhooks, *_strange(webhooks)), tuple(asked), frozenset(ids))


async def _first_session(world: ProviderSimulator, room: Meeting) -> list[Asked]:
    """Record and pause, go live and off again; then fail once, and record single voices."""
    life = world.life
    ana, bo = await _enter(world, room, "Ana"), await _enter(world, room, "Bo")
    first, shown = life.record(room, {"max_seconds": 5400}), life.livestreams.start(room, "story")
    own, live = RecordingId(first.id), LivestreamId(shown.id)
    asked = [*_acted(own, "start"), LivestreamActed(live, "start", ANA, utcnow())]
    asked.append(RecordingPlanned(own, RecordingOptions(max_seconds=5400)))
    await _is(first, "RECORDING")
    await _is(shown, "LIVE")
    life.recordings.pause(first)
    asked += [*_acted(own, "pause"), OffTheRecord(own, BO, utcnow(), utcnow() + timedelta(hours=4))]
    await asyncio.sleep(0.02)
    life.recordings.resume(first)
    asked += [*_acted(own, "resume"), RecordingMarked(own, BO, utcnow(), "Budget")]
    await world.leave(bo.id)
    life.recordings.stop(first)
    life.livestreams.stop(shown)
    asked += [*_acted(own, "stop"), LivestreamActed(live, "stop", BO, utcnow())]
    await _is(first, "UPLOADED")
    return [*asked, *await _failure_and_voices(world, room, ana)]


async def _failure_and_voices(world: ProviderSimulator, room: Meeting, last: Peer) -> list[Asked]:
    recordings = world.life.recordings
    world.fail_next_upload()
    second = world.life.record(room, {})
    await _is(second, "RECORDING")
    recordings.stop(second)
    await _is(second, "ERRORED")
    voices = recordings.start(room, {}, tracks=True)
    await _is(voices, "RECORDING")
    recordings.stop(voices)
    await _is(voices, "UPLOADED")
    await world.leave(last.id)
    await _is_over(world, room)
    return [*_acted(RecordingId(second.id), "start", "stop"), *_acted(RecordingId(voices.id), "start", "stop")]


async def _second_session(world: ProviderSimulator, room: Meeting) -> list[Asked]:
    """Let a recording and a livestream end with the session."""
    again, cy = await _enter(world, room, "Ana"), await _enter(world, room, "Cy")
    third, shown = world.life.record(room, {}), world.life.livestreams.start(room, None)
    await _is(third, "RECORDING")
    await _is(shown, "LIVE")
    await world.leave(again.id)
    await world.leave(cy.id)
    await _is(third, "UPLOADED")
    await _is_over(world, room)
    return []


async def _is(what: Recording | Livestream, status: str) -> None:
    while what.status != status:
        await asyncio.sleep(0.01)


async def _is_over(world: ProviderSimulator, room: Meeting) -> None:
    while world.rooms.live_session(room.id):
        await asyncio.sleep(0.01)


def _acted(own: RecordingId, *actions: str) -> list[Asked]:
    return [RecordingActed(own, action, ANA, utcnow()) for action in actions]


def _renamed(asked: Asked, name: Callable[[str], str]) -> Asked:
    if isinstance(asked, LivestreamActed):
        return replace(asked, livestream_id=LivestreamId(name(asked.livestream_id)))
    return replace(asked, recording_id=RecordingId(name(asked.recording_id)))


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
    shown = next(payload for payload in payloads if "streamId" in payload)
    odd = [
        {"event": "livestreaming.statusUpdate", "meeting": meeting, "livestream": {"id": "l1", "status": "LIVE"}},
        {"event": "livestreaming.statusUpdate", "meeting": meeting, "livestream": {"id": "l1", "status": "OFFLINE"}},
        {**shown, "status": "BUFFERING"},
        {"event": "meeting.sparkled", "meeting": meeting, "sparkles": 12},
        {"event": "meeting.chatSynced", "meetingId": meeting["id"], "chatDownloadUrl": None},
        {**recording, "recording": {**recording["recording"], "status": "TRANSCODING"}},
    ]
    return [replace(webhooks[0], uuid=f"odd-{number}", body=json.dumps(one)) for number, one in enumerate(odd)]
