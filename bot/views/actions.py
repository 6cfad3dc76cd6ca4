"""The names of every button, and how a button says what it is about."""

from collections.abc import Mapping
from typing import Any

from bot.domain.ids import LivestreamId, MeetingId, RecordingId, UserId
from bot.errors import UserError

JOIN = "join"
JOIN_DOOR = "join_door"
OPEN = "open_link"
RECORD_START = "record_start"
RECORD_PAUSE = "record_pause"
RECORD_RESUME = "record_resume"
RECORD_STOP = "record_stop"
RECORD_OFF = "record_off"
RECORD_MARK = "record_mark"
RECORD_WATCH = "record_watch"
RECORD_AUDIO = "record_audio"
TRACKS_START = "tracks_start"
TRACKS_FILES = "tracks_files"
RECORD_HIDE = "record_hide"
RECORD_SHOW = "record_show"
RECORD_WATCHERS = "record_watchers"
RECORDINGS_OLDER = "recordings_older"
RECORDINGS_NEWER = "recordings_newer"
RECORD_DOOR = "record_door"
RECORD_AUDIO_DOOR = "record_audio_door"
MORE = "more"
START_ANOTHER = "start_another"
END_NOW = "meeting_end"
LIVE_START = "live_start"
LIVE_STOP = "live_stop"
GUEST_REVOKE = "guest_revoke"
GUEST_MAKE = "guest_make"
RING = "ring"
CANNOT_COME = "cannot_come"

GO_LIVE, OFF_AIR, RECORD_OPTIONS, COPY_LINK, NUDGE, END = "golive", "offair", "recordas", "link", "nudge", "end"
"""What can be chosen from ``more``; ``bot.views.more`` says when each stands there."""

SEPARATOR = "|"

OUT_OF_DATE = "This button is from another version of Greenroom and does nothing now. Type `/meet help`."


def about(action: Mapping[str, Any]) -> str:
    """Give the value of a button, or of what was chosen from a menu.

    Raises:
        UserError: there is none.

    """
    chosen = action.get("selected_option", action)
    value = chosen.get("value") if isinstance(chosen, Mapping) else None
    if not isinstance(value, str):
        raise UserError(OUT_OF_DATE)
    return value


def meeting(action: Mapping[str, Any]) -> MeetingId:
    """Give the meeting that a button is about; raises as ``about``."""
    return MeetingId(about(action))


def pack(*parts: str) -> str:
    """Put ids into a button's value; ids hold no ``|``."""
    return SEPARATOR.join(parts)


def unpack_recording(value: str) -> tuple[MeetingId, RecordingId]:
    """Read what a recording's button is about.

    Raises:
        UserError: not both ids are there.

    """
    meeting, recording = _both(value)
    return MeetingId(meeting), RecordingId(recording)


def unpack_livestream(value: str) -> tuple[MeetingId, LivestreamId]:
    """Read what a livestream's button is about; raises as ``unpack_recording``."""
    meeting, livestream = _both(value)
    return MeetingId(meeting), LivestreamId(livestream)


def unpack_person(value: str) -> tuple[MeetingId, UserId]:
    """Read which meeting and whose part in it a button is about; raises as ``unpack_recording``."""
    meeting, person = _both(value)
    return MeetingId(meeting), UserId(person)


def unpack_whom(value: str) -> tuple[MeetingId, str]:
    """Read into which meeting whom is to be rung; raises as ``unpack_recording``."""
    meeting, whom = _both(value)
    return MeetingId(meeting), whom


def unpack_guest(value: str) -> tuple[MeetingId, str]:
    """Read for which meeting, and under which name, a pass is to be made; raises as ``unpack_recording``."""
    meeting, name = _both(value)
    return MeetingId(meeting), name


def unpack_start(value: str) -> tuple[MeetingId, RecordingId | None]:
    """Read which meeting is to be recorded, and like which recording, where it is to be as one before."""
    meeting, _, like = value.partition(SEPARATOR)
    return MeetingId(meeting), RecordingId(like) if like else None


def unpack_request(value: str) -> tuple[MeetingId, str]:
    """Read beside which meeting another one is asked for, and what was typed."""
    meeting, _, request = value.partition(SEPARATOR)
    return MeetingId(meeting), request


def chosen(action: Mapping[str, Any]) -> MeetingId:
    """Give the meeting for which something was chosen from the ``more`` menu; raises as ``unpack_recording``."""
    return unpack_choice(about(action))[1]


def unpack_choice(value: str) -> tuple[str, MeetingId]:
    """Read what was chosen from the ``more`` menu, and for which meeting; raises as ``unpack_recording``."""
    choice, meeting = _both(value)
    return choice, MeetingId(meeting)


def _both(value: str) -> tuple[str, str]:
    first, _, second = value.partition(SEPARATOR)
    if not (first and second):
        raise UserError(OUT_OF_DATE)
    return first, second
