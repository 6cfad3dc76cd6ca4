"""What people are told in time: one reply each, which goes on being true when things have moved on."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.meeting import Meeting
from bot.domain.recording import INVOKED, UPLOADED, UPLOADING, Recording
from bot.domain.timeline import Kind, is_deleted, noticed_of, subject_of
from bot.exchanged import Message
from bot.views import actions, words
from bot.views.blocks import Element, button, confirm, section
from bot.views.blocks import actions as row
from bot.views.hidden import hidden_line
from bot.views.kept import kept_elsewhere
from bot.views.outcome import ways_to_the_file
from bot.views.reasons import limit

Words = Callable[[Meeting, Recording, datetime, str], str]
"""Says a notice: the meeting, the recording, when it was noticed, and what it is about."""


def notices_of(meeting: Meeting, recording: Recording) -> list[Message]:
    """Draw everything that time alone brought about with a recording, in the order in which it came."""
    told = [notice for notice in noticed_of(meeting, recording) if notice.kind in SAID]
    return [_drawn(meeting, recording, notice.at, notice.kind, notice.subject) for notice in told]


def _drawn(meeting: Meeting, recording: Recording, at: datetime, kind: str, subject: str) -> Message:
    line, buttons = SAID[kind](meeting, recording, at, subject), _buttons(meeting, recording, kind)
    if recording.is_hidden and kind == Kind.EXPIRES_SOON:
        line, buttons = hidden_line(recording), []
    blocks = (section(line), *row(buttons))
    return Message(f"notice:{kind}:{subject}", line, blocks)


def _buttons(meeting: Meeting, recording: Recording, kind: str) -> list[Element]:
    if kind == Kind.EXPIRES_SOON and not is_deleted(meeting, recording):
        return ways_to_the_file(meeting, recording)
    about = actions.pack(meeting.id, recording.id)
    if kind == Kind.START_LAGS and recording.status == INVOKED:
        question = confirm("Give it up?", "Then another recording can be started.", yes="Give it up")
        return [button("Stop", actions.RECORD_STOP, about, style="danger", about=meeting.title, confirm=question)]
    if kind == Kind.RESUME_FAILED and recording.off:
        return [button("Resume", actions.RECORD_RESUME, about, style="primary", about=meeting.title)]
    return []


def _near_limit(_meeting: Meeting, recording: Recording, at: datetime, _subject: str) -> str:
    whole = limit(recording.limit)
    if not recording.is_active or recording.started_at is None:
        return f"The recording came near its limit of {whole}."
    end = recording.started_at + recording.limit
    left = words.length((end - at + _rounding(end - at)).total_seconds())
    return f"*{left} left* · the recording stops by itself at {words.clock(end)}, at its limit of {whole}."


def _rounding(left: timedelta) -> timedelta:
    """Give what makes a length that is told a moment late the whole minutes, or seconds, that it is meant to be."""
    return timedelta(seconds=30 if left >= timedelta(minutes=2) else 1)


def _empty_room(meeting: Meeting, recording: Recording, _at: datetime, subject: str) -> str:
    empty = meeting.empty_since
    if not recording.is_active:
        return "Everyone had left while it was being recorded, and the recording stopped."
    if empty and _same(subject, recording, max(empty, recording.asked_at or empty)):
        return f"Everyone left at {words.clock(empty)} · the recording stops by itself in about a minute."
    return "Everyone had left for a while; the recording goes on."


def _same(subject: str, recording: Recording, at: datetime) -> bool:
    return subject == subject_of(recording.id, at)


def _start_lags(_meeting: Meeting, recording: Recording, _at: datetime, _subject: str) -> str:
    asked = recording.asked_at
    since = f" asked for at {words.clock(asked)}" if asked else ""
    if recording.status == INVOKED:
        return f"The recording{since} has not begun yet: nothing is recorded so far. I keep asking; Stop gives it up."
    if asked and recording.started_at and recording.started_at > asked:
        late = words.length((recording.started_at - asked).total_seconds())
        return f"The recording began {late} after it was asked for; what was said before is not in it."
    return f"The recording{since} was slow to begin."


def _upload_lags(_meeting: Meeting, recording: Recording, _at: datetime, _subject: str) -> str:
    if recording.status == UPLOADING:
        return "The recording's file takes longer than usual. I keep asking the video service and tell it here."
    return "The recording's file took longer than usual."


def _expires_soon(meeting: Meeting, recording: Recording, _at: datetime, _subject: str) -> str:
    if is_deleted(meeting, recording) or recording.expires_at is None or recording.status != UPLOADED:
        return "The recording was about to be deleted by the video service."
    day, clock = words.day(recording.expires_at), words.clock(recording.expires_at)
    elsewhere = [where.removeprefix("kept ") for where in kept_elsewhere(recording.chosen)[:1]]
    if elsewhere:
        return (
            f"{words.title(meeting)}: the video service deletes its copy of the recording on {day} at {clock}."
            f" The file stays {elsewhere[0]}."
        )
    gone = f"the recording is deleted by the video service on {day} at {clock}"
    return f"{words.title(meeting)}: {gone}. Save it before then."


def _resume_failed(_meeting: Meeting, recording: Recording, at: datetime, _subject: str) -> str:
    if recording.off:
        return (
            "The recording could not be resumed: the video service did not do it. I keep trying; you can press Resume."
        )
    back = recording.last("return") or recording.last("resume")
    if back and back.at >= at:
        return f"The recording could not be resumed in time; it goes on since {words.clock(back.at)}."
    return "The recording could not be resumed in time."


def _restart_failed(_meeting: Meeting, _recording: Recording, _at: datetime, _subject: str) -> str:
    # Calls no command by name, because a thread does not know what commands are called here.
    return "The recording broke off and could not be started by itself again. Press Start recording on the card."


SAID: dict[str, Words] = {
    Kind.NEAR_LIMIT: _near_limit,
    Kind.EMPTY_ROOM: _empty_room,
    Kind.START_LAGS: _start_lags,
    Kind.UPLOAD_LAGS: _upload_lags,
    Kind.EXPIRES_SOON: _expires_soon,
    Kind.RESUME_FAILED: _resume_failed,
    Kind.RESTART_FAILED: _restart_failed,
}
"""The kinds that have a reply of their own; the others show in the recording's."""
