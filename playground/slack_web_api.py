"""The HTTP edge of the simulated Web API: tokens, scopes, rate limits, faults, and the log of calls."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from playground import slack_calls as calls
from playground import slack_chat as chat
from playground import slack_conversations as conversations
from playground.slack_errors import Arguments, SlackError
from playground.slack_faults import SlackFault, SlackFaults
from playground.slack_install import Installation

CALLS_KEPT = 5_000

Handler = Callable[[Installation, Arguments], dict[str, Any]]
Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: what does it, the scope that it takes, and the rate tier of its page."""

    handler: Handler
    scope: str | None = None
    tier: int | None = None
    app_token: bool = False


METHODS: dict[str, Method] = {
    "auth.test": Method(conversations.auth_test),
    "calls.add": Method(calls.add, "calls:write", 2),
    "calls.end": Method(calls.end, "calls:write", 2),
    "calls.info": Method(calls.info, "calls:read", 2),
    "calls.participants.add": Method(calls.participants_add, "calls:write", 2),
    "calls.participants.remove": Method(calls.participants_remove, "calls:write", 2),
    "calls.update": Method(calls.update, "calls:write", 2),
    "chat.delete": Method(chat.delete, "chat:write", 3),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write", 4),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.update": Method(chat.update, "chat:write", 3),
    "conversations.history": Method(conversations.history, tier=3),
    "conversations.info": Method(conversations.conversation_info, tier=3),
    "conversations.members": Method(conversations.members, tier=4),
    "conversations.open": Method(conversations.open_conversation, tier=3),
    "conversations.replies": Method(conversations.replies, tier=3),
    "usergroups.users.list": Method(conversations.usergroup_users, "usergroups:read", 2),
    "users.info": Method(conversations.users_info, "users:read", 4),
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API as it was taken; the token is left out, an answer never given is empty."""

    method: str
    args: dict[str, Any]
    answer: dict[str, Any]
    at: datetime
    status: int = 200


class WebApi:
    """Takes calls under ``/slack/api/``."""

    def __init__(
        self, install: Installation, faults: SlackFaults, methods: dict[str, Method], now: Callable[[], datetime]
    ) -> None:
        self.calls: list[Call] = []
        self._install, self._faults, self._methods, self._now = install, faults, methods, now

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take one call."""
        name = request.match_info["method"]
        values, token = await _read(request)
        fault = self._faults.take(name)
        if fault is not None and fault.kind not in {"drop_after", "delay"}:
            return self._refuse(request, name, values, fault)
        try:
            answer, status, headers = {"ok": True} | self._do(name, values, token), 200, {}
        except SlackError as error:
            answer, status, headers = error.answer(), error.status, retry_after(error.retry_after)
        if fault is not None and fault.kind == "drop_after":
            self._log(name, values, {}, 0)
            return drop(request)
        self._log(name, values, answer, status)
        if fault is not None:
            await asyncio.sleep(fault.seconds)
        return web.json_response(answer, status=status, headers=headers | self._scope_headers(name))

    def failing(self, name: str, handle: Handle) -> Handle:
        """Let something beside the Web API go wrong under a name of its own."""

        async def handled(request: web.Request) -> web.StreamResponse:
            fault = self._faults.take(name)
            if fault is not None and fault.kind not in {"drop_after", "delay"}:
                return self._refuse(request, name, {}, fault)
            answer = await handle(request)
            if fault is not None and fault.kind == "drop_after":
                return drop(request)
            await asyncio.sleep(fault.seconds if fault else 0)
            self._log(name, {}, {}, answer.status)
            return answer

        return handled

    def _do(self, name: str, values: dict[str, Any], token: str) -> dict[str, Any]:
        method = self._methods.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authenticate(token, app_token=method.app_token)
        self._install.rates.call(name, method.tier)
        if method.scope is not None:
            self._install.require(method.scope)
        if "body_error" in values:
            raise SlackError(str(values["body_error"]))
        return method.handler(self._install, Arguments(values))

    def _authenticate(self, token: str, *, app_token: bool) -> None:
        if not token:
            raise SlackError("not_authed")
        if token not in {self._install.bot_token, self._install.app_token}:
            raise SlackError("invalid_auth")
        if self._faults.token_error is not None:
            raise SlackError(self._faults.token_error)
        if (token == self._install.app_token) != app_token:
            raise SlackError("not_allowed_token_type")

    def _refuse(self, request: web.Request, name: str, values: dict[str, Any], fault: SlackFault) -> web.Response:
        """Answer a call that a fault keeps from being done at all."""
        match fault.kind:
            case "drop_before":
                self._log(name, values, {}, 0)
                return drop(request)
            case "status":
                self._log(name, values, {}, fault.status)
                kinds = {"<": "text/html", "{": "application/json"}
                kind = kinds.get(fault.body[:1], "text/plain")
                return web.Response(status=fault.status, text=fault.body, content_type=kind)
            case "ratelimited":
                refusal = SlackError("ratelimited", retry_after=int(fault.seconds))
            case _:
                refusal = SlackError(fault.error)
        self._log(name, values, refusal.answer(), refusal.status)
        return web.json_response(refusal.answer(), status=refusal.status, headers=retry_after(refusal.retry_after))

    def _scope_headers(self, name: str) -> dict[str, str]:
        needed = self._methods[name].scope if name in self._methods else None
        accepted = {"x-accepted-oauth-scopes": needed} if needed else {}
        return {"x-oauth-scopes": self._install.provided} | accepted

    def _log(self, name: str, values: dict[str, Any], answer: dict[str, Any], status: int) -> None:
        self.calls.append(Call(name, values, answer, self._now(), status))
        del self.calls[:-CALLS_KEPT]


async def _read(request: web.Request) -> tuple[dict[str, Any], str]:
    """Read a call's arguments and token; a token inside a JSON body does not count, as in Slack."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        token = values.pop("token", "")
        values |= await _json_object(request)
        values.pop("token", None)
    else:
        values |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        token = values.pop("token", "")
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    return values, credentials.strip() if scheme.lower() == "bearer" else str(token)


async def _json_object(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        return {"body_error": "invalid_json"}
    return body if isinstance(body, dict) else {"body_error": "json_not_object"}


def retry_after(seconds: int | None) -> dict[str, str]:
    """Give the headers that say when to come back."""
    return {} if seconds is None else {"Retry-After": str(seconds)}


def drop(request: web.Request) -> web.Response:
    """Close the connection under a call; the answer that aiohttp needs to be given goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
