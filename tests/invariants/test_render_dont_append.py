"""Invariant 3: the thread is a pure function of the meeting, whoever writes it and however many do at once."""

import asyncio
import json
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.clock import utcnow
from bot.domain.ids import ChannelId, MeetingId, UserId
from bot.domain.meeting import Meeting
from bot.keys import thread_lock_key
from bot.views.thread import render_thread
from playground.workspace_values import Message
from tests.invariants.replicas import replicas
from tests.invariants.tools import drop_webhooks, meeting_id, slot_of, slots
from tests.support.bench import Bench

ASKED = {"auth.test", "users.info", "conversations.history", "conversations.members", "conversations.replies"}
"""Methods that change nothing."""


@pytest.mark.soak
async def test_every_message_is_what_the_meeting_says_and_nothing_else_was_ever_sent(world: Bench) -> None:
    await a_recorded_meeting(world)
    await world.says("cy", "general", "/record")
    await world.says("cy", "general", "/meet status")
    await world.until(lambda: len(world.private("cy")) == 2)
    await world.settles()

    wanted = {message.slot: message for message in render_thread(await meeting(world))}
    sent = [*world.stage.slack.workspace.messages("CGENERAL"), *world.direct("bo")]
    assert sorted(slot_of(each.metadata) for each in sent) == sorted(wanted)
    for each in sent:
        message = wanted[slot_of(each.metadata)]
        assert (each.text, plain(each)) == (message.text, list(message.blocks))
    calls = world.stage.slack.calls
    assert {call.method for call in calls} <= {"chat.postMessage", "chat.update", *ASKED}
    assert sum(call.method == "chat.postMessage" for call in calls) == len(sent)


def plain(message: Message) -> list[dict[str, Any]]:
    """Give a message's blocks without the ids that Slack adds."""
    return [{name: value for name, value in block.items() if name != "block_id"} for block in message.blocks]


async def test_replicas_that_write_one_thread_at_once_post_each_message_once(world: Bench) -> None:
    new = Meeting(
        id=MeetingId("realtimekit:a-room"),
        title="Weekly sync",
        channel=ChannelId("CGENERAL"),
        home=ChannelId("CGENERAL"),
        host=UserId("UANA"),
        created_at=utcnow(),
        invited=(UserId("UBO"), UserId("UCY"), UserId("UDI")),
    )
    async with replicas(world, 3) as bots:
        world.stage.slack.faults.delay("chat.postMessage", 1.3)  # longer than the pause between two posts
        await world.bot.store.add(new)
        await asyncio.gather(*[bot.services.work.reconcile(new.id) for bot in bots for _ in range(8)])
        await world.settles()
    assert slots(world) == ["card"]
    assert [len(world.direct(user)) for user in ("bo", "cy", "di")] == [1, 1, 1]


@pytest.mark.soak
async def test_a_writer_that_slept_past_its_lease_and_its_successor_post_one_message(
    world: Bench, redis: Redis
) -> None:
    slack = world.stage.slack
    slack.scopes.add("channels:history")
    drop_webhooks(world.stage)
    await world.says("ana", "general", "/meet Weekly sync")
    meeting_id = await known(world)
    await world.settles()
    await world.stage.provider.enter_stranger(meeting_id.partition(":")[2], "Zoe")
    await world.says("ana", "general", "/record")
    await world.until(lambda: world.has_reply("Starting the recording"))

    slack.faults.delay("chat.postMessage", 1.0)
    world.stage.provider.life.recordings.stop(next(iter(world.stage.provider.rooms.recordings.values())))
    await world.until(lambda: next(iter(world.stage.provider.rooms.recordings.values())).status == "UPLOADED")
    await world.bot.services.work.ask_now(meeting_id)
    await world.until(lambda: world.has_reply("Recording ready"))  # Slack has it, the writer does not know yet
    await redis.delete(thread_lock_key(meeting_id))
    async with replicas(world, 2) as bots:
        await bots[-1].services.work.reconcile(meeting_id)
        await world.settles()
        await asyncio.sleep(1.0)
    assert [slot.partition(":")[0] for slot in slots(world)] == ["card", "recording", "ready"]


@pytest.mark.soak
async def test_a_thread_whose_notes_are_of_an_older_look_is_edited_and_not_posted_again(
    world: Bench, redis: Redis
) -> None:
    await a_recorded_meeting(world)
    await world.settles()
    meeting_id, before = await known(world), slots(world)
    posts = f"meet:{{{meeting_id}}}:posts"
    for slot, post in (await redis.hgetall(posts)).items():
        await redis.hset(posts, slot, json.dumps({**json.loads(post), "digest": "of another version"}))
    await world.bot.store.distrust(meeting_id)
    await world.bot.services.work.reconcile(meeting_id)
    await world.settles()
    assert slots(world) == before


async def a_recorded_meeting(world: Bench) -> None:
    """Live through a meeting with an invitation and a recording up to its file."""
    await world.says("ana", "general", "/meet Weekly sync @bo")
    await world.joins("ana", await world.has_card())
    await world.says("ana", "general", "/record")
    await world.until(lambda: world.reply("Recording since"))
    await world.presses("ana", world.reply("Recording since"), "record_stop")
    await world.until(lambda: world.has_reply("Recording ready"))


async def known(world: Bench) -> MeetingId:
    """Wait for the room and give its meeting's id."""
    await world.until(world.channel)
    return meeting_id(world)


async def meeting(world: Bench) -> Any:
    saved = await world.bot.store.get(meeting_id(world))
    assert saved is not None
    return saved.meeting
