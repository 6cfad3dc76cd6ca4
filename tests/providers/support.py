"""A scripted HTTP server on the loopback device, and what the tests of this folder share."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.providers import Retries, Timeouts

FAST = Retries(attempts=3, wait_initial=0.001, wait_max=0.002, wait_jitter=0, longest_retry_after=5)
SHORT = Timeouts(total=0.3, connect=0.3)
SECRET = "sk-very-secret-0123456789"


@dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


Step = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Script:
    """Answers one step after the other, the last one for ever, and remembers what it was asked."""

    steps: list[Step]
    seen: list[Seen] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.seen.append(Seen(request.method, request.path, dict(request.query), headers, raw))
        return await self.steps[min(len(self.seen), len(self.steps)) - 1](request)

    @property
    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self.answer)
        return app


def says(body: Any, status: int = 200, **headers: str) -> Step:
    """Answer with JSON, or with the very text or bytes given."""

    async def step(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        return web.Response(status=status, body=raw, headers=named, content_type="application/json")

    return step


def data(value: Any, status: int = 200) -> Step:
    """Answer with the providers' envelope."""
    return says({"success": True, "data": value}, status)


def hangs(seconds: float = 30) -> Step:
    async def step(_: web.Request) -> web.Response:
        await asyncio.sleep(seconds)
        return web.Response()

    return step


def drops() -> Step:
    async def step(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    return step


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> None:
        self.time += timedelta(**span)


def sign(key: rsa.RSAPrivateKey, body: bytes) -> bytes:
    return key.sign(body, PKCS1v15(), SHA256())


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
