"""Time in a simulator: how long things take, and timers that end with it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take, in seconds.

    Args:
        start_seconds: from INVOKED to RECORDING, or to LIVE.
        upload_seconds: from UPLOADING to UPLOADED, and until transcripts and the like are ready.
        empty_seconds: from the last leave to the end of the session and its recordings.
        second: how long a second of ``max_seconds`` lasts.
        retry_seconds: before the first repetition of a webhook; it doubles each time.
        answer_seconds: how long a webhook waits for its answer.

    """

    start_seconds: float = 1.5
    upload_seconds: float = 4.0
    empty_seconds: float = 5.0
    second: float = 1.0
    retry_seconds: float = 1.0
    answer_seconds: float = 3.0


class Timers:
    """Starts tasks and holds on to them, so that ``close`` leaves none behind."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run the work beside everything else; once the simulator is being closed, it does not begin."""
        task = asyncio.get_running_loop().create_task(work)
        if self._closing.is_set():
            task.cancel()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def after(self, seconds: float, action: Callable[[], Awaitable[None] | None]) -> asyncio.Task[None]:
        """Do the action once, that many seconds from now, unless the task is cancelled before."""
        return self.spawn(_later(seconds, action))

    async def until_closed(self, seconds: float) -> bool:
        """Wait that long or until the simulator is closed, and say whether it was closed."""
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Cancel every task and wait until it is gone."""
        self._closing.set()
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Changes:
    """A number that grows with every visible change, and a way to wait for the next one."""

    def __init__(self) -> None:
        self.version = 0
        self._next = asyncio.Event()

    def bump(self) -> None:
        """Count one change and wake everyone who waits."""
        self.version += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, since: int | None = None) -> int:
        """Wait until the version is past ``since`` (by default: past the present one) and return it."""
        known = self.version if since is None else since
        while self.version <= known:
            await self._next.wait()
        return self.version


async def _later(seconds: float, action: Callable[[], Awaitable[None] | None]) -> None:
    await asyncio.sleep(seconds)
    again = action()
    if again is not None:
        await again
