"""How a recording is made: typed in Slack, checked before the provider is asked, and told to it word for word."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.domain.options import RecordingOptions
from tests.edges.place import STARTED, Place, town
from tests.support.bench import Bench, labels

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
    "azure": {"type": "azure", "access_key": f"AccountName=greenroom;AccountKey={SECRET}-3==", "bucket": "meetings"},
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
    return unmarked({key: value for key, value in dict(call.request).items() if key != "meeting_id"})


def unmarked(options: dict[str, Any]) -> dict[str, Any]:
    """Give options without the mark on the file's name, which tells our recordings from others'."""
    prefix = re.sub(r"_g[0-9a-f]{8}$", "", options["file_name_prefix"])
    return {key: value for key, value in options.items() if key != "file_name_prefix"} | (
        {"file_name_prefix": prefix} if prefix != "greenroom" else {}
    )


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
    assert unmarked(here.current_recording.options) == sent(here)
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


async def test_a_recording_that_is_tried_again_is_made_in_the_same_way(here: Place) -> None:
    here.world.stage.provider.faults.fail_uploads = 100  # an empty room of another test may upload as well
    await here.attended()
    await here.asks("ana", "/record --codec vp8 --storage archive")
    await here.asks("ana", "/record stop")
    failed = await here.reply("*Recording failed*")
    before = sent(here)

    await here.world.presses("bo", failed, "record_start")

    await here.world.until(lambda: len(here.world.stage.provider.rooms.recordings_of(here.room)) == 2)
    assert sent(here) == before == {"video_config": {"codec": "VP8"}, "storage_config": PROFILES["archive"]}


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


async def test_the_key_alone_of_a_connection_string_is_no_less_of_a_secret(here: Place) -> None:
    await here.attended()
    said = {"success": False, "error": {"code": 400, "message": f"BAD_REQUEST: account greenroom, key {SECRET}-3== no"}}
    here.world.stage.provider.faults.fail("start_recording", status=400, body=said)

    answer = await here.asks("bo", "/record --storage azure")

    assert "BAD_REQUEST: account greenroom, key *** no" in answer.text


async def test_a_long_refusal_that_ends_in_the_middle_of_a_secret_holds_no_part_of_it(here: Place) -> None:
    await here.attended()
    for cut in (4, 12, len(SECRET) - 1):
        begins = "BAD_REQUEST: "
        said = begins + "x" * (300 - len(begins) - cut - 1) + " " + SECRET
        body = {"success": False, "error": {"code": 400, "message": said}}
        here.world.stage.provider.faults.fail("start_recording", status=400, body=body)

        answer = await here.asks("bo", "/record --storage archive")

        assert "BAD_REQUEST: xxx" in answer.text
        assert SECRET[:4] not in answer.text


# ------------------------------------------------------------ chosen in a form


@pytest_asyncio.fixture(loop_scope="module")
async def filling(here: Place) -> AsyncIterator[Place]:
    """Give a meeting, with somebody in it, that Ana is about to record."""
    await here.attended()
    await here.world.says("ana", here.id, "/record options")
    yield here
    if here.world.has_form("ana"):
        await here.world.stage.slack.dismiss("ana", here.world.form("ana").id)


async def test_what_is_filled_in_is_what_the_provider_is_told(filling: Place) -> None:
    async with filling.answered("ana"):
        await filling.world.fills(
            "ana",
            sound="mp3",
            codec="H264",
            size="1920 x 1080",
            watermark=LOGO,
            corner="right bottom",
            mark_size="120x40",
            max="2h",
            prefix="retro",
            storage="archive",
            bucket="off",
        )

    assert filling.answers("ana")[-1].text.startswith(STARTED)
    assert sent(filling) == {
        "max_seconds": 7200,
        "file_name_prefix": "retro",
        "video_config": {
            "codec": "H264",
            "width": 1920,
            "height": 1080,
            "watermark": {"url": LOGO, "position": "right bottom", "size": {"width": 120, "height": 40}},
            "export_file": True,
        },
        "audio_config": {"codec": "MP3", "export_file": True},
        "storage_config": PROFILES["archive"],
        "realtimekit_bucket_config": {"enabled": False},
    }


async def test_a_form_that_is_left_as_it_was_chooses_nothing(filling: Place) -> None:
    async with filling.answered("ana"):
        await filling.world.fills("ana")

    assert sent(filling) == {}


async def test_mistakes_are_shown_at_their_questions_and_the_form_stays_open(filling: Place) -> None:
    with filling.no_calls():
        await filling.world.fills(
            "ana",
            sound="aac",
            codec="VP8",
            size="3000x1",
            watermark="http://pictures.example/logo.png",
            mark_size="big",
            max="5s",
            prefix="a b",
            bucket="off",
        )

    assert filling.world.mistakes("ana") == {
        "sound": "VP8 takes no audio settings: choose H264, or leave the audio alone.",
        "size": "Width is 1 to 1920.",
        "watermark": "The watermark is the https address of a picture.",
        "mark_size": "Size is width and height in pixels, as in 1280x720.",
        "max": "The maximum length is 60 s to 24 h, as in 90s, 45m or 2h.",
        "prefix": "The prefix is letters, digits and underscores, at most 60.",
        "bucket": f"{LOST} the bucket on.".replace("without", "Without", 1),
    }


async def test_a_corner_without_a_watermark_is_asked_about(filling: Place) -> None:
    await filling.world.fills("ana", corner="left top")

    assert list(filling.world.mistakes("ana")) == ["mark_size"]


async def test_the_form_offers_the_storages_of_the_deployment(filling: Place) -> None:
    [storage] = [block for block in filling.world.form("ana").blocks if block["block_id"] == "storage"]

    named = [(option["text"]["text"], option["value"]) for option in storage["element"]["options"]]
    there = [("archive (S3)", "archive"), ("azure (Azure Storage)", "azure"), ("legal (SFTP)", "legal")]
    assert named == [("Nowhere else", "none"), *there]
    assert storage["element"]["initial_option"]["value"] == "none"
    assert SECRET not in str(filling.world.form("ana").content)


async def test_the_cards_menu_opens_the_form_too(here: Place) -> None:
    card = await here.meeting()

    await here.world.presses("bo", card, "more", selected="recordas|" + (await here.stored()).id)

    assert here.world.form("bo").content["title"]["text"] == "Recording options"
    await here.world.stage.slack.dismiss("bo", here.world.form("bo").id)


async def test_where_something_is_recorded_already_that_is_shown_instead_of_a_form(here: Place) -> None:
    await here.runs()

    answer = await here.asks("bo", "/record options")

    assert answer.text.startswith("*Recording* since")
    assert not here.world.has_form("bo")


async def test_a_form_that_meets_a_running_recording_shows_that_one(filling: Place) -> None:
    await filling.asks("bo", "/record")

    async with filling.answered("ana"):
        await filling.world.fills("ana", codec="VP8")

    assert filling.answers("ana")[-1].text.startswith("This meeting is being recorded already")
    assert unmarked(filling.current_recording.options) == {}


async def test_a_meeting_that_is_over_is_not_recorded_by_a_form(here: Place) -> None:
    await here.meeting()
    await here.presses("ana", await here.asks("ana", "/meet end"), "meeting_end")

    assert "so there is nothing to record" in (await here.asks("ana", "/record options")).text


# ------------------------------------------------------------ when the file is ready


async def test_the_announcement_says_where_the_file_is_and_has_no_way_to_what_is_not_there(here: Place) -> None:
    await here.attended()
    await here.asks("ana", "/record --storage archive --no-bucket")
    await here.asks("ana", "/record stop")

    ready = await here.reply("Recording ready")

    assert "kept in archive (S3) · no copy at the video service" in ready.text
    assert labels(ready) == []


async def test_what_is_recorded_from_the_start_is_announced_as_it_was_asked_for(here: Place) -> None:
    await here.meeting("Weekly --record --audio-only --storage legal --max 1h")
    await here.world.stage.provider.enter_stranger(here.room, "Eve")
    await here.world.until(lambda: here.current_recording.status == "RECORDING")
    await here.reply("*Recording* since")
    await here.asks("ana", "/record stop")

    ready = await here.reply("Recording ready")

    assert "kept in legal (SFTP) · at the video service until" in ready.text
    assert labels(ready) == ["Download audio"]


async def test_where_only_the_sound_was_kept_there_is_nothing_to_watch(here: Place) -> None:
    await here.attended()
    await here.asks("ana", "/record --audio-only")
    await here.asks("ana", "/record stop")

    assert labels(await here.reply("Recording ready")) == ["Download audio"]
