"""What the bot's own address answers to operators and strangers, with Redis and without it."""

from collections.abc import AsyncIterator
from contextlib import ExitStack

import aiohttp
import pytest
import pytest_asyncio

from tests.edges.place import Place, town
from tests.support.bench import Bench
from tests.support.redis_server import redis_server

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def stranger(shared: Bench) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(shared.bot.url) as session:
        yield session


async def test_it_says_that_it_lives_and_is_ready(stranger: aiohttp.ClientSession) -> None:
    async with stranger.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True})
    async with stranger.get("/readyz") as answer:
        assert (answer.status, await answer.json()) == (200, {"ok": True, "redis": True, "worker": True})


async def test_prometheus_is_told_what_was_counted(here: Place, stranger: aiohttp.ClientSession) -> None:
    await here.meeting()

    async with stranger.get("/metrics") as answer:
        page = await answer.text()

    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'greenroom_slack_calls_total{method="chat.postMessage",outcome="ok"}' in page
    assert 'operation="create_meeting",outcome="ok",provider="realtimekit"' in page
    assert here.room not in page


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/slack/events", 405),
        ("DELETE", "/healthz", 405),
        ("GET", "/webhooks/realtimekit", 405),
        ("POST", "/webhooks/dyte", 404),
        ("POST", "/webhooks/realtimekit/guess", 404),
        ("POST", "/webhooks/realtimekit", 401),
        ("POST", "/slack/events", 401),
        ("PUT", "/join/x", 405),
    ],
)
async def test_strangers_are_turned_away(stranger: aiohttp.ClientSession, method: str, path: str, status: int) -> None:
    async with stranger.request(method, path) as answer:
        assert answer.status == status


@pytest.mark.asyncio(loop_scope="function")
async def test_without_redis_nothing_is_acknowledged_and_it_says_that_it_is_not_ready() -> None:
    with ExitStack() as until_gone:
        url = until_gone.enter_context(redis_server())
        async with town(url) as world, aiohttp.ClientSession(world.bot.url) as session:
            until_gone.close()

            async with session.get("/readyz") as answer:
                assert (answer.status, await answer.json()) == (503, {"ok": False, "redis": False, "worker": True})
            async with session.get("/healthz") as answer:
                assert answer.status == 200
            async with session.get("/join/anything") as answer:
                assert answer.status == 503
                assert "Something behind this page did not answer." in await answer.text()
            ack = await world.stage.slack.command("ana", "general", "/meet Weekly sync")
            assert (ack.ok, ack.status) == (False, 503)
