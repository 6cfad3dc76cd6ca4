"""Which browser a personal link was used in: from then on a copy of the link is of no use in any other."""

import hashlib
import re
import secrets

from aiohttp import web
from redis.asyncio import Redis

from bot.keys import CODE_KEPT, as_text, claim_key

COOKIE = "greenroom_browser"
ID_BYTES = 16
NAME = re.compile(r"[\w-]{22}", re.ASCII)


class Claims:
    """Remembers for each code the browser that went through first.

    Args:
        redis: where it is remembered, for as long as codes live.
        secure: whether the bot is reached by https, so that the cookie may travel by nothing else.

    """

    def __init__(self, redis: Redis, *, secure: bool) -> None:
        self._redis = redis
        self._secure = secure

    def mark(self, request: web.Request, answer: web.StreamResponse) -> None:
        """Give a browser a name by which it is known again; it says nothing of whose browser it is."""
        # Given anew each time: a browser must not forget its name before the link it has used now is too old.
        name, seconds = _given(request) or secrets.token_urlsafe(ID_BYTES), int(CODE_KEPT.total_seconds())
        answer.set_cookie(COOKIE, name, max_age=seconds, path="/", secure=self._secure, httponly=True, samesite="Lax")

    async def is_anothers(self, request: web.Request, code: str) -> bool:
        """Tell whether a code was used in another browser before; looking takes nothing."""
        known = await self._redis.get(claim_key(code))
        return known is not None and as_text(known) != _name(request)

    async def take(self, request: web.Request, code: str) -> bool:
        """Have a code belong to this browser, if it belongs to none yet; false where it is another's."""
        await self._redis.set(claim_key(code), _name(request), ex=int(CODE_KEPT.total_seconds()), nx=True)
        return not await self.is_anothers(request, code)


def _name(request: web.Request) -> str:
    return hashlib.sha256(_given(request).encode()).hexdigest()


def _given(request: web.Request) -> str:
    """Give the name that a browser was given; empty where it sends none, or none of ours."""
    sent = request.cookies.get(COOKIE, "")
    return sent if NAME.fullmatch(sent) else ""
