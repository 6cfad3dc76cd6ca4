"""Signing in with Slack, and out again."""

from urllib.parse import parse_qs

from aiohttp import web

from bot.door import body_of, too_large
from bot.door_pages import kindly, not_ours, onward
from bot.entrance import Entrance
from bot.errors import SignInFailed
from bot.pages import page
from bot.routes import Routes
from bot.services import SERVICES

PATIENCE = 5.0
"""Seconds in which the page's few words must have come."""

NO_SIGN_IN = "Nobody signs in here. Please use the buttons in Slack."
DECLINED = "You did not sign in with Slack, so nothing was opened. Open the link in Slack once more if you want to."


def register(routes: Routes) -> None:
    """Answer those who sign in, come back from Slack, or sign out."""
    routes.pages.append(web.post("/signin", leave))
    routes.pages.append(web.get("/signin/callback", come_back))
    routes.pages.append(web.post("/signout", sign_out))


def _entrance(request: web.Request) -> Entrance:
    entrance = request.app[SERVICES].entrance
    if entrance is None:
        raise SignInFailed(NO_SIGN_IN)
    return entrance


@kindly
async def leave(request: web.Request) -> web.StreamResponse:
    """Send somebody to Slack who pressed the button on a page of ours."""
    entrance = _entrance(request)
    if not entrance.visits.is_ours(request):
        return not_ours()
    try:
        body = await body_of(request, within=PATIENCE)
    except TimeoutError:
        return web.Response(status=408, text="too slow")
    if body is None:
        return too_large()
    form = parse_qs(body.decode("utf-8", "replace"))
    leaving = await entrance.signin.leave(form.get("to", [""])[0], entrance.visits.browser(request))
    answer = onward(leaving.url)
    entrance.visits.note_browser(answer, leaving.browser)
    return answer


@kindly
async def come_back(request: web.Request) -> web.StreamResponse:
    """Take in somebody who comes back from Slack, and send them on to the door they stood at."""
    entrance, given = _entrance(request), request.query
    state, browser = given.get("state", ""), entrance.visits.browser(request)
    if not given.get("code"):
        await entrance.signin.give_up(state, browser)
        raise SignInFailed(DECLINED)
    arrival = await entrance.signin.arrive(state, given["code"], browser)
    answer = onward(f"{entrance.signin.public_url}{arrival.to}?back=1")
    entrance.visits.welcome(answer, arrival.user)
    return answer


@kindly
async def sign_out(request: web.Request) -> web.StreamResponse:
    """Have the browser forget who is signed in."""
    entrance = _entrance(request)
    if not entrance.visits.is_ours(request):
        return not_ours()
    answer = page("You are signed out", "Open a link in Slack to sign in again, as yourself or as somebody else.")
    entrance.visits.forget(answer)
    return answer
