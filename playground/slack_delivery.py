"""Brings payloads to the bot by the one way that is switched on: signed HTTP, or Socket Mode."""

import asyncio
import json
import secrets
from typing import Any

from playground.slack_limits import EVENT_RETRY_SECONDS
from playground.slack_payloads import VERIFICATION_TOKEN
from playground.slack_sending import NOT_REACHED, TIMED_OUT, Ack, HttpSender
from playground.slack_socket import SocketMode

_REASONS = {TIMED_OUT: "http_timeout", NOT_REACHED: "connection_failed"}


class Delivery:
    """Commands, clicks and events on their way out; in Slack an app uses HTTP or sockets, never both."""

    def __init__(self, http: HttpSender, sockets: SocketMode, *, socket_mode: bool) -> None:
        self.socket_mode = socket_mode
        self.bot_url: str | None = None
        self.event_retry_seconds: tuple[float, ...] = EVENT_RETRY_SECONDS
        self._http, self._sockets = http, sockets

    async def command(self, fields: dict[str, str]) -> Ack:
        """Bring a slash command."""
        if self.socket_mode:
            return await self._sockets.deliver("slash_commands", dict(fields), answerable=True)
        if self.bot_url is None:
            return _nowhere()
        return await self._http.form(self._address(), fields)

    async def interaction(self, payload: dict[str, Any], *, answerable: bool = False) -> Ack:
        """Bring a click, or a form; a form that is submitted can be answered."""
        if self.socket_mode:
            return await self._sockets.deliver("interactive", payload, answerable=answerable)
        if self.bot_url is None:
            return _nowhere()
        return await self._http.form(self._address(), {"payload": json.dumps(payload)})

    async def event(self, payload: dict[str, Any]) -> Ack:
        """Bring an event, again at once, after a minute and after five while the bot does not answer 2xx."""
        ack = await self._event_once(payload, 0, "")
        for number, pause in enumerate(self.event_retry_seconds, start=1):
            if ack.ok or ack.no_retry:
                break
            reason = _REASONS.get(ack.body, "http_error") if ack.status == 0 else "http_error"
            await asyncio.sleep(pause)
            ack = await self._event_once(payload, number, reason)
        return ack

    async def _event_once(self, payload: dict[str, Any], number: int, reason: str) -> Ack:
        if self.socket_mode:
            return await self._sockets.deliver(
                "events_api", payload, answerable=False, retry_attempt=number, retry_reason=reason
            )
        if self.bot_url is None:
            return _nowhere()
        retried = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason} if number else {}
        return await self._http.json(self._address(), payload, retried)

    async def url_verification(self) -> Ack:
        """Ask the request URL to repeat a challenge, as the app's settings page does; ok only if it did."""
        challenge = secrets.token_urlsafe(24)
        body = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        ack = _nowhere() if self.bot_url is None else await self._http.json(self._address(), body)
        repeated = challenge in {ack.body.strip(), (ack.json() or {}).get("challenge")}
        return Ack(ok=ack.ok and repeated, status=ack.status, body=ack.body, seconds=ack.seconds)

    def _address(self) -> str:
        return f"{self.bot_url}/slack/events"


def _nowhere() -> Ack:
    return Ack(ok=False, status=0, body=NOT_REACHED, seconds=0.0)
