"""SIGTERM: the listener closes first, what is in hand is finished or handed over, and the exit code is 0."""

import asyncio
import contextlib
import hashlib
import hmac
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from redis.asyncio import Redis

from bot.slack.inbox import PATIENCE
from bot.stopping import until_stopped
from playground.stage import LOOPBACK, stage
from tests.invariants.tools import met, redis_frozen
from tests.support.bench import Bench
from tests.support.process import BotProcess, bot_process, environment_for, outside_bench

WITHIN = 10.0
TAKEN_OVER = 12.0
"""Seconds within which another replica finds what was left to it: a lease, and a sweep of the stream."""
GAVE_UP = "takes too long"
"""Said by one that has waited as long as it may for what is in hand."""

Outside = tuple[Bench, BotProcess]


@pytest.fixture
async def outside(redis_url: str) -> AsyncIterator[Outside]:
    """Give a world whose bot is a process of its own."""
    async with outside_bench(redis_url) as running:
        yield running


@asynccontextmanager
async def another(world: Bench, process: BotProcess) -> AsyncIterator[BotProcess]:
    """Run a second replica beside the first."""
    async with bot_process(environment_for(world.stage, world.redis_url, PUBLIC_URL=process.url)) as second:
        yield second


async def stopped(process: BotProcess) -> float:
    """Ask a process to end, see that it does so in order, and give the seconds it took."""
    started = time.monotonic()
    assert await process.stop() == 0, process.log
    assert "Traceback" not in process.log
    return time.monotonic() - started


async def test_an_idle_bot_ends_at_once(outside: Outside) -> None:
    _, process = outside

    assert await stopped(process) < WITHIN
    assert GAVE_UP not in process.log


async def test_a_bot_in_socket_mode_ends_at_once(redis_url: str) -> None:
    async with stage(socket_mode=True) as scene:
        settings = scene.environment(socket_mode=True) | {"REDIS_URL": redis_url}
        async with bot_process(settings) as process:
            await scene.slack.sockets.until_connected(1)

            assert await stopped(process) < WITHIN
            assert GAVE_UP not in process.log


@pytest.mark.soak
async def test_asking_twice_ends_it_in_order_too(outside: Outside) -> None:
    world, process = outside
    world.stage.provider.faults.hang("create_meeting")
    await world.says("ana", "general", "/meet Weekly sync")
    await met(world, world.stage.provider.faults)

    ending = asyncio.create_task(process.stop())
    await refused(process)
    assert await process.stop() == 0
    assert await ending == 0


async def test_an_end_that_a_library_swallows_is_kept() -> None:
    """A read from Redis that ends in the same moment takes the cancellation for its own time-out."""
    stop = asyncio.Event()

    async def work() -> str:
        with contextlib.suppress(asyncio.CancelledError):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(5)
        await stop.wait()
        return "ended"

    try:
        assert await until_stopped(work(), stop) == "ended"
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)


async def refused(process: BotProcess) -> None:
    """Wait until nobody listens any more."""
    async with asyncio.timeout(WITHIN):
        while True:
            try:
                _, writer = await asyncio.open_connection(LOOPBACK, process.port)
            except ConnectionRefusedError:
                return
            writer.close()
            await asyncio.sleep(0.02)


@pytest.mark.timeout(60)
@pytest.mark.soak
async def test_a_wish_whose_call_hangs_is_left_to_another_replica(outside: Outside) -> None:
    world, process = outside
    provider = world.stage.provider
    provider.faults.hang("create_meeting")
    await world.says("ana", "general", "/meet Weekly sync")
    await met(world, provider.faults)
    async with another(world, process) as second:
        seconds = asyncio.create_task(stopped(process))
        await refused(process)
        assert process._process is not None
        assert process._process.poll() is None, "the listener closes before the work in hand is given up"
        assert await seconds < WITHIN

        await world.until(world.channel, within=TAKEN_OVER)

        assert [room.title for room in provider.rooms.meetings.values()] == ["Weekly sync"]
        assert len(world.channel()) == 1
        assert await stopped(second) < WITHIN


async def test_a_wish_in_hand_is_finished_before_the_end(outside: Outside) -> None:
    world, process = outside
    provider = world.stage.provider
    provider.faults.slow("create_meeting", 1.0)
    await world.says("ana", "general", "/meet Weekly sync")
    await met(world, provider.faults)

    assert await stopped(process) < WITHIN

    assert [room.title for room in provider.rooms.meetings.values()] == ["Weekly sync"]
    assert len(provider.calls_of("create_meeting")) == 1
    assert '"outcome": "done"' in process.log


@pytest.mark.soak
async def test_a_command_that_is_just_being_written_down_is_acknowledged_and_kept(
    outside: Outside, redis: Redis
) -> None:
    world, process = outside
    async with redis_frozen(redis):
        saying = asyncio.create_task(world.stage.slack.command("ana", "general", "/meet Weekly sync"))
        await asyncio.sleep(0.1)  # until it waits for Redis
        ending = asyncio.create_task(stopped(process))
        await refused(process)

    answer = await saying
    assert await ending < WITHIN
    async with another(world, process):
        if answer.status == 503:  # where the machine is slow, it may not wait so long, and says so
            assert answer.seconds > PATIENCE
            await world.says("ana", "general", "/meet Weekly sync")
        await world.has_card()


@pytest.mark.soak
async def test_a_request_of_which_half_has_come_is_not_acknowledged(outside: Outside) -> None:
    """What is not written down must not be answered with 200, at the end as little as ever."""
    world, process = outside
    body = b"command=%2Fmeet&text=Weekly+sync&user_id=UANA&channel_id=CGENERAL&trigger_id=1.1"
    reader, writer = await asyncio.open_connection(LOOPBACK, process.port)
    writer.write(head(world.stage.keys.signing_secret, body) + body[:20])
    await writer.drain()

    assert await stopped(process) < WITHIN

    assert not (await reader.read()).startswith(b"HTTP/1.1 2")
    writer.close()


def head(secret: str, body: bytes) -> bytes:
    """Give the head of a request as Slack signs it."""
    now = str(int(time.time()))
    signature = hmac.new(secret.encode(), f"v0:{now}:".encode() + body, hashlib.sha256).hexdigest()
    lines = [
        "POST /slack/events HTTP/1.1",
        "Host: bot",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        f"X-Slack-Request-Timestamp: {now}",
        f"X-Slack-Signature: v0={signature}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.soak
async def test_a_redis_that_hangs_does_not_keep_it(outside: Outside, redis: Redis) -> None:
    world, process = outside
    await world.says("ana", "general", "/meet Weekly sync")
    await world.joins("ana", await world.has_card())
    async with redis_frozen(redis):
        started = time.monotonic()
        assert await process.stop() == 0
        assert time.monotonic() - started < WITHIN


@pytest.mark.timeout(60)
@pytest.mark.soak
async def test_nothing_is_lost_while_replicas_are_replaced_one_by_one(outside: Outside) -> None:
    """As in an upgrade: the new one runs, then the old one is asked to end, with commands coming in all the time."""
    world, old = outside
    async with another(world, old) as new:
        world.stage.slack.bot_url = old.url
        channels = ["general", "design"]
        await asyncio.gather(*(world.says("ana", channel, f"/meet In {channel}") for channel in channels))
        ending = asyncio.create_task(stopped(old))
        world.stage.slack.bot_url = new.url
        await world.says("bo", "leads", "/meet status")

        for channel in channels:
            await world.until(lambda name=channel: world.channel(name), within=TAKEN_OVER)
        assert await ending < WITHIN
        assert sorted(room.title for room in world.stage.provider.rooms.meetings.values()) == [
            "In design",
            "In general",
        ]
        await world.until(lambda: world.private("bo"))


async def test_readiness_follows_the_worker(outside: Outside) -> None:
    _, process = outside
    async with aiohttp.ClientSession() as client, client.get(f"{process.url}/readyz") as answer:
        assert await answer.json() == {"ok": True, "redis": True, "worker": True}
