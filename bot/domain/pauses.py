"""When a recording stood still, pieced together from what people did and from what the provider was seen doing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

EACH = timedelta(minutes=1)
"""Of every such stretch only the first and the last sighting of either kind are kept: enough to place a pause."""


class Seen(BaseModel):
    """A moment at which a recording was known to stand still, or to run."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    paused: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that is missing from the file; it has no end where the recording still stands still."""

    since: datetime
    until: datetime | None


def witnessed(known: Iterable[Seen], *more: Seen) -> tuple[Seen, ...]:
    """Add sightings to those that are known; which are kept does not depend on the order in which they came."""
    stretches: dict[tuple[int, bool], list[Seen]] = {}
    for seen in (*known, *more):
        stretches.setdefault((int(seen.at.timestamp() // EACH.total_seconds()), seen.paused), []).append(seen)
    kept = {end for stretch in stretches.values() for end in (min(stretch, key=_order), max(stretch, key=_order))}
    return tuple(sorted(kept, key=_order))


def _order(seen: Seen) -> tuple[datetime, bool]:
    """Order sightings; of two at once running counts last, as it does where a recording's status is told."""
    return seen.at, not seen.paused


def pauses_among(
    sightings: Iterable[Seen], *, started_at: datetime | None, stopped_at: datetime | None
) -> tuple[Pause, ...]:
    """Give the pauses in order: apart from each other, none empty, and all between the start and the stop."""
    found: list[Pause] = []
    since: datetime | None = None
    for seen in sorted(sightings, key=_order):
        if seen.paused:
            since = since or seen.at
        elif since is not None:
            found.append(Pause(since, seen.at))
            since = None
    if since is not None:
        found.append(Pause(since, None))
    within = (_within(pause, started_at, stopped_at) for pause in found)
    return tuple(pause for pause in within if pause.until is None or pause.since < pause.until)


def _within(pause: Pause, started_at: datetime | None, stopped_at: datetime | None) -> Pause:
    since = max(pause.since, started_at) if started_at else pause.since
    if stopped_at is None:
        return Pause(since, pause.until)
    return Pause(since, min(pause.until, stopped_at) if pause.until else stopped_at)


def stood_still(pauses: Sequence[Pause], *, until: datetime) -> timedelta:
    """Add up how long a recording stood still before a moment."""
    ends = ((pause.since, min(pause.until or until, until)) for pause in pauses)
    return sum((end - since for since, end in ends if since < end), timedelta())
