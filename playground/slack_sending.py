"""Sends what people do to the bot over HTTP, signed the way Slack signs."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp

from playground.slack_limits import ACK_SECONDS

TIMED_OUT = "operation_timeout"
NOT_REACHED = "dispatch_failed"
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Ack:
    """How the bot answered; ``status`` is 0 and ``body`` says why where there was no answer.

    ``no_retry`` is the bot's wish, by a header, not to be sent an event again.
    """

    ok: bool
    status: int
    body: str
    seconds: float
    no_retry: bool = False

    def json(self) -> dict[str, Any] | None:
        """Read the body as a JSON object, None where it is not one."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Sign a request: version, time and raw body under HMAC-SHA256 (docs.slack.dev, verifying requests)."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


class HttpSender:
    """Posts to the bot's request URL and waits three seconds for its acknowledgement."""

    def __init__(self, signing_secret: str, now: Callable[[], datetime]) -> None:
        # The bot's own clock and not the workspace's: the bot compares the time of a signature with it.
        self._now = now
        self.ack_seconds = ACK_SECONDS
        self._secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Open the client."""
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Close the client."""
        if self._session is not None:
            await self._session.close()

    async def form(self, url: str, fields: Mapping[str, str]) -> Ack:
        """Send a form, as commands and interactions are."""
        return await self.send(url, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    async def json(self, url: str, payload: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Ack:
        """Send JSON, as events are."""
        return await self.send(url, json.dumps(payload).encode(), "application/json", headers)

    async def send(self, url: str, body: bytes, content_type: str, headers: Mapping[str, str] | None = None) -> Ack:
        """Send a signed request, and take any 2xx in time for an acknowledgement."""
        if self._session is None:
            raise RuntimeError("The Slack simulator was not started")
        began = time.monotonic()
        try:
            async with (
                asyncio.timeout(self.ack_seconds),
                self._session.post(url, data=body, headers=self._headers(body, content_type, headers)) as response,
            ):
                status, answer, headers = response.status, await response.text(), response.headers
        except TimeoutError:
            return Ack(ok=False, status=NO_ANSWER, body=TIMED_OUT, seconds=time.monotonic() - began)
        except aiohttp.ClientError:
            return Ack(ok=False, status=NO_ANSWER, body=NOT_REACHED, seconds=time.monotonic() - began)
        ok = 200 <= status < 300  # noqa: PLR2004 - HTTP's own numbers
        no_retry = headers.get("X-Slack-No-Retry") == "1"
        return Ack(ok=ok, status=status, body=answer, seconds=time.monotonic() - began, no_retry=no_retry)

    def _headers(self, body: bytes, content_type: str, more: Mapping[str, str] | None) -> dict[str, str]:
        timestamp = str(int(self._now().timestamp()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            **(more or {}),
        }
