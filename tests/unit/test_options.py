"""What can be chosen for a recording: each provider's limits, and what goes together with what."""

import pytest
from hypothesis import given

from bot.domain import events as e
from bot.domain.ids import RecordingId
from bot.domain.options import (
    LOST,
    OPEN_PICTURE,
    RecordingOptions,
    Watermark,
    is_picture_address,
    mistakes,
    would_be_lost,
)
from tests.support.stories import choices, told

R1 = RecordingId("r1")
LOGO = "https://pictures.example/logo.png"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (RecordingOptions(width=0), {"width": "width is 1 to 1920"}),
        (RecordingOptions(width=1921, height=2160), {"width": "width is 1 to 1920", "height": "height is 1 to 1920"}),
        (
            RecordingOptions(max_seconds=59),
            {"max_seconds": "the maximum length is 60 s to 24 h, as in `90s`, `45m` or `2h`"},
        ),
        (
            RecordingOptions(max_seconds=86_401),
            {"max_seconds": "the maximum length is 60 s to 24 h, as in `90s`, `45m` or `2h`"},
        ),
        (RecordingOptions(prefix="a-b"), {"prefix": "the prefix is letters, digits and underscores, at most 60"}),
        (RecordingOptions(prefix="é"), {"prefix": "the prefix is letters, digits and underscores, at most 60"}),
        (
            RecordingOptions(watermark=Watermark(url="http://pictures.example/logo.png")),
            {"watermark": "the watermark is the https address of a picture"},
        ),
        (
            RecordingOptions(watermark=Watermark(url=LOGO, width=0)),
            {"watermark": "the watermark's width and height are 1 or more"},
        ),
        (
            RecordingOptions(codec="VP8", audio_file="MP3"),
            {"audio_file": "VP8 takes no audio settings: choose H264, or leave the audio alone"},
        ),
        (
            RecordingOptions(codec="VP8", audio_only=True),
            {"audio_only": "audio only has no picture: leave out codec, size and watermark, or audio only"},
        ),
    ],
)
def test_what_a_provider_would_not_take_is_said_with_its_own_limits(
    options: RecordingOptions, said: dict[str, str]
) -> None:
    assert mistakes(options) == said


@pytest.mark.parametrize(
    "options",
    [
        RecordingOptions(),
        RecordingOptions(codec="VP8", width=1920, height=1, max_seconds=60, prefix="a_1"),
        RecordingOptions(audio_only=True, audio_file="MP3", max_seconds=86_400),
        RecordingOptions(audio_file="AAC", watermark=Watermark(url=LOGO, position="right bottom", width=1, height=1)),
    ],
)
def test_what_a_provider_takes_is_no_mistake(options: RecordingOptions) -> None:
    assert mistakes(options) == {}


def test_a_file_that_nobody_would_keep_is_lost() -> None:
    assert would_be_lost(RecordingOptions(bucket=False))
    assert not would_be_lost(RecordingOptions(bucket=False, storage="archive"))
    assert not would_be_lost(RecordingOptions())
    assert "lost" in LOST


@pytest.mark.parametrize(
    "url",
    ["", "logo.png", "https://", "https://user:word@pictures.example/a", "https://a:b/", "https://x/a b", "https://[x"],
)
def test_what_is_no_address_of_a_picture_is_told(url: str) -> None:
    assert not is_picture_address(url)


@pytest.mark.parametrize("rest", ["?X-Amz-Signature=abc", "?v=2", "#secret"])
def test_an_address_that_may_hold_a_secret_is_not_kept(rest: str) -> None:
    assert mistakes(RecordingOptions(watermark=Watermark(url=LOGO + rest))) == {"watermark": OPEN_PICTURE}


@given(choices, choices)
def test_what_was_chosen_stands_and_what_was_left_open_is_filled_in(
    chosen: RecordingOptions, others: RecordingOptions
) -> None:
    both = chosen.over(others)

    for field in ("prefix", "max_seconds", "bucket", "storage"):
        mine, theirs = getattr(chosen, field), getattr(others, field)
        assert getattr(both, field) == (theirs if mine is None else mine)
    assert both.over(others) == both
    if not mistakes(chosen) and not mistakes(others):
        assert not mistakes(both)


@given(choices, choices)
def test_what_is_not_said_of_a_recording_is_as_its_meeting_has_all_of_them(
    usual: RecordingOptions, own: RecordingOptions
) -> None:
    report, plan = e.RecordingUpdated(R1, "RECORDING"), e.RecordingPlanned(R1, own)

    assert told(report, record_options=usual).recordings[R1].chosen == usual
    assert told(report, plan, record_options=usual).recordings[R1].chosen == own
    assert told(plan, report, record_options=usual) == told(report, plan, record_options=usual)
    assert told(report).recordings[R1].chosen == RecordingOptions()


def test_single_voices_are_recorded_without_any_options() -> None:
    voices = told(
        e.RecordingUpdated(R1, "RECORDING", tracks=True), record_options=RecordingOptions(audio_only=True)
    ).recordings[R1]

    assert voices.chosen == RecordingOptions()


@given(choices)
def test_a_plan_is_remembered_with_its_recording(options: RecordingOptions) -> None:
    [recording] = told(e.RecordingPlanned(R1, options)).recordings.values()

    assert recording.options == options
