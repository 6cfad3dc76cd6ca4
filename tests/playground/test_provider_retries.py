"""Each simulated provider sends a webhook again by its own rule."""

from collections.abc import AsyncIterator

import pytest

from playground.timers import Pace
from tests.playground.provider_support import QUICK, Side, serving


@pytest.fixture(params=["realtimekit", "dyte"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param, pace=QUICK) as side:
        yield side


@pytest.fixture
async def kit() -> AsyncIterator[Side]:
    async with serving("realtimekit", pace=QUICK) as side:
        yield side


@pytest.fixture
async def old() -> AsyncIterator[Side]:
    async with serving("dyte", pace=QUICK) as side:
        yield side


@pytest.mark.parametrize(("status", "attempts"), [(200, 1), (302, 6), (404, 6), (500, 6)])
async def test_dyte_repeats_whatever_is_not_taken(old: Side, status: int, attempts: int) -> None:
    await old.hook(events=["meeting.started"])
    old.bot.statuses = [status] * 9
    await old.enter(await old.meeting())
    await old.simulator.deliveries.settled()

    assert len(old.bot.taken) == attempts
    assert len({taken.headers["dyte-uuid"] for taken in old.bot.taken}) == 1


@pytest.mark.parametrize(("status", "attempts"), [(200, 1), (302, 1), (404, 1), (503, 4)])
async def test_realtimekit_repeats_only_server_errors(kit: Side, status: int, attempts: int) -> None:
    await kit.hook(events=["meeting.started"])
    kit.bot.statuses = [status] * 9
    await kit.enter(await kit.meeting())
    await kit.simulator.deliveries.settled()

    assert len(kit.bot.taken) == attempts


async def test_a_repetition_stops_when_it_is_taken(side: Side) -> None:
    await side.hook(events=["meeting.started"])
    side.bot.statuses = [503, 503]
    await side.enter(await side.meeting())
    await side.simulator.deliveries.settled()

    log = side.simulator.deliveries.log
    assert [(each.attempt, each.outcome) for each in log] == [(1, "503"), (2, "503"), (3, "200")]


async def test_a_slow_answer_counts_as_none(kit: Side) -> None:
    kit.simulator.pace = Pace(answer_seconds=0.01, retry_seconds=0.001)
    await kit.hook(events=["meeting.started"])
    kit.bot.sleeps = 0.05
    await kit.enter(await kit.meeting())
    await kit.simulator.deliveries.settled()

    assert [each.outcome for each in kit.simulator.deliveries.log] == ["timed out"] * 4


async def test_a_bot_that_is_away_is_tried_again(kit: Side) -> None:
    await kit.hook(events=["meeting.started"], url="http://127.0.0.1:9/")
    await kit.enter(await kit.meeting())
    await kit.simulator.deliveries.settled()

    assert [each.outcome for each in kit.simulator.deliveries.log] == ["unreachable"] * 4
