"""Who watched a recording, and whether its channel is to see it."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from bot.domain.ids import UserId

REMEMBERED = 200
"""How many people a recording remembers to have watched it."""


class Viewing(BaseModel):
    """When somebody watched a recording, the first and the last time."""

    model_config = ConfigDict(frozen=True)

    first: datetime
    last: datetime


class Hiding(BaseModel):
    """The last that somebody decided about what the channel sees of a recording."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    by: UserId
    hidden: bool

    @property
    def rank(self) -> tuple[datetime, UserId, bool]:
        """Of two decisions the one that ranks higher counts, whichever was heard first."""
        return self.at, self.by, self.hidden


def watched(viewers: Mapping[UserId, Viewing], by: UserId, at: datetime) -> dict[UserId, Viewing]:
    """Note that somebody watched; of too many people those stay whose ids sort first, in every order of telling."""
    known = viewers.get(by, Viewing(first=at, last=at))
    merged = {**viewers, by: Viewing(first=min(known.first, at), last=max(known.last, at))}
    return {user: merged[user] for user in sorted(merged)[:REMEMBERED]}


def decided(known: Hiding | None, told: Hiding) -> Hiding:
    """Give the later of two decisions."""
    return max((each for each in (known, told) if each is not None), key=lambda each: each.rank)
