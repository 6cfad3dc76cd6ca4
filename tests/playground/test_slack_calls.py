"""The simulated Slack's calls: what it takes, what it refuses, and what the people of a conversation see of them."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import SlackSimulator
from playground.snapshot import workspace_snapshot
from playground.workspace_values import User
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    bot_fixture,
    client_fixture,
    clock_fixture,
    refusal,
    slack_fixture,
)

JANE = {"external_id": "g1", "display_name": "Jane Doe"}


@pytest.fixture(autouse=True)
def granted(slack: SlackSimulator) -> None:
    slack.scopes.update({"calls:write", "calls:read"})
    slack.workspace.add_user(User("UOUT", "olga", "Olga", team_id="TOTHER"))
    slack.workspace.add_user(User("UGONE", "gus", "Gus", deleted=True))


async def make(client: AsyncWebClient, **more: Any) -> str:
    given = {"external_unique_id": "m1", "join_url": "https://x.example/j", "created_by": "UANA", "title": "Sync"}
    answer = await client.api_call("calls.add", json=given | more)
    return str(answer["call"]["id"])


async def people(client: AsyncWebClient, method: str, call: str, *users: dict[str, str]) -> dict[str, Any]:
    answer = await client.api_call(f"calls.participants.{method}", json={"id": call, "users": list(users)})
    assert isinstance(answer.data, dict)
    return answer.data


async def shown(client: AsyncWebClient, call: str) -> list[str]:
    answer = await client.api_call("calls.info", json={"id": call})
    return [each["display_name"] for each in answer["call"]["active_participants"]]


async def test_a_call_needs_its_scope_and_whoever_creates_it(slack: SlackSimulator, client: AsyncWebClient) -> None:
    assert (await refusal(make(client, created_by=None)))["error"] == "invalid_created_by"
    assert (await refusal(make(client, created_by="UNOBODY")))["error"] == "invalid_created_by"
    assert (await refusal(make(client, date_start="soon")))["error"] == "invalid_start_time"
    assert (await refusal(make(client, join_url=None)))["error"] == "invalid_arguments"
    assert (await refusal(make(client, users=[{"slack_id": "UNOBODY"}])))["error"] == "user_not_found"
    slack.scopes.discard("calls:write")
    assert (await refusal(make(client)))["error"] == "missing_scope"


async def test_people_come_and_go_each_once(client: AsyncWebClient) -> None:
    call = await make(client)

    assert "error" not in await people(client, "add", call, {"slack_id": "UANA"}, JANE)
    await people(client, "add", call, {"slack_id": "UANA"})
    assert await shown(client, call) == ["Ana Lima", "Jane Doe"]
    await people(client, "remove", call, {"external_id": "g1"})

    assert await shown(client, call) == ["Ana Lima"]


async def test_one_unknown_person_fails_the_batch_and_one_who_cannot_be_in_is_left_out(client: AsyncWebClient) -> None:
    call = await make(client)

    for stranger in ("UNOBODY", "UOUT"):
        answer = await refusal(people(client, "add", call, JANE, {"slack_id": stranger}))
        assert answer["error"] == "user_not_found"
    assert await shown(client, call) == []
    answer = await people(client, "add", call, JANE, {"slack_id": "UGONE"}, {"external_id": "nameless"})
    assert (answer["ok"], answer["error"]) == (True, "bad_users")
    assert await shown(client, call) == ["Jane Doe"]
    answer = await people(client, "remove", call, {"slack_id": "UBO"})
    assert (answer["ok"], answer["error"]) == (True, "bad_users")


async def test_an_ended_call_takes_nothing_more(client: AsyncWebClient) -> None:
    call = await make(client)
    await client.api_call("calls.end", json={"id": call, "duration": 90})

    assert (await refusal(client.api_call("calls.end", json={"id": call})))["error"] == "inactive_call"
    assert (await refusal(people(client, "add", call, JANE)))["error"] == "inactive_call"
    assert (await refusal(client.api_call("calls.end", json={"id": "R0"})))["error"] == "invalid_call_id"
    info = await client.api_call("calls.info", json={"id": call})
    assert (info["call"]["has_ended"], info["call"]["duration"]) == (True, 90)


async def test_a_message_shows_the_call_as_it_is_now(slack: SlackSimulator, client: AsyncWebClient) -> None:
    call = await make(client)
    url = slack.response_urls.make("DANABO", "UANA")
    body = {"response_type": "in_channel", "text": "Sync", "blocks": [{"type": "call", "call_id": call}]}
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        assert answer.status == 200
    await client.api_call("calls.update", json={"id": call, "title": "Daily"})
    await people(client, "add", call, {"slack_id": "UBO"})

    [message] = workspace_snapshot(slack.workspace, slack.workspace.user("bo"))["messages"]["DANABO"]

    drawn = message["blocks"][0]["call"]
    assert (drawn["title"], drawn["join_url"]) == ("Daily", "https://x.example/j")
    assert [each["slack_id"] for each in drawn["active_participants"]] == ["UBO"]
