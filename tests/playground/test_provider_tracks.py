"""Recordings of single voices at the simulated providers: what is refused, and the odd shape of their links."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.playground.provider_support import QUICK, Clock, Side, serving, until

OUTPUTS = {"layers": {"default": {"file_name_prefix": "talk", "outputs": [{"type": "DYTE_BUCKET"}]}}}
AUDIO = {"layers": {"default": {"file_name_prefix": "talk", "media_kind": "audio"}}}


def good(side: Side) -> dict[str, Any]:
    return OUTPUTS if side.name == "dyte" else AUDIO


@pytest.fixture(params=["realtimekit", "dyte"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param, pace=QUICK) as side:
        yield side


async def live(side: Side) -> str:
    meeting = await side.meeting()
    await side.enter(meeting)
    return meeting


async def started(side: Side, meeting: str) -> str:
    await side.ok("POST", "/recordings/track", {"meeting_id": meeting} | good(side))
    return next(one.id for one in side.simulator.rooms.recordings_of(meeting) if one.tracks)


async def test_the_answer_is_a_recording_at_realtimekit_and_nothing_at_dyte(side: Side) -> None:
    answer = await side.ok("POST", "/recordings/track", {"meeting_id": await live(side)} | good(side))

    if side.name == "dyte":
        assert answer == {}
    else:
        assert (answer["recording"]["type"], answer["recording"]["status"]) == ("TRACK", "INVOKED")


async def test_each_device_gets_a_file_and_the_links_come_as_a_list(side: Side) -> None:
    meeting = await live(side)
    peer = await side.enter(meeting, "U2", "Bo")
    own = await started(side, meeting)
    await side.until_status(own, "RECORDING")
    await side.ok("PUT", f"/recordings/{own}", {"action": "stop"})
    await side.until_status(own, "UPLOADED")

    found = await side.ok("GET", f"/recordings/{own}")
    [layer] = found["download_url"]

    assert layer["layer_name"] == "default"
    assert len(layer["download_urls"]) == 2
    assert any((peer.id if side.name == "dyte" else peer.participant_id) in name for name in layer["download_urls"])
    assert all(name.startswith("talk") and name.endswith(".webm") for name in layer["download_urls"])
    for file in layer["download_urls"].values():
        async with side.client.get(file["download_url"]) as answer:
            assert (answer.status, answer.content_type) == (200, "video/webm")


async def test_the_webhook_tells_of_the_list_too(side: Side) -> None:
    await side.hook()
    own = await started(side, await live(side))
    await side.until_status(own, "RECORDING")
    await side.ok("PUT", f"/recordings/{own}", {"action": "stop"})
    await side.until_status(own, "UPLOADED")

    await until(
        lambda: any(each["recording"]["status"] == "UPLOADED" for each in side.bot.of("recording.statusUpdate"))
    )
    assert isinstance(side.bot.of("recording.statusUpdate")[-1]["recording"]["downloadUrl"], list)


async def test_nobody_inside_and_a_second_one_are_refused(side: Side) -> None:
    meeting = await side.meeting()
    assert (await side.refused("POST", "/recordings/track", {"meeting_id": meeting} | good(side)))[0] == 404

    await side.enter(meeting)
    await started(side, meeting)

    assert (await side.refused("POST", "/recordings/track", {"meeting_id": meeting} | good(side)))[0] == 409


async def test_an_ordinary_recording_stands_beside_it(side: Side) -> None:
    meeting = await live(side)
    own = await started(side, meeting)
    whole = await side.record(meeting)
    await side.until_status(own, "RECORDING")

    assert (await side.refused("PUT", f"/recordings/{own}", {"action": "pause"}))[0] == 400
    assert {row["id"] for row in await side.ok("GET", "/recordings", meeting_id=meeting)} == {own, whole}


@pytest.mark.parametrize(
    "wrong",
    [
        {"layers": {"other": {}}},
        {"layers": {"default": {"media_kind": "video"}}},
        {"layers": {"default": {"file_name_prefix": 5}}},
        {"layers": {"default": {"outputs": [{"type": "ELSEWHERE"}]}}},
        {"layers": {"default": {"outputs": [{"type": "STORAGE_CONFIG"}]}}},
        {"layers": {"default": {"volume": 11}}},
        {"user_ids": ["u"] * 101, "layers": {"default": {}}},
        {"max_seconds": 60, "layers": {"default": {}}},
    ],
)
async def test_what_the_documents_do_not_have_is_refused(side: Side, wrong: Any) -> None:
    assert (await side.refused("POST", "/recordings/track", {"meeting_id": await live(side)} | wrong))[0] == 400


async def test_dyte_insists_on_layers_and_takes_the_other_words_of_its_document_and_realtimekit_of_its_own() -> None:
    storage = {"type": "aws", "access_key": "k", "secret": "s", "bucket": "b", "region": "r"}
    outputs = [{"type": "STORAGE_CONFIG", "storage_config": storage}]
    async with serving("dyte", pace=QUICK, now=Clock()) as dyte:
        meeting = await live(dyte)
        assert (await dyte.refused("POST", "/recordings/track", {"meeting_id": meeting}))[0] == 400
        body = {"meeting_id": meeting, "max_seconds": "600", "layers": {"default": {"outputs": outputs}}}
        await dyte.ok("POST", "/recordings/track", body)
        [one] = dyte.simulator.rooms.recordings_of(meeting)
        await dyte.until_status(one.id, "RECORDING")
        await dyte.ok("PUT", f"/recordings/{one.id}", {"action": "stop"})
        await dyte.until_status(one.id, "UPLOADED")
        assert (await dyte.ok("GET", f"/recordings/{one.id}"))["download_url"] is None
    async with serving("realtimekit", pace=QUICK) as kit:
        await kit.ok("POST", "/recordings/track", {"meeting_id": await live(kit)})
        await kit.ok("POST", "/recordings/track", {"meeting_id": await live(kit), "user_ids": ["u1"]})


async def test_links_that_have_run_out_say_so_and_lead_nowhere(side: Side) -> None:
    """For every kind of recording: seven days after the upload both services have deleted their copy."""
    meeting = await live(side)
    own = await side.record(meeting)
    await side.until_status(own, "RECORDING")
    await side.ok("PUT", f"/recordings/{own}", {"action": "stop"})
    await side.until_status(own, "UPLOADED")
    side.simulator.faults.switch("links_expired", True)

    found = await side.ok("GET", f"/recordings/{own}")

    assert datetime.fromisoformat(found["download_url_expiry"]) <= datetime.now(UTC)
    async with side.client.get(found["download_url"]) as answer:
        assert answer.status == 403
