"""A bot that starts while something it needs is away."""

import asyncio

from bot.bootstrap import running
from playground.stage import LOOPBACK, free_port, stage


async def test_the_webhook_is_registered_once_the_provider_is_back(redis_url: str) -> None:
    """A provider that is away at the start must not leave the bot without webhooks until the next start."""
    async with stage() as scene:
        port = free_port()
        url = f"http://{LOOPBACK}:{port}"
        scene.provider.faults.unreachable = True
        settings = scene.settings(REDIS_URL=redis_url, PORT=str(port), PUBLIC_URL=url)
        async with running(settings):
            assert not scene.provider.rooms.webhooks
            scene.provider.faults.unreachable = False

            async with asyncio.timeout(5):
                while not scene.provider.rooms.webhooks:
                    await asyncio.sleep(0.02)


async def test_a_redis_that_is_away_at_the_start_does_not_end_a_bot_with_a_public_address() -> None:
    """Without an address it waits for Redis to come; with one it must not do worse."""
    async with stage() as scene:
        port = free_port()
        nowhere = f"redis://{LOOPBACK}:{free_port()}/0"
        settings = scene.settings(REDIS_URL=nowhere, PORT=str(port), PUBLIC_URL=f"http://{LOOPBACK}:{port}")
        async with running(settings) as bot:
            assert bot.url.endswith(str(port))
