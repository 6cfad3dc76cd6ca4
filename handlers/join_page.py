"""``/join/{code}``: one person's door. Looking at it mints nothing; going through it does."""

from aiohttp import web
from redis.exceptions import RedisError

from bot.command_names import NAMED, CommandNames
from bot.domain.ids import MeetingId, UserId
from bot.domain.meeting import Meeting
from bot.domain.roles import has_pass
from bot.errors import LinkExpired, NotAllowed, UserError
from bot.meeting_page import TokenAt, Visit, meeting_page
from bot.pages import HEADERS, door, page
from bot.routes import Routes
from bot.services import SERVICES
from bot.token_answer import TROUBLES, Apology, Asked, token_answer
from bot.visits import is_robot

TOKEN_PATH = "/join"  # noqa: S105 - an address


def register(routes: Routes) -> None:
    """Answer the personal links, and the meeting page's script."""
    routes.pages.append(web.get("/join/{code}", show_door))
    routes.pages.append(web.post("/join/{code}", go_in))
    routes.pages.append(web.post(TOKEN_PATH, give_token))


async def _redeem(request: web.Request, code: str, *, take: bool = False) -> tuple[Meeting, UserId]:
    """Tell who a code is for; not to somebody who is known to be another, nor in a second browser once it was used.

    Args:
        request: whose browser asks.
        code: the link's.
        take: whether the code is being used, so that it belongs to this browser from now on.

    """
    services = request.app[SERVICES]
    meeting, user = await services.joining.redeem(code)
    visitor = services.entrance.visits.user(request) if services.entrance else None
    if has_pass(user):
        return meeting, user
    if visitor not in {None, user}:
        raise NotAllowed("This link was made for somebody else. Press Join in Slack to come in under your own name.")
    claims = services.claims
    if not await claims.take(request, code) if take else await claims.is_anothers(request, code):
        raise NotAllowed("This link was used in another browser. Press Join in Slack to get a link for this one.")
    return meeting, user


async def show_door(request: web.Request) -> web.StreamResponse:
    """Show whose door it is and where it leads."""
    services, code = request.app[SERVICES], request.match_info["code"]
    try:
        meeting, user = await _redeem(request, code)
        person = await services.joining.person(meeting, user)
    except (UserError, RedisError) as trouble:
        return sorry(trouble, request.app[NAMED])
    straight, provider = not is_robot(request), meeting.id.partition(":")[0]
    if services.joining.rules.template:
        shown = door(meeting.title, person.name, straight=straight)
    else:
        token_at = TokenAt(TOKEN_PATH, {"code": code})
        shown = meeting_page(Visit(provider, meeting.title, person.name, token_at, straight), services.sdk_dir)
    services.claims.mark(request, shown)
    return shown


async def go_in(request: web.Request) -> web.StreamResponse:
    """Mint a fresh token for the person and send them on to the configured page; without one, to the page itself."""
    joining = request.app[SERVICES].joining
    if not joining.rules.template:
        return web.Response(status=303, headers={**HEADERS, "Location": request.path.rpartition("/")[2]})
    try:
        meeting, user = await _redeem(request, request.match_info["code"], take=True)
        url = joining.page(meeting.id, await joining.ticket(meeting.id, user))
    except TROUBLES as trouble:
        return sorry(trouble, request.app[NAMED])
    return web.Response(status=303, headers={**HEADERS, "Location": str(url)})


async def give_token(request: web.Request) -> web.StreamResponse:
    """Give the meeting page's script a fresh token for the one whom its code was made for."""
    joining = request.app[SERVICES].joining

    async def who(asked: Asked) -> tuple[MeetingId, UserId]:
        code = asked.get("code")
        if not isinstance(code, str) or not code:
            raise LinkExpired("This link is not complete. Press Join in Slack again to get a new one.")
        meeting, user = await _redeem(request, code, take=True)
        return meeting.id, user

    return await token_answer(request, joining, who)


def sorry(trouble: Exception, named: CommandNames) -> web.Response:
    """Say on a page why somebody is not let in."""
    words = Apology.of(trouble, named)
    return page(words.title, words.text, *filter(None, [words.reference]), status=words.status)
