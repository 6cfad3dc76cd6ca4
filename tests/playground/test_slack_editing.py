"""Editing, deleting and linking to messages of the simulated Slack."""

from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    client_fixture,
    clock_fixture,
    refusal,
    section,
    slack_fixture,
)


async def test_an_edit_with_text_alone_takes_the_blocks_away_and_keeps_metadata(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    metadata = {"event_type": "meet_card", "event_payload": {"id": "1"}}
    first = await client.chat_postMessage(channel="CGENERAL", text="a", blocks=[section("a")], metadata=metadata)

    await client.chat_update(channel="CGENERAL", ts=first["ts"], text="b")

    (message,) = slack.workspace.channel_messages("general")
    assert (message.text, message.blocks, message.metadata) == ("b", (), metadata)
    assert message.edited is not None


async def test_edits_that_slack_refuses(slack: SlackSimulator, client: AsyncWebClient) -> None:
    own = (await client.chat_postMessage(channel="CGENERAL", text="a"))["ts"]
    foreign = slack.say("ana", "general", "hi").ts

    async def error(ts: str, text: str) -> str:
        call = client.api_call("chat.update", json={"channel": "CGENERAL", "ts": ts, "text": text})
        return str((await refusal(call))["error"])

    assert await error(own, "x" * 4001) == "msg_too_long"
    assert await error(own, " ") == "no_text"
    assert await error(foreign, "x") == "cant_update_message"
    assert await error("1.000001", "x") == "message_not_found"


async def test_a_deleted_card_leaves_a_tombstone_over_its_thread(slack: SlackSimulator, client: AsyncWebClient) -> None:
    top = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]
    reply = (await client.chat_postMessage(channel="CGENERAL", text="reply", thread_ts=top))["ts"]

    await client.chat_delete(channel="CGENERAL", ts=top)

    assert [one.subtype for one in slack.workspace.thread("CGENERAL", top)] == ["tombstone", None]
    gone = await refusal(client.chat_update(channel="CGENERAL", ts=top, text="x"))
    assert gone["error"] == "message_not_found"
    await client.chat_delete(channel="CGENERAL", ts=reply)
    assert len(slack.workspace.thread("CGENERAL", top)) == 1


async def test_a_deleted_reply_is_gone(slack: SlackSimulator, client: AsyncWebClient) -> None:
    top = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]
    reply = (await client.chat_postMessage(channel="CGENERAL", text="reply", thread_ts=top))["ts"]

    await client.chat_delete(channel="CGENERAL", ts=reply)

    assert [one.ts for one in slack.workspace.messages("CGENERAL")] == [top]


async def test_other_peoples_messages_cannot_be_deleted(slack: SlackSimulator, client: AsyncWebClient) -> None:
    ts = slack.say("ana", "general", "hi").ts

    assert (await refusal(client.chat_delete(channel="CGENERAL", ts=ts)))["error"] == "cant_delete_message"


async def test_a_permalink_leads_to_a_message_that_exists(client: AsyncWebClient) -> None:
    top = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]

    link = (await client.chat_getPermalink(channel="CGENERAL", message_ts=top))["permalink"]

    assert link == f"https://greenroom-playground.slack.com/archives/CGENERAL/p{top.replace('.', '')}"
    missing = client.chat_getPermalink(channel="CGENERAL", message_ts="1.000001")
    assert (await refusal(missing))["error"] == "message_not_found"


async def test_metadata_can_be_changed_and_removed(slack: SlackSimulator, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="CGENERAL", text="a"))["ts"]
    metadata = {"event_type": "meet_card", "event_payload": {"rev": 2}}

    await client.chat_update(channel="CGENERAL", ts=ts, text="a", metadata=metadata)
    assert slack.workspace.channel_messages("general")[0].metadata == metadata
    await client.chat_update(channel="CGENERAL", ts=ts, text="a", metadata={})
    assert slack.workspace.channel_messages("general")[0].metadata is None
    wrong = client.api_call("chat.update", json={"channel": "CGENERAL", "ts": ts, "text": "a", "metadata": [1]})
    assert (await refusal(wrong))["error"] == "invalid_metadata_format"


async def test_a_reply_can_be_sent_to_the_channel_later_but_not_rewritten_on_the_way(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    top = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]
    reply = (await client.chat_postMessage(channel="CGENERAL", text="ready", thread_ts=top))["ts"]
    call = {"channel": "CGENERAL", "ts": reply, "reply_broadcast": True}

    both = client.api_call("chat.update", json={**call, "text": "READY"})
    assert (await refusal(both))["error"] == "no_dual_broadcast_content_update"
    assert (await client.api_call("chat.update", json=call))["ok"]
    assert [one.text for one in slack.workspace.channel_messages("general")] == ["card", "ready"]
    link = (await client.chat_getPermalink(channel="CGENERAL", message_ts=reply))["permalink"]
    assert link.endswith(f"?thread_ts={top}&cid=CGENERAL")
