"""What the thread tells of people's parts: who has the meeting now, and that everyone was muted."""

from bot.domain.meeting import Meeting
from bot.exchanged import Message
from bot.views import words
from bot.views.blocks import section


def role_replies(meeting: Meeting) -> list[Message]:
    """Draw what others should know; each is one message, edited when it happens again."""
    return [*_handed(meeting), *_muted(meeting)]


def _handed(meeting: Meeting) -> list[Message]:
    handed = meeting.roles.handed
    if handed is None:
        return []
    line = f"{words.mention(handed.to)} hosts this meeting since {words.clock(handed.at)}"
    if handed.by != handed.to:
        line += f" · handed over by {words.mention(handed.by)}"
    return [Message("host", line, (section(line),))]


def _muted(meeting: Meeting) -> list[Message]:
    muted = meeting.roles.muted
    if muted is None:
        return []
    line = f"Everyone was muted by {words.mention(muted.by)} at {words.clock(muted.at)}. Unmute yourself to speak."
    return [Message("muted", line, (section(line),))]
