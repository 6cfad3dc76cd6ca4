"""The only way HTTP leaves for a provider: time-outs, retries and errors are decided here and nowhere else."""

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.errors import (
    ProviderError,
    ProviderNotFound,
    ProviderRefused,
    ProviderRejected,
    ProviderUnavailable,
)
from bot.providers._failures import refusal
from bot.providers._patience import USUAL_RETRIES, USUAL_TIMEOUTS, Again, Retries, Timeouts
from bot.providers._values import json_object

log = logging.getLogger(__name__)

Observer = Callable[[str, str, float], None]
"""Told of every request: its operation, its outcome (``ok`` or the kind of error), and the seconds it took."""

_ALARMING = ("unavailable", "refused")
_OK = range(200, 300)
_REQUEST_TIMEOUT, _TOO_MANY = 408, 429
_SERVER_ERRORS = range(500, 600)


@dataclass(frozen=True, slots=True)
class _Request:
    operation: str
    method: str
    url: URL
    query: Mapping[str, str] | None
    body: Mapping[str, Any] | None
    secrets: Collection[str] = ()

    @property
    def changes(self) -> bool:
        return self.method != "GET"

    @property
    def repeatable(self) -> bool:
        # No provider has idempotency keys: a POST that is sent twice makes two of the thing.
        return self.method != "POST"


@dataclass(frozen=True, slots=True)
class JsonClient:
    """Speaks JSON with one service, over a session that belongs to the caller.

    Args:
        session: shared and never closed here; whether it has time-outs does not matter.
        base_url: what every path is put after.
        label: the service's name in error messages.
        authorization: the ``Authorization`` header, None for none.
        timeouts: for each request.
        retries: for each call.
        observe: told of each request.
        enveloped: whether each answer says ``success`` or has ``data``; one that does neither is none of theirs.

    """

    session: aiohttp.ClientSession = field(repr=False)
    base_url: str
    label: str
    authorization: str | None = field(default=None, repr=False)
    timeouts: Timeouts = USUAL_TIMEOUTS
    retries: Retries = USUAL_RETRIES
    observe: Observer | None = field(default=None, repr=False)
    enveloped: bool = True

    async def request(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        secrets: Collection[str] = (),
    ) -> dict[str, Any]:
        """Send a request and give the JSON object that answers it, repeating what is safe to repeat.

        Args:
            operation: what it is for, in error messages and metrics.
            method: the HTTP method.
            path: goes after the base URL, already quoted.
            query: goes into the URL.
            body: is sent as JSON.
            secrets: what of the body no error may repeat.

        Raises:
            ProviderUnavailable: no answer, a useless one, 408, 429 or 5xx; ``unclear`` if it may have taken effect.
            ProviderRefused: 401 or 403.
            ProviderNotFound: 404 from the service itself.
            ProviderRejected: any other answer that says no.

        """
        request = _Request(operation, method, URL(self.base_url.rstrip("/") + path, encoded=True), query, body, secrets)
        try:
            return await self._repeated(request)
        except Again as error:
            raise error.final() from None

    async def _repeated(self, request: _Request) -> dict[str, Any]:
        unclear = False
        async for attempt in self.retries.rounds():
            if attempt.num > 1:
                self.retries.repeated()
            with attempt:
                try:
                    return await self._observed(request)
                except ProviderError as error:
                    # That this attempt was turned away says nothing of an earlier one that got lost.
                    error.unclear = unclear = unclear or error.unclear
                    raise
        raise AssertionError("the attempts end with an answer or an error")

    async def _observed(self, request: _Request) -> dict[str, Any]:
        started, outcome = time.perf_counter(), "cancelled"
        try:
            answer = await self._once(request)
            outcome = "ok"
        except ProviderError as error:
            outcome = _outcome(error)
            raise
        finally:
            self._note(request, outcome, time.perf_counter() - started)
        return answer

    def _note(self, request: _Request, outcome: str, seconds: float) -> None:
        level = logging.WARNING if outcome in _ALARMING else logging.INFO if request.changes else logging.DEBUG
        log.log(level, "%s %s: %s", self.label, request.operation, outcome, extra={"seconds": round(seconds, 3)})
        if self.observe:
            self.observe(request.operation, outcome, seconds)

    async def _once(self, request: _Request) -> dict[str, Any]:
        if self.session.closed:
            raise ProviderUnavailable(f"{self.label} cannot be asked to {request.operation}: the session is closed")
        # `from None`, and only the kind of the cause: aiohttp's errors carry URLs and request headers.
        try:
            async with self._send(request) as response:
                status, retry_after, raw = response.status, response.headers.get("Retry-After"), await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise self._lost(request, type(error).__name__, sent=False) from None
        except (aiohttp.ClientError, OSError) as error:
            raise self._lost(request, type(error).__name__, sent=True) from None
        if status in _OK:
            return self._read(request, status, raw)
        raise self._failure(request, status, retry_after, raw)

    def _send(self, request: _Request) -> Any:
        return self.session.request(
            request.method,
            request.url,
            params=request.query,
            json=request.body,
            headers={"Authorization": self.authorization} if self.authorization else None,
            timeout=aiohttp.ClientTimeout(total=self.timeouts.total, connect=self.timeouts.connect),
            allow_redirects=False,
            raise_for_status=False,
            middlewares=(_tell_of_loss,),
        )

    def _read(self, request: _Request, status: int, raw: bytes) -> dict[str, Any]:
        if not raw.strip():
            return {}
        try:
            answer = json_object(raw)
        except ValueError:
            raise self._unavailable(request, status, self._prefix(request, status) + ": not a JSON object") from None
        if answer.get("success") is False:
            raise refusal(status, raw, self._prefix(request, status), self.authorization, request.secrets)
        if self.enveloped and answer.get("success") is not True and "data" not in answer:
            raise self._unavailable(request, status, self._prefix(request, status) + ": neither yes nor no")
        return answer

    def _failure(self, request: _Request, status: int, retry_after: str | None, raw: bytes) -> ProviderError:
        said = refusal(status, raw, self._prefix(request, status), self.authorization, request.secrets)
        if status == _TOO_MANY:
            return self.retries.heed(Again(str(said), status=status), retry_after)
        if status == _REQUEST_TIMEOUT or status in _SERVER_ERRORS:
            return self.retries.heed(self._unavailable(request, status, str(said)), retry_after)
        return said

    def _lost(self, request: _Request, why: str, *, sent: bool) -> ProviderUnavailable:
        message = f"{self.label} did not answer {request.operation}: {why}"
        return self._unavailable(request, 0, message) if sent else Again(message)

    def _unavailable(self, request: _Request, status: int, message: str) -> ProviderUnavailable:
        kind = Again if request.repeatable else ProviderUnavailable
        return kind(message, status=status, unclear=request.changes)

    def _prefix(self, request: _Request, status: int) -> str:
        return f"{self.label} answered {status} to {request.operation}"


class ConnectionLost(aiohttp.ClientError):
    """A connection broke after a request was sent: it may have taken effect."""


async def _tell_of_loss(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending a PUT once more behind our back: that the first one got lost must be known."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        raise ConnectionLost from None


def path_part(own: str) -> str:
    """Quote an id as one part of a path, because ids of other customers' deliveries may be anything.

    Raises:
        ProviderNotFound: it could stand for another path than its own.

    """
    if not own.strip("."):
        raise ProviderNotFound("no provider gives such an id")
    return quote(own, safe="", errors="replace")


_OUTCOMES: tuple[tuple[type[ProviderError], str], ...] = (
    (ProviderUnavailable, "unavailable"),
    (ProviderRefused, "refused"),
    (ProviderNotFound, "not_found"),
    (ProviderRejected, "rejected"),
)


def _outcome(error: ProviderError) -> str:
    return next(word for kind, word in _OUTCOMES if isinstance(error, kind))
