"""Keeps the parsed form of meetings that were read or written lately, so that the same bytes are parsed once."""

from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting

AT_MOST = 256
"""Meetings that are kept."""


class Known:
    """A memory for ``Meeting.model_validate_json``: what is in Redis is still read each time, and decides."""

    def __init__(self) -> None:
        self._known: dict[MeetingId, tuple[bytes, Meeting]] = {}

    def __len__(self) -> int:
        """Tell how many are kept."""
        return len(self._known)

    def parse(self, meeting_id: MeetingId, json: bytes) -> Meeting:
        """Give the meeting that these bytes say."""
        known, meeting = self._known.get(meeting_id, (b"", None))
        if meeting is None or known != json:
            meeting = Meeting.model_validate_json(json)
            self.keep(meeting_id, json, meeting)
        return meeting

    def keep(self, meeting_id: MeetingId, json: bytes, meeting: Meeting) -> None:
        """Remember a meeting and the bytes that say it, and forget the one that changed the longest ago."""
        self._known.pop(meeting_id, None)
        self._known[meeting_id] = json, meeting
        if len(self._known) > AT_MOST:
            del self._known[next(iter(self._known))]
