"""What a wish has done is done once, however often it is carried out."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot.journal import Journal
from bot.keys import WISH_KEPT, wish_key


class Effect:
    """Something that must happen once."""

    def __init__(self, result: str = "room-1") -> None:
        self.result = result
        self.times = 0

    async def __call__(self) -> str:
        """Happen."""
        self.times += 1
        return self.result


async def test_an_effect_is_made_once_and_its_result_is_given_every_time(redis: Redis) -> None:
    effect, again = Effect(), Effect("room-2")

    assert await Journal(redis).wish("w1").once("meeting", effect) == "room-1"
    assert await Journal(redis).wish("w1").once("meeting", again) == "room-1"
    assert (effect.times, again.times) == (1, 0)


async def test_an_effect_that_gave_nothing_is_still_made_once(redis: Redis) -> None:
    wish, effect = Journal(redis).wish("w1"), Effect("")

    assert [await wish.once("kick", effect), await wish.once("kick", effect)] == ["", ""]
    assert effect.times == 1


async def test_an_effect_that_failed_is_made_by_the_next_try(redis: Redis) -> None:
    wish, effect = Journal(redis).wish("w1"), Effect()

    async def fail() -> str:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await wish.once("meeting", fail)
    assert await wish.once("meeting", effect) == "room-1"


async def test_each_wish_and_each_step_is_its_own(redis: Redis) -> None:
    journal, effect = Journal(redis), Effect()
    await journal.wish("w1").once("meeting", effect)
    await journal.wish("w1").once("recording", effect)
    await journal.wish("w2").once("meeting", effect)

    assert effect.times == 3


async def test_of_two_that_were_made_at_once_the_first_counts_for_both(redis: Redis) -> None:
    wish, started = Journal(redis).wish("w1"), asyncio.Event()

    async def slow() -> str:
        await started.wait()
        return "second"

    async def quick() -> str:
        return "first"

    late = asyncio.create_task(wish.once("meeting", slow))
    await asyncio.sleep(0)
    assert await wish.once("meeting", quick) == "first"
    started.set()
    assert await late == "first"


async def test_a_finished_wish_is_known_to_be_finished(redis: Redis) -> None:
    wish = Journal(redis).wish("w1")
    await wish.remember("meeting", "room-1")
    assert not await wish.is_finished()

    await wish.finish()
    assert await Journal(redis).wish("w1").is_finished()
    assert await wish.recall("meeting") == "room-1"
    assert await wish.recall("recording") is None


async def test_a_wish_is_remembered_for_a_day(redis: Redis) -> None:
    await Journal(redis).wish("w1").once("meeting", Effect())

    day = int(WISH_KEPT.total_seconds())
    assert day - 5 <= await redis.ttl(wish_key("w1")) <= day
