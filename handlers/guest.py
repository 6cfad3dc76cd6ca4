"""Guests without Slack: ``/meet guest`` makes a pass, ``/meet guests`` lists them, a button takes one back."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from bot.domain.ids import MeetingId
from bot.domain.meeting import Meeting, Status
from bot.errors import NoMeetingHere, UserError
from bot.guests import Guests
from bot.journal import Wish
from bot.meetings import Meetings
from bot.routes import Routes
from bot.slack.meeting_request import read_request
from bot.slack.people_text import pass_life, reads_as_title
from bot.slack.respond import Respond
from bot.slack.text import MENTION, clean_title, rest
from bot.views import actions
from bot.views import people as views
from bot.views.words import NAME_MAX

REQUEST_MAX = 1500
"""Characters of what was typed that a button carries."""


def register(routes: Routes) -> None:
    """Answer the two words and the button."""
    name = routes.meet.name
    routes.meet.add(
        "guest",
        invite,
        summary="Make a link for somebody without Slack; `--for 2h` says for how long",
        example=f"{name} guest Jane Doe",
        takes_more=True,
    )
    routes.meet.add("guests", list_guests, summary="See which guests have a link, and revoke it")
    routes.button(actions.GUEST_REVOKE, revoke)
    routes.button(actions.GUEST_MAKE, invite_after_all)


async def invite(command: dict[str, Any], answer: Respond, wish: Wish, meetings: Meetings, guests: Guests) -> None:
    """Make a pass and show its link to whoever asked, and to nobody else; ask first where a title may be meant."""
    typed = str(command.get("text", "")).strip()
    text = rest(typed)
    meeting = await _known(meetings, answer)
    if text and (meeting is None or reads_as_title(text)):
        name = "" if MENTION.search(text) else clean_title(text)[:NAME_MAX]
        title = read_request(typed, regions=meetings.regions).title
        open_one = meeting if meeting and meeting.status is not Status.CLOSED else None
        await answer(views.guest_or_title(open_one, name, title, typed[:REQUEST_MAX]))
        return
    if MENTION.search(text):
        raise UserError("Who is in Slack needs no pass: add them with `/meet add` and their name.")
    text, life = pass_life(text)
    await _make((await meetings.here(answer.channel)).id, clean_title(text), life, answer, wish, guests)


async def _known(meetings: Meetings, answer: Respond) -> Meeting | None:
    with suppress(NoMeetingHere):
        return await meetings.here(answer.channel)
    return None


async def invite_after_all(action: dict[str, Any], answer: Respond, wish: Wish, guests: Guests) -> None:
    """Make a pass for whom the person was asked about."""
    meeting_id, name = actions.unpack_guest(actions.about(action))
    await _make(meeting_id, name, None, answer, wish, guests)


async def _make(
    meeting_id: MeetingId, name: str, life: timedelta | None, answer: Respond, wish: Wish, guests: Guests
) -> None:
    made = await guests.invite(wish, meeting_id, name, answer.user, life)
    await answer(views.guest_pass(made.meeting, made.guest, made.link))


async def list_guests(answer: Respond, meetings: Meetings, guests: Guests) -> None:
    """List the passes that whoever asks may take back."""
    meeting = await meetings.here(answer.channel)
    await answer(views.guest_list(meeting, await guests.those_of(meeting, answer.user)))


async def revoke(action: dict[str, Any], answer: Respond, guests: Guests) -> None:
    """Take a pass back."""
    meeting_id, person = actions.unpack_person(actions.about(action))
    await answer(views.revoked(await guests.revoke(meeting_id, person, answer.user)))
