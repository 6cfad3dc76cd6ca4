"""Whoever had the last turn longest ago has the next one, on whatever replica, and nobody who is gone is waited for."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.keys import back_key, gate_key, served_key
from bot.turns import GRACE, LOOK, Place, Turns, Wait

LINE, OTHER = "{line}", "{line}:other"
EVERY = timedelta(seconds=2)
LONG_AGO = 1_000


def place(who: str, line: str = LINE, *, ahead: float = 0, every: timedelta = EVERY) -> Place:
    return Place(line, who, every, ahead=timedelta(seconds=ahead))


@pytest.fixture
def turns(redis: Redis) -> Turns:
    return Turns(redis)


@pytest.fixture
async def elsewhere(redis_url: str) -> AsyncIterator[Turns]:
    """Give the same lines as another replica sees them."""
    async with Redis.from_url(redis_url) as redis:
        yield Turns(redis)


async def gate_opens(redis: Redis, line: str = LINE) -> None:
    await redis.delete(gate_key(line))


async def next_of(turns: Turns, redis: Redis, *who: str) -> str:
    """Let the next turn come, and give who of these has it when they ask in this order."""
    await gate_opens(redis)
    return "".join([each for each in who if await turns.take(place(each)) is None])


async def had_turns(redis: Redis, *who: str) -> None:
    """Let each have had a turn, the first one longest ago, a second apart."""
    seconds, _ = await redis.time()
    await redis.zadd(served_key(LINE), {each: (seconds - 60 + number) * 1000 for number, each in enumerate(who)})
    await redis.expire(served_key(LINE), 60)


def seconds(wait: Wait | None) -> float:
    assert wait
    return wait.seconds


async def test_one_has_the_turn_and_the_others_are_told_how_many_are_before_them(turns: Turns) -> None:
    assert await turns.take(place("a")) is None

    assert 1.9 < seconds(await turns.take(place("b"))) <= 2
    assert 3.9 < seconds(await turns.take(place("c"))) <= 4


async def test_whoever_comes_by_when_the_turn_comes_does_not_snatch_it(
    turns: Turns, elsewhere: Turns, redis: Redis
) -> None:
    await turns.take(place("a"))
    await elsewhere.take(place("b"))
    await gate_opens(redis)

    assert seconds(await turns.take(place("a"))) == 2
    assert await elsewhere.take(place("b")) is None


async def test_whoever_had_none_lately_goes_before_those_who_wait_already(turns: Turns, redis: Redis) -> None:
    await had_turns(redis, "a", "b")
    await turns.take(place("c"))
    await turns.take(place("b"))
    await turns.take(place("a"))
    assert 1.9 < seconds(await turns.take(place("new"))) <= 2

    assert await next_of(turns, redis, "b", "new", "a") == "new"
    assert await next_of(turns, redis, "b", "a") == "a"
    assert await next_of(turns, redis, "b") == "b"


async def test_one_that_people_wait_for_goes_before_others_but_not_before_one_that_waited_far_longer(
    turns: Turns, redis: Redis
) -> None:
    await had_turns(redis, "patient", *"123456789", "late", "urgent")
    for who in ("x", "patient", "late"):
        await turns.take(place(who))
    await turns.take(place("urgent", ahead=5))
    await gate_opens(redis)

    assert await turns.take(place("urgent", ahead=5)), "patient waits ten seconds longer"
    assert await turns.take(place("patient")) is None
    await gate_opens(redis)
    assert await turns.take(place("late"))
    assert await turns.take(place("urgent", ahead=5)) is None


async def test_a_replica_that_died_is_waited_for_no_longer_than_a_moment(turns: Turns, redis: Redis) -> None:
    await had_turns(redis, "dead", "b")
    await turns.take(place("a"))
    await turns.take(place("dead"))
    await turns.take(place("b"))
    await gate_opens(redis)
    assert await turns.take(place("b"))

    await redis.zincrby(back_key(LINE), -(EVERY + GRACE).total_seconds() * 1000, "dead")
    assert await turns.take(place("b")) is None


async def test_one_that_is_late_has_lost_the_turn_but_not_the_rank(turns: Turns, redis: Redis) -> None:
    await had_turns(redis, "late", "b", "c")
    await turns.take(place("a"))
    for who in ("late", "b", "c"):
        await turns.take(place(who))
    await redis.zadd(back_key(LINE), {"late": LONG_AGO})
    await gate_opens(redis)
    assert await turns.take(place("b")) is None

    assert 1.9 < seconds(await turns.take(place("late"))) <= 2
    await gate_opens(redis)
    assert await turns.take(place("c"))
    assert await turns.take(place("late")) is None


async def test_nobody_looks_again_sooner_than_needed_nor_stays_away_for_long(turns: Turns) -> None:
    """Those before may give up, which nobody is told of."""
    for number in range(9):
        await turns.take(place(str(number)))

    wait = seconds(await turns.take(place("last")))
    assert LOOK.total_seconds() < wait <= (LOOK + EVERY).total_seconds()


async def test_turns_in_two_lines_are_taken_together_or_not_at_all(turns: Turns, redis: Redis) -> None:
    await turns.take(place("a", OTHER))

    refused = await turns.take(place("b"), place("b", OTHER))
    assert refused
    assert refused.line == OTHER
    assert not await redis.exists(gate_key(LINE))
    assert await turns.take(place("c")), "b keeps its place"

    await gate_opens(redis, OTHER)
    assert await turns.take(place("b"), place("b", OTHER)) is None
    assert await redis.exists(gate_key(LINE), gate_key(OTHER)) == 2


async def test_where_there_is_no_need_to_wait_nobody_does(turns: Turns) -> None:
    free = timedelta()

    assert [await turns.take(place(who, every=free)) for who in "abc"] == [None] * 3


async def test_as_long_as_all_is_closed_nobody_has_a_turn_and_the_order_stays(turns: Turns) -> None:
    assert 7.9 < seconds(await turns.take(place("a"), closed=8)) <= 8
    assert 9.9 < seconds(await turns.take(place("b"), closed=8)) <= 10

    assert await turns.take(place("b"))
    assert await turns.take(place("a")) is None


async def test_several_that_stand_for_the_same_share_its_turns(turns: Turns, redis: Redis) -> None:
    await turns.take(Place(LINE, "a!", EVERY, counted="a"))
    for who in ("a", "b"):
        await turns.take(place(who))
    await gate_opens(redis)

    assert await turns.take(place("a")), "it had its turn by the other name"
    assert await turns.take(place("b")) is None


async def test_all_who_keep_asking_have_as_many_turns_and_ask_little_more_often_than_that(
    turns: Turns, elsewhere: Turns
) -> None:
    had, asked = Counter[str](), Counter[str]()
    every = timedelta(milliseconds=20)

    async def keeps_asking(who: str, own: Turns) -> None:
        while sum(had.values()) < 60:
            asked[who] += 1
            wait = await own.take(place(who, every=every))
            if wait is None:
                had[who] += 1
            else:
                await asyncio.sleep(wait.seconds)

    await asyncio.gather(*(keeps_asking(str(number), (turns, elsewhere)[number % 2]) for number in range(6)))

    assert max(had.values()) - min(had.values()) <= 2
    assert sum(asked.values()) < 60 * 4
