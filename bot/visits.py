"""What a door has to know of a request: whose browser it is, whether a page of ours was pressed, whether by a robot."""

from urllib.parse import urlsplit

from aiohttp import web

from bot.domain.ids import UserId
from bot.keys import SIGNIN_KEPT
from bot.visitors import SIGNED_IN_FOR, Visitors

ROBOTS = ("bot", "crawl", "spider", "preview", "slack", "facebookexternalhit", "whatsapp", "curl", "wget")
"""Words in the names of programs that look at links; they are shown the door but never go through it."""


def is_robot(request: web.Request) -> bool:
    """Tell whether a program that looks at links is asking; one that hides it just sees a page with a button."""
    return any(word in request.headers.get("User-Agent", "").lower() for word in ROBOTS)


class Visits:
    """The cookies, and where a press must come from.

    Args:
        visitors: writes and reads what is in the cookie.
        public_url: where people reach this bot.

    """

    def __init__(self, visitors: Visitors, public_url: str) -> None:
        parts = urlsplit(public_url)
        self._visitors = visitors
        self._origin = f"{parts.scheme}://{parts.netloc}".lower()
        self._secure = parts.scheme == "https"
        # A name with this prefix cannot be set by a neighbouring host, nor over plain HTTP (RFC 6265bis).
        prefix = "__Host-" if self._secure else ""
        self._signed_in, self._on_the_way = f"{prefix}greenroom", f"{prefix}greenroom-signin"

    def user(self, request: web.Request) -> UserId | None:
        """Tell who is signed in with this browser."""
        return self._visitors.read(request.cookies.get(self._signed_in))

    def welcome(self, answer: web.Response, user: UserId) -> None:
        """Have the browser remember who has just signed in."""
        self._keep(answer, self._signed_in, self._visitors.note(user), int(SIGNED_IN_FOR.total_seconds()))
        self._drop(answer, self._on_the_way)

    def forget(self, answer: web.Response) -> None:
        """Have the browser forget who is signed in."""
        self._drop(answer, self._signed_in)

    def browser(self, request: web.Request) -> str | None:
        """Tell which browser this is, among those that are about to sign in."""
        return request.cookies.get(self._on_the_way)

    def note_browser(self, answer: web.Response, browser: str) -> None:
        """Have the browser keep what it is to be known again by, until it comes back from Slack."""
        self._keep(answer, self._on_the_way, browser, int(SIGNIN_KEPT.total_seconds()))

    def is_ours(self, request: web.Request) -> bool:
        """Tell whether a press came from a page of ours: other sites send people here, but press nothing for them."""
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site == "same-origin"
        # Browsers tell the site only over HTTPS and on this machine; else the origin says it.
        return request.headers.get("Origin", "").lower() == self._origin

    def _keep(self, answer: web.Response, name: str, value: str, seconds: int) -> None:
        answer.set_cookie(name, value, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="Lax")

    def _drop(self, answer: web.Response, name: str) -> None:
        answer.del_cookie(name, path="/", secure=self._secure, httponly=True, samesite="Lax")
