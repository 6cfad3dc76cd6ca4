"""Telling a recording that one of our wishes began from one that somebody began elsewhere at the same moment."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.events import RecordingUpdated
from bot.domain.meeting import Meeting

ON_START = "RECORD_ON_START"
SKEW = timedelta(seconds=2)
"""How far the provider's clock may be behind ours."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word in the file name of what one wish begins, and of nothing else.

    The providers have no idempotency keys, but they call a file by the prefix that they were given, and tell its name.
    """

    word: str

    @classmethod
    def of(cls, wish: str) -> "Mark":
        """Make the word of a wish: the same at each try, and in nobody's id, because no hexadecimal has a ``g``."""
        return cls("g" + hashlib.sha256(wish.encode()).hexdigest()[:8])

    def put_on(self, prefix: str | None) -> str:
        """Give the prefix with which this wish asks for a file: letters, digits and underscores."""
        return f"{prefix or 'greenroom'}_{self.word}"

    def stands_on(self, report: RecordingUpdated) -> bool | None:
        """Tell whether the file's name has the word; None where no name was told."""
        return None if report.file is None else self.word in report.file.lower()

    def fits(self, report: RecordingUpdated, meeting: Meeting, since: datetime | None) -> bool:
        """Tell a recording that the wish began; where no name was told, one of no earlier than ``since``."""
        named = self.stands_on(report)
        return named if named is not None else is_young(report, meeting, since)


def is_young(report: RecordingUpdated, meeting: Meeting, since: datetime | None) -> bool:
    """Tell a recording that began after ``since``, and that nobody is known to have asked for."""
    if since is None or report.invoked_at is None or report.invoked_at < since - SKEW:
        return False
    known = meeting.recordings.get(report.recording_id)
    return known is None or not (known.first("start") or known.start_reason == ON_START)
