"""One alarm a meeting: a durable task that goes off when the next thing is due, and is set anew with every change."""

from collections.abc import Callable
from datetime import timedelta

from docket import Docket, ExponentialRetry
from docket.dependencies import Retry

from bot.clock import Clock
from bot.clockwork import Clockwork
from bot.domain.ids import MeetingId
from bot.engine import moment_in
from bot.log import bind, new_ref

LONGEST_PAUSE = 60.0
"""Seconds until what failed is tried again at most."""


class Alarms:
    """Sets the alarms; what has come due by the injected clock is the clockwork's to say."""

    def __init__(self, docket: Docket, clockwork: Clockwork, clock: Clock, retried: Callable[[str], None]) -> None:
        self._docket = docket
        self._clockwork = clockwork
        self._clock = clock
        self._retried = retried
        docket.register(self.tick)

    async def wind(self, meeting_id: MeetingId, *, ticked: bool = False, tries: int = 0) -> None:
        """Set a meeting's one alarm to the next thing that time makes due, which changes with the meeting.

        What is due is seen to at once, unless it was just ``ticked``; what then failed that many ``tries`` comes again
        after a pause that grows.
        """
        while alarm := await self._clockwork.alarm(meeting_id, overdue=not ticked):
            now = self._clock()
            again = now + timedelta(seconds=_longer(tries)) if tries else None
            at = min((each for each in (alarm.at, again) if each is not None), default=None)
            if at is None:
                return
            when = moment_in((at - now).total_seconds())
            await self._docket.replace("tick", when=when, key=f"clock:{meeting_id}")(meeting_id, tries)
            # Whoever read the meeting earlier and writes later would put the alarm back: so look once more.
            after = await self._clockwork.alarm(meeting_id)
            if after is None or after.version == alarm.version:
                return

    async def tick(
        self,
        meeting_id: str,
        tries: int = 0,
        retry: Retry = ExponentialRetry(  # noqa: B008 - how pydocket takes its rules
            attempts=None, minimum_delay=timedelta(seconds=1), maximum_delay=timedelta(seconds=60)
        ),
    ) -> None:
        """Do what time has made due in a meeting, and set the alarm for what comes next."""
        del retry
        with bind(new_ref()):
            try:
                done = await self._clockwork.tick(MeetingId(meeting_id))
            except Exception:
                self._retried("tick")
                raise
            if not done:
                self._retried("tick")
            await self.wind(MeetingId(meeting_id), ticked=True, tries=0 if done else tries + 1)


def _longer(tries: int) -> float:
    """Give the seconds to wait after so many tries that failed."""
    return min(LONGEST_PAUSE, 2.0 ** min(tries, 10))
