"""What a wish did at the provider, written down at once, so that another try tells the same and does no more."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import MeetingId
from bot.journal import Wish


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the provider took.

    Args:
        meeting: in which meeting; commands are about whichever is current, which may be another by the next try.
        own: the provider's id of what it was done to.
        at: when.

    """

    meeting: MeetingId
    own: str
    at: datetime


async def note(wish: Wish, action: str, deed: Deed) -> Deed:
    """Write a deed down and give it."""
    await wish.remember(action, f"{deed.meeting} {deed.own} {deed.at.isoformat()}")
    return deed


async def recall(wish: Wish, action: str) -> Deed | None:
    """Give what an earlier try of this wish did; None where none got that far."""
    found = await wish.recall(action)
    if found is None:
        return None
    meeting, own, at = found.split(" ")
    return Deed(MeetingId(meeting), own, datetime.fromisoformat(at))
