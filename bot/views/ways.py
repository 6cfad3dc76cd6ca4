"""The buttons that lead somewhere: one address for everyone where people can sign in, a private answer elsewhere."""

from urllib.parse import quote

from bot.domain.meeting import Meeting
from bot.domain.recording import Recording
from bot.views import actions
from bot.views.blocks import Element, button


def join(meeting: Meeting, label: str = "Join", *, style: str | None = "primary") -> Element:
    """Draw the way into a meeting."""
    if not meeting.address:
        return button(label, actions.JOIN, meeting.id, style=style, about=meeting.title)
    return button(label, actions.JOIN_DOOR, meeting.id, style=style, about=meeting.title, url=to_meeting(meeting))


def to_meeting(meeting: Meeting) -> str | None:
    """Give the address that can be passed on, where each comes in as themselves; None where there is none."""
    return f"{meeting.address}/j/{_in_path(meeting.id)}" if meeting.address else None


def watch(meeting: Meeting, recording: Recording) -> Element:
    """Draw the way to a recording's picture."""
    about = actions.pack(meeting.id, recording.id)
    if not meeting.address:
        return button("Watch", actions.RECORD_WATCH, about, style="primary", about=meeting.title)
    return button(
        "Watch", actions.RECORD_DOOR, about, style="primary", about=meeting.title, url=_file(meeting, recording)
    )


def audio(meeting: Meeting, recording: Recording) -> Element:
    """Draw the way to a recording's sound."""
    about, label = actions.pack(meeting.id, recording.id), "Download audio"
    if not meeting.address:
        return button(label, actions.RECORD_AUDIO, about, about=meeting.title)
    url = f"{_file(meeting, recording)}/audio"
    return button(label, actions.RECORD_AUDIO_DOOR, about, about=meeting.title, url=url)


def _file(meeting: Meeting, recording: Recording) -> str:
    provider = meeting.id.partition(":")[0]
    return f"{meeting.address}/r/{_in_path(f'{provider}:{recording.id}')}"


def _in_path(name: str) -> str:
    return quote(name, safe=":")
