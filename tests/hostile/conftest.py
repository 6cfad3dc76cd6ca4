"""One world for a module: what is sent at it here is supposed to leave no trace."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.edges.place import town
from tests.support.bench import Bench


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot on RealtimeKit that a module's tests share, each in a channel of its own."""
    async with town(redis_process) as world:
        yield world
