"""The recording of each person's own sound: its replies in the thread."""

from bot.domain.meeting import Meeting
from bot.domain.recording import ERRORED, INVOKED, UPLOADED, Recording
from bot.domain.timeline import is_deleted
from bot.exchanged import Message
from bot.views import actions, words
from bot.views.blocks import Element, button, confirm, section
from bot.views.blocks import actions as row
from bot.views.hidden import hidden_message
from bot.views.track_lines import tracks_line


def tracks_replies(meeting: Meeting, recording: Recording) -> list[Message]:
    """Draw the reply that follows the recording, and the one that announces its files or their loss."""
    line = tracks_line(recording)
    follows = Message(f"recording:{recording.id}", line, (section(line), *row(_controls(meeting, recording))))
    return [follows, *_ready(meeting, recording), *_failed(meeting, recording)]


def _controls(meeting: Meeting, recording: Recording) -> list[Element]:
    if not recording.is_active or recording.status == INVOKED:
        return []
    question = confirm(
        "Stop recording voices?", "A file for each person who spoke is made ready.", yes="Stop recording"
    )
    about = actions.pack(meeting.id, recording.id)
    return [button("Stop", actions.RECORD_STOP, about, style="danger", about="each person's sound", confirm=question)]


def _ready(meeting: Meeting, recording: Recording) -> list[Message]:
    if recording.status != UPLOADED:
        return []
    slot = f"ready:{recording.id}"
    if recording.is_hidden:
        return [hidden_message(slot, meeting, recording, broadcast=True)]
    lasted = [words.length(recording.duration)] if recording.duration is not None else []
    if is_deleted(meeting, recording):
        line = " · ".join(["*Each person's own sound*", *lasted, "deleted by the video service"])
        return [Message(slot, f"{words.title(meeting)}: {line}", (section(line),), broadcast=True)]
    kept = [f"kept until {words.day(recording.expires_at)}"] if recording.expires_at else []
    line = " · ".join(["*Each person's own sound is ready*", *lasted, *kept])
    get = button("Get the files", actions.TRACKS_FILES, actions.pack(meeting.id, recording.id), about=meeting.title)
    return [Message(slot, f"{words.title(meeting)}: {line}", (section(line), *row([get])), broadcast=True)]


def _failed(meeting: Meeting, recording: Recording) -> list[Message]:
    if recording.status != ERRORED:
        return []
    slot = f"failed:{recording.id}"
    if recording.is_hidden:
        return [hidden_message(slot, meeting, recording)]
    started = recording.first("start")
    owner = f"{words.mention(started.by)}, the" if started else "The"
    line = f"*No sound of single voices* · {owner} recording of each person's own sound failed; there are no files."
    again = button("Try again", actions.TRACKS_START, meeting.id, about="record each person's own sound")
    buttons = [] if meeting.closed_at else [again]
    return [Message(slot, f"{words.title(meeting)}: {line}", (section(line), *row(buttons)))]
