"""The simulated services take every option that both documents allow, refuse what their guides refuse, and keep it."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, Phase, given, settings

from bot.domain.ids import RoomId
from bot.domain.options import RecordingOptions
from bot.errors import ProviderRejected
from bot.storage_profiles import StorageProfile
from playground.rooms import Recording
from tests.providers.bench import Bench, bench
from tests.providers.drawn import kept, options

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["realtimekit", "dyte"])
async def joined(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with aiohttp.ClientSession() as session, bench(request.param, session) as found:
        yield found


async def started(joined: Bench, **body: Any) -> Recording:
    """Start a recording in a room of its own, by a call as any client could make it."""
    room = await joined.kit.create_meeting("Weekly sync")
    client = joined.kit._calls.client  # type: ignore[attr-defined]
    answer = await client.request("start_recording", "POST", "/recordings", body={"meeting_id": room, **body})
    return joined.service.rooms.recordings[answer["data"]["id"]]


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(options, kept)
async def test_whatever_the_bot_can_ask_for_is_taken_and_kept(
    joined: Bench, chosen: RecordingOptions, storage: StorageProfile | None
) -> None:
    room = await joined.kit.create_meeting("Sync", record_on_start=True, options=chosen, storage=storage)
    report = await joined.kit.start_recording(RoomId(room), chosen, storage)

    config = joined.service.rooms.meetings[room].settings.get("recording_config", {})
    assert joined.service.rooms.recordings[report.recording_id].options == config
    assert config.get("max_seconds") == chosen.max_seconds
    assert config.get("storage_config") == (storage.as_sent() if storage else None)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a picture too wide": ({"video_config": {"width": 1921}}, "video_config.width"),
    "a picture of nothing": ({"video_config": {"height": 0}}, "video_config.height"),
    "a codec": ({"video_config": {"codec": "AV1"}}, "video_config.codec"),
    "a codec of the sound": ({"audio_config": {"codec": "OGG"}}, "audio_config.codec"),
    "a prefix": ({"file_name_prefix": "a-b"}, "file_name_prefix"),
    "too short": ({"max_seconds": 59}, "max_seconds"),
    "too long": ({"max_seconds": 86_401}, "max_seconds"),
    "a storage": ({"storage_config": {"type": "cloudflare"}}, "storage_config.type"),
    "a name of old": ({"storage_config": {"type": "gcs", "secret_key": "s"}}, "secret_key"),
    "the sound of vp8": (
        {"video_config": {"codec": "VP8"}, "audio_config": {"codec": "MP3"}},
        '"audio_config" must not be changed for the codec VP8',
    ),
    "a corner": (
        {"video_config": {"watermark": {"url": "https://a.example/b.png", "position": "middle"}}},
        "video_config.watermark.position",
    ),
    "a picture that is nowhere": ({"video_config": {"watermark": {"url": "logo.png"}}}, "video_config.watermark.url"),
}


@pytest.mark.parametrize(("body", "said"), REFUSED.values(), ids=REFUSED)
async def test_what_the_services_refuse_is_refused(joined: Bench, body: dict[str, Any], said: str) -> None:
    with pytest.raises(ProviderRejected) as refused:
        await started(joined, **body)

    assert said in str(refused.value)


async def test_another_services_bucket_is_refused(joined: Bench) -> None:
    other = "realtimekit_bucket_config" if joined.name == "dyte" else "dyte_bucket_config"

    with pytest.raises(ProviderRejected, match=other):
        await started(joined, **{other: {"enabled": False}})


async def test_a_storage_without_its_keys_is_refused_where_the_document_asks_for_them(joined: Bench) -> None:
    half = {"type": "aws", "bucket": "meetings"}
    if joined.name == "dyte":
        assert (await started(joined, storage_config=half)).options == {"storage_config": half}
        return
    with pytest.raises(ProviderRejected, match='"access_key" is required for aws'):
        await started(joined, storage_config=half)


FILES: dict[str, tuple[RecordingOptions, tuple[bool, bool]]] = {
    "picture": (RecordingOptions(codec="VP8"), (True, False)),
    "both": (RecordingOptions(audio_file="MP3"), (True, True)),
    "sound": (RecordingOptions(audio_only=True), (False, True)),
    "nothing here": (RecordingOptions(bucket=False, storage="archive"), (False, False)),
}


@pytest.mark.parametrize(("chosen", "made"), FILES.values(), ids=FILES)
async def test_the_files_that_were_asked_for_are_there_in_the_end(
    joined: Bench, chosen: RecordingOptions, made: tuple[bool, bool]
) -> None:
    room = await joined.kit.create_meeting("Sync")
    report = await joined.kit.start_recording(room, chosen)
    recording = joined.service.rooms.recordings[report.recording_id]
    joined.service.life.recordings.stop(recording)
    joined.service.life.recordings._uploaded(recording)

    links = await joined.kit.recording_links(report.recording_id)

    assert (bool(links.download_url), bool(links.audio_url)) == made
    assert (links.expires_at is None) == (chosen.bucket is False)
