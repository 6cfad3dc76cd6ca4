"""``/meet status``: how the meeting in this channel stands."""

from bot.meetings import Meetings
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import replies


def register(routes: Routes) -> None:
    """Answer ``/meet status``."""
    routes.meet.add("status", show_status, summary="See who is in and what is recorded")


async def show_status(answer: Respond, meetings: Meetings) -> None:
    """Say how the meeting stands, to the one who asked."""
    await answer(replies.status(await meetings.here(answer.channel)))
