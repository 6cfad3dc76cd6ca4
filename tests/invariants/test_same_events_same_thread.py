"""Invariant 2: any order, any repetition, any split over replicas gives the same meeting and the same thread."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from random import Random

import pytest

from tests.invariants.replicas import replicas
from tests.invariants.retelling import Retelling, deliver, facts, muddled, prepare, recorded_story, retold, thread
from tests.invariants.retelling import told_to_the_end as to_the_end
from tests.invariants.tools import chance
from tests.support.bench import Bench
from tests.support.process import bot_process, environment_for


async def test_a_story_told_in_any_order_to_any_replica_gives_one_and_the_same_thread(world: Bench) -> None:
    random = chance()
    story = await recorded_story(world)
    assert len(story.bodies) >= 10
    async with replicas(world, 3) as bots:
        urls = [bot.url for bot in bots]
        await tell_in_many_ways(world, [retold(story, number) for number in range(8)], urls, random)


@pytest.mark.soak
@pytest.mark.timeout(180)
async def test_the_same_holds_for_replicas_that_are_processes_of_their_own(world: Bench) -> None:
    random = chance()
    story = await recorded_story(world)
    environment = environment_for(world.stage, world.redis_url)
    async with AsyncExitStack() as stack:
        others = await asyncio.gather(*[stack.enter_async_context(bot_process(environment)) for _ in range(2)])
        urls = [world.bot.url, *[process.url for process in others]]
        await tell_in_many_ways(world, [retold(story, number) for number in range(20)], urls, random)


async def tell_in_many_ways(
    world: Bench, all_of_them: Sequence[Retelling], urls: Sequence[str], random: Random
) -> None:
    """Tell the first one straight and every other in a way of its own; the threads must not differ."""
    straight, *others = all_of_them
    await prepare(world, all_of_them)
    await deliver(world.stage, urls[:1], straight.bodies, random, at_once=False)
    await asyncio.gather(
        *[
            deliver(world.stage, urls, muddled(each.bodies, random), random, at_once=bool(each.number % 2))
            for each in others
        ]
    )
    await to_the_end(world, all_of_them)
    wanted, known = thread(world, straight), await facts(world, straight)
    assert [slot.partition(":")[0] for slot, *_ in wanted] == ["card", "ready", "recording", "session"]
    for each in others:
        assert await facts(world, each) == known
        assert thread(world, each) == wanted
