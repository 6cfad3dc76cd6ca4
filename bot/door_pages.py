"""The pages at the doors: sign in, go in, and kind words for whoever cannot."""

import logging
import math
from collections.abc import Awaitable, Callable
from functools import wraps
from html import escape

from aiohttp import web
from redis.exceptions import RedisError

from bot.command_names import NAMED, CommandNames
from bot.errors import (
    CannotTell,
    ChatBusy,
    ChatError,
    MeetingClosed,
    NotAllowed,
    NotAmongThem,
    NotKnownNow,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
    SignInFailed,
    StoreBusy,
    UserError,
)
from bot.log import new_ref
from bot.pages import GO, HEADERS, page, without_markup
from bot.views import words

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

TITLES: tuple[tuple[type[UserError], str, int], ...] = (
    (SignInFailed, "You are not signed in", 400),
    (NotKnownNow, "This cannot be opened right now", 503),
    (NotAllowed, "You cannot go in here", 403),
    (NotAmongThem, "This is not open to you", 403),
    (CannotTell, "I cannot let you in here", 403),
    (MeetingClosed, "This meeting is over", 410),
    (UserError, "There is nothing here", 404),
)


def kindly(handler: Handler) -> Handler:
    """Turn what a door raises into a page that says what to do next."""

    @wraps(handler)
    async def kind(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (UserError, ChatError, ProviderError, StoreBusy, RedisError) as trouble:
            return sorry(trouble, request.app[NAMED], depth=request.path.count("/") - 1)

    return kind


def sorry(trouble: Exception, named: CommandNames, *, depth: int) -> web.Response:
    """Say why somebody cannot go on, in words they can use.

    Args:
        trouble: what a door raised.
        named: knows what the commands are called here.
        depth: how many steps it is from this page up to where the bot's pages begin.

    """
    if isinstance(trouble, UserError):
        title, status = next((title, status) for kind, title, status in TITLES if isinstance(trouble, kind))
        way_out = _sign_out("../" * depth + "signout") if isinstance(trouble, NotAmongThem) else ""
        return _ours(page(title, without_markup(named(str(trouble))), form=way_out, status=status))
    ref = new_ref()
    known = isinstance(trouble, ProviderError | ChatError)
    log.warning("a door stayed shut (ref %s): %s", ref, trouble if known else "store")
    answer = page("This cannot be opened right now", _advice(trouble), f"Reference: {ref}", status=503)
    if isinstance(trouble, ChatBusy):
        answer.headers["Retry-After"] = str(math.ceil(trouble.retry_after))
    return _ours(answer)


def _advice(trouble: Exception) -> str:
    match trouble:
        case ChatBusy(retry_after=wait):
            soon = words.length(math.ceil(wait))
            return f"Slack asks me to slow down. Please open the link again in {soon}."
        case ChatError():
            return "Slack did not answer, so I cannot tell who may come in. Please open the link again in a minute."
        case ProviderRefused() | ProviderRejected():
            return "The video service did not accept this. If it goes on, please tell whoever runs Greenroom."
        case ProviderError():
            return "The video service did not answer. Please open the link again in a minute."
        case _:
            return "Something behind this page did not answer. Please open the link again in a minute."


def sign_in(to: str, public_url: str, *, straight: bool, status: int = 200) -> web.Response:
    """Ask somebody to sign in; nothing is begun before they press, or before a page that they look at goes on.

    Args:
        to: where they want to go.
        public_url: where people reach this bot.
        straight: whether it goes on by itself.
        status: the HTTP status.

    """
    form = (
        f'<form method="post" action="{escape(public_url)}/signin">'
        f'<input type="hidden" name="to" value="{escape(to)}"><button autofocus>Continue with Slack</button></form>'
    )
    why = "Slack tells this page who you are, so that you come in as yourself. It learns nothing else."
    return _ours(page("Sign in to go on", why, form=form + _go(straight), status=status))


def go_in(title: str, name: str, press: str, public_url: str, *, straight: bool) -> web.Response:
    """Let somebody in who may come in, at a press or by itself where a person is looking at the page.

    Args:
        title: of what is behind the door.
        name: of the person.
        press: what stands on the button.
        public_url: where people reach this bot.
        straight: whether it goes on by itself.

    """
    form = f'<form method="post"><button autofocus>{escape(press)}</button></form>'
    return _ours(
        page(title, f"You are signed in as {name}.", form=form + _sign_out(f"{public_url}/signout") + _go(straight))
    )


def _sign_out(address: str) -> str:
    return f'<form method="post" action="{escape(address)}"><button>Sign out</button></form>'


def _go(straight: bool) -> str:
    return f"<script>{GO}</script>" if straight else ""


def not_ours() -> web.Response:
    """Refuse a press that came from another site's page."""
    said = "That came from another site. Please open the link in Slack and press the button there."
    return _ours(page("Not from here", said, status=403))


def onward(address: str) -> web.Response:
    """Send somebody on, leaving no trace of where they come from."""
    return web.Response(status=303, headers={**HEADERS, "Location": address})


def _ours(answer: web.Response) -> web.Response:
    # A page that tells nobody where a press comes from could not tell us either; its address is no secret.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer
