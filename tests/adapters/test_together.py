"""Going to Redis together: everyone gets their own answer, and nobody suffers for another."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as TooLate

from bot import together
from bot.redis_connection import connect_untimed
from bot.together import Together

SET = ("SET", "n", 1, "EX", 60)


async def commands_and_reads(redis: Redis) -> tuple[int, int]:
    """Count what the server has carried out, and in how many reads it took it in."""
    stats: dict[str, Any] = await redis.info("stats")
    return stats["total_commands_processed"], stats["total_reads_processed"]


async def test_everyone_gets_the_answers_to_their_own_commands(redis: Redis) -> None:
    way = Together(redis)

    async def write_and_read(number: int) -> list[Any]:
        return await way.ask(
            ("SET", f"key:{number}", number, "EX", 60), ("GET", f"key:{number}"), ("STRLEN", f"key:{number}")
        )

    answers = await asyncio.gather(*(write_and_read(number) for number in range(3 * together.AT_MOST)))
    assert [found for _, found, _ in answers] == [str(number).encode() for number in range(3 * together.AT_MOST)]


async def test_those_who_come_at_the_same_moment_go_together(redis: Redis) -> None:
    way = Together(redis)
    await way.ask(("PING",))
    commands, reads = await commands_and_reads(redis)
    await asyncio.gather(*(way.ask(SET) for _ in range(100)))
    more_commands, more_reads = await commands_and_reads(redis)
    assert more_commands - commands >= 100
    assert more_reads - reads < 20


async def test_what_one_asks_stays_in_order(redis: Redis) -> None:
    way = Together(redis)
    told = await asyncio.gather(*(way.ask(("SET", "x", n, "EX", 60), ("GET", "x")) for n in range(20)))
    assert [found for _, found in told] == [str(n).encode() for n in range(20)]


async def test_a_refused_command_is_only_its_callers_trouble(redis: Redis) -> None:
    way = Together(redis)
    await redis.set("text", "no number", ex=60)
    good, bad, other = await asyncio.gather(
        way.ask(("SET", "a", 1, "EX", 60)),
        way.ask(("INCR", "text"), SET),
        way.ask(("GET", "a")),
        return_exceptions=True,
    )
    assert isinstance(bad, ResponseError)
    assert (bool(good), other) == (True, [b"1"])  # type: ignore[arg-type]


async def test_one_who_goes_away_leaves_the_others_alone(redis: Redis) -> None:
    way = Together(redis)
    gone, stays = asyncio.create_task(way.ask(SET)), asyncio.create_task(way.ask(SET))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == [True]
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_nobody_waits_behind_a_batch_that_hangs(redis: Redis) -> None:
    way = Together(redis)
    hangs = asyncio.create_task(way.ask(("BLPOP", "nothing comes here", 0.6)))
    await asyncio.sleep(0.01)
    async with asyncio.timeout(0.4):
        assert await way.ask(SET) == [True]
    assert await hangs == [None]


async def test_a_batch_that_is_not_answered_in_time_is_given_up_and_its_connection_with_it(redis_url: str) -> None:
    async with connect_untimed(redis_url) as untimed:
        way = Together(untimed, within=0.2)
        async with asyncio.timeout(3):
            with pytest.raises(TooLate):
                await way.ask(("BLPOP", "nothing comes here", 5))
        assert await way.ask(SET, ("GET", "n")) == [True, b"1"]


async def test_a_lost_connection_is_told_to_all_and_the_next_ones_are_served(redis_url: str, redis: Redis) -> None:
    nowhere = Redis(unix_socket_path="/nowhere/at/all", retry=None)
    way = Together(nowhere)
    told = await asyncio.gather(*(way.ask(("PING",)) for _ in range(3)), return_exceptions=True)
    assert all(isinstance(one, Lost) for one in told)
    await nowhere.aclose()

    live = Together(redis)
    hangs = asyncio.create_task(live.ask(("BLPOP", "nothing comes here", 5)))
    async with Redis.from_url(redis_url) as other:
        while not [client for client in await other.client_list() if client["cmd"] == "blpop"]:
            await asyncio.sleep(0.01)
        [blocked] = [client for client in await other.client_list() if client["cmd"] == "blpop"]
        await other.client_unblock(int(blocked["id"]), error=True)
    with pytest.raises(RedisError):
        await hangs
    assert await live.ask(SET) == [True]
