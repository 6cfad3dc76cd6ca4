"""Answers by response_url: what they can do, and when Slack stops taking them."""

import aiohttp
import pytest
from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from playground.slack import SlackSimulator
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    Clock,
    actions,
    button,
    client_fixture,
    clock_fixture,
    section,
    slack_fixture,
)


def answering(url: str) -> AsyncWebhookClient:
    return AsyncWebhookClient(url, retry_handlers=[])


async def test_an_answer_is_private_unless_it_asks_for_the_channel(slack: SlackSimulator) -> None:
    url = slack.response_urls.make("DANABO", "UANA", typed_command="/meet Weekly")

    private = await answering(url).send(text="just you", blocks=[section("just you")])
    await answering(url).send(text="both", response_type="in_channel")
    await answering(url).send(text="both again", response_type="in_channel")

    assert (private.status_code, private.body) == (200, "ok")
    assert [one.text for one in slack.workspace.private("ana")] == ["just you"]
    shown = [(one.text, one.typed_command) for one in slack.workspace.channel_messages("DANABO")]
    assert shown == [("both", "/meet Weekly"), ("both again", None)]


async def test_the_sixth_answer_is_refused(slack: SlackSimulator) -> None:
    url = slack.response_urls.make("CGENERAL", "UANA")
    for number in range(5):
        assert (await answering(url).send(text=str(number))).status_code == 200

    late = await answering(url).send(text="too many")

    assert (late.status_code, late.body) == (404, "used_url")
    assert len(slack.workspace.private("ana")) == 5


async def test_an_answer_after_half_an_hour_is_refused(slack: SlackSimulator, clock: Clock) -> None:
    url = slack.response_urls.make("CGENERAL", "UANA")
    clock.passes(30 * 60)
    assert (await answering(url).send(text="in time")).status_code == 200
    clock.passes(1)

    late = await answering(url).send(text="late")

    assert (late.status_code, late.body) == (404, "expired_url")


async def test_a_clicked_message_can_be_replaced_or_deleted(slack: SlackSimulator, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="CGENERAL", text="old", blocks=[actions(button("join"))]))["ts"]
    url = slack.response_urls.make("CGENERAL", "UANA", source=ts)

    await answering(url).send(text="new", replace_original=True)
    assert [(one.text, one.blocks) for one in slack.workspace.channel_messages("general")] == [("new", ())]
    await answering(url).send(delete_original=True)
    assert slack.workspace.channel_messages("general") == []
    gone = await answering(url).send(text="x", replace_original=True)
    assert (gone.status_code, gone.body) == (400, "message_not_found")


async def test_a_private_message_can_be_replaced_too(slack: SlackSimulator, client: AsyncWebClient) -> None:
    private = await client.chat_postEphemeral(channel="CGENERAL", user="UANA", text="old")
    url = slack.response_urls.make("CGENERAL", "UANA", source=private["message_ts"])

    await answering(url).send(text="new", replace_original=True)

    assert [one.text for one in slack.workspace.private("ana")] == ["new"]


async def test_an_answer_can_go_into_a_thread(slack: SlackSimulator, client: AsyncWebClient) -> None:
    top = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]
    url = slack.response_urls.make("CGENERAL", "UANA")

    await answering(url).send_dict({"text": "here", "response_type": "in_channel", "thread_ts": top})

    assert [one.text for one in slack.workspace.thread("CGENERAL", top)] == ["card", "here"]


async def test_answers_that_cannot_be_shown_are_refused(slack: SlackSimulator) -> None:
    url = slack.response_urls.make("CGENERAL", "UANA")

    refused = [await answering(url).send(blocks=[section("x" * 3001)]), await answering(url).send(text="")]

    assert [(one.status_code, one.body) for one in refused] == [(400, "invalid_blocks"), (400, "no_text")]
    for body in ("{", "[]"):
        async with aiohttp.ClientSession() as session, session.post(url, data=body) as answer:
            assert (answer.status, await answer.text()) == (400, "invalid_payload")


async def test_answers_have_faults_of_their_own(slack: SlackSimulator) -> None:
    url = slack.response_urls.make("CGENERAL", "UANA")
    slack.faults.server_error("response_url")
    slack.faults.ratelimit("response_url", retry_after=3)
    slack.faults.error("response_url", "no_service")
    slack.faults.drop_before("response_url")
    slack.faults.drop_after("response_url")

    assert (await answering(url).send(text="a")).status_code == 500
    busy = await answering(url).send(text="b")
    assert (busy.status_code, busy.headers["Retry-After"]) == (429, "3")
    gone = await answering(url).send(text="c")
    assert (gone.status_code, gone.body) == (404, "no_service")
    for text in ("lost", "kept"):
        with pytest.raises((aiohttp.ClientConnectionError, SlackRequestError)):
            await answering(url).send(text=text)
    assert [one.text for one in slack.workspace.private("ana")] == ["kept"]


async def test_a_command_has_no_message_to_delete(slack: SlackSimulator) -> None:
    url = slack.response_urls.make("CGENERAL", "UANA")

    assert (await answering(url).send(delete_original=True)).status_code == 200
