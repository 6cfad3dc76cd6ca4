"""A clock that goes only when it is told to."""

from datetime import datetime, timedelta

from tests.support.stories import BEGUN


class Clock:
    """The time of day in tests."""

    def __init__(self, now: datetime = BEGUN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now

    def goes_on(self, **length: float) -> datetime:
        """Let some time pass, and give the new one."""
        self.now += timedelta(**length)
        return self.now
