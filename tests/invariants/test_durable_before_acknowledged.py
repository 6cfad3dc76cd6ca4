"""Invariant 1: what was acknowledged is carried out, exactly once, whatever is killed or away in between."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from playground.deliveries import Delivery
from playground.timers import Pace
from playground.workspace_values import Message
from tests.invariants.tools import met, no_edits, redis_frozen, slots
from tests.support import trial_form
from tests.support.bench import Bench, bench
from tests.support.process import BotProcess, RedisProcess, outside_bench

PATIENT = Pace(start_seconds=0.05, upload_seconds=0.05, empty_seconds=5, retry_seconds=0.5)
"""Webhooks are repeated for so long that a restart lies in between."""
TAKEN_OVER = 25.0
"""Seconds within which a killed process's work is found again: a lease, a sweep, and a start."""

Killable = tuple[Bench, BotProcess]


@pytest.fixture
async def killable(redis_url: str) -> AsyncIterator[Killable]:
    """Give a world whose bot is a process of its own; it is never polled into being right."""
    async with outside_bench(redis_url, pace=PATIENT) as running:
        yield running


@pytest.mark.timeout(60)
async def test_a_command_a_click_and_a_webhook_survive_kill_9_and_have_their_effect_once(killable: Killable) -> None:
    world, process = killable
    scene, provider = world.stage, world.stage.provider
    _, token = await started(world)
    provider.faults.hang("create_meeting")
    provider.faults.hang("start_recording", after=True)
    no_edits(scene)
    await world.says("bo", "design", "/meet Design talk")
    await world.presses("bo", world.card(), "record_start")
    await provider.enter(token)
    await met(world, provider.faults)
    await world.until(lambda: accepted(world, "meeting.participantJoined"))
    process.kill()
    assert slots(world) == ["card"], "nothing was to be seen before the kill"
    assert slots(world, "design") == []

    scene.slack.faults.clear()
    await process.start()
    await world.until(lambda: "<@UCY>" in world.card().text, within=TAKEN_OVER)
    await world.until(lambda: "started by <@UBO>" in world.reply("Recording since").text, within=TAKEN_OVER)
    await world.until(lambda: world.channel("design"), within=TAKEN_OVER)

    assert len(provider.calls_of("start_recording")) == 1
    assert sorted(room.title for room in provider.rooms.meetings.values()) == ["Design talk", "Weekly sync"]
    assert len(accepted(world, "meeting.participantJoined")) == 1
    await nothing_more_happens(world)
    assert slots(world, "design") == ["card"]
    assert sorted({*slots(world)}) == sorted(slots(world))


@pytest.mark.timeout(60)
async def test_a_form_survives_kill_9_and_has_its_effect_once(killable: Killable) -> None:
    world, process = killable
    provider = world.stage.provider
    _, token = await started(world)
    await provider.enter(token)
    await world.says("ana", "general", "/record options")
    provider.faults.hang("start_recording", after=True)
    await world.fills("ana", prefix="standup")
    assert not world.has_form("ana"), "it is acknowledged, so it closed"
    await met(world, provider.faults)
    process.kill()

    await process.start()
    await world.until(lambda: world.reply("Recording since"), within=TAKEN_OVER)

    assert len(provider.calls_of("start_recording")) == 1
    assert len(provider.rooms.recordings) == 1


def accepted(world: Bench, event: str) -> list[Delivery]:
    """Give the deliveries of an event that the bot answered with 2xx."""
    return [each for each in world.stage.provider.deliveries.log if each.event == event and each.status == 200]


async def nothing_more_happens(world: Bench, seconds: float = 0.3) -> None:
    """Watch for a while that no message is added."""
    before = world.stage.slack.workspace.version
    await asyncio.sleep(seconds)
    assert world.stage.slack.workspace.version == before


@pytest.mark.soak
async def test_while_redis_hangs_nothing_is_acknowledged_and_afterwards_all_goes_on(world: Bench, redis: Redis) -> None:
    card, token = await started(world)
    provider = world.stage.provider
    async with redis_frozen(redis):
        await provider.enter(token)
        assert await statuses_of_a_command_and_a_click(world, card) == {503}
        await world.until(lambda: provider.deliveries.log[-1].status == 503)
    await all_goes_on(world)


@pytest.mark.soak
async def test_while_redis_hangs_a_form_is_kept_open_and_afterwards_it_is_taken(world: Bench, redis: Redis) -> None:
    trial_form.register(world.bot.routes)
    slack = world.stage.slack
    await world.says("ana", "general", "/meet trial")
    before = len(trial_form.received)
    async with redis_frozen(redis):
        acks = await asyncio.gather(world.fills("ana", title="Hello"), slack.command("bo", "general", "/meet trial"))
        assert {ack.status for ack in acks} == {503}
        assert world.form("ana").trouble
        assert not world.has_form("bo")

    await world.fills("ana", title="Hello")
    await world.until(lambda: "Hello" in world.private("ana")[-1].text)
    assert len(trial_form.received) == before + 1, "it may have been written down the first time, and is the same wish"


@pytest.mark.soak
async def test_while_redis_is_down_nothing_is_acknowledged_and_afterwards_all_goes_on() -> None:
    with RedisProcess() as server:
        async with bench(server.url) as world:
            card, token = await started(world)
            provider = world.stage.provider
            server.kill()
            await provider.enter(token)
            assert await statuses_of_a_command_and_a_click(world, card) == {503}
            await world.until(lambda: provider.deliveries.log[-1].status == 503)
            server.start()
            await all_goes_on(world)


@pytest.mark.soak
async def test_while_redis_is_full_nothing_is_acknowledged_and_afterwards_all_goes_on(
    world: Bench, redis: Redis
) -> None:
    card, token = await started(world)
    provider = world.stage.provider
    await redis.config_set("maxmemory", "1")
    try:
        await provider.enter(token)
        assert await statuses_of_a_command_and_a_click(world, card) == {503}
        await world.until(lambda: provider.deliveries.log[-1].status == 503)
    finally:
        await redis.config_set("maxmemory", "0")
    await all_goes_on(world)


async def started(world: Bench) -> tuple[Message, str]:
    """Start a meeting; give its card, and a token for Cy."""
    await world.says("ana", "general", "/meet Weekly sync")
    card = await world.has_card()
    return card, await world.token_from(await world.link_of("cy", card))


async def statuses_of_a_command_and_a_click(world: Bench, card: Message) -> set[int]:
    slack = world.stage.slack
    acks = await asyncio.gather(
        slack.command("bo", "design", "/meet Design talk"), slack.click("bo", card.channel, card.ts, "record_start")
    )
    return {ack.status for ack in acks}


async def all_goes_on(world: Bench) -> None:
    """See the webhook's effect; have the people repeat what was not acknowledged, and see that once too."""
    await world.until(lambda: "<@UCY>" in world.card().text, within=20)
    await world.says("bo", "design", "/meet Design talk")
    await world.has_card("design")
    await world.presses("bo", world.card(), "record_start", stale=True)
    await world.until(lambda: world.reply("Recording since"))
    # What was not acknowledged may have been written down all the same, and then the repetition changes nothing.
    assert len(world.stage.provider.rooms.recordings) == 1
    assert slots(world, "design") == ["card"]
