"""What the simulated providers keep of a recording, and the presigned links to it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.playground.provider_support import QUICK, Clock, Side, serving


@pytest.fixture(params=["realtimekit", "dyte"])
async def quick(request: pytest.FixtureRequest) -> AsyncIterator[Side]:
    async with serving(request.param, pace=QUICK) as side:
        yield side


async def uploaded(side: Side, **options: Any) -> Any:
    meeting = await side.meeting()
    await side.enter(meeting)
    recording = await side.record(meeting, **options)
    await side.until_status(recording, "RECORDING")
    await side.ok("PUT", f"/recordings/{recording}", {"action": "stop"})
    await side.until_status(recording, "UPLOADED")
    return await side.ok("GET", f"/recordings/{recording}")


async def test_a_finished_recording_can_be_downloaded(quick: Side) -> None:
    recording = await uploaded(quick)

    async with quick.client.get(recording["download_url"]) as answer:
        assert (answer.status, answer.content_type) == (200, "video/mp4")
        assert b"ftyp" in await answer.read()
    assert recording["audio_download_url"] is None


async def test_an_audio_file_comes_where_audio_was_configured(quick: Side) -> None:
    options = {"video_config": {"export_file": False}, "audio_config": {"codec": "MP3"}}
    recording = await uploaded(quick, **options)

    assert recording["download_url"] is None
    async with quick.client.get(recording["audio_download_url"]) as answer:
        assert (answer.status, answer.content_type) == (200, "audio/mpeg")


async def test_without_the_managed_bucket_there_are_no_links(quick: Side) -> None:
    bucket = "dyte_bucket_config" if quick.name == "dyte" else "realtimekit_bucket_config"
    recording = await uploaded(quick, **{bucket: {"enabled": False}})

    assert (recording["download_url"], recording["download_url_expiry"]) == (None, None)


async def test_a_link_with_a_wrong_signature_is_refused(quick: Side) -> None:
    url = (await uploaded(quick))["download_url"]

    for spoiled in (url.replace("signature=", "signature=0"), url.replace("expires=", "expires=9")):
        async with quick.client.get(spoiled) as answer:
            assert answer.status == 403


async def test_a_link_expires_after_seven_days() -> None:
    clock = Clock()
    async with serving("dyte", pace=QUICK, now=clock) as side:
        recording = await uploaded(side)
        clock.passes(days=7, seconds=1)

        async with side.client.get(recording["download_url"]) as answer:
            assert answer.status == 403
        assert [one["id"] for one in await side.ok("GET", "/recordings", expired="true")] == [recording["id"]]
        assert await side.ok("GET", "/recordings", expired="false") == []
