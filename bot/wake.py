"""Wakes threads after a webhook was answered: soon, together, and without holding the provider up."""

import asyncio
import logging

from redis.exceptions import RedisError

from bot.domain.ids import MeetingId
from bot.happenings import Follow
from bot.log import bind, current_ref, new_ref

log = logging.getLogger(__name__)

GATHER = 0.02
"""Seconds in which a burst of events of one meeting becomes one wake-up."""
PATIENCE = 1.0


class Wake:
    """Asks for threads to follow, in the background; what is lost here with the process, the sweep finds."""

    def __init__(self, follow: Follow) -> None:
        self._follow = follow
        self._waiting: dict[MeetingId, str | None] = {}
        self._task: asyncio.Task[None] | None = None

    def soon(self, meeting_id: MeetingId) -> None:
        """Have a meeting's thread follow within moments."""
        self._waiting[meeting_id] = current_ref()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._gather(), name="wake")

    async def _gather(self) -> None:
        await asyncio.sleep(GATHER)
        while self._waiting:
            meeting_id = next(iter(self._waiting))  # the one who waits longest; popitem() would take the newest
            ref = self._waiting.pop(meeting_id)
            with bind(ref or new_ref()):
                try:
                    await self._follow(meeting_id)
                except (RedisError, OSError) as trouble:
                    log.warning("%s is left to the sweep: %s", meeting_id, type(trouble).__name__)

    async def close(self) -> None:
        """Wake whoever is still waiting, unless Redis takes too long over it; the sweep finds them, too."""
        if self._task:
            await asyncio.wait([self._task], timeout=PATIENCE)
            self._task.cancel()
