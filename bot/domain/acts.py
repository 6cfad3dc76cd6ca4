"""What people asked to be done to a recording, and what that says of when it stood still."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from bot.domain.ids import UserId
from bot.domain.pauses import Seen

RETURN = "return"
"""The act of coming back on the record at the time that somebody chose beforehand."""
GOES_ON = ("resume", RETURN)

SETTLES = timedelta(seconds=5)
"""How long a provider may still say that a recording runs that it has just paused: such a look ends nothing."""


class Act(BaseModel):
    """Something a person asked for, and when."""

    model_config = ConfigDict(frozen=True)

    action: str
    by: UserId
    at: datetime


class Off(BaseModel):
    """Somebody asked to go off the record until a time."""

    model_config = ConfigDict(frozen=True)

    by: UserId
    at: datetime
    until: datetime


def sightings(acts: Iterable[Act], offs: Iterable[Off]) -> list[Seen]:
    """Give the moments at which a recording must have stood still or run, because that is what was done to it."""
    moved = [Seen(at=act.at, paused=act.action == "pause") for act in acts if act.action in ("pause", *GOES_ON)]
    return [*moved, *(Seen(at=off.at, paused=True) for off in offs)]


def going_on(offs: Iterable[Off], acts: Iterable[Act], seen: Iterable[Seen]) -> Off | None:
    """Give the last time off the record, unless anything was done to the recording since, here or elsewhere."""
    off = max(offs, key=lambda each: (each.at, each.until, each.by), default=None)
    if off is None:
        return None
    acted = any(act.at > off.at or (act.at == off.at and act.action != "pause") for act in acts)
    ran = any(sighting.at > off.at + SETTLES and not sighting.paused for sighting in seen)
    return None if acted or ran else off
