"""Wakes threads after webhooks were answered: soon, together, and without holding the provider up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from redis.exceptions import RedisError

from bot.domain.ids import MeetingId
from bot.log import bind, current_ref, new_ref

log = logging.getLogger(__name__)

GATHER = 0.02
"""Seconds in which a burst of events of one meeting becomes one wake-up; as many again for each meeting woken."""
LONGEST = 2.0
"""Seconds that a meeting waits at most; its card changes every three seconds at most."""
PATIENCE = 1.0

FollowAll = Callable[[Mapping[MeetingId, str]], Awaitable[None]]
"""Asks for threads to be brought up to date soon, each under a reference; durable once it returns."""


@dataclass(slots=True)
class Heard:
    """What was told of a meeting since it was last woken: the references of the deliveries, and kinds of event."""

    refs: list[str] = field(default_factory=list)
    events: set[str] = field(default_factory=set)


class Wake:
    """Asks for threads to follow, in the background; what is lost here with the process, the sweep finds."""

    def __init__(self, follow: FollowAll) -> None:
        self._follow = follow
        self._waiting: dict[MeetingId, Heard] = {}
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def soon(self, meeting_id: MeetingId, *events: str) -> None:
        """Have a meeting's thread follow within moments, because of what was told."""
        heard = self._waiting.setdefault(meeting_id, Heard())
        heard.refs.append(current_ref() or new_ref())
        heard.events.update(events)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._gather(), name="wake")

    async def _gather(self) -> None:
        meetings = 1
        while self._waiting:
            await self._pause(min(LONGEST, GATHER * meetings))
            woken, self._waiting = self._waiting, {}
            meetings = len(woken)
            await self._wake(woken)

    async def _pause(self, seconds: float) -> None:
        """Let events gather; the more meetings they are about, the longer, so that there are fewer wake-ups of each."""
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return

    async def _wake(self, woken: Mapping[MeetingId, Heard]) -> None:
        for meeting_id, heard in woken.items():
            with bind(heard.refs[-1]):
                log.info("webhooks changed %s", meeting_id, extra={"refs": heard.refs, "events": sorted(heard.events)})
        try:
            await self._follow({meeting_id: heard.refs[-1] for meeting_id, heard in woken.items()})
        except (RedisError, OSError) as trouble:
            log.warning("%d meetings are left to the sweep: %s", len(woken), type(trouble).__name__)

    async def close(self) -> None:
        """Wake whoever is still waiting, unless Redis takes too long over it; the sweep finds them, too."""
        self._hurry.set()
        if self._task:
            await asyncio.wait([self._task], timeout=PATIENCE)
            self._task.cancel()
