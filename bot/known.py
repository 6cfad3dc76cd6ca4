"""Keeps the parsed form of meetings that were read or written lately, so that the same bytes are parsed once."""

from dataclasses import dataclass
from functools import reduce

from pydantic import ValidationError

from bot.domain.apply import apply
from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting
from bot.errors import WrittenByNewer
from bot.news import read

AT_MOST = 4 * 1024 * 1024
"""Bytes of meetings that are kept, counted as they lie in Redis; parsed they take seven times as much. A meeting of ten
people has 3 kB there, so some 1,400 of them."""


@dataclass(frozen=True, slots=True)
class Memory:
    """A meeting as it was in Redis once.

    Args:
        version: grows with every change.
        json: the meeting as it was last written whole.
        news: the events that were written behind it since.
        meeting: what both say together.
        whole: whether all of it was understood; what a newer replica wrote is not to be written by this one.

    """

    version: int
    json: bytes
    news: bytes
    meeting: Meeting
    whole: bool = True

    @property
    def size(self) -> int:
        """How many bytes it is in Redis."""
        return len(self.json) + len(self.news)


class Known:
    """A memory for reading meetings: what is in Redis is still read, and decides."""

    def __init__(self) -> None:
        self._known: dict[MeetingId, Memory] = {}
        self._size = 0

    def __len__(self) -> int:
        """Tell how many are kept."""
        return len(self._known)

    def recall(self, meeting_id: MeetingId) -> Memory | None:
        """Give a meeting as it was last seen; others may have changed it since."""
        return self._known.get(meeting_id)

    def parse(self, meeting_id: MeetingId, version: int, json: bytes, news: bytes) -> Memory:
        """Give the meeting that these bytes say.

        Raises:
            WrittenByNewer: this replica cannot read it at all.

        """
        known = self._known.get(meeting_id)
        if known is None or known.json != json or not news.startswith(known.news):
            known = Memory(version, json, b"", *_meeting(meeting_id, json))
        events, whole = read(news[len(known.news) :])
        memory = Memory(version, json, news, reduce(apply, events, known.meeting), known.whole and whole)
        self.keep(meeting_id, memory)
        return memory

    def keep(self, meeting_id: MeetingId, memory: Memory) -> None:
        """Remember a meeting, and forget those that were last seen the longest ago where they are too many."""
        self._forget(meeting_id)
        self._known[meeting_id] = memory
        self._size += memory.size
        while self._size > AT_MOST and len(self._known) > 1:
            self._forget(next(iter(self._known)))

    def _forget(self, meeting_id: MeetingId) -> None:
        memory = self._known.pop(meeting_id, None)
        self._size -= memory.size if memory else 0


def _meeting(meeting_id: MeetingId, json: bytes) -> tuple[Meeting, bool]:
    try:
        return Meeting.model_validate_json(json, extra="forbid"), True
    except ValidationError:
        pass
    try:
        return Meeting.model_validate_json(json), False
    except ValidationError:
        # Not chained: what pydantic says repeats what people typed.
        raise WrittenByNewer(f"{meeting_id} was written by a newer replica, and cannot be read here") from None
