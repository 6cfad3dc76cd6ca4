"""Behind Sentinel the bot's client is as patient, as roomy and as private as before a single server."""

import asyncio
import gc
import warnings
from collections.abc import Iterator

import pytest

from bot.redis_connection import connect
from tests.redis.secured import watched_and_secured, with_tls
from tests.support.redis_forms import sentinel, until

AT_ONCE = 300


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of a server behind Sentinel."""
    with sentinel() as (url, _):
        yield url


async def test_more_may_be_asked_at_once_than_there_are_connections_at_first(address: str) -> None:
    async with connect(address) as redis:
        assert await asyncio.gather(*(redis.ping() for _ in range(AT_ONCE))) == [True] * AT_ONCE


async def test_nothing_is_left_open_behind_a_client_that_was_closed(address: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        async with connect(address) as redis:
            await redis.ping()
        del redis
        gc.collect()


async def test_what_the_address_says_besides_counts(address: str) -> None:
    async with connect(f"{address}?socket_timeout=2.5&client_name=greenroom") as redis:
        assert await redis.client_getname() in {b"greenroom", "greenroom"}
        assert redis.connection_pool.connection_kwargs["socket_timeout"] == 2.5


async def test_with_tls_the_sentinels_are_asked_with_the_same_authority_too() -> None:
    server = with_tls()
    if server is None:
        pytest.skip("no server on this machine speaks TLS")
    with watched_and_secured(server) as url:
        async with connect(url) as redis:
            assert await redis.ping()


async def test_a_master_that_was_replaced_is_left_although_it_still_answers() -> None:
    """For some ten seconds it does, to whoever only reads; what is new would pass for unknown there."""
    with sentinel() as (url, watcher):
        async with connect(url) as redis:
            before = (await redis.info("server"))["tcp_port"]
            until(lambda: watcher.execute_command("SENTINEL FAILOVER", "main"))
            until(
                lambda: watcher.execute_command("SENTINEL GET-MASTER-ADDR-BY-NAME", "main")[1] != str(before).encode()
            )
            async with asyncio.timeout(3):
                while (await redis.info("server"))["tcp_port"] == before:
                    await asyncio.sleep(0.05)
