"""When guests' passes end, and their guests with them."""

from collections.abc import Iterator

from bot.domain.ids import RecordingId
from bot.domain.meeting import Meeting
from bot.domain.timeline import Due

ENDS = "pass_ends"
NO_RECORDING = RecordingId("")
"""A pass is about no recording."""


def passes_due(meeting: Meeting) -> Iterator[Due]:
    """Give when each pass ends that was not taken back before; with the meeting all of them end anyway."""
    if meeting.closed_at:
        return
    for person, guest in meeting.roles.guests.items():
        if not meeting.roles.is_out(person):
            yield Due(ENDS, NO_RECORDING, guest.until, person)
