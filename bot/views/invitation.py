"""The direct message to a person who was named when the meeting was started."""

from bot.domain.ids import UserId
from bot.domain.meeting import Meeting
from bot.exchanged import Message
from bot.views import ways, words
from bot.views.blocks import actions as row
from bot.views.blocks import section
from bot.views.card import channel_name, is_between_people


def invitations(meeting: Meeting) -> list[Message]:
    """Draw one direct message for each person who was named, with a way in while there is one."""
    return [_invitation(meeting, user) for user in meeting.invited if user not in meeting.unreachable]


def _invitation(meeting: Meeting, user: UserId) -> Message:
    title = words.title(meeting)
    where = "" if is_between_people(meeting) else f" in {channel_name(meeting)}"
    if meeting.closed_at:
        line, buttons = f"*{title}*{where} is over.", []
    else:
        line = f"{words.mention(meeting.host)} invites you to *{title}*{where}."
        buttons = [ways.join(meeting)]
    return Message(f"invite:{user}", line, (section(line), *row(buttons)), to=user)
