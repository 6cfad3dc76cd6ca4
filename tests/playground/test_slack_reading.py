"""Reading conversations and people of the simulated Slack."""

from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    client_fixture,
    clock_fixture,
    refusal,
    slack_fixture,
)

HISTORY = {"channels:history", "groups:history", "im:history", "mpim:history"}


async def test_history_is_closed_without_its_scope(client: AsyncWebClient) -> None:
    answer = await refusal(client.conversations_history(channel="CGENERAL"))

    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "channels:history,groups:history,im:history,mpim:history"


async def test_history_is_newest_first_in_pages_with_metadata_on_request(
    slack: SlackSimulator, client: AsyncWebClient
) -> None:
    slack.scopes.update(HISTORY)
    metadata = {"event_type": "meet_card", "event_payload": {"id": "1"}}
    for number in range(3):
        await client.chat_postMessage(channel="CGENERAL", text=str(number), metadata=metadata)

    first = await client.conversations_history(channel="CGENERAL", limit=2, include_all_metadata=True)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(channel="CGENERAL", limit=2, cursor=cursor)

    assert [one["text"] for one in first["messages"]] == ["2", "1"]
    assert first["messages"][0]["metadata"] == metadata
    assert (second["messages"][0]["text"], second["has_more"]) == ("0", False)
    assert second["messages"][0]["metadata"] == {"event_type": "meet_card"}


async def test_history_can_be_asked_from_one_moment_on(slack: SlackSimulator, client: AsyncWebClient) -> None:
    slack.scopes.update(HISTORY)
    stamps = [(await client.chat_postMessage(channel="CGENERAL", text=str(number)))["ts"] for number in range(3)]

    after = await client.conversations_history(channel="CGENERAL", oldest=stamps[1])
    including = await client.conversations_history(channel="CGENERAL", oldest=stamps[1], inclusive=True)

    assert [one["text"] for one in after["messages"]] == ["2"]
    assert [one["text"] for one in including["messages"]] == ["2", "1"]


async def test_a_channels_history_is_only_read_from_inside(slack: SlackSimulator, client: AsyncWebClient) -> None:
    slack.scopes.update(HISTORY)

    assert (await refusal(client.conversations_history(channel="CRANDOM")))["error"] == "not_in_channel"
    assert (await refusal(client.conversations_history(channel="CLEADS")))["error"] == "channel_not_found"
    slack.scopes.discard("im:history")
    assert (await refusal(client.conversations_history(channel="DBO")))["needed"] == "im:history"


async def test_replies_give_the_thread_with_its_top_first(slack: SlackSimulator, client: AsyncWebClient) -> None:
    slack.scopes.update(HISTORY)
    top = (await client.chat_postMessage(channel="CGENERAL", text="card"))["ts"]
    await client.chat_postMessage(channel="CGENERAL", text="reply", thread_ts=top)

    thread = (await client.conversations_replies(channel="CGENERAL", ts=top))["messages"]

    assert [one["text"] for one in thread] == ["card", "reply"]
    assert (thread[0]["reply_count"], thread[1]["thread_ts"], thread[1]["parent_user_id"]) == (1, top, "UGREENROOM")
    lost = client.conversations_replies(channel="CGENERAL", ts="1.000001")
    assert (await refusal(lost))["error"] == "thread_not_found"


async def test_people_and_channels_can_be_looked_up(slack: SlackSimulator, client: AsyncWebClient) -> None:
    assert (await client.users_info(user="UANA"))["user"]["profile"]["real_name"] == "Ana Lima"
    assert (await refusal(client.users_info(user="UNOBODY")))["error"] == "user_not_found"
    assert (await refusal(client.conversations_info(channel="CGENERAL")))["error"] == "missing_scope"
    slack.scopes.add("channels:read")

    info = (await client.conversations_info(channel="CRANDOM", include_num_members=True))["channel"]
    members = await client.conversations_members(channel="CGENERAL", limit=3)

    assert (info["name"], info["is_member"], info["is_private"], info["num_members"]) == ("random", False, False, 4)
    assert members["members"] == ["UANA", "UBO", "UCY"]
    assert members["response_metadata"]["next_cursor"]


async def test_a_direct_message_is_opened_once(slack: SlackSimulator, client: AsyncWebClient) -> None:
    assert (await client.conversations_open(users="UANA"))["channel"]["id"] == "DANA"
    assert (await refusal(client.conversations_open(users="UANA,UBO")))["needed"] == "mpim:write"
    slack.scopes.add("mpim:write")

    opened = [(await client.conversations_open(users=users))["channel"]["id"] for users in ("UANA,UBO", "UBO,UANA")]

    assert opened[0] == opened[1]
    assert slack.workspace.channels[opened[0]].kind == "mpim"


async def test_questions_that_make_no_sense_are_refused(slack: SlackSimulator, client: AsyncWebClient) -> None:
    slack.scopes.update(HISTORY | {"mpim:write"})

    async def error(method: str, **params: str) -> str:
        return str((await refusal(client.api_call(method, http_verb="GET", params=params)))["error"])

    assert await error("conversations.history", channel="CGENERAL", limit="0") == "invalid_limit"
    assert await error("conversations.history", channel="CGENERAL", limit="many") == "invalid_arguments"
    assert await error("conversations.history", channel="CGENERAL", cursor="abc") == "invalid_cursor"
    slack.say("ana", "general", "hello")
    assert await error("conversations.history", channel="CGENERAL", oldest="soon") == "invalid_ts_oldest"
    assert await error("conversations.open") == "users_list_not_supplied"
    assert await error("conversations.open", users="UNOBODY") == "user_not_found"
    assert await error("conversations.open", users="UGREENROOM") == "cannot_dm_bot"
    assert await error("conversations.open", users=",".join(["UANA"] * 9)) == "too_many_users"


async def test_a_direct_message_can_be_resumed_and_looked_at(slack: SlackSimulator, client: AsyncWebClient) -> None:
    slack.scopes.update(HISTORY | {"im:read"})
    slack.workspace.post("general", "ana", "joined", subtype="channel_join")

    assert (await client.conversations_open(channel="DANA"))["already_open"]
    assert (await client.conversations_open(users="UANA", return_im=True))["channel"]["user"] == "UANA"
    assert (await client.conversations_info(channel="DANA"))["channel"]["is_im"]
    assert (await client.conversations_history(channel="CGENERAL"))["messages"][0]["subtype"] == "channel_join"
