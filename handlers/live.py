"""Go live: show the meeting to the public and take it off the air, by ``/meet live``, menu or button."""

from typing import Any

from bot.domain.meeting import Meeting, Status
from bot.domain.rules import Act
from bot.errors import MeetingClosed, NoLivestream
from bot.journal import Wish
from bot.livestreams import Livestreams
from bot.meetings import Meetings
from bot.permissions import Permissions
from bot.routes import Routes
from bot.slack.respond import Respond
from bot.slack.text import rest
from bot.views import actions, replies, words
from bot.work import Work

STOP = "stop"


def register(routes: Routes) -> None:
    """Answer ``/meet live`` and ``/meet live stop``, the card's menu, and the buttons of a livestream."""
    routes.meet.add(
        "live",
        live,
        summary=f"Show the meeting to the public, after a question; `{routes.meet.name} live {STOP}` ends that",
        followed_by=(STOP,),
    )
    routes.more(actions.GO_LIVE, choose_to_go_live)
    routes.more(actions.OFF_AIR, choose_to_stop)
    routes.button(actions.LIVE_START, press_start)
    routes.button(actions.LIVE_STOP, press_stop)


async def live(
    command: dict[str, Any],
    answer: Respond,
    wish: Wish,
    meetings: Meetings,
    livestreams: Livestreams,
    permissions: Permissions,
) -> None:
    """Ask before the meeting of this channel is shown to the public, or take it off the air at once."""
    meeting = await meetings.here(answer.channel)
    if not rest(str(command.get("text", ""))).strip():
        await _ask_to_go_live(meeting, answer, permissions)
        return
    await answer(replies.livestream_done(await livestreams.stop(wish, meeting.id, None, answer.user)))


async def choose_to_go_live(
    action: dict[str, Any], answer: Respond, meetings: Meetings, permissions: Permissions
) -> None:
    """Ask before a meeting is shown to the public."""
    await _ask_to_go_live(await meetings.get(actions.chosen(action)), answer, permissions)


async def choose_to_stop(action: dict[str, Any], answer: Respond, meetings: Meetings) -> None:
    """Ask before a meeting is taken off the air."""
    meeting = await meetings.get(actions.chosen(action))
    if meeting.active_livestream is None:
        raise NoLivestream("The livestream has ended already.")
    await answer(replies.ask_to_stop_live(meeting, meeting.active_livestream))


async def _ask_to_go_live(meeting: Meeting, answer: Respond, permissions: Permissions) -> None:
    if meeting.status is Status.CLOSED:
        raise MeetingClosed(f"“{words.title(meeting)}” was ended for everyone, so there is nothing to show.")
    if meeting.active_livestream:
        await answer(replies.livestream_done(meeting.active_livestream))
        return
    await permissions.insist(answer.user, Act.LIVE, meeting)
    await answer(replies.ask_to_go_live(meeting))


async def press_start(
    action: dict[str, Any], answer: Respond, wish: Wish, livestreams: Livestreams, work: Work
) -> None:
    """Go live, after the question that Slack asks; where to watch is said in the thread once it is known."""
    meeting_id = actions.meeting(action)
    started = await livestreams.start(wish, meeting_id, answer.user)
    await work.ask_now(meeting_id)  # Dyte names no meeting, so news of what was not yet written down is lost
    await answer(replies.livestream_done(started))


async def press_stop(action: dict[str, Any], answer: Respond, wish: Wish, livestreams: Livestreams) -> None:
    """Take a livestream off the air, after the question that Slack asks."""
    await livestreams.stop(wish, *actions.unpack_livestream(actions.about(action)), answer.user)
