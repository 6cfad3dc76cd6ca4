"""End for everyone: by ``/meet end``, or from the card's menu."""

from typing import Any

from bot.domain.meeting import Meeting, Status
from bot.domain.rules import Act
from bot.errors import MeetingClosed
from bot.meetings import Meetings
from bot.permissions import Permissions
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import actions, replies, words
from bot.work import Work


def register(routes: Routes) -> None:
    """Answer ``/meet end``, its question, and the menu of the card."""
    routes.meet.add("end", ask_to_end, summary="End the meeting for everyone, after a question")
    routes.more(actions.END, choose_end)
    routes.button(actions.END_NOW, press_end)


async def ask_to_end(answer: Respond, meetings: Meetings, permissions: Permissions) -> None:
    """Ask before everyone is sent out; where it is over already there is nothing to ask."""
    await _ask(await meetings.here(answer.channel), answer, permissions)


async def choose_end(action: dict[str, Any], answer: Respond, meetings: Meetings, permissions: Permissions) -> None:
    """Ask the same when it was chosen from the card's menu."""
    await _ask(await meetings.get(actions.chosen(action)), answer, permissions)


async def _ask(meeting: Meeting, answer: Respond, permissions: Permissions) -> None:
    if meeting.status is Status.CLOSED:
        raise MeetingClosed(f"“{words.title(meeting)}” was ended for everyone already.")
    await permissions.insist(answer.user, Act.END, meeting)
    await answer(replies.ask_to_end(meeting))


async def press_end(action: dict[str, Any], answer: Respond, meetings: Meetings, work: Work) -> None:
    """End the meeting after the question was answered."""
    meeting_id = actions.meeting(action)
    meeting = await meetings.end(meeting_id, answer.user)
    await work.ask_now(meeting_id)  # who was there until when is known only to the provider
    await answer(replies.ended(meeting))
