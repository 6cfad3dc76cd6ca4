"""A world for a module, and a channel in it for a test."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from tests.edges.place import Place, place, town
from tests.limits.checker import breaches
from tests.limits.desk import Desk, two_replicas
from tests.support.bench import Bench
from tests.support.chat_double import ChatDouble
from tests.support.clock import Clock
from tests.support.scene import Scene


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot that a module's tests share, each in a channel of its own; it has just the manifest's scopes."""
    async with town(redis_process) as world:
        yield world
        assert breaches(world.stage.slack.calls) == []


@pytest.fixture
def here(shared: Bench) -> Iterator[Place]:
    """Give a channel of one's own, in a world where all goes well."""
    yield place(shared)
    shared.stage.slack.faults.clear()


@pytest.fixture
def chat() -> ChatDouble:
    return ChatDouble()


@pytest.fixture
def scene(redis: Redis, chat: ChatDouble) -> Scene:
    """Give one meeting and its thread on a Slack in memory."""
    return Scene(redis, Clock(), chat)


@pytest.fixture
async def desk(redis_url: str) -> AsyncIterator[Desk]:
    """Give Slack's Web API played on this machine, and two replicas' ways to it."""
    async with two_replicas(redis_url) as made:
        yield made
