"""Meetings, participants and join tokens at the simulated providers."""

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from playground.jointokens import TokenRefused
from tests.playground.provider_support import Clock, Side, serving


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["realtimekit", "dyte"])
async def side(request: pytest.FixtureRequest, clock: Clock) -> AsyncIterator[Side]:
    async with serving(request.param, now=clock) as side:
        yield side


def claims(token: str) -> Any:
    header, body, signature = token.split(".")
    assert header
    assert signature
    return json.loads(base64.urlsafe_b64decode(body + "=="))


async def test_a_repeated_create_makes_a_second_meeting(side: Side) -> None:
    assert await side.meeting() != await side.meeting()


async def test_a_patch_changes_only_what_it_names(side: Side) -> None:
    meeting = await side.meeting(record_on_start=True)

    changed = await side.ok("PATCH", f"/meetings/{meeting}", {"title": "Retro"})

    assert (changed["title"], changed["record_on_start"]) == ("Retro", True)


async def test_a_put_sets_back_what_it_leaves_out(side: Side) -> None:
    meeting = await side.meeting(record_on_start=True)

    replaced = await side.ok("PUT", f"/meetings/{meeting}", {"title": "Retro"})

    assert (replaced["title"], replaced["record_on_start"]) == ("Retro", False)


async def test_dytes_patch_does_not_take_recording_options(side: Side) -> None:
    meeting = await side.meeting()

    status, _ = await side.call("PATCH", f"/meetings/{meeting}", {"recording_config": {"max_seconds": 60}})

    assert status == (400 if side.name == "dyte" else 200)


async def test_a_region_is_dytes_and_comes_back() -> None:
    async with serving("dyte") as side:
        meeting = await side.meeting(preferred_region="eu-central-1")
        assert (await side.ok("GET", f"/meetings/{meeting}"))["preferred_region"] == "eu-central-1"


async def test_realtimekit_lists_meetings_by_status() -> None:
    async with serving("realtimekit") as side:
        closed, _ = await side.meeting(), await side.meeting()
        await side.ok("PATCH", f"/meetings/{closed}", {"status": "INACTIVE"})

        [listed] = await side.ok("GET", "/meetings", status="INACTIVE")
        assert listed["id"] == closed
        assert (await side.refused("GET", "/meetings", status="GONE"))[0] == 400


async def test_a_participant_needs_an_id_and_a_preset(side: Side) -> None:
    meeting = await side.meeting()
    path = f"/meetings/{meeting}/participants"

    assert await side.refused("POST", path, {"preset_name": "group_call_host"}) == (
        400,
        'BAD_REQUEST: "custom_participant_id" is required',
    )
    assert (await side.refused("POST", path, {"custom_participant_id": "U1"}))[0] == 400


async def test_an_unknown_preset_is_refused_and_case_matters(side: Side) -> None:
    meeting = await side.meeting()
    body = {"custom_participant_id": "U1", "preset_name": "Group_Call_Host"}

    assert (await side.refused("POST", f"/meetings/{meeting}/participants", body))[0] == 400


async def test_the_same_custom_id_twice_makes_two_participants(side: Side) -> None:
    meeting = await side.meeting()

    assert (await side.place(meeting))["id"] != (await side.place(meeting))["id"]


async def test_the_presets_are_the_four_that_everyone_has(side: Side) -> None:
    names = [preset["name"] for preset in await side.ok("GET", "/presets")]

    assert names == ["group_call_host", "group_call_participant", "webinar_presenter", "webinar_viewer"]


async def test_a_token_says_who_may_enter_what_and_how_long(side: Side, clock: Clock) -> None:
    meeting = await side.meeting()
    place = await side.place(meeting)

    said = claims(place["token"])

    assert (said["meetingId"], said["participantId"]) == (meeting, place["id"])
    assert said["iat"] == int(clock().timestamp())
    assert said["exp"] - said["iat"] == (100 if side.name == "dyte" else 1) * 86_400


async def test_a_reading_never_shows_the_token(side: Side) -> None:
    meeting = await side.meeting()
    place = await side.place(meeting)

    assert "token" not in await side.ok("GET", f"/meetings/{meeting}/participants/{place['id']}")


async def test_each_refresh_is_a_fresh_token_for_the_same_place(side: Side) -> None:
    meeting = await side.meeting()
    place = await side.place(meeting)

    fresh = (await side.ok("POST", f"/meetings/{meeting}/participants/{place['id']}/token"))["token"]

    assert fresh != place["token"]
    peers = [await side.simulator.enter(token) for token in (fresh, place["token"])]
    assert {peer.participant_id for peer in peers} == {place["id"]}


async def test_an_expired_token_lets_nobody_in(side: Side, clock: Clock) -> None:
    place = await side.place(await side.meeting())
    clock.passes(days=101)

    with pytest.raises(TokenRefused, match="expired"):
        await side.simulator.enter(place["token"])


async def test_a_removed_participants_token_lets_nobody_in(side: Side) -> None:
    meeting = await side.meeting()
    place = await side.place(meeting)
    path = f"/meetings/{meeting}/participants/{place['id']}"
    await side.ok("DELETE", path)

    with pytest.raises(TokenRefused, match="no longer have a place"):
        await side.simulator.enter(place["token"])
    assert (await side.refused("GET", path))[0] == 404
    assert (await side.refused("POST", f"{path}/token"))[0] == 404


@pytest.mark.parametrize("spoil", [lambda token: token[:-4], lambda _: "", lambda _: "a.b.c", lambda _: "ä"])
async def test_a_token_that_is_not_ours_lets_nobody_in(side: Side, spoil: Any) -> None:
    place = await side.place(await side.meeting())

    with pytest.raises(TokenRefused, match="not one of ours"):
        await side.simulator.enter(spoil(place["token"]))


async def test_an_inactive_meeting_lets_nobody_in_and_leaves_those_inside(side: Side) -> None:
    meeting = await side.meeting()
    await side.enter(meeting)
    place = await side.place(meeting, "U2")
    await side.ok("PATCH", f"/meetings/{meeting}", {"status": "INACTIVE"})

    with pytest.raises(TokenRefused, match="closed"):
        await side.simulator.enter(place["token"])
    assert len(side.simulator.people(meeting)) == 1


async def test_a_participant_can_be_renamed(side: Side) -> None:
    meeting = await side.meeting()
    place = await side.place(meeting)

    edited = await side.ok("PATCH", f"/meetings/{meeting}/participants/{place['id']}", {"name": "Ana", "picture": None})

    assert (edited["name"], edited["id"]) == ("Ana", place["id"])
    assert edited["token"]


async def test_only_realtimekit_replaces_a_participant(side: Side) -> None:
    meeting = await side.meeting()
    place = await side.place(meeting)
    body = {"custom_participant_id": "U1", "preset_name": "webinar_viewer"}
    headers = {"authorization": side.authorization}
    url = f"{side.base}/meetings/{meeting}/participants/{place['id']}"

    async with side.client.put(url, json=body, headers=headers) as answer:
        assert answer.status == (405 if side.name == "dyte" else 200)
