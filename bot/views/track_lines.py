"""How far a recording of each person's own sound is, in one line."""

from bot.domain.recording import INVOKED, UPLOADED, UPLOADING, Recording
from bot.views import words


def tracks_line(recording: Recording) -> str:
    """Say how far it is, in one line."""
    started = recording.first("start")
    by = f" · started by {words.mention(started.by)}" if started else ""
    if recording.status == INVOKED:
        asked = f" (asked by {words.mention(started.by)})" if started else ""
        return f"Starting to record each person's own sound…{asked}"
    if recording.is_active:
        since = f" since {words.clock(recording.started_at)}" if recording.started_at else ""
        return f"*Recording each person's own sound*{since}{by}"
    ends = {UPLOADING: "uploading…", UPLOADED: "saved"}
    return f"{_stopped(recording)} · {ends.get(recording.status, 'failed')}"


def _stopped(recording: Recording) -> str:
    stop = recording.last("stop")
    by = f" by {words.mention(stop.by)}" if stop else ""
    after = f" after {words.length(recording.duration)}" if recording.duration is not None else ""
    return f"Each person's own sound: stopped{by}{after}"
