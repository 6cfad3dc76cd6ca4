"""Handing a token to the meeting page's own script, and to nobody else: by a POST of JSON from the page's own origin.

The token is in the answer's body alone. No form, link, preview or other site can ask for it in this way.
"""

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from redis.exceptions import RedisError

from bot.command_names import NAMED, CommandNames
from bot.domain.ids import MeetingId, UserId
from bot.door import body_of
from bot.errors import (
    ChatError,
    LinkExpired,
    NotAllowed,
    NotKnownNow,
    ProviderError,
    ProviderRefused,
    ProviderRejected,
    StoreBusy,
    UserError,
)
from bot.joining import Joining
from bot.log import new_ref
from bot.pages import without_markup

log = logging.getLogger(__name__)

Asked = dict[str, Any]
WhoIsIt = Callable[[Asked], Awaitable[tuple[MeetingId, UserId]]]
"""Tells from the script's JSON who comes into which meeting, or raises a UserError."""

PATIENCE = 5.0
"""Seconds in which the script's few words must have come."""

TROUBLES = (UserError, ProviderError, ChatError, StoreBusy, RedisError)
"""What letting somebody in may raise, and ``Apology.of`` has words for."""

NOT_NOW = "The meeting cannot be reached right now"
TITLES: tuple[tuple[type[UserError], str, int], ...] = (
    (LinkExpired, "This link does not work any more", 410),
    (NotKnownNow, NOT_NOW, 503),
    (NotAllowed, "You cannot join here", 403),
    (UserError, "You cannot join here", 410),
)

NO_STORE = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Apology:
    """Why somebody is not let in, in words for them; what only the operator can mend has a reference to the log."""

    def __init__(self, status: int, title: str, text: str, *, reference: str = "", again: str = "") -> None:
        self.status, self.title, self.text, self.reference, self.again = status, title, text, reference, again

    @classmethod
    def of(cls, trouble: Exception, named: CommandNames) -> "Apology":
        """Find the words for one of the troubles, with the commands as they are called here."""
        if isinstance(trouble, UserError):
            title, status = next((title, status) for kind, title, status in TITLES if isinstance(trouble, kind))
            again = "Try again" if isinstance(trouble, NotKnownNow) else ""
            return cls(status, title, without_markup(named(str(trouble))), again=again)
        ref = new_ref()
        why = trouble if isinstance(trouble, ProviderError | ChatError) else "store"
        log.warning("nobody could be let in (ref %s): %s", ref, why)
        return cls(503, NOT_NOW, _advice(trouble), reference=f"Reference: {ref}", again="Try again")

    def as_json(self) -> web.Response:
        """Give it to the page's script."""
        said = {"title": self.title, "text": self.text, "reference": self.reference, "again": self.again}
        return web.json_response(
            {name: words for name, words in said.items() if words}, status=self.status, headers=NO_STORE
        )


def _advice(trouble: Exception) -> str:
    if isinstance(trouble, ProviderRefused | ProviderRejected):
        return "The video service did not let you in. If it goes on, please tell whoever runs Greenroom."
    kinds = ((ProviderError, "The video service"), (ChatError, "Slack"))
    who = next((name for kind, name in kinds if isinstance(trouble, kind)), "Something behind this page")
    return f"{who} did not answer. Reload this page in a minute, or press Join in Slack again."


async def token_answer(request: web.Request, joining: Joining, who: WhoIsIt) -> web.Response:
    """Mint a fresh token for whoever asks, and give it to the script of the bot's own page.

    Args:
        request: a POST.
        joining: mints.
        who: says whose token it is; nothing is minted where it raises.

    """
    asked = await _asked(request) if is_own_page(request, joining.rules.public_url) else None
    if asked is None:
        return Apology(403, "This is not the way in", "Please open your link to the meeting in a browser.").as_json()
    try:
        meeting, user = await who(asked)
        ticket = await joining.ticket(meeting, user)
    except TROUBLES as trouble:
        return Apology.of(trouble, request.app[NAMED]).as_json()
    return web.json_response({"token": ticket.token}, headers=NO_STORE)


def is_own_page(request: web.Request, public_url: str | None) -> bool:
    """Tell whether a request comes from the script of a page of this bot, as browsers vouch for it.

    Every browser says where such a request comes from. A proxy may have changed the host, so the public address
    counts as well as the one that was asked for.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin", "")
    known = {f"{request.scheme}://{request.host}", _origin(public_url or "")}
    return request.content_type == "application/json" and origin in known - {""}


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


async def _asked(request: web.Request) -> Asked | None:
    try:
        said = json.loads(await body_of(request, within=PATIENCE) or b"")
    except (ValueError, RecursionError, TimeoutError):
        return None
    return said if isinstance(said, dict) else None
