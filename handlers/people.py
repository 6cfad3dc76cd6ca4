"""``/meet host``, ``add``, ``remove`` and ``mute``: what the host does about people."""

from typing import Any

from bot.domain.ids import UserId
from bot.errors import UserError
from bot.journal import Wish
from bot.meetings import Meetings
from bot.people import People
from bot.routes import Routes
from bot.slack.people_text import names_alone
from bot.slack.respond import Respond
from bot.slack.text import MENTION, rest
from bot.views import people as views


def register(routes: Routes) -> None:
    """Answer the words; those with names are titles like any other unless nothing but names follows."""
    name, add = routes.meet.name, routes.meet.add
    add("host", hand_over, summary="Hand the meeting over", example=f"{name} host @bo", only=names_alone)
    add("add", add_people, summary="Ask people in, by a direct message", example=f"{name} add @cy", only=names_alone)
    add("remove", remove, summary="Take people out; their links die", example=f"{name} remove @cy", only=names_alone)
    add("mute", mute_all, summary="Mute everyone; they can unmute themselves")


async def hand_over(command: dict[str, Any], answer: Respond, wish: Wish, meetings: Meetings, people: People) -> None:
    """Make the one who is named the host."""
    named = _named(command, "/meet host @bo")
    if len(named) != 1:
        raise UserError("A meeting has one host. Name one person, as in `/meet host @bo`.")
    meeting = await meetings.here(answer.channel)
    await answer(views.handed_over(await people.hand_over(wish, meeting.id, named[0], answer.user)))


async def add_people(command: dict[str, Any], answer: Respond, wish: Wish, meetings: Meetings, people: People) -> None:
    """Ask people in personally."""
    named = _named(command, "/meet add @cy")
    meeting = await meetings.here(answer.channel)
    await answer(views.added(await people.add(wish, meeting.id, named, answer.user), named))


async def remove(command: dict[str, Any], answer: Respond, wish: Wish, meetings: Meetings, people: People) -> None:
    """Take people out."""
    named = _named(command, "/meet remove @cy")
    meeting = await meetings.here(answer.channel)
    await answer(views.removed(await people.remove(wish, meeting.id, named, answer.user), named))


async def mute_all(answer: Respond, wish: Wish, meetings: Meetings, people: People) -> None:
    """Mute everyone who is in."""
    meeting = await meetings.here(answer.channel)
    await answer(views.muted(await people.mute_all(wish, meeting.id, answer.user)))


def _named(command: dict[str, Any], example: str) -> list[UserId]:
    named = list(dict.fromkeys(UserId(user) for user in MENTION.findall(rest(str(command.get("text", ""))))))
    if not named:
        raise UserError(f"Name somebody with an @, as in `{example}`.")
    return named
