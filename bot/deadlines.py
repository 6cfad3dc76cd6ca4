"""A limit of time for each of many requests, kept for all together: a timer for each costs as much as its work."""

import asyncio
from collections import deque

OFTEN = 0.1
"""Seconds between two looks at who is late; nobody is stopped before their time, and few much after it."""


class Deadlines:
    """Gives each who asks the same number of seconds.

    Args:
        seconds: how many.

    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._given: deque[tuple[float, asyncio.Timeout]] = deque()
        self._looking = False

    def give(self) -> asyncio.Timeout:
        """Give a context in which ``TimeoutError`` is raised when the time is over."""
        loop, timeout = asyncio.get_running_loop(), asyncio.timeout(None)
        self._given.append((loop.time() + self._seconds, timeout))
        if not self._looking:
            self._looking = True
            loop.call_later(self._seconds, self._look)
        return timeout

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self._given and self._given[0][0] <= now:
            _end(self._given.popleft()[1])
        self._looking = bool(self._given)
        if self._looking:
            loop.call_later(OFTEN, self._look)


def _end(timeout: asyncio.Timeout) -> None:
    try:
        timeout.reschedule(0)
    except RuntimeError:
        return  # it was in time, and has been left
