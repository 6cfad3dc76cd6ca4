"""The provider simulator on the loopback device, a bot that takes its webhooks, and short ways to call it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from playground.provider import ProviderSimulator, utcnow
from playground.rooms import Peer, ProviderName
from playground.timers import Pace

ACCOUNT, APP, ORG = "0123456789abcdef0123456789abcdef", "2a95132c-15ca-4b4d-8b57-4a0b1b0e5a5e", "org-1"
SLOW = Pace(start_seconds=30, upload_seconds=30, empty_seconds=30, retry_seconds=0.005, answer_seconds=3)
QUICK = Pace(start_seconds=0.005, upload_seconds=0.005, empty_seconds=0.02, retry_seconds=0.005, answer_seconds=3)
EVENTS = [
    "meeting.started",
    "meeting.ended",
    "meeting.participantJoined",
    "meeting.participantLeft",
    "meeting.chatSynced",
    "recording.statusUpdate",
    "livestreaming.statusUpdate",
    "meeting.transcript",
    "meeting.summary",
]


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Taken:
    """One webhook as it arrived."""

    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Bot:
    """Takes webhooks; answers the statuses given, then 200."""

    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    sleeps: float = 0.0

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.taken.append(Taken(headers, await request.read()))
        await asyncio.sleep(self.sleeps)
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200, headers={"location": "/elsewhere"})

    @property
    def events(self) -> list[str]:
        return [each.json["event"] for each in self.taken]

    def of(self, event: str) -> list[Any]:
        return [each.json for each in self.taken if each.json["event"] == event]


@dataclass
class Side:
    """One provider, called with good credentials."""

    name: ProviderName
    simulator: ProviderSimulator
    client: aiohttp.ClientSession
    bot: Bot

    @property
    def base(self) -> str:
        if self.name == "dyte":
            return self.simulator.dyte_url
        return f"{self.simulator.realtimekit_url}/accounts/{ACCOUNT}/realtime/kit/{APP}"

    @property
    def authorization(self) -> str:
        return "Basic b3JnLTE6a2V5" if self.name == "dyte" else "Bearer token"

    async def call(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        """Call an operation and give the status and the whole answer."""
        headers = {"authorization": self.authorization}
        async with self.client.request(method, self.base + path, json=body, params=query, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    async def ok(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Call an operation that must go well and give its data."""
        status, answer = await self.call(method, path, body, **query)
        assert status in (200, 201), answer
        return answer["data"]

    async def refused(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, str]:
        """Call an operation that must be refused and give the status and the message."""
        status, answer = await self.call(method, path, body, **query)
        assert answer["success"] is False
        assert answer["error"]["code"] == status
        return status, answer["error"]["message"]

    async def meeting(self, **settings: Any) -> str:
        """Make a meeting and give its id."""
        made = await self.ok("POST", "/meetings", {"title": "Stand-up"} | settings)
        return str(made["id"])

    async def place(self, meeting: str, person: str = "U1", name: str = "Ana Lima") -> Any:
        """Give a person a place and give the answer, token included."""
        body = {"custom_participant_id": person, "preset_name": "group_call_host", "name": name}
        return await self.ok("POST", f"/meetings/{meeting}/participants", body)

    async def enter(self, meeting: str, person: str = "U1", name: str = "Ana Lima") -> Peer:
        """Let a person in."""
        return await self.simulator.enter((await self.place(meeting, person, name))["token"])

    async def record(self, meeting: str, **options: Any) -> str:
        """Start a recording and give its id."""
        return str((await self.ok("POST", "/recordings", {"meeting_id": meeting} | options))["id"])

    async def status(self, recording: str) -> str:
        """Ask how far a recording is."""
        return str((await self.ok("GET", f"/recordings/{recording}"))["status"])

    async def until_status(self, recording: str, status: str) -> None:
        """Wait until a recording is that far."""
        await until(lambda: self.simulator.rooms.recordings[recording].status == status)

    async def hook(self, **more: Any) -> str:
        """Register the bot for every event and give the webhook's id."""
        body = {"name": "bot", "url": self.bot.url, "events": EVENTS} | more
        return str((await self.ok("POST", "/webhooks", body))["id"])


async def until(true: Callable[[], object]) -> None:
    """Wait until something is true, for at most two seconds."""
    async with asyncio.timeout(2):
        while not true():
            await asyncio.sleep(0.002)


async def _listen(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


Serve = Callable[..., Awaitable[Side]]


@asynccontextmanager
async def serving(
    name: ProviderName = "realtimekit", *, pace: Pace = SLOW, now: Callable[[], datetime] = utcnow
) -> AsyncIterator[Side]:
    """Run a simulator and a bot, and give the side of one provider."""
    bot, bots_app, app = Bot(), web.Application(), web.Application()
    simulator = ProviderSimulator(
        account_id=ACCOUNT, app_id=APP, api_token="token", org_id=ORG, api_key="key", now=now, pace=pace
    )
    bots_app.add_routes([web.post("/webhooks", bot.take)])
    app.add_routes(simulator.routes())
    bots_runner, bots_url = await _listen(bots_app)
    runner, simulator.base_url = await _listen(app)
    bot.url = f"{bots_url}/webhooks"
    await simulator.start()
    try:
        async with aiohttp.ClientSession() as client:
            yield Side(name, simulator, client, bot)
    finally:
        await simulator.close()
        await runner.cleanup()
        await bots_runner.cleanup()
