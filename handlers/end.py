"""End for everyone: by ``/meet end``, or from the card's menu."""

from typing import Any

from bot.domain.ids import MeetingId
from bot.domain.meeting import Status
from bot.errors import MeetingClosed, UserError
from bot.meetings import Meetings
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import actions, replies, words
from bot.work import Work


def register(routes: Routes) -> None:
    """Answer ``/meet end``, its question, and the menu of the card."""
    routes.meet.add("end", ask_to_end, summary="End the meeting for everyone, after a question")
    routes.button(actions.MORE, choose)
    routes.button(actions.END_NOW, press_end)


async def ask_to_end(answer: Respond, meetings: Meetings) -> None:
    """Ask before everyone is sent out, as the card's menu does; where it is over already there is nothing to ask."""
    meeting = await meetings.here(answer.channel)
    if meeting.status is Status.CLOSED:
        raise MeetingClosed(f"“{words.title(meeting)}” was ended for everyone already.")
    await answer(replies.ask_to_end(meeting))


async def choose(action: dict[str, Any], answer: Respond, meetings: Meetings, work: Work) -> None:
    """Do what was chosen from the card's menu."""
    choice, meeting_id = actions.unpack_choice(actions.about(action))
    if choice != actions.END:
        raise UserError(actions.OUT_OF_DATE)
    await _end(meeting_id, answer, meetings, work)


async def press_end(action: dict[str, Any], answer: Respond, meetings: Meetings, work: Work) -> None:
    """End the meeting after the question was answered."""
    await _end(actions.meeting(action), answer, meetings, work)


async def _end(meeting_id: MeetingId, answer: Respond, meetings: Meetings, work: Work) -> None:
    meeting = await meetings.end(meeting_id, answer.user)
    await work.ask_now(meeting_id)  # who was there until when is known only to the provider
    await answer(replies.ended(meeting))
