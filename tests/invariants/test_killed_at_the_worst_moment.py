"""Invariant 1 once more: the instants between an effect outside and our note of it."""

import asyncio

import pytest

from playground.slack_web_api import Call
from tests.invariants.hostile import compact
from tests.invariants.test_durable_before_acknowledged import PATIENT, TAKEN_OVER
from tests.invariants.tools import edits_are_free, meeting_id, met, slots
from tests.support.bench import Bench, button
from tests.support.process import bot_process, environment_for, outside_bench

pytestmark = [pytest.mark.soak, pytest.mark.timeout(90)]


async def test_a_process_killed_right_after_it_accepted_a_webhook_has_not_lost_it(redis_url: str) -> None:
    async with outside_bench(redis_url, pace=PATIENT) as (world, process):
        await world.says("ana", "general", "/meet Weekly sync")
        await world.has_card()
        await asyncio.sleep(0.3)
        meeting = {"id": meeting_id(world).partition(":")[2], "sessionId": "s-1"}
        person = {"peerId": "p-1", "userDisplayName": "Zoe"}
        body = compact({"event": "meeting.participantJoined", "meeting": meeting, "participant": person})
        address = f"{process.url}/webhooks/realtimekit"
        assert await world.stage.provider.deliver_raw("realtimekit", address, body) == 200
        process.kill()
        assert "Zoe" not in world.card().text, "killed before anything was to be seen"
        await process.start()
        await world.until(lambda: "Zoe" in world.card().text, within=TAKEN_OVER)


@pytest.mark.parametrize("may_look", [True, False])
async def test_a_process_killed_between_slacks_answer_and_its_note_costs_one_repetition_at_most(
    redis_url: str, *, may_look: bool
) -> None:
    async with outside_bench(redis_url, pace=PATIENT) as (world, process):
        slack = world.stage.slack
        if may_look:
            slack.scopes.add("channels:history")
        slack.faults.delay("chat.postMessage", 20)
        await world.says("ana", "general", "/meet Weekly sync")
        await world.has_card()
        process.kill()
        await process.start()
        await world.until(lambda: posts_noted(world.stage.slack.calls, may_look=may_look), within=TAKEN_OVER)
        await world.stage.provider.enter_stranger(meeting_id(world).partition(":")[2], "Zoe")
        await world.until(lambda: "Zoe" in world.card().text, within=TAKEN_OVER)
    assert slots(world) == (["card"] if may_look else ["card", "card"])
    assert len(world.stage.provider.calls_of("create_meeting")) == 1


def posts_noted(calls: list[Call], *, may_look: bool) -> bool:
    """Tell whether the new process has looked for the message, or has posted it again."""
    methods = [call.method for call in calls]
    return "conversations.history" in methods if may_look else methods.count("chat.postMessage") > 1


async def test_a_process_that_slept_past_its_lease_and_its_successor_make_one_card(redis_url: str) -> None:
    async with outside_bench(redis_url, pace=PATIENT) as (world, sleeper):
        provider = world.stage.provider
        edits_are_free(world.stage)
        provider.faults.slow("create_meeting", 0.5)
        await world.says("ana", "design", "/meet Design talk")
        await met(world, provider.faults)
        sleeper.freeze()
        assert provider.rooms.meetings == {}
        async with bot_process(environment_for(world.stage, redis_url)):
            await world.until(lambda: len(provider.rooms.meetings) == 2, within=TAKEN_OVER)
            await world.until(lambda: world.channel("design"), within=TAKEN_OVER)
            sleeper.thaw()
            await sleeper.ready()
            await asyncio.sleep(2)
            assert slots(world, "design") == ["card"]
            await provider.enter_stranger(shown(world), "Zoe")
            await world.until(lambda: "Zoe" in world.card("design").text)
            assert slots(world, "design") == ["card"]


def shown(world: Bench) -> str:
    """Give the room that the card is about."""
    return str(button(world.card("design"), "join")["value"]).partition(":")[2]
