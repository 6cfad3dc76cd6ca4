"""How calls get in at the simulated providers: credentials, envelopes, limits."""

import base64
from collections.abc import AsyncIterator

import pytest

from playground.provider_flavours import RateLimit, dyte
from tests.playground.provider_support import ACCOUNT, APP, Side, serving


@pytest.fixture(params=["realtimekit", "dyte"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param) as side:
        yield side


@pytest.fixture
async def kit() -> AsyncIterator[Side]:
    async with serving("realtimekit") as side:
        yield side


@pytest.fixture
async def old() -> AsyncIterator[Side]:
    async with serving("dyte") as side:
        yield side


async def test_dyte_answers_wrong_credentials_without_an_envelope(old: Side) -> None:
    headers = {"authorization": "Basic " + base64.b64encode(b"org-1:wrong").decode()}
    async with old.client.get(f"{old.base}/meetings", headers=headers) as answer:
        assert (answer.status, await answer.json()) == (401, {"message": "Unauthorized"})


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": "token"}])
async def test_cloudflares_gateway_answers_wrong_credentials(kit: Side, headers: dict[str, str]) -> None:
    async with kit.client.get(f"{kit.base}/meetings", headers=headers) as answer:
        assert answer.status == 401
        assert await answer.json() == {
            "success": False,
            "errors": [{"code": 10000, "message": "Authentication error"}],
            "messages": [],
            "result": None,
        }


async def test_another_account_is_forbidden(kit: Side) -> None:
    url = kit.base.replace(ACCOUNT, "f" * 32)
    async with kit.client.get(f"{url}/meetings", headers={"authorization": "Bearer token"}) as answer:
        assert (answer.status, "errors" in await answer.json()) == (403, True)


async def test_another_app_is_not_there(kit: Side) -> None:
    url = kit.base.replace(APP, "other")
    async with kit.client.get(f"{url}/meetings", headers={"authorization": "Bearer token"}) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (404, 404)


async def test_the_account_lists_its_one_app(kit: Side) -> None:
    url = f"{kit.simulator.realtimekit_url}/accounts/{ACCOUNT}/realtime/kit/apps"
    async with kit.client.get(url, headers={"authorization": "Bearer token"}) as answer:
        listed = (await answer.json())["data"]
    async with kit.client.get(f"{url}/{APP}", headers={"authorization": "Bearer token"}) as answer:
        single = (await answer.json())["data"]

    assert [single] == listed
    assert single["id"] == APP


async def test_one_provider_does_not_see_the_others_meetings(kit: Side) -> None:
    meeting = await kit.meeting()
    other = Side("dyte", kit.simulator, kit.client, kit.bot)

    assert (await other.refused("GET", f"/meetings/{meeting}"))[0] == 404
    assert await other.ok("GET", "/meetings") == []


async def test_an_id_that_is_no_uuid_is_a_bad_request(side: Side) -> None:
    assert (await side.refused("GET", "/meetings/nonsense"))[0] == 400


async def test_an_unknown_field_is_refused_by_name(side: Side) -> None:
    refusal = await side.refused("POST", "/meetings", {"title": "x", "waiting_room": True})

    assert refusal == (400, 'BAD_REQUEST: "waiting_room" is not allowed')


async def test_an_unknown_field_deep_inside_is_refused(side: Side) -> None:
    body = {"recording_config": {"video_config": {"colour": "red"}}}

    assert (await side.refused("POST", "/meetings", body))[0] == 400


async def test_a_field_of_the_other_provider_is_unknown(kit: Side, old: Side) -> None:
    assert (await kit.refused("POST", "/meetings", {"preferred_region": "us-east-1"}))[0] == 400
    assert (await old.refused("POST", "/meetings", {"session_keep_alive_time_in_secs": 60}))[0] == 400
    assert (await old.refused("POST", "/meetings", {"transcribe_on_end": True}))[0] == 400


async def test_a_value_of_another_type_is_refused(side: Side) -> None:
    assert (await side.refused("POST", "/meetings", {"record_on_start": "yes"}))[0] == 400
    assert (await side.refused("POST", "/meetings", {"persist_chat": None}))[0] == 400
    assert (await side.refused("POST", "/meetings", [1]))[0] == 400


async def test_a_body_where_none_is_taken_is_refused(side: Side) -> None:
    meeting = await side.meeting()
    place = await side.place(meeting)

    path = f"/meetings/{meeting}/participants/{place['id']}/token"
    assert (await side.refused("POST", path, {"preset_name": "group_call_host"}))[0] == 400


async def test_too_many_calls_are_told_to_wait(kit: Side, old: Side) -> None:
    for side in (kit, old):
        side.simulator.limits[side.name] = (RateLimit(1, 60),)
        await side.ok("GET", "/meetings")
        headers = {"authorization": side.authorization}
        async with side.client.get(f"{side.base}/meetings", headers=headers) as answer:
            assert answer.status == 429
            assert 0 < int(answer.headers["retry-after"]) <= 60
            assert ("x-envoy-ratelimited" in answer.headers) == (side.name == "dyte")


async def test_the_documented_limits_are_the_default() -> None:
    assert dyte("o", "k").limits == (RateLimit(2000, 60),)


async def test_pages_count_from_one_and_say_what_they_show(side: Side) -> None:
    made = [await side.meeting(title=f"m{number}") for number in range(3)]

    _, answer = await side.call("GET", "/meetings", page_no="2", per_page="2")
    _, beyond = await side.call("GET", "/meetings", page_no="3", per_page="2")

    assert [meeting["id"] for meeting in answer["data"]] == made[:1]
    assert answer["paging"] == {"total_count": 3, "start_offset": 3, "end_offset": 3}
    assert beyond["data"] == []


async def test_every_call_is_logged_with_its_body(side: Side) -> None:
    await side.meeting(title="Logged")

    [logged] = side.simulator.calls_of("create_meeting")
    assert (logged.provider, logged.request, logged.status) == (side.name, {"title": "Logged"}, 201)


async def test_a_change_wakes_who_waits(side: Side) -> None:
    before = side.simulator.version
    await side.meeting()

    assert await side.simulator.changed(before) > before
