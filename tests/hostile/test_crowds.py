"""Crowds of connections at a bot that is a process of its own: others notice nothing, and nothing is left of them."""

from collections.abc import AsyncIterator

import pytest

from bot.door import FIRST_REQUEST, LINGERING
from handlers.webhook import PATIENCE
from tests.hostile.crowd import HALF_A_BODY, HALF_A_HEAD, HALF_A_WEBHOOK, SILENT, are_gone, crowd, look
from tests.hostile.storm import client_of
from tests.hostile.wire import DOORS, connections_to, numbers_of
from tests.support.process import outside_bench

MEGABYTE = 1024


@pytest.mark.soak
async def test_a_crowd_that_asks_for_nothing_is_not_noticed(redis_url: str) -> None:
    async with outside_bench(redis_url) as (world, process):
        await world.says("ana", "general", "/meet Weekly sync")
        await world.has_card()
        before = await look(world, process)
        async with crowd(process.url, 150, SILENT), crowd(process.url, 50, HALF_A_HEAD):
            meanwhile = await look(world, process)
            assert connections_to(process.url) >= 200
        assert meanwhile.memory < before.memory + 30 * MEGABYTE
        assert meanwhile.middle < before.middle + 250


@pytest.mark.soak
async def test_bodies_that_are_too_large_leave_nothing_behind(redis_url: str) -> None:
    """Neither those that say so, nor those that come in chunks."""
    large = bytes(300_000)

    async def chunks() -> AsyncIterator[bytes]:
        for at in range(0, len(large), 50_000):
            yield large[at : at + 50_000]

    async with outside_bench(redis_url) as (_, process), client_of(4) as client:
        before, _ = numbers_of(process.pid)
        for door in DOORS:
            for _ in range(40):
                async with client.post(process.url + door, data=large) as answer:
                    assert answer.status == 413
                async with client.post(process.url + door, data=chunks()) as answer:
                    assert answer.status == 413
        after, _ = numbers_of(process.pid)
    assert after < before + 12 * MEGABYTE


@pytest.mark.soak
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("ways", "patience"),
    [
        ((SILENT, HALF_A_HEAD), FIRST_REQUEST * 1.2),
        ((HALF_A_BODY, HALF_A_WEBHOOK), max(2.5, PATIENCE) + LINGERING),
    ],
    ids=["silent, and half a head", "half a body, at both doors"],
)
async def test_a_thousand_connections_are_let_go_in_time_and_leave_nothing(
    redis_url: str, ways: tuple[bytes, bytes], patience: float
) -> None:
    """Half of them of one kind, half of another, as each is waited for; ``tests.hostile.measure`` has each alone."""
    async with outside_bench(redis_url) as (world, process):
        await world.says("ana", "general", "/meet Weekly sync")
        await world.has_card()
        before = await look(world, process)
        async with crowd(process.url, 500, ways[0]) as some, crowd(process.url, 500, ways[1]) as others:
            meanwhile = await look(world, process)
            assert await are_gone([*some, *others], within=patience + 10)
        after = await look(world, process)
        assert meanwhile.middle < before.middle + 250
        assert after.files <= before.files + 5
        assert after.memory < before.memory + 250 * MEGABYTE
