"""Why a recording began and why it ended, in plain words; whose doing it was where that is known."""

from datetime import timedelta

from bot.domain.meeting import Meeting
from bot.domain.recording import ERRORED, UPLOADED, Recording
from bot.views import words
from bot.views.blocks import clip_escaped

FOREIGN_MAX = 100
"""Characters of the provider's own words that are passed on."""
NAME_MAX = 60
AT_ONCE = timedelta(minutes=1)
"""How soon after a meeting is ended for everyone its recording stops."""
ELSEWHERE = {"API_CALL", None}
"""What the provider says of a stop that somebody asked for, and of one that it has no word for."""


def begun(recording: Recording) -> str:
    """Say whose doing it is that a recording runs; empty where nobody knows."""
    if recording.part_of:
        return " · begun by itself, because the part before broke off"
    started = recording.first("start")
    if started:
        return f" · started by {words.mention(started.by)}"
    if recording.start_reason == "RECORD_ON_START":
        return " · on from the start"
    if recording.started_by or recording.start_reason:
        return f" · started elsewhere{_name(recording.started_by).rstrip(',')}"
    return ""


def ended(recording: Recording, meeting: Meeting | None = None) -> str:
    """Say why a recording ended, in a sentence without a full stop; its meeting may have been ended by somebody."""
    stop, reason = recording.last("stop"), recording.stop_reason
    after = f" after {words.length(recording.duration)}" if recording.duration is not None else ""
    if stop:
        return f"Stopped by {words.mention(stop.by)}{after}"
    if recording.reached_limit and reason in ELSEWHERE:
        return f"Reached its limit of {limit(recording.limit)}"
    if reason == "INTERNAL_ERROR":
        return _broken(recording)
    if reason == "ALL_PEERS_LEFT":
        return f"Stopped{after}: {_how_everyone_left(recording, meeting)}"
    if reason == "API_CALL" or (reason is None and recording.stopped_by):
        return f"Stopped elsewhere{_name(recording.stopped_by)}{after}"
    return f"Stopped{after} ({clip_escaped(reason, FOREIGN_MAX)})" if reason else f"Stopped{after}"


def _how_everyone_left(recording: Recording, meeting: Meeting | None) -> str:
    closed = meeting.closed_at if meeting and meeting.closed_by else None
    if meeting and meeting.closed_by and closed and abs(closed - (recording.stopped_at or closed)) < AT_ONCE:
        return f"{words.mention(meeting.closed_by)} ended the meeting"
    return "everyone left"


def _broken(recording: Recording) -> str:
    length = words.length(recording.duration) if recording.duration is not None else ""
    failed = f"The video service failed{f' after {length}' if length else ''}"
    if recording.status == UPLOADED:
        return f"{failed}: {f'{length} are kept' if length else 'what it had recorded is kept'}"
    return failed if recording.status == ERRORED else f"{failed}, what there is gets saved"


def _name(name: str | None) -> str:
    shown = clip_escaped(words.one_line(name or ""), NAME_MAX)
    return f", by {shown}," if shown else ""


def limit(length: timedelta) -> str:
    """Say the longest that a recording may become as people choose it: ``90 min``, ``24 h``."""
    minutes = int(length.total_seconds()) // words.MINUTE
    if minutes < 1 or length.total_seconds() % words.MINUTE:
        return words.length(length.total_seconds())
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
