"""The simulated Slack with a bot made the ordinary way, by Slack's own framework, at the other end."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    BOT_TOKEN,
    SIGNING_SECRET,
    actions,
    button,
    clock_fixture,
    listening,
    slack_fixture,
)

pytestmark = pytest.mark.usefixtures("bot")


async def meet(ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond, say: AsyncSay) -> None:
    await ack()
    await say(text=f"Meeting: {command['text']}", blocks=[actions(button("join", value="m1"))])
    await respond(text="Only you see this")


async def join(ack: AsyncAck, action: dict[str, Any], respond: AsyncRespond) -> None:
    await ack()
    await respond(text=f"Your link to {action['value']}", replace_original=False)


@pytest.fixture
async def bot(slack: SlackSimulator) -> AsyncIterator[AsyncApp]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session)
        app = AsyncApp(client=client, signing_secret=SIGNING_SECRET)
        app.command("/meet")(meet)
        app.action("join")(join)

        async def take(request: web.Request) -> web.Response:
            return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

        async with listening([web.post("/slack/events", take)]) as slack.bot_url:
            yield app


async def test_a_bolt_app_is_spoken_to_as_by_slack(slack: SlackSimulator) -> None:
    assert (await slack.command("ana", "general", "/meet Weekly @bo")).ok
    await slack.workspace.until(lambda: slack.workspace.private("ana"))
    (card,) = slack.workspace.channel_messages("general")
    assert card.text == "Meeting: Weekly <@UBO|bo>"

    assert (await slack.click("bo", "general", card.ts, "join")).ok
    await slack.workspace.until(lambda: slack.workspace.private("bo"))
    assert [one.text for one in slack.workspace.private("bo")] == ["Your link to m1"]


async def test_a_bolt_app_repeats_the_challenge(slack: SlackSimulator) -> None:
    assert (await slack.url_verification()).ok


async def test_what_no_listener_takes_is_a_failed_dispatch(slack: SlackSimulator) -> None:
    assert (await slack.command("ana", "general", "/dance")).status == 404
