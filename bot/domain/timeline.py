"""What time alone makes happen to a meeting: pure functions that say what is due, and when the next thing will be.

Nothing here knows a clock. Whatever is due leaves the agenda once the meeting says that it was done, so it is done
once, by whichever process comes first, and a process that was away finds all that it missed.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.events import Noticed
from bot.domain.ids import RecordingId
from bot.domain.meeting import Meeting
from bot.domain.recording import ERRORED, INVOKED, PAUSED, UPLOADED, UPLOADING, Recording

BEFORE_LIMIT = timedelta(minutes=10)
"""How long before a recording reaches its limit people are told."""
SHARE_OF_LIMIT = 4
"""The part of a short recording's limit that this is at most: one of a minute is announced 15 s before its end."""
EMPTY_FOR = timedelta(seconds=15)
"""How long a room is empty before anything is said: people drop out and come back. Providers stop after 60 s."""
STARTS_WITHIN = timedelta(seconds=30)
"""How long a start may take (Dyte's guide says 30 s at most)."""
UPLOADS_WITHIN = timedelta(minutes=15)
"""How long a file may take to come; uploads take a small part of the recording's own length."""
BEFORE_DELETION = timedelta(days=2)


class Kind(StrEnum):
    """What can come due, and what can have been noticed."""

    RESUME = "resume"
    RESUME_FAILED = "resume_failed"
    NEAR_LIMIT = "near_limit"
    EMPTY_ROOM = "empty_room"
    START_LAGS = "start_lags"
    UPLOAD_LAGS = "upload_lags"
    EXPIRES_SOON = "expires_soon"
    DELETED = "deleted"
    RESTART = "restart"
    RESTARTING = "restarting"
    NOT_RESTARTED = "not_restarted"
    RESTART_FAILED = "restart_failed"


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done at a time.

    Args:
        kind: what.
        recording_id: to which recording.
        at: when.
        subject: what it is about; the same thing once more, later, has another subject.
        until: after which it would be pointless.

    """

    kind: str
    recording_id: RecordingId
    at: datetime
    subject: str
    until: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is to be done now."""
        return self.at <= now and (self.until is None or now < self.until)


Agenda = Callable[[Meeting], Iterable[Due]]
"""Gives everything that is still to be done about a meeting, whether its time has come or not."""


def subject_of(recording_id: RecordingId, at: datetime | None = None) -> str:
    """Name what a notice is about: a recording, or the part of its story that begins or ends at a time."""
    return f"{recording_id}@{int(at.timestamp())}" if at else recording_id


def due(meeting: Meeting, now: datetime, agenda: Agenda | None = None) -> list[Due]:
    """Give what is to be done about a meeting now, in the order in which it came due."""
    return sorted((entry for entry in (agenda or notices_due)(meeting) if entry.is_due(now)), key=_order)


def next_due(meeting: Meeting, now: datetime, agenda: Agenda | None = None) -> datetime | None:
    """Give the time at which there is something more to be done about a meeting; None where there is nothing."""
    return min((entry.at for entry in (agenda or notices_due)(meeting) if entry.at > now), default=None)


def _order(entry: Due) -> tuple[datetime, str, str]:
    return entry.at, entry.kind, entry.subject


def resumes_due(meeting: Meeting) -> Iterator[Due]:
    """Give when the recordings that are off the record are to go on."""
    for recording in meeting.unfinished_recordings:
        off = None if meeting.closed_at else recording.off
        if off:
            yield Due(Kind.RESUME, recording.id, off.until, subject_of(recording.id, off.until))


def notices_due(meeting: Meeting) -> Iterator[Due]:
    """Give what people are to be told in time, and was not told yet."""
    entries = (entry for recording in meeting.whole for entry in _about(meeting, recording))
    return (entry for entry in entries if meeting.noticed(entry.kind, entry.subject) is None)


def _about(meeting: Meeting, recording: Recording) -> Iterator[Due]:
    if recording.is_active and recording.started_at:
        # By the clock, pauses or not; if a provider counts otherwise, this comes too early and never too late.
        end = recording.started_at + recording.limit
        told = end - min(BEFORE_LIMIT, recording.limit / SHARE_OF_LIMIT)
        yield Due(Kind.NEAR_LIMIT, recording.id, told, recording.id, until=end)
    empty, asked = meeting.empty_since, recording.asked_at
    if recording.is_active and empty:
        empty = max(empty, asked or empty)
        yield Due(Kind.EMPTY_ROOM, recording.id, empty + EMPTY_FOR, subject_of(recording.id, empty))
    if recording.status == INVOKED and asked:
        yield Due(Kind.START_LAGS, recording.id, asked + STARTS_WITHIN, recording.id)
    if recording.status == UPLOADING and recording.stopped_at:
        yield Due(Kind.UPLOAD_LAGS, recording.id, recording.stopped_at + UPLOADS_WITHIN, recording.id)
    if recording.status == UPLOADED and recording.expires_at:
        yield from _the_files_end(recording, recording.expires_at)


def _the_files_end(recording: Recording, gone: datetime) -> Iterator[Due]:
    subject, told = subject_of(recording.id, gone), gone - BEFORE_DELETION
    if recording.stopped_at is None or told > recording.stopped_at:
        yield Due(Kind.EXPIRES_SOON, recording.id, told, subject, until=gone)
    yield Due(Kind.DELETED, recording.id, gone, subject)


def noticed_of(meeting: Meeting, recording: Recording) -> list[Noticed]:
    """Give what was noticed of a recording, in the order in which it was."""
    told = ((at, *key.partition("|")) for key, at in meeting.notices.items())
    found = sorted((at, kind, subject) for at, kind, _, subject in told if subject.partition("@")[0] == recording.id)
    return [Noticed(kind, subject, at) for at, kind, subject in found]


def is_deleted(meeting: Meeting, recording: Recording) -> bool:
    """Tell whether the provider has deleted a recording's file: its time was over, or somebody found it gone."""
    over = recording.expires_at and meeting.noticed(Kind.DELETED, subject_of(recording.id, recording.expires_at))
    return bool(over or meeting.noticed(Kind.DELETED, recording.id))


MOST_PARTS = 3
"""How many parts a recording has at most: what breaks off again and again is better looked at by a person."""


def restarts_due(meeting: Meeting) -> Iterator[Due]:
    """Give the recording that broke off while people are in the room, if nobody has gone on with it.

    One of which a next part was being started when a process died is seen to also while that part runs.
    """
    running = any(recording.is_active for recording in meeting.whole)
    if meeting.closed_at or not meeting.inside:
        return
    begun = [recording for recording in meeting.whole if meeting.noticed(Kind.RESTARTING, recording.id)]
    for recording in begun if running else meeting.whole[-1:]:
        settled = any(meeting.noticed(kind, recording.id) for kind in (Kind.NOT_RESTARTED, Kind.RESTART_FAILED))
        settled = settled or next_part(meeting, recording) is not None
        if is_missed(meeting, recording) and not settled and part_number(meeting, recording) < MOST_PARTS:
            at = recording.stopped_at or recording.began or meeting.created_at
            yield Due(Kind.RESTART, recording.id, at, recording.id)


BACK_WITHIN = timedelta(minutes=2)
"""How soon people are back whom the failure that broke a recording off has thrown out too."""


def is_missed(meeting: Meeting, recording: Recording) -> bool:
    """Tell whether a recording broke off that people in the room count on.

    Whoever had paused it does not: nobody may be recorded by itself who was told that nothing is recorded. Nor does
    whoever came into the room after everyone had left it, perhaps days later.
    """
    if not broke_off(recording) or recording.running == PAUSED:
        return False
    ended = recording.stopped_at or recording.running_at or recording.began
    begun = [session.started_at for session in meeting.live_sessions]
    return ended is None or not begun or any(at is None or at <= ended + BACK_WITHIN for at in begun)


LATE = timedelta(minutes=15)
"""How long after a recording broke off people still expect to be recorded without being asked; polls may take five."""


def is_too_late(recording: Recording, now: datetime) -> bool:
    """Tell whether it broke off so long ago, as while the bot was away, that going on would surprise people."""
    ended = recording.stopped_at or recording.running_at
    return ended is not None and now - ended > LATE


def broke_off(recording: Recording) -> bool:
    """Tell whether a recording ended although nobody wanted it to."""
    if recording.last("stop") or recording.reached_limit:
        return False
    if recording.status == ERRORED:
        return recording.stop_reason in (None, "INTERNAL_ERROR")
    return recording.status in (UPLOADING, UPLOADED) and recording.stop_reason == "INTERNAL_ERROR"


def part_number(meeting: Meeting, recording: Recording) -> int:
    """Count which part of a recording this is; 1 for one that was not begun because another broke off."""
    line = [recording.id]
    while (before := meeting.recordings[line[-1]].part_of) and before in meeting.recordings and before not in line:
        line.append(before)
    return len(line)


def next_part(meeting: Meeting, recording: Recording) -> Recording | None:
    """Give the part that goes on where this one broke off."""
    return next((each for each in meeting.in_order if each.part_of == recording.id), None)
