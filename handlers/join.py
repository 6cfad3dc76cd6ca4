"""Join: a private link of one's own, by button or by ``/meet join``."""

from typing import Any

from bot.domain.ids import MeetingId
from bot.joining import Joining
from bot.meetings import Meetings
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import actions, replies


def register(routes: Routes) -> None:
    """Answer the Join buttons and ``/meet join``; the link's own button opens a page and needs no answer."""
    routes.meet.add("join", join_here, summary="Get your own link to the meeting in this channel")
    routes.button(actions.JOIN, join_meeting)
    routes.button(actions.OPEN, open_link)


async def join_meeting(action: dict[str, Any], answer: Respond, meetings: Meetings, joining: Joining) -> None:
    """Answer a Join button with a link for whoever pressed it."""
    await _answer_with_link(actions.meeting(action), answer, meetings, joining)


async def join_here(answer: Respond, meetings: Meetings, joining: Joining) -> None:
    """Answer ``/meet join`` with a link for whoever typed it."""
    meeting = await meetings.here(answer.channel)
    await _answer_with_link(meeting.id, answer, meetings, joining)


async def open_link(answer: Respond) -> None:
    """Do nothing: Slack sends a payload for a button that opens a page too."""
    del answer


async def _answer_with_link(meeting_id: MeetingId, answer: Respond, meetings: Meetings, joining: Joining) -> None:
    meeting = await meetings.get(meeting_id)
    url = await joining.link(meeting_id, answer.user)
    await answer(replies.join_link(meeting, url) if url else replies.no_page(meeting))
