"""Invariant 9: what is written to Redis goes by itself, at the latest thirty days after the meeting last changed."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot.keys import KEPT
from bot.lagging import INDEXED_FOR
from playground.stage import stage
from tests.invariants.tools import edits_are_free
from tests.support.bench import QUICK, Bench, bench, bot_on
from tests.support.clock import Ahead

MONTH = int(KEPT.total_seconds())
CHANNELS_OWN = {"meet:channel:CGENERAL", "meet:channel:CGENERAL:recordings", "meet:index"}
THE_SWEEPS_OWN = "greenroom:sweep"
"""Written anew at the end of each sweep."""


async def ends(redis: Redis) -> dict[str, int]:
    """Give the seconds that each key has left; -1 for one that stays for ever."""
    keys = [key async for key in redis.scan_iter(count=1000)]
    left = {key.decode(): await redis.ttl(key) for key in keys}
    return {name: seconds for name, seconds in left.items() if seconds != -2}


async def everything_was_done(world: Bench) -> None:
    """Use whatever writes to Redis."""
    edits_are_free(world.stage)
    await world.says("ana", "general", "/meet Weekly sync @bo")
    card = await world.has_card()
    await world.joins("ana", card)
    await world.link_of("cy", card)
    await world.says("ana", "general", "/record")
    await world.until(lambda: world.reply("Recording since"))
    await world.presses("ana", world.reply("Recording since"), "record_stop")
    await world.says("bo", "design", "/meet Design talk")
    await world.says("cy", "general", "/meet nonsense --and --more")
    world.stage.slack.faults.ratelimit("chat.postMessage", retry_after=1)
    await world.until(lambda: world.has_reply("Recording ready"))
    await world.settles()


async def test_every_key_has_an_end_of_a_month_at_most(world: Bench, redis: Redis) -> None:
    await everything_was_done(world)
    left = {name: seconds for name, seconds in (await ends(redis)).items() if name.startswith("meet:")}
    assert len(left) > 8
    assert endless(left) == {}, "what is ours has its end from the first moment"

    await world.bot.services.work.sweep()
    left = await ends(redis)
    assert len(left) > 20
    assert endless(left) == {}, "what is not ours has it after a sweep"


def endless(left: dict[str, int]) -> dict[str, int]:
    """Give the keys that stay for longer than a month."""
    return {name: seconds for name, seconds in left.items() if not 0 <= seconds <= MONTH}


@pytest.mark.soak
async def test_a_change_moves_the_end_of_all_that_belongs_to_the_meeting(redis_url: str, redis: Redis) -> None:
    clock = Ahead()
    async with stage(pace=QUICK) as scene, bot_on(scene, redis_url, clock=clock) as world:
        await everything_was_done(world)
        left = await ends(redis)
        lasting = [name for name, seconds in left.items() if belongs(world, name) and seconds > MONTH / 2]
        assert len(lasting) >= 3
        for name in lasting:
            await redis.expire(name, 1000)
        clock.by += INDEXED_FOR  # for which its surroundings are not seen to again
        await world.stage.provider.enter_stranger(room(world), "Zoe")
        await world.until(lambda: "Zoe" in world.card().text)
        await world.settles()
        left = await ends(redis)
        assert {name: left.get(name) for name in lasting if left.get(name, 0) < MONTH - 60} == {}


def room(world: Bench) -> str:
    """Give the room of the first meeting, the one in #general."""
    return next(iter(world.stage.provider.rooms.meetings))


def belongs(world: Bench, name: str) -> bool:
    """Tell the keys without which the meeting, its thread, or its channel's commands would be lost."""
    return name.startswith(f"meet:{{realtimekit:{room(world)}}}") or name in CHANNELS_OWN


@pytest.mark.soak
@pytest.mark.timeout(60)
async def test_the_sweep_comes_by_itself_and_the_last_process_leaves_nothing_endless(
    redis_url: str, redis: Redis
) -> None:
    async with bench(redis_url) as world:
        await everything_was_done(world)
        waiting = endless(await ends(redis)).keys() - {THE_SWEEPS_OWN}
        assert waiting, "the engine of durable work writes keys without an end"
        while waiting & endless(await ends(redis)).keys():
            await asyncio.sleep(0.2)
    assert endless(await ends(redis)) == {}
