"""``/j/{meeting}``: one address for everyone of a conversation, who each come in as themselves."""

from aiohttp import web

from bot.domain.ids import MeetingId, UserId
from bot.domain.meeting import Meeting
from bot.door_pages import go_in, kindly, not_ours, onward, sign_in
from bot.entrance import Entrance
from bot.errors import NoMeetingHere, SignInFailed
from bot.meeting_page import TokenAt, Visit, meeting_page
from bot.routes import Routes
from bot.services import SERVICES, Services
from bot.signin import is_door
from bot.slack.respond import Respond
from bot.token_answer import token_answer
from bot.views import actions
from bot.visits import is_robot

NO_DOOR = "This address leads nowhere. Type /meet join in the channel to get your own link."


def register(routes: Routes) -> None:
    """Answer the meeting's own address; the button that opens it needs no answer in Slack."""
    routes.pages.append(web.get("/j/{meeting}", show_door))
    routes.pages.append(web.post("/j/{meeting}", enter))
    routes.button(actions.JOIN_DOOR, open_door)


async def open_door(answer: Respond) -> None:
    """Do nothing: Slack sends a payload for a button that opens a page too."""
    del answer


@kindly
async def show_door(request: web.Request) -> web.StreamResponse:
    """Show the way to sign in, or the way in; nothing is minted for whoever only looks."""
    services, entrance = _at(request)
    user, url = entrance.visits.user(request), entrance.signin.public_url
    straight = not is_robot(request)
    if user is None:
        # Somebody who comes back from signing in and is not signed in would go round in circles by themselves.
        return sign_in(request.path, url, straight=straight and "back" not in request.query)
    meeting = await _admitted(request, services, entrance, user)
    person = await services.chat.person(user)
    if services.joining.rules.template:
        return go_in(meeting.title, person.name, "Join the meeting", url, straight=straight)
    visit = Visit(meeting.id.partition(":")[0], meeting.title, person.name, TokenAt(request.path, {}), straight)
    return meeting_page(visit, services.sdk_dir)


@kindly
async def enter(request: web.Request) -> web.StreamResponse:
    """Mint a fresh token for a person who may come in: for the page's script, or for the configured page."""
    services, entrance = _at(request)
    if not services.joining.rules.template:
        return await token_answer(request, services.joining, lambda _: _who(request, services, entrance))
    if not entrance.visits.is_ours(request):
        return not_ours()
    user = entrance.visits.user(request)
    if user is None:
        return sign_in(request.path, entrance.signin.public_url, straight=False, status=401)
    meeting = await _admitted(request, services, entrance, user)
    return onward(str(services.joining.page(meeting.id, await services.joining.ticket(meeting.id, user))))


async def _who(request: web.Request, services: Services, entrance: Entrance) -> tuple[MeetingId, UserId]:
    user = entrance.visits.user(request)
    if user is None:
        raise SignInFailed("You are signed out. Reload this page to sign in again.")
    return (await _admitted(request, services, entrance, user)).id, user


def _at(request: web.Request) -> tuple[Services, Entrance]:
    services = request.app[SERVICES]
    if services.entrance is None or not is_door(request.path):
        raise NoMeetingHere(NO_DOOR)
    return services, services.entrance


async def _admitted(request: web.Request, services: Services, entrance: Entrance, user: UserId) -> Meeting:
    """Give the meeting to a person who may come in; who may not, does not learn what it is called."""
    meeting = await services.meetings.get(MeetingId(request.match_info["meeting"]))
    await entrance.admission.admit(meeting, user, invited=True)
    return await services.joining.open_to(meeting.id, user)
