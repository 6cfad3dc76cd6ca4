"""The names of every button, and how a button says what it is about."""

from bot.domain.ids import MeetingId, RecordingId

JOIN = "join"
OPEN = "open_link"
RECORD_START = "record_start"
RECORD_PAUSE = "record_pause"
RECORD_RESUME = "record_resume"
RECORD_STOP = "record_stop"
RECORD_WATCH = "record_watch"
RECORD_AUDIO = "record_audio"
MORE = "more"
START_ANOTHER = "start_another"
END_NOW = "meeting_end"

END = "end"
"""The value that ``more`` carries for "End for everyone"."""

SEPARATOR = "|"


def pack(*parts: str) -> str:
    """Put ids into a button's value; ids hold no ``|``."""
    return SEPARATOR.join(parts)


def unpack_recording(value: str) -> tuple[MeetingId, RecordingId]:
    """Read what a recording's button is about."""
    meeting, _, recording = value.partition(SEPARATOR)
    return MeetingId(meeting), RecordingId(recording)


def unpack_request(value: str) -> tuple[MeetingId, str]:
    """Read beside which meeting another one is asked for, and what was typed."""
    meeting, _, request = value.partition(SEPARATOR)
    return MeetingId(meeting), request


def unpack_choice(value: str) -> tuple[str, MeetingId]:
    """Read what was chosen from the ``more`` menu, and for which meeting."""
    choice, _, meeting = value.partition(SEPARATOR)
    return choice, MeetingId(meeting)
