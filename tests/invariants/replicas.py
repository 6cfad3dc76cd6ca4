"""More bots on the same Redis, in this process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from bot.bootstrap import Bot, running
from playground.stage import free_port
from tests.support.bench import Bench


@asynccontextmanager
async def replicas(world: Bench, count: int) -> AsyncIterator[list[Bot]]:
    """Run as many bots that there are ``count`` with the world's own, which is the first."""
    async with AsyncExitStack() as stack:
        bots = [world.bot]
        for _ in range(count - 1):
            settings = world.stage.settings(REDIS_URL=world.redis_url, PORT=str(free_port()), POLL_SECONDS="3600")
            bots.append(await stack.enter_async_context(running(settings)))
        yield bots
