"""A provider of ours joined to the simulated service, with the webhooks that the service sends meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.events import Event, Ignored
from bot.domain.ids import RoomId, UserId
from bot.exchanged import Delivery, Ticket
from bot.ports import Provider
from bot.providers import Timeouts, dyte, realtimekit
from playground.provider import ProviderSimulator
from playground.timers import Pace
from tests.providers.support import FAST

ACCOUNT, APP, ORG = "0123456789abcdef0123456789abcdef", "2a95132c-15ca-4b4d-8b57-4a0b1b0e5a5e", "org-1"
TOKEN, KEY = "api-token-abcdef", "api-key-abcdef"
QUICK = Pace(start_seconds=0.01, upload_seconds=0.01, empty_seconds=0.03, retry_seconds=0.01, answer_seconds=0.5)
Name = Literal["realtimekit", "dyte"]


def utcnow() -> datetime:
    return datetime.now(UTC)


@dataclass
class Bench:
    """The client, the service behind it, and what the service told by webhook."""

    name: Name
    kit: Provider
    service: ProviderSimulator
    hooks_url: str = ""
    deliveries: list[Delivery] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.deliveries.append(await self.kit.unwrap(request.headers, await request.read()))
        return web.Response()

    @property
    def events(self) -> list[Event | Ignored]:
        return [event for delivery in self.deliveries for event in delivery.events]

    async def told(self, kind: type[Any], **fields: Any) -> Any:
        """Wait for an event of that kind with those fields."""
        async with asyncio.timeout(5):
            while True:
                for event in self.events:
                    if isinstance(event, kind) and all(getattr(event, name) == fields[name] for name in fields):
                        return event
                await asyncio.sleep(0.005)

    async def place(self, room: RoomId, person: str = "U0ANA", preset: str = "group_call_host") -> Ticket:
        return await self.kit.add_participant(room, person=UserId(person), name="Ana Lima", picture=None, preset=preset)


@asynccontextmanager
async def serving(*routes: web.RouteDef) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_routes(routes)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server(shutdown_timeout=0.01)
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        await server.close()


def connect(name: Name, service: ProviderSimulator, session: aiohttp.ClientSession, **more: Any) -> Provider:
    shared: dict[str, Any] = {
        "session": session,
        "now": utcnow,
        "webhook_key_url": service.key_url(name),
        "retries": FAST,
        "timeouts": Timeouts(total=2.0, connect=2.0),
    }
    if name == "dyte":
        return dyte.connect(**{"org_id": ORG, "api_key": KEY, "api_url": service.dyte_url, **shared, **more})
    account = {"account_id": ACCOUNT, "app_id": APP, "api_token": TOKEN}
    return realtimekit.connect(**{**account, "api_url": service.realtimekit_url, **shared, **more})


@asynccontextmanager
async def bench(name: Name, session: aiohttp.ClientSession) -> AsyncIterator[Bench]:
    service = ProviderSimulator(
        account_id=ACCOUNT, app_id=APP, api_token=TOKEN, org_id=ORG, api_key=KEY, pace=QUICK, now=utcnow
    )
    async with AsyncExitStack() as stack:
        service.base_url = await stack.enter_async_context(serving(*service.routes()))
        await service.start()
        stack.push_async_callback(service.close)
        joined = Bench(name, connect(name, service, session), service)
        joined.hooks_url = await stack.enter_async_context(serving(web.post("/hooks", joined.take))) + "/hooks"
        yield joined
