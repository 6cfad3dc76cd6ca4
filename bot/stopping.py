"""SIGTERM and Ctrl+C: what runs ends in order."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")


async def until_stopped(work: Coroutine[Any, Any, Result], stop: asyncio.Event) -> Result | None:
    """Let a signal end the work in order: connections are closed, tasks in hand are finished or left to others.

    A second signal changes nothing: it would cut off the clean-up that the first one began.

    Args:
        work: is cancelled by a signal.
        stop: is set by it too, for work that would otherwise wait for ever: a cancellation is lost where a library
            takes it for the end of a time-out of its own (seen in reads from Redis while the bot starts).

    """
    task = asyncio.ensure_future(work)

    def end() -> None:
        if not stop.is_set():
            stop.set()
            task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, end)
    try:
        return await task
    except asyncio.CancelledError:
        return None
