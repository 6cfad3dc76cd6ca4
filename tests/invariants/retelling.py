"""A story as the provider tells it, told again of other rooms, in any order, to any replica."""

import asyncio
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.domain.ids import ChannelId, MeetingId
from bot.domain.meeting import Meeting
from playground.deliveries import DROPPED
from playground.stage import Stage
from playground.workspace_values import Channel, Message
from tests.invariants.tools import edits_are_free, slot_of
from tests.support.bench import Bench

IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Story:
    """What the provider reported of one room, in its own order."""

    room: str
    meeting: Meeting
    bodies: tuple[str, ...]


@dataclass(frozen=True)
class Retelling:
    """The same story of another room, which has a channel of its own; ``names`` maps its ids back."""

    number: int
    meeting: Meeting
    bodies: tuple[bytes, ...]
    names: Mapping[str, str]

    def back(self, text: str) -> str:
        """Give a text as if it were about the story's own room."""
        return IDS.sub(lambda found: self.names.get(found[0], found[0]), text).replace(self.meeting.channel, "CHANNEL")


async def recorded_story(world: Bench) -> Story:
    """Live a meeting of three people with a recording, of which the provider can tell nobody; then silence it."""
    provider = world.stage.provider
    provider.faults.webhooks.drop_all = True
    edits_are_free(world.stage)
    await world.says("ana", "general", "/meet Weekly sync")
    card = await world.has_card()
    room = next(iter(provider.rooms.meetings))
    fresh = await world.bot.store.get(MeetingId(f"realtimekit:{room}"))
    assert fresh is not None
    ana, bo = await world.joins("ana", card), await world.joins("bo", card)
    cy = await world.stage.provider.enter_stranger(room, "Cy from afar")
    await world.presses("ana", world.card(), "record_start")
    await world.until(lambda: provider.rooms.recordings_of(room)[0].status == "RECORDING")
    await provider.leave(bo.id)
    await world.joins("bo", card)
    recording = provider.rooms.recordings_of(room)[0]
    provider.life.recordings.stop(recording)
    for peer in (ana, cy, *provider.people(room)):
        await provider.leave(peer.id)
    await world.until(lambda: recording.status == "UPLOADED")
    await world.until(lambda: provider.rooms.live_session(room) is None)
    provider.faults.refused = True  # from here on, what is true can only be learnt from the deliveries
    told = tuple(each.body.decode() for each in provider.deliveries.log if each.outcome == DROPPED)
    return Story(room, fresh.meeting.model_copy(update={"participants": {}}), told)


def retold(story: Story, number: int) -> Retelling:
    """Tell a story of another room."""
    # The first part of each id stays, and with it the order in which equals are shown.
    there = {own: f"{own[:24]}{number:012x}" for body in story.bodies for own in IDS.findall(body)}
    bodies = tuple(IDS.sub(lambda found: there[found[0]], body).encode() for body in story.bodies)
    channel = ChannelId(f"CRETOLD{number}")
    meeting = story.meeting.model_copy(
        update={"id": MeetingId(f"realtimekit:{there[story.room]}"), "channel": channel, "home": channel}
    )
    return Retelling(number, meeting, bodies, {other: own for own, other in there.items()})


async def prepare(world: Bench, retellings: Iterable[Retelling]) -> None:
    """Make a room's channel and write its meeting down, as after ``/meet``."""
    everyone = tuple(world.stage.slack.workspace.people)
    for each in retellings:
        name = f"retold-{each.number}"
        world.stage.slack.workspace.add_channel(Channel(each.meeting.channel, name, "public", everyone))
        await world.bot.store.add(each.meeting)
        await world.bot.services.work.follow(each.meeting.id)


def muddled(bodies: Sequence[bytes], random: Random) -> list[bytes]:
    """Shuffle deliveries after repeating some of them."""
    mixed = [body for body in bodies for _ in range(random.choice((1, 1, 2, 3)))]
    random.shuffle(mixed)
    return mixed


async def deliver(scene: Stage, urls: Sequence[str], bodies: Sequence[bytes], random: Random, *, at_once: bool) -> None:
    """Deliver events, each to some replica: one after another, or all at the same time."""
    wide = asyncio.Semaphore(len(bodies) if at_once else 1)

    async def one(body: bytes) -> None:
        async with wide:
            status = 0
            while status != 200:
                address = f"{random.choice(urls)}/webhooks/realtimekit"
                status = await scene.provider.deliver_raw("realtimekit", address, body)
                assert status in {200, 503}, "on a machine that is very busy it may be asked for again"

    await asyncio.gather(*[one(body) for body in bodies])


async def told_to_the_end(world: Bench, retellings: Iterable[Retelling]) -> None:
    """Ask the silenced provider about every room, so that each card says so, and wait until every thread stands."""
    for each in retellings:
        await world.bot.services.work.ask_now(each.meeting.id)
    for each in retellings:
        while not (await meeting_of(world, each)).provider_is_silent:
            await asyncio.sleep(0.02)
    async with asyncio.timeout(60):
        while await world.bot.store.stale():
            await asyncio.sleep(0.05)


async def meeting_of(world: Bench, retelling: Retelling) -> Meeting:
    saved = await world.bot.store.get(retelling.meeting.id)
    assert saved is not None
    return saved.meeting


async def facts(world: Bench, retelling: Retelling) -> Any:
    """Give the meeting as it is remembered, under the story's own ids."""
    meeting = (await meeting_of(world, retelling)).model_copy(update={"unanswered_at": None})
    found = json.loads(retelling.back(meeting.model_dump_json()))
    return {name: dict(sorted(value.items())) if isinstance(value, dict) else value for name, value in found.items()}


def thread(world: Bench, retelling: Retelling) -> list[Any]:
    """Give every message of a meeting's thread, by slot, under the story's own ids."""
    messages = world.stage.slack.workspace.messages(retelling.meeting.channel)
    return sorted(json.loads(retelling.back(json.dumps(_looks(message)))) for message in messages)


def _looks(message: Message) -> list[Any]:
    blocks = [{name: value for name, value in block.items() if name != "block_id"} for block in message.blocks]
    return [slot_of(message.metadata), message.text, json.dumps(blocks, sort_keys=True), message.broadcast]
