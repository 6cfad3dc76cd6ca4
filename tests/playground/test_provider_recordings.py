"""Recordings at the simulated providers: their states, their options and their files."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from tests.playground.provider_support import QUICK, SLOW, Clock, Side, serving


@pytest.fixture(params=["realtimekit", "dyte"])
async def side(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param) as side:
        yield side


@pytest.fixture(params=["realtimekit", "dyte"])
async def quick(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param, pace=QUICK) as side:
        yield side


async def act(side: Side, recording: str, action: str) -> Any:
    return await side.ok("PUT", f"/recordings/{recording}", {"action": action})


async def live(side: Side, **settings: Any) -> str:
    meeting = await side.meeting(**settings)
    await side.enter(meeting)
    return meeting


async def test_a_recording_goes_through_its_states(quick: Side) -> None:
    recording = await quick.record(await live(quick))

    await quick.until_status(recording, "RECORDING")
    assert (await act(quick, recording, "pause"))["status"] == "PAUSED"
    assert (await act(quick, recording, "resume"))["status"] == "RECORDING"
    stopped = await act(quick, recording, "stop")
    assert (stopped["status"], stopped["stop_reason"]["reason"]) == ("UPLOADING", "API_CALL")
    await quick.until_status(recording, "UPLOADED")


async def test_a_second_recording_is_refused(side: Side) -> None:
    meeting = await live(side)
    await side.record(meeting)

    assert (await side.refused("POST", "/recordings", {"meeting_id": meeting}))[0] == 409


async def test_a_second_recording_is_taken_where_it_is_allowed(side: Side) -> None:
    meeting = await live(side)

    assert await side.record(meeting) != await side.record(meeting, allow_multiple_recordings=True)


@pytest.mark.parametrize("action", ["pause", "resume"])
async def test_an_action_in_the_wrong_state_is_refused(side: Side, action: str) -> None:
    recording = await side.record(await live(side))

    refusal = await side.refused("PUT", f"/recordings/{recording}", {"action": action})
    assert refusal == (400, f"Cannot {action} a recording that is INVOKED")


async def test_a_stopped_recording_is_not_stopped_again(side: Side) -> None:
    recording = await side.record(await live(side))
    await act(side, recording, "stop")

    assert (await side.refused("PUT", f"/recordings/{recording}", {"action": "stop"}))[0] == 400


async def test_a_recording_stops_when_the_room_is_empty(quick: Side) -> None:
    meeting = await quick.meeting()
    peer = await quick.enter(meeting)
    recording = await quick.record(meeting)
    await quick.simulator.leave(peer.id)

    await quick.until_status(recording, "UPLOADED")
    stopped = await quick.ok("GET", f"/recordings/{recording}")
    assert stopped["stop_reason"]["reason"] == "ALL_PEERS_LEFT"


async def test_a_recording_of_an_empty_room_soon_stops(quick: Side) -> None:
    recording = await quick.record(await quick.meeting())

    await quick.until_status(recording, "UPLOADED")


async def test_kicking_everyone_stops_the_recording(side: Side) -> None:
    meeting = await live(side)
    recording = await side.record(meeting)
    await side.simulator.kick_all(meeting)

    assert await side.status(recording) == "UPLOADING"


async def test_a_recording_stops_at_its_length() -> None:
    async with serving("dyte", pace=replace(SLOW, start_seconds=0, second=0.0001)) as side:
        recording = await side.record(await live(side), max_seconds=60)
        await side.until_status(recording, "UPLOADING")
        assert "stop_reason" not in await side.ok("GET", f"/recordings/{recording}")


async def test_record_on_start_records_the_session(side: Side) -> None:
    meeting = await live(side, record_on_start=True, recording_config={"file_name_prefix": "Weekly"})

    active = await side.ok("GET", f"/recordings/active-recording/{meeting}")

    assert active["output_file_name"].startswith(f"Weekly_{meeting}_")
    assert (await side.ok("GET", f"/recordings/{active['id']}"))["start_reason"] == {"reason": "RECORD_ON_START"}


async def test_nobody_recording_is_not_found(side: Side) -> None:
    assert (await side.refused("GET", f"/recordings/active-recording/{await live(side)}"))[0] == 404


async def test_an_upload_can_be_made_to_fail(quick: Side) -> None:
    quick.simulator.fail_next_upload()
    recording = await quick.record(await live(quick))
    await act(quick, recording, "stop")
    await quick.until_status(recording, "ERRORED")

    failed = await quick.ok("GET", f"/recordings/{recording}")
    assert (failed["download_url"], failed["file_size"]) == (None, None)


async def test_short_recordings_fail_where_that_is_switched_on(quick: Side) -> None:
    quick.simulator.faults.switch("short_recordings_fail", True)
    recording = await quick.record(await live(quick))
    await act(quick, recording, "stop")

    await quick.until_status(recording, "ERRORED")


async def test_pauses_are_not_part_of_the_length() -> None:
    clock = Clock()
    async with serving("realtimekit", pace=QUICK, now=clock) as side:
        recording = await side.record(await live(side))
        await side.until_status(recording, "RECORDING")
        clock.passes(seconds=10)
        await act(side, recording, "pause")
        clock.passes(seconds=100)
        await act(side, recording, "resume")
        clock.passes(seconds=5)

        assert (await act(side, recording, "stop"))["recording_duration"] == 15


@pytest.mark.parametrize(
    "options",
    [
        {"max_seconds": 59},
        {"max_seconds": 86_401},
        {"file_name_prefix": "no-dashes"},
        {"video_config": {"width": 1921}},
        {"video_config": {"codec": "AV1"}},
        {"audio_config": {"channel": "quadro"}},
        {"storage_config": {"bucket": "no type"}},
        {"storage_config": {"type": "aws", "secret_key": "x"}},
        {"url": "not a url"},
        {"interactive_config": {"type": "ID4"}},
        {"meeting_id": "not a uuid"},
        {"live_streaming_config": {}},
    ],
)
async def test_bad_options_are_refused(side: Side, options: dict[str, Any]) -> None:
    body = {"meeting_id": await live(side)} | options

    assert (await side.refused("POST", "/recordings", body))[0] == 400


async def test_every_good_option_is_taken(side: Side) -> None:
    bucket = "dyte_bucket_config" if side.name == "dyte" else "realtimekit_bucket_config"
    options: dict[str, Any] = {
        "max_seconds": 3600,
        "file_name_prefix": "Weekly_sync",
        "video_config": {
            "codec": "H264",
            "width": 1920,
            "height": 1080,
            "watermark": {"url": "https://example.com/x.png", "size": {"width": 1}, "position": "right top"},
            "export_file": True,
        },
        "audio_config": {"codec": "MP3", "channel": "mono"},
        "storage_config": {"type": "sftp", "auth_method": "PASSWORD", "password": "p", "host": "h", "port": 22},
        bucket: {"enabled": True},
        "rtmp_out_config": {"rtmp_url": "rtmps://live.example/in"},
        "url": "https://example.com/layout",
        "interactive_config": {"type": "ID3"},
        "allow_multiple_recordings": False,
    }

    await side.record(await live(side), **options)


async def test_realtimekit_wants_the_keys_of_a_storage_and_dyte_does_not(side: Side) -> None:
    body = {"meeting_id": await live(side), "storage_config": {"type": "aws", "access_key": "k"}}

    status, _ = await side.call("POST", "/recordings", body)

    assert status == (200 if side.name == "dyte" else 400)


async def test_dyte_shows_a_storages_secret_again(side: Side) -> None:
    storage = {"type": "aws", "access_key": "k", "secret": "s3cret", "bucket": "b", "region": "r"}
    recording = await side.record(await live(side), storage_config=storage)

    shown = (await side.ok("GET", f"/recordings/{recording}"))["storage_config"]

    assert "access_key" not in shown
    assert ("secret" in shown) == (side.name == "dyte")


async def test_recordings_are_listed_by_meeting_and_status(side: Side) -> None:
    meeting = await live(side)
    first = await side.record(meeting)
    await act(side, first, "stop")
    second = await side.record(meeting)
    await side.record(await live(side))

    everything = await side.ok("GET", "/recordings", meeting_id=meeting)
    uploading = await side.ok("GET", "/recordings", meeting_id=meeting, status="UPLOADING,UPLOADED")

    assert {one["id"] for one in everything} == {first, second}
    assert [one["id"] for one in uploading] == [first]
    assert everything[0]["meeting"]["id"] == meeting


async def test_dyte_does_not_filter_by_errored(side: Side) -> None:
    status, _ = await side.call("GET", "/recordings", status="ERRORED")

    assert status == (400 if side.name == "dyte" else 200)


async def test_an_inactive_meeting_is_not_recorded(side: Side) -> None:
    meeting = await side.meeting()
    await side.ok("PATCH", f"/meetings/{meeting}", {"status": "INACTIVE"})

    assert (await side.refused("POST", "/recordings", {"meeting_id": meeting}))[0] == 400


async def test_the_speed_can_be_changed_while_it_runs(side: Side) -> None:
    side.simulator.pace = QUICK

    await side.until_status(await side.record(await live(side)), "RECORDING")
