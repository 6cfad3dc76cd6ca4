"""Replicas whose clocks differ: what the host decides last is what holds."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.domain.ids import UserId
from tests.edges.place import Place, place, town
from tests.support.clock import Ahead

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLOCK = Ahead()
FAST, SLOW = timedelta(seconds=30), timedelta()


@pytest_asyncio.fixture(loop_scope="module")
async def here(redis_process: str) -> AsyncIterator[Place]:
    """Give a channel and a bot that takes up each wish on a replica with the clock that is chosen for it."""
    async with town(redis_process, clock=CLOCK) as world:
        yield place(world)


async def decides(here: Place, by: str, text: str, *, clock: timedelta) -> str:
    CLOCK.by = clock
    return (await here.asks(by, text)).text


async def test_the_last_decision_holds_whatever_time_the_replica_has_that_took_it_up(here: Place) -> None:
    await here.meeting()

    await decides(here, "ana", "/meet add @bo", clock=FAST)
    await decides(here, "ana", "/meet remove @bo", clock=SLOW)
    assert (await here.stored()).roles.is_out(UserId("UBO"))

    await decides(here, "ana", "/meet remove @cy", clock=FAST)
    await decides(here, "ana", "/meet add @cy", clock=SLOW)
    assert not (await here.stored()).roles.is_out(UserId("UCY"))

    await decides(here, "ana", "/meet host @cy", clock=FAST)
    assert (await decides(here, "cy", "/meet host @ana", clock=SLOW)).startswith("<@UANA> hosts")
