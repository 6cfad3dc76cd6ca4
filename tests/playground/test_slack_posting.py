"""Posting to the simulated Slack with Slack's own client."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    client_fixture,
    clock_fixture,
    refusal,
    section,
    slack_fixture,
)


async def test_a_post_stands_in_the_channel_with_ids_for_its_blocks(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    before = slack.workspace.version

    answer = await client.chat_postMessage(channel="CGENERAL", text="Weekly", blocks=[section("Weekly")])

    (message,) = slack.workspace.channel_messages("general")
    assert (message.ts, message.user, message.text) == (answer["ts"], "UGREENROOM", "Weekly")
    assert message.blocks[0]["block_id"] == answer["message"]["blocks"][0]["block_id"]
    assert slack.workspace.version > before


async def test_time_stamps_grow_even_while_the_clock_stands(slack: SlackSimulator, client: AsyncWebClient) -> None:
    stamps = [(await client.chat_postMessage(channel="CGENERAL", text=str(number)))["ts"] for number in range(3)]

    assert stamps == sorted(set(stamps))
    assert all(len(ts.partition(".")[2]) == 6 for ts in stamps)
    assert slack.workspace.channel_messages("general")[-1].ts == stamps[-1]


async def test_replies_stand_in_the_thread_and_broadcasts_in_the_channel_too(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    top = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]
    await client.chat_postMessage(channel="CGENERAL", text="quiet", thread_ts=top)
    loud = await client.chat_postMessage(channel="CGENERAL", text="loud", thread_ts=top, reply_broadcast=True)

    assert [one.text for one in slack.workspace.thread("CGENERAL", top)] == ["card", "quiet", "loud"]
    assert [one.text for one in slack.workspace.channel_messages("CGENERAL")] == ["card", "loud"]
    assert loud["message"]["subtype"] == "thread_broadcast"


async def test_replies_need_a_top_to_stand_under(client: AsyncWebClient) -> None:
    top = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]
    reply = (await client.chat_postMessage(channel="CGENERAL", text="reply", thread_ts=top))["ts"]

    below_reply = client.chat_postMessage(channel="CGENERAL", text="x", thread_ts=reply)
    assert (await refusal(below_reply))["error"] == "cannot_reply_to_message"
    below_nothing = client.chat_postMessage(channel="CGENERAL", text="x", thread_ts="1.000001")
    assert (await refusal(below_nothing))["error"] == "thread_not_found"


async def test_a_post_to_a_person_opens_their_direct_message(slack: SlackSimulator, client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="UBO", text="come in")

    assert answer["channel"] == "DBO"
    assert [one.text for one in slack.workspace.direct("bo")] == ["come in"]
    assert (await refusal(client.chat_postMessage(channel="UNOBODY", text="x")))["error"] == "channel_not_found"
    assert (await refusal(client.chat_postMessage(channel="UGREENROOM", text="x")))["error"] == "cannot_dm_bot"


@pytest.mark.parametrize("channel", ["CLEADS", "DANABO", "CNOWHERE"])
async def test_conversations_that_the_bot_cannot_see_are_not_found(client: AsyncWebClient, channel: str) -> None:
    assert (await refusal(client.chat_postMessage(channel=channel, text="x")))["error"] == "channel_not_found"


async def test_a_public_channel_needs_membership_or_the_public_scope(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    assert (await client.chat_postMessage(channel="CRANDOM", text="x"))["ok"]

    slack.scopes.discard("chat:write.public")

    assert (await refusal(client.chat_postMessage(channel="CRANDOM", text="x")))["error"] == "not_in_channel"


async def test_an_archived_channel_takes_nothing(slack: SlackSimulator, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="CGENERAL", text="x"))["ts"]
    slack.workspace.archive("general")

    assert (await refusal(client.chat_postMessage(channel="CGENERAL", text="x")))["error"] == "is_archived"
    assert (await refusal(client.chat_update(channel="CGENERAL", ts=ts, text="y")))["error"] == "is_inactive"


async def test_a_message_with_nothing_in_it_is_refused(client: AsyncWebClient) -> None:
    empty = client.api_call("chat.postMessage", json={"channel": "CGENERAL", "text": " "})

    assert (await refusal(empty))["error"] == "no_text"


async def test_bad_blocks_are_refused_with_a_pointer_to_each_mistake(client: AsyncWebClient) -> None:
    answer = await refusal(client.chat_postMessage(channel="CGENERAL", text="x", blocks=[section("y" * 3001)]))

    assert answer["error"] == "invalid_blocks"
    problem = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert answer["errors"] == [problem]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {problem}"]
    unreadable = client.api_call("chat.postMessage", data={"channel": "CGENERAL", "blocks": "[{"})
    assert (await refusal(unreadable))["error"] == "invalid_blocks_format"


async def test_metadata_is_kept_and_its_shape_is_checked(slack: SlackSimulator, client: AsyncWebClient) -> None:
    metadata = {"event_type": "meet_card", "event_payload": {"id": "1"}}

    await client.chat_postMessage(channel="CGENERAL", text="x", metadata=metadata)

    assert slack.workspace.channel_messages("general")[0].metadata == metadata
    wrong = client.chat_postMessage(channel="CGENERAL", text="x", metadata={"event_type": "meet_card"})
    assert (await refusal(wrong))["error"] == "invalid_metadata_schema"


async def test_an_ephemeral_message_is_seen_by_one_member_only(slack: SlackSimulator, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="CGENERAL", user="UANA", text="psst")

    assert [one.text for one in slack.workspace.private("ana")] == ["psst"]
    assert slack.workspace.private("bo") == slack.workspace.channel_messages("general") == []
    slack.workspace.remove("general", "di")
    outside = client.chat_postEphemeral(channel="CGENERAL", user="UDI", text="psst")
    assert (await refusal(outside))["error"] == "user_not_in_channel"


async def test_ephemeral_messages_that_slack_refuses(client: AsyncWebClient) -> None:
    async def error(**call: str) -> str:
        return str((await refusal(client.api_call("chat.postEphemeral", json=call)))["error"])

    assert await error(channel="UANA", user="UANA", text="x") == "channel_not_found"
    assert await error(user="UANA", text="x") == "channel_not_found"
    assert await error(channel="CGENERAL", user="UANA", text="x" * 40_001) == "msg_too_long"


async def test_blocks_and_metadata_have_to_be_readable(client: AsyncWebClient) -> None:
    async def error(**call: str) -> str:
        return str((await refusal(client.api_call("chat.postMessage", data={"channel": "CGENERAL", **call})))["error"])

    assert await error(blocks="{}") == "invalid_blocks_format"
    assert await error(text="x", metadata="{") == "invalid_metadata_format"
    assert await error(text="x", metadata="7") == "invalid_metadata_format"
