"""How a recording is made: typed in Slack, checked before the provider is asked, and told to it word for word."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.options import RecordingOptions
from tests.edges.place import Place, place, town
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOST = "without the video service's own bucket and without a storage the file would be lost: name a storage, or leave"
SECRET = "wJalrXUtnFEMI-very-secret"
PROFILES = {
    "archive": {
        "type": "aws",
        "access_key": "AKIA-archive",
        "secret": SECRET,
        "bucket": "meetings",
        "region": "eu-central-1",
    },
    "legal": {
        "type": "sftp",
        "host": "files.example.com",
        "username": "greenroom",
        "auth_method": "PASSWORD",
        "password": f"{SECRET}-2",
    },
}
THEM = json.dumps(PROFILES)
LOGO = "https://pictures.example/logo.png"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot whose deployment has storages."""
    async with town(redis_process, RECORDING_STORAGE_PROFILES=THEM) as world:
        yield world


def sent(here: Place) -> dict[str, Any]:
    """Give what the newest start of a recording of this channel's meeting told the provider."""
    [*_, call] = [c for c in here.world.stage.provider.calls_of("start_recording") if here.room in str(c.request)]
    return {key: value for key, value in dict(call.request).items() if key != "meeting_id"}


async def remembered(here: Place) -> RecordingOptions | None:
    return (await here.stored()).in_order[-1].options


# ------------------------------------------------------------ what the provider is told


async def test_each_option_arrives_at_the_provider(here: Place) -> None:
    await here.attended()

    await here.asks(
        "ana",
        "/record --codec h264 --size 1920x1080 --audio-file mp3 —prefix standup --storage archive —max 90m --no-bucket "
        f"--watermark {LOGO} top right 120x40",
    )

    assert sent(here) == {
        "max_seconds": 5400,
        "file_name_prefix": "standup",
        "video_config": {
            "codec": "H264",
            "width": 1920,
            "height": 1080,
            "watermark": {"url": LOGO, "position": "right top", "size": {"width": 120, "height": 40}},
            "export_file": True,
        },
        "audio_config": {"codec": "MP3", "export_file": True},
        "storage_config": PROFILES["archive"],
        "realtimekit_bucket_config": {"enabled": False},
    }
    assert here.current_recording.options == sent(here)
    kept = await remembered(here)
    assert kept
    assert (kept.storage, kept.storage_kind, kept.bucket, kept.max_seconds) == ("archive", "aws", False, 5400)


async def test_audio_alone_makes_no_video(here: Place) -> None:
    await here.attended()

    await here.asks("ana", "/record start --audio-only")

    assert sent(here) == {"video_config": {"export_file": False}, "audio_config": {"export_file": True}}


async def test_nothing_chosen_is_nothing_said(here: Place) -> None:
    await here.attended()

    await here.asks("ana", "/record")

    assert sent(here) == {}


async def test_a_meeting_is_recorded_from_the_start_as_asked_for_and_later_recordings_too(here: Place) -> None:
    await here.meeting("Weekly —record --codec vp8 sync --storage legal --max 1h")

    made = here.world.stage.provider.rooms.meetings[here.room]
    config = {
        "max_seconds": 3600,
        "video_config": {"codec": "VP8"},
        "storage_config": {**PROFILES["legal"], "port": 22},
    }
    assert (made.title, made.settings["record_on_start"]) == ("Weekly sync", True)
    assert made.settings["recording_config"] == config
    assert (await here.stored()).record_options == RecordingOptions(
        codec="VP8", max_seconds=3600, storage="legal", storage_kind="sftp"
    )

    await here.asks("ana", "/record --max 2h")
    assert sent(here) == config | {"max_seconds": 7200}


# ------------------------------------------------------------ what is answered instead


async def test_everything_that_is_wrong_is_told_at_once_and_the_provider_is_not_asked(here: Place) -> None:
    await here.attended()

    with here.no_calls():
        answer = await here.asks(
            "bo", "/record --codek vp8 --size 3000x0 --max 30s --prefix a-b --storage archiv —what please"
        )

    assert answer.text.splitlines() == [
        "Nothing was started, because:",
        "• I do not know the option `--codek`: did you mean `--codec`?",
        "• I do not know the option `--what`.",
        "• I do not understand `vp8`.",
        "• I do not understand `please`.",
        "• `--size`: width is 1 to 1920.",
        "• `--size`: height is 1 to 1920.",
        "• `--max`: the maximum length is 60 s to 24 h, as in `90s`, `45m` or `2h`.",
        "• `--prefix`: the prefix is letters, digits and underscores, at most 60.",
        "• `--storage`: there is no storage `archiv`: did you mean `archive`?",
    ]


async def test_a_file_that_nobody_would_keep_is_not_recorded(here: Place) -> None:
    await here.attended()

    with here.no_calls():
        answer = await here.asks("bo", "/record --no-bucket")

    assert answer.text == f"`--no-bucket`: {LOST} the bucket on. Nothing was started."


async def test_a_meeting_whose_recording_cannot_be_made_is_not_started(here: Place) -> None:
    with here.no_calls():
        answer = await here.asks("ana", "/meet Weekly --record --codec vp8 --audio-file mp3 --no-bucket")

    assert answer.text.splitlines() == [
        "Nothing was started, because:",
        "• `--audio-file`: VP8 takes no audio settings: choose H264, or leave the audio alone.",
        f"• `--no-bucket`: {LOST} the bucket on.",
    ]
    assert not here.cards


async def test_a_start_with_options_that_meets_a_running_one_shows_that_one(here: Place) -> None:
    await here.runs()

    with here.no_calls():
        answer = await here.asks("bo", "/record --codec vp8")

    assert answer.text == "This meeting is being recorded already; its controls are in the thread."


async def test_what_the_provider_says_against_a_storage_holds_none_of_its_secrets(here: Place) -> None:
    await here.attended()
    said = {"success": False, "error": {"code": 400, "message": f"BAD_REQUEST: secret {SECRET} is wrong"}}
    here.world.stage.provider.faults.fail("start_recording", status=400, body=said)

    answer = await here.asks("bo", "/record --storage archive")

    assert "BAD_REQUEST: secret *** is wrong" in answer.text
    assert SECRET not in answer.text


# ------------------------------------------------------------ what the deployment decides


@pytest.mark.asyncio(loop_scope="function")
async def test_what_is_usual_here_is_done_unless_something_else_is_asked_for(redis_process: str) -> None:
    decided = {"RECORDING_STORAGE": "archive", "RECORDING_BUCKET": "off", "RECORDING_STORAGE_PROFILES": THEM}
    async with town(redis_process, provider="dyte", **decided) as world:
        here = place(world)
        await here.attended()
        await here.asks("ana", "/record")
        assert sent(here) == {
            "storage_config": PROFILES["archive"],
            "dyte_bucket_config": {"enabled": False},
        }
        there = place(world)
        await there.attended()
        with there.no_calls():
            answer = await there.asks("ana", "/record --storage none")
        assert "would be lost" in answer.text
        await there.asks("ana", "/record --storage none --bucket")
        assert sent(there) == {"dyte_bucket_config": {"enabled": True}}
        assert await remembered(there) == RecordingOptions(bucket=True)


@pytest.mark.asyncio(loop_scope="function")
async def test_where_no_storage_is_set_up_that_is_said(redis_process: str) -> None:
    async with town(redis_process) as world:
        here = place(world)
        await here.attended()

        answer = await here.asks("ana", "/record --storage archive")

        assert answer.text.startswith("`--storage`: no storage is set up here; whoever runs Greenroom can name some")
