"""A recording in the thread: one reply, edited in place, from the wish to the file."""

from bot.domain.meeting import Meeting
from bot.domain.recording import INVOKED, PAUSED, RECORDING, UPLOADED, UPLOADING, Recording
from bot.domain.timeline import part_number
from bot.exchanged import Message
from bot.views import actions, words
from bot.views.blocks import Element, button, clip_escaped, confirm, section
from bot.views.blocks import actions as row
from bot.views.reasons import FOREIGN_MAX, begun, ended
from bot.views.track_lines import tracks_line

BY_NOW = {UPLOADING: "uploading…", UPLOADED: "saved"}
"""What has become of the file of a recording that ended."""


def recording_reply(meeting: Meeting, recording: Recording) -> Message:
    """Draw the reply that follows a recording from the wish to the file."""
    line = line_of(recording, meeting)
    blocks = [section(line), *row(_controls(meeting, recording))]
    return Message(f"recording:{recording.id}", line, tuple(blocks))


def line_of(recording: Recording, meeting: Meeting | None = None) -> str:
    """Say how far a recording is, in one line; its meeting knows which part of a broken-off one it is."""
    if recording.tracks:
        return tracks_line(recording)
    lines = {INVOKED: _starting, RECORDING: _running, PAUSED: _paused}
    told = lines.get(recording.status)
    line = told(recording) if told else f"{ended(recording, meeting)} · {BY_NOW.get(recording.status, 'failed')}"
    part = part_number(meeting, recording) if meeting else 1
    line = f"Part {part} · {line}" if part > 1 else line
    if meeting and recording.status == PAUSED:
        line = " · ".join([line, *goes_on(meeting)])
    if not recording.carried or recording.is_final:
        return line
    return f"{line} · the video service says {clip_escaped(', '.join(recording.carried), FOREIGN_MAX)}"


def goes_on(meeting: Meeting) -> list[str]:
    """Say what does not pause with a recording, so that nobody off the record takes themselves to be unheard."""
    voices = ["each person's own sound is *still recorded*"] if meeting.active_tracks else []
    public = ["it is *still live to the public*"] if any(each.is_live for each in meeting.broadcasts) else []
    return voices + public


def _asked(recording: Recording) -> str:
    started = recording.first("start")
    return f" (asked by {words.mention(started.by)})" if started else ""


def _starting(recording: Recording) -> str:
    return f"Starting the recording…{_asked(recording)}"


def _running(recording: Recording) -> str:
    since = f" since {words.clock(recording.started_at)}" if recording.started_at else ""
    return f"*Recording*{since}{begun(recording)}"


def _paused(recording: Recording) -> str:
    off, pause = recording.off, recording.paused_by
    if off:
        return f"*Off the record* by {words.mention(off.by)} until {words.clock(off.until)} · resumes by itself"
    return f"*Paused* by {words.mention(pause.by)} at {words.clock(pause.at)}" if pause else "*Paused*"


def _controls(meeting: Meeting, recording: Recording) -> list[Element]:
    if recording.status not in (RECORDING, PAUSED):
        return []
    about = actions.pack(meeting.id, recording.id)
    question = confirm("Stop recording?", "The recording ends here and its file is made ready.", yes="Stop recording")
    stop = button("Stop", actions.RECORD_STOP, about, style="danger", about=meeting.title, confirm=question)
    if recording.status == PAUSED:
        return [button("Resume", actions.RECORD_RESUME, about, style="primary", about=meeting.title), stop]
    return [
        button("Pause", actions.RECORD_PAUSE, about, about=meeting.title),
        button("Off the record 10 min", actions.RECORD_OFF, about, about=meeting.title),
        button("Mark moment", actions.RECORD_MARK, about, about=meeting.title),
        stop,
    ]
