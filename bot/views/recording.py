"""A recording in the thread: one reply edited in place, then a new one when its file is ready or lost."""

from bot.domain.meeting import Meeting
from bot.domain.recording import ERRORED, INVOKED, PAUSED, RECORDING, UPLOADED, UPLOADING, Recording
from bot.exchanged import Message
from bot.views import actions, words
from bot.views.blocks import Element, button, clip_escaped, confirm, section
from bot.views.blocks import actions as row

FULL_DAY = 86_400
SHORT = 5
FOREIGN_MAX = 100
"""Characters of the provider's own words that are passed on."""


def recording_reply(meeting: Meeting, recording: Recording) -> Message:
    """Draw the reply that follows a recording from the wish to the file."""
    line = line_of(recording)
    blocks = [section(line), *row(_controls(meeting, recording))]
    return Message(f"recording:{recording.id}", line, tuple(blocks))


def ready_reply(meeting: Meeting, recording: Recording) -> list[Message]:
    """Draw the announcement of a finished recording; links are fetched at the click and never stand here."""
    if recording.status != UPLOADED:
        return []
    if recording.is_hidden:
        return [_hidden(f"ready:{recording.id}", meeting, recording, broadcast=True)]
    facts = [words.length(recording.duration)] if recording.duration is not None else []
    facts += [words.size(recording.size)] if recording.size else []
    kept = [f"kept until {words.day(recording.expires_at)}"] if recording.expires_at else []
    line = " · ".join(["*Recording ready*", *facts, *kept])
    about = actions.pack(meeting.id, recording.id)
    buttons = [button("Watch", actions.RECORD_WATCH, about, style="primary", about=meeting.title)]
    if recording.audio:
        buttons.append(button("Download audio", actions.RECORD_AUDIO, about, about=meeting.title))
    text = f"{words.title(meeting)}: {line}"
    return [Message(f"ready:{recording.id}", text, (section(line), *row(buttons)), broadcast=True)]


def failed_reply(meeting: Meeting, recording: Recording) -> list[Message]:
    """Draw the bad news: who asked for it, what is lost, what can be done."""
    if recording.status != ERRORED:
        return []
    if recording.is_hidden:
        return [_hidden(f"failed:{recording.id}", meeting, recording)]
    started = recording.first("start")
    owner = f"{words.mention(started.by)}, the" if started else "The"
    line = f"*Recording failed* · {owner} recording {_lost(recording)}, and there is no file of it."
    if recording.duration is not None and recording.duration < SHORT:
        line += f" Recordings under {SHORT} s are not kept by the video service."
    buttons = [] if meeting.closed_at else [button("Try again", actions.RECORD_START, meeting.id, about=meeting.title)]
    text = f"{words.title(meeting)}: {line}"
    return [Message(f"failed:{recording.id}", text, (section(line), *row(buttons)))]


def _hidden(slot: str, meeting: Meeting, recording: Recording, *, broadcast: bool = False) -> Message:
    """Draw what is left of a recording's announcement once somebody has hidden it from the channel."""
    line = hidden_line(recording)
    return Message(slot, f"{words.title(meeting)}: {line}", (section(line),), broadcast=broadcast)


def hidden_line(recording: Recording) -> str:
    """Say who has hidden a recording."""
    return "Recording hidden" + (f" by {words.mention(recording.hiding.by)}" if recording.hiding else "")


def _lost(recording: Recording) -> str:
    if recording.duration:
        return f"broke off after {words.length(recording.duration)}"
    return "broke off" if recording.started_at else "never started"


def line_of(recording: Recording) -> str:
    """Say how far a recording is, in one line."""
    lines = {INVOKED: _starting, RECORDING: _running, PAUSED: _paused, UPLOADING: _uploading, UPLOADED: _saved}
    line = lines.get(recording.status, _failed)(recording)
    if not recording.carried or recording.is_final:
        return line
    return f"{line} · the video service says {clip_escaped(', '.join(recording.carried), FOREIGN_MAX)}"


def _asked(recording: Recording) -> str:
    started = recording.first("start")
    return f" (asked by {words.mention(started.by)})" if started else ""


def _starting(recording: Recording) -> str:
    return f"Starting the recording…{_asked(recording)}"


def _running(recording: Recording) -> str:
    started = recording.first("start")
    since = f" since {words.clock(recording.started_at)}" if recording.started_at else ""
    if started:
        return f"*Recording*{since} · started by {words.mention(started.by)}"
    return f"*Recording*{since}" + (" · on from the start" if recording.start_reason == "RECORD_ON_START" else "")


def _uploading(recording: Recording) -> str:
    return f"{_stopped(recording)} · uploading…"


def _saved(recording: Recording) -> str:
    return f"{_stopped(recording)} · saved"


def _failed(recording: Recording) -> str:
    return f"{_stopped(recording)} · failed"


def _paused(recording: Recording) -> str:
    pause = recording.paused_by
    if pause:
        return f"*Paused* by {words.mention(pause.by)} at {words.clock(pause.at)}"
    return "*Paused*"


def _stopped(recording: Recording) -> str:
    after = f" after {words.length(recording.duration)}" if recording.duration is not None else ""
    return f"Stopped{_why(recording)}{after}"


def _why(recording: Recording) -> str:
    stop = recording.last("stop")
    if stop:
        return f" by {words.mention(stop.by)}"
    if (recording.duration or 0) >= FULL_DAY:
        return " at the limit of 24 h"
    known = {
        "ALL_PEERS_LEFT": " when everyone had left",
        "INTERNAL_ERROR": " by an error of the video service",
        "API_CALL": "",
    }
    reason = recording.stop_reason
    return known.get(reason, f" ({clip_escaped(reason, FOREIGN_MAX)})") if reason else ""


def _controls(meeting: Meeting, recording: Recording) -> list[Element]:
    if recording.status not in (RECORDING, PAUSED):
        return []
    about = actions.pack(meeting.id, recording.id)
    toggle = (
        button("Resume", actions.RECORD_RESUME, about, style="primary", about=meeting.title)
        if recording.status == PAUSED
        else button("Pause", actions.RECORD_PAUSE, about, about=meeting.title)
    )
    question = confirm("Stop recording?", "The recording ends here and its file is made ready.", yes="Stop recording")
    stop = button("Stop", actions.RECORD_STOP, about, style="danger", about=meeting.title, confirm=question)
    return [toggle, stop]
