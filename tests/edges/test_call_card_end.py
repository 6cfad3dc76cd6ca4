"""Slack's own call card is ended whatever happens to the bot, and stands only where it is wanted."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from playground.stage import Stage, stage
from tests.edges.calls import END, between_two, call_of, enters, inside, told
from tests.support.bench import QUICK, bot_on
from tests.support.clock import Ahead, alarm_is_set


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with stage(pace=QUICK) as opened:
        opened.slack.scopes.add("calls:write")
        yield opened


async def test_after_a_crash_the_end_still_comes(scene: Stage, redis_url: str) -> None:
    async with bot_on(scene, redis_url, one_click=True) as world:
        here, ana = between_two(world)
        await here.asks(ana, "/meet Secret plans")
        peer = await enters(here, "bo")
        await world.until(lambda: inside(here))
        scene.slack.faults.server_error(END, 100)
        await scene.provider.leave(peer.id)
        await world.until(lambda: END in [each.method for each in scene.slack.calls])

    assert not call_of(here).ended
    scene.slack.faults.clear()
    async with bot_on(scene, redis_url, one_click=True) as world:
        await world.until(lambda: call_of(here).ended, within=20)
        assert told(here, END)


async def test_a_call_to_which_nobody_comes_does_not_offer_join_for_ever(
    scene: Stage, redis: Redis, redis_url: str
) -> None:
    clock = Ahead()
    async with bot_on(scene, redis_url, one_click=True, clock=clock) as world:
        here, ana = between_two(world)
        await here.asks(ana, "/meet Secret plans")
        await alarm_is_set(redis, (await here.stored()).id, hours=12)

        await clock.goes_on(redis, hours=12)

        await world.until(lambda: call_of(here).ended)
        assert call_of(here).duration == 0


async def test_a_deployment_can_do_without(scene: Stage, redis_url: str) -> None:
    async with bot_on(scene, redis_url, one_click=True, CALL_CARD="off") as world:
        here, ana = between_two(world)

        await here.asks(ana, "/meet Secret plans")

        assert not here.cards


async def test_without_a_door_for_all_there_is_no_card(scene: Stage, redis_url: str) -> None:
    async with bot_on(scene, redis_url) as world:
        here, ana = between_two(world)

        await here.asks(ana, "/meet Secret plans")

        assert not here.cards
