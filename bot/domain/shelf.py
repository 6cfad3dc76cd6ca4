"""The recordings of a channel, as they stand in a row: the newest first, a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import MeetingId, RecordingId, UserId
from bot.domain.meeting import Meeting
from bot.domain.recording import UPLOADED, Recording
from bot.domain.timeline import is_deleted


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Where a recording stands; ``at`` is when it began, in seconds. Later ones are greater."""

    at: float
    meeting: MeetingId
    recording: RecordingId


@dataclass(frozen=True, slots=True)
class Turn:
    """Which page is asked for: what is older, or newer, than a recording."""

    beyond: Spot
    newer: bool = False


@dataclass(frozen=True, slots=True)
class Shelved:
    """One recording of a page, and the meeting it belongs to."""

    spot: Spot
    meeting: Meeting
    recording: Recording


@dataclass(frozen=True, slots=True)
class Page:
    """What one person sees of a channel's recordings at once.

    Args:
        at: when it was looked at.
        rows: the newest first.
        turn: how this page was asked for, None for the first.
        older: whether there are older ones.
        newer: whether there are newer ones.

    """

    at: datetime
    rows: tuple[Shelved, ...] = ()
    turn: Turn | None = None
    older: bool = False
    newer: bool = False


def may_hide(meeting: Meeting, recording: Recording, user: UserId) -> bool:
    """Tell whether a person decides if the channel sees a recording: who started it, and the meeting's host."""
    started = recording.first("start")
    return user == meeting.hosted_by or (started is not None and started.by == user)


def is_visible(meeting: Meeting, recording: Recording, user: UserId) -> bool:
    """Tell whether a person is to see a recording; a hidden one only who may show it again."""
    return not recording.is_hidden or may_hide(meeting, recording, user)


def is_gone(meeting: Meeting, recording: Recording, now: datetime) -> bool:
    """Tell whether the video service has deleted its copy; the links to it are never renewed after that."""
    over = recording.expires_at is not None and recording.expires_at <= now
    return over or is_deleted(meeting, recording)


def has_file(meeting: Meeting, recording: Recording, now: datetime) -> bool:
    """Tell whether the video service has something to hand out."""
    kept = recording.chosen.bucket is not False
    return recording.status == UPLOADED and kept and not is_gone(meeting, recording, now)
