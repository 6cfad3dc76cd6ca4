"""What is left in the thread of a recording that somebody has hidden from the channel."""

from bot.domain.meeting import Meeting
from bot.domain.recording import Recording
from bot.exchanged import Message
from bot.views import words
from bot.views.blocks import section


def hidden_message(slot: str, meeting: Meeting, recording: Recording, *, broadcast: bool = False) -> Message:
    """Draw what stands in the place of a recording's announcement."""
    line = hidden_line(recording)
    return Message(slot, f"{words.title(meeting)}: {line}", (section(line),), broadcast=broadcast)


def hidden_line(recording: Recording) -> str:
    """Say who has hidden a recording."""
    return "Recording hidden" + (f" by {words.mention(recording.hiding.by)}" if recording.hiding else "")
