"""The direct message to a person who was named when the meeting was started, or added later; one for each person."""

from bot.domain.ids import UserId
from bot.domain.meeting import Meeting
from bot.exchanged import Message
from bot.views import actions, ways, words
from bot.views.blocks import Element, button, section
from bot.views.blocks import actions as row
from bot.views.card import channel_name, is_between_people


def invitations(meeting: Meeting) -> list[Message]:
    """Draw one direct message for each person who was named, with a way in while there is one."""
    return [_invitation(meeting, user) for user in meeting.asked_in if user not in meeting.unreachable]


def _invitation(meeting: Meeting, user: UserId) -> Message:
    title = words.title(meeting)
    where = "" if is_between_people(meeting) else f" in {channel_name(meeting)}"
    buttons: list[Element] = []
    if meeting.closed_at:
        line = f"*{title}*{where} is over."
    elif meeting.roles.is_out(user):
        line = f"You were taken out of *{title}*{where}. Ask the host if that was a mistake."
    else:
        by = meeting.host if user in meeting.invited else meeting.roles.added[user].by
        line = f"{words.mention(by)} invites you to *{title}*{where}."
        buttons = [ways.join(meeting)]
        if user in meeting.company.cannot_come:
            line += " You said that you cannot come now."
        else:  # also for who is in: to take it away would be an edit for each who comes, and Slack takes few
            buttons.append(button("Can't now", actions.CANNOT_COME, meeting.id, about=meeting.title))
    return Message(f"invite:{user}", line, (section(line), *row(buttons)), to=user)
