"""``/join/{code}``: one person's door. Looking at it mints nothing; going through it does."""

import logging
from html import unescape

from aiohttp import web
from redis.exceptions import RedisError

from bot.errors import LinkExpired, ProviderError, ProviderRefused, ProviderRejected, StoreBusy, UserError
from bot.log import new_ref
from bot.pages import HEADERS, door, page
from bot.routes import Routes
from bot.services import SERVICES

log = logging.getLogger(__name__)

ROBOTS = ("bot", "crawl", "spider", "preview", "slack", "facebookexternalhit", "whatsapp", "curl", "wget")
"""Words in the names of programs that look at links; they are shown the door but never go through it."""


def register(routes: Routes) -> None:
    """Answer the personal links."""
    routes.pages.append(web.get("/join/{code}", show_door))
    routes.pages.append(web.post("/join/{code}", go_in))


async def show_door(request: web.Request) -> web.StreamResponse:
    """Show whose door it is and where it leads."""
    services = request.app[SERVICES]
    try:
        meeting, user = await services.joining.redeem(request.match_info["code"])
        person = await services.chat.person(user)
    except (UserError, RedisError) as trouble:
        return _sorry(trouble)
    robot = any(word in request.headers.get("User-Agent", "").lower() for word in ROBOTS)
    return door(meeting.title, person.name, straight=not robot)


async def go_in(request: web.Request) -> web.StreamResponse:
    """Mint a fresh token for the person and send them on to the meeting."""
    joining = request.app[SERVICES].joining
    try:
        meeting, user = await joining.redeem(request.match_info["code"])
        if not joining.rules.template:
            return page(
                meeting.title,
                "There is no meeting page configured yet.",
                "Whoever runs Greenroom can set JOIN_URL_TEMPLATE to the address of a page that takes a token, "
                "with {token} and, if it is needed, {meeting_id} in it.",
                status=501,
            )
        url = joining.page(meeting.id, await joining.ticket(meeting.id, user))
    except (UserError, ProviderError, StoreBusy, RedisError) as trouble:
        return _sorry(trouble)
    return web.Response(status=303, headers={**HEADERS, "Location": str(url)})


def _sorry(trouble: Exception) -> web.Response:
    if isinstance(trouble, LinkExpired):
        return page("This link does not work any more", str(trouble), status=410)
    if isinstance(trouble, UserError):
        return page("You cannot join here", unescape(str(trouble)).replace("`", ""), status=410)
    ref = new_ref()
    log.warning("nobody could be let in (ref %s): %s", ref, trouble if isinstance(trouble, ProviderError) else "store")
    return page("The meeting cannot be reached right now", _advice(trouble), f"Reference: {ref}", status=503)


def _advice(trouble: Exception) -> str:
    if isinstance(trouble, ProviderRefused | ProviderRejected):
        return "The video service did not let you in. If it goes on, please tell whoever runs Greenroom."
    who = "The video service" if isinstance(trouble, ProviderError) else "Something behind this page"
    return f"{who} did not answer. Reload this page in a minute, or press Join in Slack again."
