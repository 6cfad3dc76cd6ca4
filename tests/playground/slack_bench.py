"""What the tests of the simulated Slack share: a server on a free port, Slack's own client, a clock to turn."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from playground.workspace import sample_workspace

BOT_TOKEN = "xoxb-playground"
SIGNING_SECRET = "a signing secret"


class Clock:
    """A clock that stands until it is told to pass."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@asynccontextmanager
async def listening(routes: list[web.RouteDef]) -> AsyncIterator[str]:
    """Serve these routes on a free loopback port and give its address."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serving(slack: SlackSimulator) -> AsyncIterator[SlackSimulator]:
    """Let a simulator listen."""
    async with listening(slack.routes()) as slack.base_url:
        await slack.start()
        try:
            yield slack
        finally:
            await slack.close()


@pytest.fixture(name="clock")
def clock_fixture() -> Clock:
    return Clock()


@pytest.fixture(name="slack")
async def slack_fixture(clock: Clock) -> AsyncIterator[SlackSimulator]:
    simulator = SlackSimulator(sample_workspace(clock), signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN, now=clock)
    async with serving(simulator):
        yield simulator


@pytest.fixture(name="client")
async def client_fixture(slack: SlackSimulator) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session, retry_handlers=[])


class Bot:
    """Takes what Slack sends, checks its signature, and answers what it is told to."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[Callable[[], Awaitable[web.Response]]] = []

    async def take(self, request: web.Request) -> web.Response:
        body = await request.text()
        headers = {name.lower(): value for name, value in request.headers.items()}
        assert SignatureVerifier(SIGNING_SECRET).is_valid_request(body, headers)
        self.bodies.append(body)
        self.headers.append(headers)
        return await self.answers.pop(0)() if self.answers else web.Response()

    def answers_with(self, *responses: web.Response) -> None:
        async def give(response: web.Response) -> web.Response:
            return response

        self.answers += [partial(give, response) for response in responses]

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.bodies[-1], keep_blank_values=True))

    @property
    def payload(self) -> dict[str, Any]:
        value = json.loads(self.form["payload"])
        assert isinstance(value, dict)
        return value


@pytest.fixture(name="bot")
async def bot_fixture(slack: SlackSimulator) -> AsyncIterator[Bot]:
    there = Bot()
    async with listening([web.post("/slack/events", there.take)]) as slack.bot_url:
        yield there


async def refusal(call: Any) -> dict[str, Any]:
    """Make a call that Slack refuses and give its answer."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer = caught.value.response.data
    assert isinstance(answer, dict)
    return answer


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": "Join"}, "action_id": action_id, **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}
