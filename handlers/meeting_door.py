"""``/j/{meeting}``: one address for everyone of a conversation, who each come in as themselves."""

from aiohttp import web

from bot.domain.ids import MeetingId, UserId
from bot.domain.meeting import Meeting
from bot.door_pages import go_in, kindly, onward
from bot.doorway import Caller, behind, goes_on, looking, pressed
from bot.entrance import Entrance
from bot.errors import NoMeetingHere, SignInFailed, UserError
from bot.meeting_page import TokenAt, Visit, meeting_page
from bot.routes import Routes
from bot.services import Services
from bot.slack.respond import Respond
from bot.token_answer import token_answer
from bot.views import actions


def no_door() -> UserError:
    """Say that there is no such meeting."""
    return NoMeetingHere("This address leads nowhere. Type `/meet join` in the channel to get your own link.")


def register(routes: Routes) -> None:
    """Answer the meeting's own address; the button that opens it needs no answer in Slack."""
    routes.pages.append(web.get("/j/{meeting}", show_door))
    routes.pages.append(web.post("/j/{meeting}", enter))
    routes.button(actions.JOIN_DOOR, open_door)


async def open_door(answer: Respond) -> None:
    """Do nothing: Slack sends a payload for a button that opens a page too."""
    del answer


@looking(no_door)
async def show_door(request: web.Request, caller: Caller) -> web.StreamResponse:
    """Show the way in; nothing is minted for whoever only looks."""
    services, straight = caller.services, goes_on(request)
    meeting = await _admitted(request, caller)
    person = await services.chat.person(caller.user)
    if services.joining.rules.template:
        return go_in(
            meeting.title, person.name, "Join the meeting", caller.entrance.signin.public_url, straight=straight
        )
    visit = Visit(meeting.id.partition(":")[0], meeting.title, person.name, TokenAt(request.path, {}), straight)
    return meeting_page(visit, services.sdk_dir)


@kindly
async def enter(request: web.Request) -> web.StreamResponse:
    """Mint a fresh token for a person who may come in: for the page's script, or for the configured page."""
    services, entrance = behind(request, no_door)
    if services.joining.rules.template:
        return await pressed(request, no_door, _go_on)
    return await token_answer(request, services.joining, lambda _: _who(request, services, entrance))


async def _go_on(request: web.Request, caller: Caller) -> web.StreamResponse:
    joining, meeting = caller.services.joining, await _admitted(request, caller)
    return onward(str(joining.page(meeting.id, await joining.ticket(meeting.id, caller.user))))


async def _who(request: web.Request, services: Services, entrance: Entrance) -> tuple[MeetingId, UserId]:
    user = entrance.visits.user(request)
    if user is None:
        raise SignInFailed("You are signed out. Reload this page to sign in again.")
    return (await _admitted(request, Caller(services, entrance, user))).id, user


async def _admitted(request: web.Request, caller: Caller) -> Meeting:
    """Give the meeting to a person who may come in; who may not, does not learn what it is called."""
    meeting = await caller.services.meetings.get(MeetingId(request.match_info["meeting"]))
    await caller.entrance.admission.admit(meeting, caller.user, invited=True)
    return await caller.services.joining.open_to(meeting.id, caller.user)
