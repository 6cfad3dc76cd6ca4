"""Runs an aiohttp application in a child process, on the event loop that the bot itself runs on."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

import uvloop
from aiohttp import web

from benchmarks.load import HOST


def serve(app: web.Application) -> None:
    """Serve until told to stop."""
    run(_serve(app))


async def _serve(app: web.Application) -> None:
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        await listening(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def listening(port: int) -> None:
    """Tell the parent which port it is, and wait to be told to stop."""
    print(port, flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop: all servers get the loop that the bot's command line takes."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)
