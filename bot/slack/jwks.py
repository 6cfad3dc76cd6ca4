"""The public keys with which Slack signs who somebody is."""

import asyncio
import time
from collections.abc import Callable

import aiohttp
import jwt

from bot.errors import ChatUnavailable

KEPT = 3600.0
"""Seconds after which the keys are fetched again, so that one which was withdrawn does not go on for ever."""


class Jwks:
    """A published set of keys, fetched when it is first needed, and once more for a name that is not in it.

    Args:
        http: for our requests.
        url: where the set is published.
        now: seconds on a clock that only goes forward.

    """

    def __init__(self, http: aiohttp.ClientSession, url: str, now: Callable[[], float] = time.monotonic) -> None:
        self._http = http
        self._url = url
        self._now = now
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._turn = asyncio.Lock()

    async def named(self, name: str) -> jwt.PyJWK | None:
        """Give the RSA key of that name; None where the set has none.

        Raises:
            ChatUnavailable: the set could not be had.

        """
        async with self._turn:
            fetched = self._fetched_at is not None and self._now() - self._fetched_at < KEPT
            if not fetched or name not in self._keys:
                self._keys = await self._fetch()
                self._fetched_at = self._now()
            return self._keys.get(name)

    async def _fetch(self) -> dict[str, jwt.PyJWK]:
        try:
            async with self._http.get(self._url, allow_redirects=False) as answer:
                found = await answer.json(content_type=None) if answer.status == 200 else None  # noqa: PLR2004 - HTTP's own
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as trouble:
            raise ChatUnavailable(type(trouble).__name__) from None
        listed = found.get("keys") if isinstance(found, dict) else None
        if not isinstance(listed, list):
            raise ChatUnavailable("no keys")
        return {key["kid"]: built for key in listed if (built := _signing_key(key))}


def _signing_key(written: object) -> jwt.PyJWK | None:
    """Build one key; None for what is no RSA key for signing: other kinds may stand in the set as well."""
    if not isinstance(written, dict) or written.get("kty") != "RSA" or not isinstance(written.get("kid"), str):
        return None
    if written.get("use", "sig") != "sig":
        return None
    try:
        return jwt.PyJWK(written, algorithm="RS256")
    except (jwt.PyJWTError, ValueError):
        return None
