"""Moments that people marked while a recording ran, and where in its file they are."""

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from bot.domain.ids import UserId
from bot.domain.pauses import stood_still

if TYPE_CHECKING:
    from bot.domain.recording import Recording

NOTE_MAX = 200
"""Characters that a note on a moment has at most."""


class Moment(BaseModel):
    """A moment that somebody marked, with a note or without."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    by: UserId
    text: str = ""


def offset(recording: "Recording", at: datetime) -> int:
    """Give the second of the file at which a moment is: the start's lag and all pauses are not in the file.

    What was marked before the first picture is at the start, what was marked in a pause where the pause is, and
    nothing is past the end.
    """
    start = recording.started_at
    if start is None or at <= start:
        return 0
    at = min(at, recording.stopped_at or at)
    seconds = max(0, int((at - start - stood_still(recording.pauses, until=at)).total_seconds()))
    return min(seconds, recording.duration) if recording.duration is not None else seconds
