"""What the tests of the page share: its server with both simulators, a bot behind them, a browser's HTTP client."""

import asyncio
import json
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


def words(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(label: str, **more: Any) -> dict[str, Any]:
    return {"text": words(label), "value": label.lower(), **more}


def question(name: str, label: str, kind: str, *, optional: bool = False, **element: Any) -> dict[str, Any]:
    inside = {"type": kind, "action_id": name, **element}
    return {"type": "input", "block_id": name, "label": words(label), "element": inside, "optional": optional}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "trial",
        "title": words("Try a form"),
        "submit": words("Send answers"),
        "close": words("Cancel"),
        "blocks": list(blocks),
        **more,
    }


def row(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


@dataclass
class Bot:
    """What answers behind the workspace: it keeps what it was sent and acknowledges as told.

    What a form that was submitted is answered with is taken from ``answers``, nothing where that is empty.
    """

    status: int = 200
    pause: float = 0
    answers: list[dict[str, Any]] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append({name: str(value) for name, value in (await request.post()).items()})
        await asyncio.sleep(self.pause)
        submitted = '"view_submission"' in self.taken[-1].get("payload", "")
        return (
            web.json_response(self.answers.pop(0)) if submitted and self.answers else web.Response(status=self.status)
        )

    @property
    def payload(self) -> dict[str, Any]:
        """Read the last interaction."""
        found: dict[str, Any] = json.loads(self.taken[-1]["payload"])
        return found


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

    async def opens(self, view: dict[str, Any], who: str = "ana") -> str:
        """Open a form as the bot does, and give its id."""
        wish = {"trigger_id": self.slack.triggers.make(self.slack.workspace.user(who).id), "view": view}
        token = {"Authorization": "Bearer xoxb-bot"}
        async with self.http.post(f"{self.url}/slack/api/views.open", json=wish, headers=token) as answer:
            said = await answer.json()
            assert said["ok"], said
            return str(said["view"]["id"])

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
