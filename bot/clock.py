"""The time of day, as a thing that is handed in, so that nothing has to wait in a test."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utcnow() -> datetime:
    """Give the time now, aware of its zone."""
    return datetime.now(UTC)
