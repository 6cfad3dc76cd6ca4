"""The way in to the simulated REST APIs: faults, credentials, rate limits, error envelopes and the log of calls."""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from aiohttp import web
from pydantic import ValidationError

from playground.faults import CallFault, ProviderFaults
from playground.provider_body import Body, complaint
from playground.provider_flavours import Flavour, RateLimit
from playground.rooms import ProviderName
from playground.timers import Changes, Timers

LOGGED_CALLS = 1000
ANY_BODY = TypeVar("ANY_BODY", bound=Body)


class Refused(Exception):
    """A call is refused with the providers' own error envelope."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call is answered with."""

    data: Any
    status: int = 200
    paging: Mapping[str, int] | None = None

    def body(self) -> dict[str, Any]:
        """Wrap the data as both providers do."""
        paging = {} if self.paging is None else {"paging": dict(self.paging)}
        return {"success": True, "data": self.data} | paging


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one operation."""

    flavour: Flavour
    path: Mapping[str, str]
    query: Mapping[str, str]
    raw: bytes

    def read(self, kind: type[ANY_BODY]) -> ANY_BODY:
        """Check the body.

        Raises:
            Refused: it is not what the operation takes.

        """
        try:
            return kind.model_validate_json(self.raw or b"{}")
        except ValidationError as error:
            raise Refused(400, complaint(error)) from error


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API; ``only`` names the provider that has it where the other has not."""

    name: str
    method: str
    path: str
    handle: Callable[[Call], Answer]
    only: ProviderName | None = None
    takes_a_body: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """One call as it was taken and answered; status 0 where no answer was given."""

    provider: ProviderName
    operation: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    request: Any
    status: int
    at: datetime


@dataclass(slots=True)
class Gate:
    """Takes the calls of both providers."""

    faults: ProviderFaults
    now: Callable[[], datetime]
    timers: Timers
    changes: Changes
    limits: dict[ProviderName, tuple[RateLimit, ...]]
    calls: deque[Logged] = field(default_factory=lambda: deque(maxlen=LOGGED_CALLS))
    _taken: defaultdict[tuple[str, RateLimit], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def handler(self, flavour: Flavour, operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Make the web handler of an operation."""

        async def handle(request: web.Request) -> web.StreamResponse:
            call = Call(flavour, request.match_info, dict(request.query), await request.read())
            response = await self._answer(request, call, operation)
            status = 0 if _broken(request) else response.status
            logged = Logged(flavour.name, operation.name, call.path, call.query, _json(call.raw), status, self.now())
            self.calls.append(logged)
            self.changes.bump()
            return response

        return handle

    async def guard(self, request: web.Request, provider: ProviderName, operation: str) -> web.Response | None:
        """Apply the faults to something that is no API call, such as the key; give the answer if one is due."""
        fault = self.faults.take(provider, operation)
        return await self._before(request, fault) or self._down()

    async def _answer(self, request: web.Request, call: Call, operation: Operation) -> web.Response:
        fault = self.faults.take(call.flavour.name, operation.name)
        before = None if fault and fault.after else fault
        early = await self._before(request, before) or self._down() or self._not_let_in(request, call, operation)
        if early is not None:
            return early
        response = _result(call, operation)
        late = await self._suffer(request, fault) if fault and fault.after else None
        return late or response

    async def _before(self, request: web.Request, fault: CallFault | None) -> web.Response | None:
        if self.faults.slow_seconds:
            await asyncio.sleep(self.faults.slow_seconds)
        if self.faults.unreachable:
            return _break(request)
        return await self._suffer(request, fault) if fault else None

    async def _suffer(self, request: web.Request, fault: CallFault) -> web.Response | None:
        match fault.trouble:
            case "fail":
                body = error_body(fault.status, "The simulator was told to fail") if fault.body is None else fault.body
                return _respond(fault.status, body, fault.headers)
            case "slow":
                await asyncio.sleep(fault.seconds)
                return None
            case "hang":
                while request.transport is not None and not await self.timers.until_closed(0.02):
                    pass
                return _break(request)
            case "drop":
                self.faults.unreachable |= fault.for_good
                return _break(request)

    def _down(self) -> web.Response | None:
        return _respond(500, error_body(500, "INTERNAL_SERVER_ERROR")) if self.faults.down else None

    def _not_let_in(self, request: web.Request, call: Call, operation: Operation) -> web.Response | None:
        flavour = call.flavour
        if self.faults.refused or request.headers.get("authorization") != flavour.authorization:
            return _respond(*_refusal(flavour))
        if flavour.account not in (None, call.path.get("account_id")):
            return _respond(*_refusal(flavour, 403))
        if flavour.account and call.path.get("app_id", flavour.tenant) != flavour.tenant:
            return _respond(404, error_body(404, "No app found with this id"))
        return self._too_many(flavour, operation)

    def _too_many(self, flavour: Flavour, operation: Operation) -> web.Response | None:
        now = asyncio.get_running_loop().time()
        for limit in self.limits[flavour.name]:
            if limit.of not in operation.name:
                continue
            taken = self._taken[flavour.name, limit]
            while taken and taken[0] <= now - limit.seconds:
                taken.popleft()
            if len(taken) >= limit.calls:
                return _too_many(flavour, int(taken[0] + limit.seconds - now) + 1)
            taken.append(now)
        return None


def error_body(status: int, message: str) -> dict[str, Any]:
    """Write the error envelope that both providers share; its code repeats the status."""
    return {"success": False, "error": {"code": status, "message": message}}


def _result(call: Call, operation: Operation) -> web.Response:
    if not operation.takes_a_body and call.raw.strip() not in (b"", b"{}", b"null"):
        return _respond(400, error_body(400, "BAD_REQUEST: this call takes no body"))
    try:
        answer = operation.handle(call)
    except Refused as refused:
        return _respond(refused.status, error_body(refused.status, refused.message))
    return _respond(answer.status, answer.body())


def _too_many(flavour: Flavour, seconds: int) -> web.Response:
    headers = {"retry-after": str(seconds)} | ({"x-envoy-ratelimited": "true"} if flavour.dyte else {})
    cloudflare = {"success": False, "errors": [{"code": 971, "message": "Please wait and consider throttling"}]}
    return _respond(429, "" if flavour.dyte else cloudflare | {"messages": [], "result": None}, headers)


def _refusal(flavour: Flavour, status: int = 401) -> tuple[int, dict[str, Any]]:
    refusal = flavour.refuse(status)
    return refusal.status, refusal.body


def _respond(status: int, body: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    if isinstance(body, str | bytes):
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=raw, headers=headers, content_type="text/plain")
    return web.json_response(body, status=status, headers=headers)


def _break(request: web.Request) -> web.Response:
    """Cut the connection; the answer that is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _broken(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw.decode(errors="replace")
