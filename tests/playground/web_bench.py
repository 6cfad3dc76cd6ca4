"""What the tests of the page share: its server with both simulators, a bot behind them, a browser's HTTP client."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientSession, ClientTimeout, web

from playground.provider import ProviderSimulator
from playground.slack import SlackSimulator
from playground.timers import Pace
from playground.web import Web
from playground.workspace import sample_workspace

MEET = {"command": "/meet", "description": "Start a meeting", "usage_hint": "[title]"}
QUICK = Pace(start_seconds=0.01, upload_seconds=0.01, empty_seconds=60)
JOIN = {"type": "button", "action_id": "join", "value": "m1", "text": {"type": "plain_text", "text": "Join"}}
OPEN = {**JOIN, "action_id": "open", "url": "https://example.com/room"}


def row(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


@dataclass
class Bot:
    """What answers behind the workspace: it keeps what it was sent and acknowledges as told."""

    status: int = 200
    taken: list[dict[str, str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append({name: str(value) for name, value in (await request.post()).items()})
        return web.Response(status=self.status)


@dataclass
class Bench:
    """The page's server with both simulators, a bot behind them, and a browser's HTTP client."""

    slack: SlackSimulator
    provider: ProviderSimulator
    bot: Bot
    url: str
    http: ClientSession

    async def state(self, who: str = "ana") -> dict[str, Any]:
        async with self.http.get(f"{self.url}/playground/state", params={"as": who}) as answer:
            assert answer.status == 200
            seen: dict[str, Any] = await answer.json()
            return seen

    async def does(self, what: str, **wish: Any) -> tuple[int, dict[str, Any]]:
        async with self.http.post(f"{self.url}/playground/{what}", json=wish) as answer:
            return answer.status, await answer.json()

    async def room(self, title: str = "Weekly sync") -> str:
        kit = f"{self.provider.realtimekit_url}/accounts/acc/realtime/kit/app/meetings"
        async with self.http.post(kit, json={"title": title}, headers={"Authorization": "Bearer token"}) as answer:
            room: str = (await answer.json())["data"]["id"]
            return room


async def serve(stack: AsyncExitStack, routes: list[web.RouteDef]) -> str:
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture(name="bench")
async def bench_fixture() -> AsyncIterator[Bench]:
    slack = SlackSimulator(sample_workspace(), signing_secret="secret", bot_token="xoxb-bot")
    provider = ProviderSimulator(
        account_id="acc", app_id="app", api_token="token", org_id="org", api_key="key", pace=QUICK
    )
    page, bot = Web(slack, provider, commands=[MEET]), Bot()
    async with AsyncExitStack() as stack:
        slack.bot_url = await serve(stack, [web.post("/slack/events", bot.take)])
        url = await serve(stack, [*slack.routes(), *provider.routes(), *page.routes()])
        slack.base_url = provider.base_url = url
        for side in (slack, provider):
            await side.start()
            stack.push_async_callback(side.close)
        stack.push_async_callback(page.close)
        http = await stack.enter_async_context(ClientSession(timeout=ClientTimeout(total=5)))
        yield Bench(slack, provider, bot, url, http)
