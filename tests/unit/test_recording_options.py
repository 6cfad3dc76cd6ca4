"""The options of a recording, as people type them on whatever keyboard they have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.options import NO_STORAGE, RecordingOptions, Watermark
from bot.errors import UserError
from bot.slack.recording_options import Typed, insist, read_options
from tests.support.stories import choices
from tests.unit.test_text import typed

CORNERS = "`--watermark`: position is one of left top, right top, left bottom, right bottom"
LOGO = "https://pictures.example/logo.png"


def options(text: str) -> RecordingOptions:
    found = read_options(text)
    assert found.wrong == ()
    return found.options


def wrong(text: str) -> tuple[str, ...]:
    return read_options(text).wrong


# ---------------------------------------------------------------- promises


@given(typed)
def test_whatever_is_typed_is_read_and_what_is_wrong_is_said_in_words(text: str) -> None:
    found = read_options(text)

    assert all(said and "<!" not in said for said in found.wrong)


@st.composite
def spelt(draw: st.DrawFn) -> tuple[RecordingOptions, str]:
    """Draw options, and a way in which somebody may have typed them."""
    chosen = draw(choices).model_copy(update={"storage_kind": None})
    if chosen.width is None or chosen.height is None:
        chosen = chosen.model_copy(update={"width": None, "height": None})
    said = draw(st.permutations(words_of(chosen)))
    dashes = [draw(st.sampled_from(["--", "—", "–"])) for _ in said]  # noqa: RUF001 - what phones make of --
    equals = [draw(st.sampled_from([" ", "=", " = "])) for _ in said]
    upper = [draw(st.booleans()) for _ in said]
    typed = [
        f"{dash}{name.upper() if loud else name}{sign if value else ''}{value}"
        for dash, sign, loud, (name, value) in zip(dashes, equals, upper, said, strict=True)
    ]
    return chosen, draw(st.sampled_from([" ", "  ", "\u00a0"])).join(typed)


def words_of(chosen: RecordingOptions) -> list[tuple[str, str]]:
    mark = chosen.watermark
    said = {
        "codec": (chosen.codec or "").lower(),
        "size": f"{chosen.width}x{chosen.height}" if chosen.width else "",
        "audio-file": (chosen.audio_file or "").lower(),
        "prefix": chosen.prefix or "",
        "max": f"{chosen.max_seconds}s" if chosen.max_seconds else "",
        "storage": chosen.storage or "",
        "watermark": f"<{mark.url}> {mark.position}{size_of(mark)}" if mark else "",
    }
    flags = {"audio-only": chosen.audio_only, "bucket": chosen.bucket is True, "no-bucket": chosen.bucket is False}
    return [(name, value) for name, value in said.items() if value] + [(name, "") for name, on in flags.items() if on]


def size_of(mark: Watermark) -> str:
    return f" {mark.width}x{mark.height}" if mark.width and mark.height else ""


@given(spelt())
def test_what_was_chosen_is_what_is_read_in_any_order_and_spelling(case: tuple[RecordingOptions, str]) -> None:
    chosen, text = case
    mark = chosen.watermark
    if mark and not (mark.width and mark.height):
        chosen = chosen.model_copy(update={"watermark": mark.model_copy(update={"width": None, "height": None})})

    assert read_options(text) == Typed(chosen)


# ---------------------------------------------------------------- each option


def test_everything_at_once() -> None:
    text = (
        "—codec h264 —size 1920×1080 --audio-file mp3 --prefix standup "  # noqa: RUF001 - what phones make of an x
        f"--storage Archive --max 1h30m --no-bucket --watermark <{LOGO}|logo.png> bottom right 120x40"
    )

    assert options(text) == RecordingOptions(
        codec="H264",
        width=1920,
        height=1080,
        audio_file="MP3",
        prefix="standup",
        storage="archive",
        max_seconds=5400,
        bucket=False,
        watermark=Watermark(url=LOGO, position="right bottom", width=120, height=40),
    )


def test_nothing_typed_is_nothing_chosen() -> None:
    assert options("") == RecordingOptions()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("90m", 5400), ("2h", 7200), ("1h30m", 5400), ("1H5M10S", 3910), ("45min", 2700), ("24hours", 86400)],
)
def test_a_length_says_its_unit(text: str, seconds: int) -> None:
    assert options(f"--max {text}").max_seconds == seconds


@pytest.mark.parametrize(("text", "size"), [("720p", (1280, 720)), ("1080P", (1920, 1080)), ("1X1", (1, 1))])
def test_a_size_may_be_called_by_its_name(text: str, size: tuple[int, int]) -> None:
    found = options(f"--size {text}")

    assert (found.width, found.height) == size


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", "left top"),
        (" right top", "right top"),
        (" top right", "right top"),
        (" Bottom-Left", "left bottom"),
        (" 10x10 right bottom", "right bottom"),
    ],
)
def test_a_corner_may_be_said_either_way_round(text: str, position: str) -> None:
    mark = options(f"--watermark {LOGO}{text}").watermark

    assert mark
    assert mark.position == position


def test_an_address_is_read_as_slack_sends_it() -> None:
    mark = options("--watermark=<https://pictures.example/a?b=1&amp;c=2>").watermark

    assert mark
    assert mark.url == "https://pictures.example/a?b=1&c=2"


def test_doing_without_the_storage_that_is_usual_can_be_said() -> None:
    assert options("--storage none --bucket") == RecordingOptions(storage=NO_STORAGE, bucket=True)


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("--codec av1", "`--codec`: codec is H264 or VP8"),
        ("--codec", "`--codec` needs a value, as in `--codec vp8`"),
        ("--codec --audio-only", "`--codec` needs a value, as in `--codec vp8`"),
        ("--codec vp8 --codec h264", "`--codec` stands there twice"),
        ("--codek vp8", "I do not know the option `--codek`: did you mean `--codec`?"),
        ("—codek", "I do not know the option `--codek`: did you mean `--codec`?"),
        ("--wat", "I do not know the option `--wat`"),
        ("-codec", "I do not understand `-codec`: did you mean `--codec`?"),
        ("please", "I do not understand `please`"),
        ("<!channel>", "I do not understand `@channel`"),
        ("--audio-only=yes", "`--audio-only` takes no value"),
        ("--audio-file ogg", "`--audio-file`: audio file is AAC or MP3"),
        ("--size big", "`--size`: size is width and height in pixels, as in `1280x720`"),
        ("--max 90", "`--max`: the maximum length is 60 s to 24 h, as in `90s`, `45m` or `2h`"),
        ("--max h", "`--max`: the maximum length is 60 s to 24 h, as in `90s`, `45m` or `2h`"),
        (
            f"--watermark {LOGO} left",
            "`--watermark`: position is one of left top, right top, left bottom, right bottom",
        ),
        (
            f"--watermark {LOGO} left right",
            "`--watermark`: position is one of left top, right top, left bottom, right bottom",
        ),
        ("--bucket --no-bucket", "`--bucket` and `--no-bucket` are opposites: take one of them"),
    ],
)
def test_a_mistake_is_answered_with_what_there_is(text: str, said: str) -> None:
    assert wrong(text)[0] == said


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = read_options("--codec av1 --size 1x1 --what please")

    with pytest.raises(UserError) as told:
        insist(found.wrong, {"width": "width is 1 to 1920", "bucket": "the file would be lost"})

    assert str(told.value).split("\n") == [
        "Nothing was started, because:",
        "• I do not know the option `--what`.",
        "• `--codec`: codec is H264 or VP8.",
        "• I do not understand `please`.",
        "• `--size`: width is 1 to 1920.",
        "• `--no-bucket`: the file would be lost.",
    ]


def test_a_single_mistake_is_told_in_a_sentence() -> None:
    with pytest.raises(UserError, match=r"^`--size`: height is 1 to 1920\. Nothing was started\.$"):
        insist((), {"height": "height is 1 to 1920"})


def test_while_nobody_knows_which_storage_is_meant_no_file_is_called_lost() -> None:
    with pytest.raises(
        UserError, match=r"^`--storage` needs a value, as in `--storage archive`\. Nothing was started\.$"
    ):
        insist(wrong("--no-bucket --storage"), {"bucket": "the file would be lost"})
