"""Ringing people: from the card's menu or by ``/meet nudge``, and the answer of who cannot come."""

from typing import Any

from bot.domain.ids import MeetingId, UserId
from bot.journal import Wish
from bot.meetings import Meetings
from bot.ringing import CHANNEL, Ringing
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.views import actions
from bot.views import ringing as words_of


def register(routes: Routes) -> None:
    """Answer ``/meet nudge``, the choice of the card's menu, its question, and the answers of those who were rung."""
    routes.meet.add("nudge", ask_here, summary="Ring the people of this channel who are not in the meeting")
    routes.more(actions.NUDGE, choose)
    routes.button(actions.RING, press)
    routes.button(actions.CANNOT_COME, cannot_come)


async def ask_here(answer: Respond, meetings: Meetings, ringing: Ringing) -> None:
    """Ask whether the people of this channel are to be rung."""
    meeting = await meetings.here(answer.channel)
    await ask(meeting.id, CHANNEL, answer, ringing)


async def choose(action: dict[str, Any], answer: Respond, ringing: Ringing) -> None:
    """Ask the same when it was chosen from the card's menu."""
    await ask(actions.chosen(action), CHANNEL, answer, ringing)


async def ask(meeting_id: MeetingId, whom: str, answer: Respond, ringing: Ringing) -> None:
    """Say who would be rung, with a button that does it."""
    missing = await ringing.missing(meeting_id, UserId(answer.user), whom)
    await answer(words_of.ask(missing.meeting, whom, missing.people))


async def press(action: dict[str, Any], answer: Respond, wish: Wish, ringing: Ringing) -> None:
    """Ring them after the question was answered; a second press finds nobody left."""
    meeting_id, whom = actions.unpack_whom(actions.about(action))
    await answer(words_of.rung(await ringing.ring(wish, meeting_id, UserId(answer.user), whom)))


async def cannot_come(action: dict[str, Any], answer: Respond, ringing: Ringing) -> None:
    """Note that somebody who was rung cannot come."""
    meeting = await ringing.answer(actions.meeting(action), UserId(answer.user), coming=False)
    await answer(words_of.sorry_noted(meeting))
