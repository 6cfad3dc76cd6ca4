"""Limits of time that are kept for many together."""

import asyncio

import pytest

from bot.deadlines import Deadlines


async def test_who_is_late_is_told_after_their_time_and_not_before() -> None:
    deadlines, loop = Deadlines(0.2), asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(TimeoutError), deadlines.give():
        await asyncio.sleep(5)
    assert 0.2 <= loop.time() - began < 5


async def test_who_is_in_time_hears_nothing_of_it_later() -> None:
    deadlines = Deadlines(0.05)
    with deadlines.give():
        await asyncio.sleep(0)
    await asyncio.sleep(0.3)  # past their time, and past a look at who is late


async def test_each_has_their_own_time_however_many_they_are() -> None:
    deadlines = Deadlines(0.3)
    ended: list[str] = []

    async def work(name: str, seconds: float) -> None:
        try:
            with deadlines.give():
                await asyncio.sleep(seconds)
            ended.append(f"{name} was in time")
        except TimeoutError:
            ended.append(f"{name} was late")

    first = [work(f"slow {number}", 5) for number in range(3)]
    await asyncio.gather(*first, work("quick", 0.01))
    await asyncio.gather(work("next", 5))  # after a pause in which nobody was waited for

    assert ended == ["quick was in time", "slow 0 was late", "slow 1 was late", "slow 2 was late", "next was late"]


async def test_who_is_cancelled_is_cancelled_and_not_late() -> None:
    deadlines = Deadlines(5)

    async def work() -> None:
        with deadlines.give():
            await asyncio.sleep(5)

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
