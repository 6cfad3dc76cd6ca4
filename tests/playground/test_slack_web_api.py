"""Who may call the simulated Web API, and how."""

import json

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    BOT_TOKEN,
    client_fixture,
    clock_fixture,
    refusal,
    section,
    slack_fixture,
)


async def test_auth_test_says_who_the_bot_is_and_what_it_was_granted(client: AsyncWebClient) -> None:
    answer = await client.auth_test()

    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("UGREENROOM", "B0GREENROOM", "T0GREENROOM")
    assert answer.headers["x-oauth-scopes"] == "chat:write,chat:write.public,commands,im:write,users:read"


async def test_a_call_without_a_token_is_not_authed(slack: SlackSimulator, client: AsyncWebClient) -> None:
    assert (await refusal(AsyncWebClient(base_url=slack.api_url).auth_test()))["error"] == "not_authed"
    assert (await refusal(client.auth_test(token="xoxb-other")))["error"] == "invalid_auth"


async def test_a_revoked_token_and_a_switched_off_account_are_told_apart(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    slack.faults.revoke_token()
    assert (await refusal(client.auth_test()))["error"] == "token_revoked"

    slack.faults.deactivate_account()
    assert (await refusal(client.auth_test()))["error"] == "account_inactive"

    slack.faults.restore_token()
    assert (await client.auth_test())["ok"]


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    answer = await refusal(client.api_call("chat.frobnicate"))

    assert answer == {"ok": False, "error": "unknown_method", "req_method": "chat.frobnicate"}


async def test_a_call_whose_scope_was_not_granted_is_told_which_one(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    slack.scopes.discard("users:read")

    answer = await refusal(client.users_info(user="UANA"))

    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
    assert "chat:write" in answer["provided"]


async def test_forms_and_json_say_the_same(slack: SlackSimulator) -> None:
    url, values = f"{slack.api_url}chat.postMessage", {"channel": "CGENERAL", "text": "hello"}
    async with aiohttp.ClientSession() as session:
        form = {**values, "token": BOT_TOKEN, "blocks": json.dumps([section("*hello*")])}
        async with session.post(url, data=form) as answer:
            assert (await answer.json())["ok"]
        bearer = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with session.post(url, json={**values, "blocks": [section("*hello*")]}, headers=bearer) as answer:
            assert (await answer.json())["ok"]
        async with session.post(url, json={**values, "token": BOT_TOKEN}) as answer:
            assert (await answer.json())["error"] == "not_authed"
        async with session.post(url, data="{", headers={**bearer, "Content-Type": "application/json"}) as answer:
            assert (await answer.json())["error"] == "invalid_json"

    first, second = slack.workspace.channel_messages("#general")
    assert first.blocks[0]["text"] == second.blocks[0]["text"] == {"type": "mrkdwn", "text": "*hello*"}


async def test_tokens_are_not_in_the_log_of_calls(slack: SlackSimulator, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="CGENERAL", text="hello")

    call = slack.calls[-1]
    assert (call.method, call.args["text"], call.answer["ok"], call.status) == ("chat.postMessage", "hello", True, 200)
    assert BOT_TOKEN not in str(slack.calls)
