"""Slash commands on their way to a bot, and what people are shown when they fail."""

import asyncio

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from playground.workspace import sample_workspace
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    SIGNING_SECRET,
    Bot,
    bot_fixture,
    client_fixture,
    clock_fixture,
    section,
    slack_fixture,
)


async def test_a_command_arrives_as_slacks_form_with_its_text_escaped(slack: SlackSimulator, bot: Bot) -> None:
    ack = await slack.command("ana", "#general", "/meet R&D sync @bo in #design")

    assert (ack.ok, ack.status, ack.body) == (True, 200, "")
    form = bot.form
    response_url, trigger_id = form.pop("response_url"), form.pop("trigger_id")
    assert form == {
        "token": "playground-verification-token",
        "team_id": "T0GREENROOM",
        "team_domain": "greenroom-playground",
        "channel_id": "CGENERAL",
        "channel_name": "general",
        "user_id": "UANA",
        "user_name": "ana",
        "command": "/meet",
        "text": "R&amp;D sync <@UBO|bo> in <#CDESIGN|design>",
        "api_app_id": "A0GREENROOM",
        "is_enterprise_install": "false",
    }
    assert response_url.startswith(f"{slack.base_url}/slack/response/")
    assert trigger_id.count(".") == 2


@pytest.mark.parametrize(("channel", "name"), [("leads", "privategroup"), ("DANABO", "directmessage")])
async def test_private_conversations_are_not_named(slack: SlackSimulator, bot: Bot, channel: str, name: str) -> None:
    await slack.command("ana", channel, "/meet")

    assert (bot.form["channel_name"], bot.form["text"]) == (name, "")


async def test_the_acknowledgement_may_answer_the_person(slack: SlackSimulator, bot: Bot) -> None:
    bot.answers_with(web.Response(text="Here you are"), web.json_response({"text": "As JSON"}))

    await slack.command("ana", "general", "/meet")
    await slack.command("ana", "general", "/meet")

    assert [one.text for one in slack.workspace.private("ana")] == ["Here you are", "As JSON"]
    assert slack.workspace.channel_messages("general") == []


async def test_the_acknowledgement_may_answer_the_channel_under_what_was_typed(slack: SlackSimulator, bot: Bot) -> None:
    bot.answers_with(web.json_response({"response_type": "in_channel", "text": "Off we go"}))

    await slack.command("ana", "general", "/meet Weekly")

    (message,) = slack.workspace.channel_messages("general")
    assert (message.text, message.typed_command) == ("Off we go", "/meet Weekly")


async def test_an_answer_that_slack_cannot_show_is_a_failure(slack: SlackSimulator, bot: Bot) -> None:
    bot.answers_with(web.json_response({"blocks": [section("x" * 3001)]}))

    await slack.command("ana", "general", "/meet")

    assert [one.text for one in slack.workspace.private("ana")] == [
        '/meet failed with the error "invalid_command_response"'
    ]


async def test_a_bot_that_is_too_slow_is_told_off_to_the_person(slack: SlackSimulator, bot: Bot) -> None:
    async def late() -> web.Response:
        await asyncio.sleep(0.3)
        return web.Response()

    bot.answers.append(late)
    slack.ack_seconds = 0.05

    ack = await slack.command("ana", "general", "/meet")

    assert (ack.ok, ack.status, ack.body) == (False, 0, "operation_timeout")
    (notice,) = slack.workspace.private("ana")
    assert notice.text == '/meet failed with the error "operation_timeout"'


async def test_a_bot_that_fails_or_is_not_there_is_a_failed_dispatch(slack: SlackSimulator, bot: Bot) -> None:
    bot.answers_with(web.Response(status=500))
    assert (await slack.command("ana", "general", "/meet")).status == 500
    slack.bot_url = "http://127.0.0.1:9"
    assert not (await slack.command("ana", "general", "/meet")).ok
    slack.bot_url = None
    assert not (await slack.command("ana", "general", "/meet")).ok

    told = {one.text for one in slack.workspace.private("ana")}
    assert told == {'/meet failed with the error "dispatch_failed"'}
    assert len(slack.workspace.private("ana")) == 3


async def test_commands_that_slack_does_not_pass_on(slack: SlackSimulator, bot: Bot) -> None:
    slack.commands = frozenset({"/meet", "/record"})
    top = slack.say("ana", "general", "a thread").ts
    slack.workspace.archive("design")

    refused = [
        await slack.command("ana", "general", "/meet", thread_ts=top),
        await slack.command("cy", "leads", "/meet"),
        await slack.command("ana", "design", "/meet"),
        await slack.command("ana", "general", "/dance"),
    ]

    assert not any(ack.ok for ack in refused)
    assert bot.bodies == []
    assert len(slack.workspace.private("ana")) == 3


async def test_the_bot_can_be_invited(slack: SlackSimulator, bot: Bot, client: AsyncWebClient) -> None:
    assert (await slack.command("ana", "leads", "/invite @greenroom")).ok
    assert (await client.chat_postMessage(channel="CLEADS", text="hello"))["ok"]

    assert [one.subtype for one in slack.workspace.channel_messages("leads")] == ["channel_join", None]
    assert not (await slack.command("ana", "leads", "/invite @nobody")).ok
    assert not (await slack.command("ana", "DANABO", "/invite @greenroom")).ok
    assert bot.bodies == []


async def test_nothing_is_sent_before_the_start() -> None:
    idle = SlackSimulator(sample_workspace(), signing_secret=SIGNING_SECRET, bot_token="xoxb-x")
    idle.bot_url = "http://127.0.0.1:9"

    with pytest.raises(RuntimeError, match="not started"):
        await idle.command("ana", "general", "/meet")
    await idle.close()
