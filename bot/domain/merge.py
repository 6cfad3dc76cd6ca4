"""How two reports of the same thing become one, whichever came first.

Every function here is commutative, associative and idempotent, so a story told in any order, any number of times,
ends in the same value.
"""

from datetime import datetime
from typing import TypeVar

Word = TypeVar("Word", bound=str)


def earliest(a: datetime | None, b: datetime | None) -> datetime | None:
    """Give the earlier of the times that are known."""
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)


def latest(a: datetime | None, b: datetime | None) -> datetime | None:
    """Give the later of the times that are known."""
    if a is None or b is None:
        return b if a is None else a
    return max(a, b)


def largest(a: int | None, b: int | None) -> int | None:
    """Give the larger of the numbers that are known."""
    if a is None or b is None:
        return b if a is None else a
    return max(a, b)


def either(a: Word | None, b: Word | None) -> Word | None:
    """Give the word that is known; of two that differ always the same one, whichever came first."""
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)
