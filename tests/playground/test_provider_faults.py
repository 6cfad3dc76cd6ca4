"""What can be made to go wrong at the simulated providers."""

import asyncio
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import aiohttp
import pytest

from playground.faults import ProviderFaults
from tests.playground.provider_support import QUICK, Side, serving, until


@pytest.fixture(params=["realtimekit", "dyte"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param, pace=QUICK) as side:
        yield side


async def come_and_go(side: Side, times: int = 1) -> None:
    meeting = await side.meeting()
    for number in range(times):
        await side.enter(meeting, f"U{number}")
    await side.simulator.deliveries.settled()


# ---------------------------------------------------------------- calls


async def test_the_next_calls_of_an_operation_fail_and_others_do_not(side: Side) -> None:
    side.simulator.faults.fail("create_meeting", 503, times=2)

    assert [(await side.call("POST", "/meetings", {}))[0] for _ in range(3)] == [503, 503, 201]
    assert (await side.call("GET", "/meetings"))[0] == 200


async def test_a_failure_can_have_any_body_and_headers(side: Side) -> None:
    side.simulator.faults.fail("*", 429, "slow down", headers={"retry-after": "7"})

    headers = {"authorization": side.authorization}
    async with side.client.get(f"{side.base}/meetings", headers=headers) as answer:
        assert (answer.status, await answer.text(), answer.headers["retry-after"]) == (429, "slow down", "7")


async def test_a_failure_can_come_after_the_effect(side: Side) -> None:
    side.simulator.faults.fail("create_meeting", after=True)

    assert (await side.call("POST", "/meetings", {}))[0] == 500
    assert len(await side.ok("GET", "/meetings")) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_connection_breaks_before_or_after_the_effect(side: Side, after: bool) -> None:
    side.simulator.faults.drop("create_meeting", after=after)

    with pytest.raises(aiohttp.ClientError):
        await side.call("POST", "/meetings", {})
    assert len(await side.ok("GET", "/meetings")) == int(after)
    assert side.simulator.calls_of("create_meeting")[0].status == 0


@pytest.mark.parametrize("after", [False, True])
async def test_a_call_hangs_until_its_caller_gives_up(side: Side, after: bool) -> None:
    side.simulator.faults.hang("create_meeting", after=after)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(side.call("POST", "/meetings", {}), 0.2)
    assert len(side.simulator.rooms.meetings) == int(after)
    await until(lambda: side.simulator.calls_of("create_meeting"))


async def test_a_call_can_be_slow(side: Side) -> None:
    side.simulator.faults.slow("list_meetings", 0.05)
    began = asyncio.get_running_loop().time()
    await side.ok("GET", "/meetings")

    assert asyncio.get_running_loop().time() - began >= 0.05


async def test_a_fault_can_be_meant_for_one_provider(side: Side) -> None:
    side.simulator.faults.fail("list_meetings", provider="dyte")

    assert (await side.call("GET", "/meetings"))[0] == (500 if side.name == "dyte" else 200)


async def test_a_provider_that_is_down_answers_500_even_for_its_key(side: Side) -> None:
    side.simulator.faults.down = True

    assert (await side.refused("GET", "/meetings"))[0] == 500
    async with side.client.get(side.simulator.key_url(side.name)) as answer:
        assert answer.status == 500


async def test_a_provider_that_refuses_does_so_as_to_wrong_credentials(side: Side) -> None:
    side.simulator.faults.refused = True

    status, answer = await side.call("GET", "/meetings")
    assert (status, "errors" in answer) == (401, side.name == "realtimekit")


async def test_a_provider_that_is_unreachable_breaks_every_connection(side: Side) -> None:
    side.simulator.faults.unreachable = True

    with pytest.raises(aiohttp.ClientError):
        await side.call("GET", "/meetings")


async def test_a_slow_provider_is_slow_for_every_call(side: Side) -> None:
    side.simulator.faults.slow_seconds = 0.03
    began = asyncio.get_running_loop().time()
    await side.ok("GET", "/presets")

    assert asyncio.get_running_loop().time() - began >= 0.03


async def test_closing_lets_go_of_a_hanging_call() -> None:
    async with serving() as side:
        side.simulator.faults.hang("create_meeting")
        hanging = asyncio.create_task(side.call("POST", "/meetings", {}))
        await asyncio.sleep(0.02)
        await side.simulator.close()
        with pytest.raises(aiohttp.ClientError):
            await hanging


# ---------------------------------------------------------------- webhooks


async def test_every_webhook_can_be_lost(side: Side) -> None:
    await side.hook()
    side.simulator.faults.webhooks.drop_all = True
    await come_and_go(side)

    assert side.bot.taken == []
    assert {each.outcome for each in side.simulator.deliveries.log} == {"dropped"}


async def test_the_next_webhooks_can_be_lost(side: Side) -> None:
    await side.hook()
    side.simulator.faults.webhooks.drop_next = 1
    await come_and_go(side)

    assert side.bot.events == ["meeting.participantJoined"]


async def test_webhooks_are_lost_by_chance(side: Side) -> None:
    await side.hook()
    webhooks = side.simulator.faults.webhooks
    webhooks.random, webhooks.drop_chance = Random(4), 0.5  # noqa: S311 - chance that can be repeated
    await come_and_go(side, times=20)

    assert 2 < len(side.bot.taken) < 19


async def test_webhooks_can_arrive_twice(side: Side) -> None:
    await side.hook(events=["meeting.started"])
    side.simulator.faults.webhooks.double = True
    await come_and_go(side)

    first, second = side.bot.taken
    assert first == second


async def test_webhooks_can_arrive_in_another_order(side: Side) -> None:
    await side.hook(events=["meeting.participantJoined"])
    webhooks = side.simulator.faults.webhooks
    webhooks.random, webhooks.shuffle = Random(1), 6  # noqa: S311 - chance that can be repeated
    await come_and_go(side, times=6)

    order = [each["participant"]["customParticipantId"] for each in side.bot.of("meeting.participantJoined")]
    assert sorted(order) == [f"U{number}" for number in range(6)]
    assert order != sorted(order)


async def test_what_is_held_for_shuffling_is_sent_after_a_while(side: Side) -> None:
    await side.hook(events=["meeting.started"])
    webhooks = side.simulator.faults.webhooks
    webhooks.shuffle, webhooks.shuffle_seconds = 100, 0.02
    await side.enter(await side.meeting())

    await until(lambda: side.bot.taken)


async def test_webhooks_can_be_late(side: Side) -> None:
    await side.hook(events=["meeting.started"])
    side.simulator.faults.webhooks.late_seconds = 0.3
    await side.enter(await side.meeting())
    await asyncio.sleep(0.02)
    assert side.bot.taken == []

    await side.simulator.deliveries.settled()
    assert side.bot.events == ["meeting.started"]


# ---------------------------------------------------------------- switches


def test_the_panel_can_turn_every_switch() -> None:
    faults = ProviderFaults()
    for name, value in faults.switches().items():
        faults.switch(name, not value if isinstance(value, bool) else value + 1)

    assert all(value != ProviderFaults().switches()[name] for name, value in faults.switches().items())
    assert faults.webhooks.drop_all


@pytest.mark.parametrize(("name", "value"), [("down", 1), ("slow_seconds", "2"), ("fail_uploads", -1)])
def test_a_switch_takes_only_its_own_kind(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=name):
        ProviderFaults().switch(name, value)


def test_a_switch_that_is_not_there_cannot_be_turned() -> None:
    with pytest.raises(KeyError):
        ProviderFaults().switch("calls", 1)


def test_clearing_makes_everything_well_again() -> None:
    faults = ProviderFaults()
    faults.fail("*")
    faults.switch("down", True)
    faults.switch("webhooks.double", True)
    faults.clear()

    assert faults.switches() == ProviderFaults().switches()
    assert faults.calls == []
