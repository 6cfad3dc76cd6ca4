"""Rate limits of the simulated Slack, and what can be made to go wrong."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from playground.slack_rates import RateLimits
from playground.workspace import sample_workspace
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    BOT_TOKEN,
    Clock,
    client_fixture,
    clock_fixture,
    refusal,
    serving,
    slack_fixture,
)


async def test_a_channel_takes_a_short_burst_and_then_one_post_a_second(
    slack: SlackSimulator, client: AsyncWebClient, clock: Clock
) -> None:
    for number in range(4):
        await client.chat_postMessage(channel="CGENERAL", text=str(number))

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="CGENERAL", text="too much")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert caught.value.response["error"] == "ratelimited"
    assert (await client.chat_postMessage(channel="CDESIGN", text="elsewhere"))["ok"]
    clock.passes(1)
    assert (await client.chat_postMessage(channel="CGENERAL", text="again"))["ok"]
    assert len(slack.workspace.channel_messages("general")) == 5


async def test_fifty_edits_a_minute_are_taken(client: AsyncWebClient, clock: Clock) -> None:
    ts = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]
    for number in range(50):
        await client.chat_update(channel="CGENERAL", ts=ts, text=str(number))

    assert (await refusal(client.chat_update(channel="CGENERAL", ts=ts, text="x")))["error"] == "ratelimited"
    clock.passes(2)
    assert (await client.chat_update(channel="CGENERAL", ts=ts, text="x"))["ok"]


async def test_limits_can_be_set(clock: Clock) -> None:
    limits = RateLimits(post_burst=1, per_minute={"users.info": 1})
    simulator = SlackSimulator(
        sample_workspace(clock), signing_secret="s", bot_token=BOT_TOKEN, rate_limits=limits, now=clock
    )
    async with serving(simulator), aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=simulator.api_url, session=session, retry_handlers=[])
        await client.users_info(user="UANA")

        with pytest.raises(SlackApiError) as caught:
            await client.users_info(user="UANA")

    assert caught.value.response.headers["Retry-After"] == "60"


async def test_faults_meet_as_many_calls_of_their_method_as_asked_for(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    slack.faults.ratelimit("chat.postMessage", retry_after=7)
    slack.faults.error("chat.postMessage", "fatal_error")

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="CGENERAL", text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    assert (await client.auth_test())["ok"]
    assert (await refusal(client.chat_postMessage(channel="CGENERAL", text="x")))["error"] == "fatal_error"
    assert (await client.chat_postMessage(channel="CGENERAL", text="x"))["ok"]
    assert len(slack.workspace.channel_messages("general")) == 1


async def test_server_errors_do_nothing_and_answer_what_slacks_front_answers(slack: SlackSimulator) -> None:
    slack.faults.bad_gateway("*")
    slack.faults.server_error("auth.test")

    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {BOT_TOKEN}"}) as session:
        async with session.post(f"{slack.api_url}auth.test") as answer:
            assert answer.status == 500
        async with session.post(f"{slack.api_url}auth.test") as answer:
            assert (answer.status, answer.content_type) == (502, "text/html")
            assert "<html>" in await answer.text()


async def test_a_connection_can_break_before_the_effect_or_after_it(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    slack.faults.drop_before("chat.postMessage")
    slack.faults.drop_after("chat.postMessage")

    for text in ("lost", "kept"):
        with pytest.raises((aiohttp.ClientConnectionError, SlackRequestError)):
            await client.chat_postMessage(channel="CGENERAL", text=text)

    assert [one.text for one in slack.workspace.channel_messages("general")] == ["kept"]
    assert [call.answer for call in slack.calls] == [{}, {}]


async def test_a_slow_answer_comes_after_the_effect(slack: SlackSimulator) -> None:
    slack.faults.delay("chat.postMessage", 0.2)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.05)) as session:
        hasty = AsyncWebClient(token=BOT_TOKEN, base_url=slack.api_url, session=session, retry_handlers=[])
        with pytest.raises(TimeoutError):
            await hasty.chat_postMessage(channel="CGENERAL", text="done all the same")

    assert [one.text for one in slack.workspace.channel_messages("general")] == ["done all the same"]
    assert slack.faults.waiting() == {"token": None, "calls": {}}


async def test_everything_can_be_made_to_go_well_again(slack: SlackSimulator, client: AsyncWebClient) -> None:
    slack.faults.server_error("*", times=3)
    slack.faults.revoke_token()
    assert slack.faults.waiting() == {"token": "token_revoked", "calls": {"*": 3}}

    slack.faults.clear()

    assert (await client.auth_test())["ok"]
