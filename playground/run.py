"""``greenroom playground``: everything on this machine, with no account anywhere."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.bootstrap import running
from bot.embedded_redis import embedded_redis
from bot.log import configure
from playground.rooms import ProviderName
from playground.stage import LOOPBACK, free_port, stage
from playground.visitors import let_in

POLL_SECONDS = "5"
"""Sooner than in real life, so that a dropped webhook is seen to be made good."""

STORAGE = """
[profiles.archive]
type = "aws"
access_key = "AKIA-of-nobody"
secret = "a-secret-of-nobody"
bucket = "meetings"
region = "eu-central-1"
"""
"""A storage to choose; the simulated provider takes it, and sends nothing anywhere."""


async def run(*, host: str, port: int, provider: ProviderName, socket_mode: bool, ready: Callable[[str], None]) -> None:
    """Run the playground until it is cancelled.

    Args:
        host: the network interface of the page.
        port: the port of the page.
        provider: which video service the bot thinks it uses.
        socket_mode: whether the bot is reached by Socket Mode.
        ready: told the page's address once all is up.

    """
    with tempfile.TemporaryDirectory(prefix="greenroom-") as directory:
        async with (
            embedded_redis(Path(directory)) as redis_url,
            stage(host=host, port=port, provider=provider, socket_mode=socket_mode) as scene,
        ):
            let_in(scene.slack.workspace)
            scene.slack.scopes.add("calls:write")
            scene.slack.workspace.have_portraits_at(scene.url)
            bot_port = free_port()
            bot_url = f"http://{LOOPBACK}:{bot_port}"
            scene.slack.bot_url = None if socket_mode else bot_url
            settings = scene.settings(
                provider=provider,
                socket_mode=socket_mode,
                REDIS_URL=redis_url,
                **scene.one_click(bot_url),
                PORT=str(bot_port),
                POLL_SECONDS=POLL_SECONDS,
                RECORDING_STORAGE_PROFILES=STORAGE,
            )
            configure(settings.log_level, settings.log_format, settings.secrets())
            async with running(settings):
                ready(scene.url)
                await asyncio.Event().wait()
