"""What Slack's own card of a call is to show: whether the call is over, how long it was, and when to give it up."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.ids import RecordingId
from bot.domain.meeting import NOBODY_CAME, Meeting, Status
from bot.domain.timeline import Due

LAPSES = "call_lapses"
NO_RECORDING = RecordingId("")
"""A call is about no recording."""


def is_over(meeting: Meeting) -> bool:
    """Tell whether the calls of a meeting are to be ended: everybody has left, it was closed, or nobody ever came."""
    return meeting.status in {Status.ENDED, Status.CLOSED} or meeting.noticed(LAPSES, meeting.id) is not None


def lasted(meeting: Meeting) -> timedelta | None:
    """Tell for how long people were in the room, from the first one in to the end; None where nobody was."""
    begun = [at for session in meeting.sessions.values() if (at := session.started_at)]
    begun += [at for presence in meeting.presences.values() if (at := presence.joined_at)]
    ends = [at for session in meeting.sessions.values() if (at := session.ended_at)]
    end = max(ends, default=None) if not meeting.live_sessions else meeting.closed_at
    end = end or meeting.empty_since or meeting.closed_at
    return max(end - min(begun), timedelta(0)) if begun and end else None


def calls_due(meeting: Meeting) -> Iterator[Due]:
    """Give when a call to which nobody comes is to be ended, so that it does not offer Join for ever."""
    if meeting.calls and meeting.status is Status.CREATED and meeting.noticed(LAPSES, meeting.id) is None:
        yield Due(LAPSES, NO_RECORDING, _awaited_until(meeting), meeting.id)


def _awaited_until(meeting: Meeting) -> datetime:
    return max(meeting.created_at, meeting.awaited_at or meeting.created_at) + NOBODY_CAME
