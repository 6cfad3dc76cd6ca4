"""A world for a module, and a channel in it for a test."""

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.log import QUIETEST
from playground.stage import Stage, stage
from tests.edges.place import Place, place, town
from tests.support.bench import QUICK, Bench


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot on RealtimeKit that a module's tests share, each in a channel of its own."""
    async with town(redis_process) as world:
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene() -> AsyncIterator[Stage]:
    """Give the simulators alone, on which a module's tests start and end bots of their own."""
    async with stage(pace=QUICK) as standing:
        yield standing


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def own_redis(redis_process: str) -> AsyncIterator[Redis]:
    """Give the Redis of a module's own bots, with nothing in it."""
    client = Redis.from_url(redis_process, decode_responses=True)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def here(shared: Bench) -> Iterator[Place]:
    """Give a channel of one's own, in a world where all goes well."""
    yield place(shared)
    shared.stage.provider.faults.clear()
    shared.stage.slack.faults.clear()


@pytest.fixture
def own_log() -> Iterator[None]:
    """Let a command set up the log as it likes, and put it back as it was."""
    known = [logging.getLogger(), *(logging.getLogger(name) for name in (*QUIETEST, "docket"))]
    before = [(logger, logger.level, list(logger.handlers)) for logger in known]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers
