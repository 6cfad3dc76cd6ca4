"""A limit of time for each of many requests, kept for all together: a timer for each costs as much as its work."""

import asyncio
from collections import deque
from types import TracebackType

OFTEN = 0.1
"""Seconds between two looks at who is late; nobody is stopped before their time, and few much after it."""


class Deadline:
    """A context that is left with ``TimeoutError`` when its time is over; as ``asyncio.timeout``, without its timer.

    Args:
        at: the time of the event loop's clock when it is over.

    """

    __slots__ = ("_before", "_late", "_task", "at")

    def __init__(self, at: float) -> None:
        self.at = at
        self._late = False
        self._task: asyncio.Task[object] | None = None

    def __enter__(self) -> None:
        """Begin, in the task whose time is limited."""
        self._task = asyncio.current_task()
        self._before = self._task.cancelling() if self._task else 0

    def end(self) -> None:
        """Stop what is still inside."""
        if self._task:
            self._late = True
            self._task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell lateness from being cancelled by others."""
        task, self._task = self._task, None
        if self._late and task and task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error


class Deadlines:
    """Gives each who asks the same number of seconds.

    Args:
        seconds: how many.

    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._given: deque[Deadline] = deque()
        self._looking = False

    def give(self) -> Deadline:
        """Give a context to be entered at once."""
        loop = asyncio.get_running_loop()
        deadline = Deadline(loop.time() + self._seconds)
        self._given.append(deadline)
        if not self._looking:
            self._looking = True
            loop.call_later(self._seconds, self._look)
        return deadline

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while self._given and self._given[0].at <= loop.time():
            self._given.popleft().end()
        self._looking = bool(self._given)
        if self._looking:
            loop.call_later(OFTEN, self._look)
