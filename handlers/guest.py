"""Guests without Slack: ``/meet guest`` makes a pass, ``/meet guests`` lists them, a button takes one back."""

from typing import Any

from bot.errors import UserError
from bot.guests import Guests
from bot.journal import Wish
from bot.meetings import Meetings
from bot.routes import Routes
from bot.slack.people_text import pass_life
from bot.slack.respond import Respond
from bot.slack.text import MENTION, clean_title, rest
from bot.views import actions
from bot.views import people as views


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


async def invite(command: dict[str, Any], answer: Respond, wish: Wish, meetings: Meetings, guests: Guests) -> None:
    """Make a pass and show its link to whoever asked, and to nobody else."""
    text = rest(str(command.get("text", "")))
    if MENTION.search(text):
        raise UserError("Who is in Slack needs no pass: add them with `/meet add` and their name.")
    text, life = pass_life(text)
    meeting = await meetings.here(answer.channel)
    made = await guests.invite(wish, meeting.id, clean_title(text), answer.user, life)
    await answer(views.guest_pass(made.meeting, made.guest, made.link))


async def list_guests(answer: Respond, meetings: Meetings, guests: Guests) -> None:
    """List the passes that whoever asks may take back."""
    meeting = await meetings.here(answer.channel)
    await answer(views.guest_list(meeting, await guests.those_of(meeting, answer.user)))


async def revoke(action: dict[str, Any], answer: Respond, guests: Guests) -> None:
    """Take a pass back."""
    meeting_id, person = actions.unpack_person(actions.about(action))
    await answer(views.revoked(await guests.revoke(meeting_id, person, answer.user)))
