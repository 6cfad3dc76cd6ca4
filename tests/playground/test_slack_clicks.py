"""Clicks on their way to a bot."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import NoSuchElement, SlackSimulator
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    Bot,
    actions,
    bot_fixture,
    button,
    client_fixture,
    clock_fixture,
    slack_fixture,
)


async def test_a_click_arrives_as_slacks_payload(slack: SlackSimulator, bot: Bot, client: AsyncWebClient) -> None:
    blocks = [actions(button("join", value="m1"), block_id="buttons")]
    ts = (await client.chat_postMessage(channel="CGENERAL", text="card", blocks=blocks))["ts"]

    ack = await slack.click("bo", "general", ts, "join")

    assert ack.ok
    payload = bot.payload
    assert payload["type"] == "block_actions"
    assert payload["user"] == {"id": "UBO", "username": "bo", "name": "bo", "team_id": "T0GREENROOM"}
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": "CGENERAL",
        "is_ephemeral": False,
    }
    assert payload["channel"] == {"id": "CGENERAL", "name": "general"}
    assert payload["message"]["text"] == "card"
    (action,) = payload["actions"]
    assert float(action.pop("action_ts")) > 0
    text = {"type": "plain_text", "text": "Join"}
    assert action == {"type": "button", "action_id": "join", "block_id": "buttons", "text": text, "value": "m1"}


async def test_a_click_on_a_reply_or_a_private_message_says_so(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient
) -> None:
    blocks = [actions(button("join"))]
    top = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]
    reply = (await client.chat_postMessage(channel="CGENERAL", text="r", blocks=blocks, thread_ts=top))["ts"]
    private = await client.chat_postEphemeral(channel="CGENERAL", user="UANA", text="p", blocks=blocks)

    await slack.click("ana", "general", reply, "join")
    assert bot.payload["container"]["thread_ts"] == top
    await slack.click("ana", "general", private["message_ts"], "join")
    assert bot.payload["container"]["is_ephemeral"] is True
    assert "message" not in bot.payload
    with pytest.raises(NoSuchElement):
        await slack.click("bo", "general", private["message_ts"], "join")


async def test_menus_send_what_was_chosen_and_their_state(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient
) -> None:
    options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("live", "end")]
    more = {"type": "overflow", "action_id": "more", "options": options}
    pick = {"type": "static_select", "action_id": "pick", "options": options}
    blocks = [actions(more, pick, block_id="b")]
    ts = (await client.chat_postMessage(channel="CGENERAL", text="card", blocks=blocks))["ts"]

    await slack.click("ana", "general", ts, "more", selected="end")
    assert bot.payload["actions"][0]["selected_option"] == options[1]
    assert bot.payload["state"] == {"values": {"b": {"pick": {"type": "static_select", "selected_option": None}}}}
    await slack.click("ana", "general", ts, "pick", selected="live")
    assert bot.payload["state"]["values"]["b"]["pick"]["selected_option"] == options[0]
    with pytest.raises(NoSuchElement):
        await slack.click("ana", "general", ts, "more", selected="dance")


async def test_buttons_of_one_name_are_told_apart_by_block_or_value(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient
) -> None:
    url = "https://example.com/join"
    blocks = [actions(button("join", value="1"), block_id="a"), actions(button("join", value="2", url=url))]
    ts = (await client.chat_postMessage(channel="CGENERAL", text="card", blocks=blocks))["ts"]

    await slack.click("ana", "general", ts, "join", value="2")
    assert bot.payload["actions"][0]["url"] == url
    await slack.click("ana", "general", ts, "join", block_id="a")
    assert bot.payload["actions"][0]["value"] == "1"


async def test_a_person_can_be_chosen(slack: SlackSimulator, bot: Bot, client: AsyncWebClient) -> None:
    blocks = [actions({"type": "users_select", "action_id": "who"}, block_id="b")]
    ts = (await client.chat_postMessage(channel="CGENERAL", text="card", blocks=blocks))["ts"]

    await slack.click("ana", "general", ts, "who", selected="UBO")

    assert bot.payload["actions"][0]["selected_user"] == "UBO"
    assert bot.payload["state"]["values"]["b"]["who"]["selected_user"] == "UBO"


async def test_a_stale_button_can_only_be_clicked_on_a_screen_that_is_behind(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient
) -> None:
    blocks = [actions(button("join", value="1"))]
    ts = (await client.chat_postMessage(channel="CGENERAL", text="card", blocks=blocks))["ts"]
    await client.chat_update(channel="CGENERAL", ts=ts, text="ended")

    with pytest.raises(NoSuchElement):
        await slack.click("ana", "general", ts, "join")
    assert (await slack.click("ana", "general", ts, "join", stale=True)).ok
    assert bot.payload["message"]["text"] == "card"


async def test_without_a_bot_nothing_is_acknowledged(slack: SlackSimulator, client: AsyncWebClient) -> None:
    slack.delivery.event_retry_seconds = ()
    ts = (await client.chat_postMessage(channel="CGENERAL", text="card", blocks=[actions(button("join"))]))["ts"]

    assert (await slack.click("ana", "general", ts, "join")).body == "dispatch_failed"
    assert (await slack.event({"type": "app_home_opened"})).body == "dispatch_failed"
    assert (slack.bot_url, slack.socket_mode, slack.commands, slack.ack_seconds) == (None, False, None, 3.0)
