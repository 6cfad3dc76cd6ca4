"""What people ask for after ``/meet``: people, options, and a title in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.options import RecordingOptions
from bot.slack.meeting_request import Request, read_request
from bot.slack.text import TITLE_MAX, UNTITLED
from tests.unit.test_text import typed

REGIONS = ("eu-central-1", "us-east-1")


def read(text: str) -> Request:
    return read_request(text, regions=REGIONS)


@given(typed, st.sampled_from([(), REGIONS]))
def test_whatever_is_typed_is_read_and_what_is_wrong_is_said_in_words(text: str, regions: tuple[str, ...]) -> None:
    request = read_request(text, regions=regions)

    assert 1 <= len(request.title) <= TITLE_MAX
    assert request.region is None or request.region in regions
    assert len(set(request.invited)) == len(request.invited)
    assert all(request.wrong)


# ---------------------------------------------------------------- people


def test_people_are_invited_once_each_and_leave_the_title() -> None:
    request = read("Weekly <@UBO|bo> sync <@UCY> <@UBO>")

    assert request == Request("Weekly sync", ("UBO", "UCY"))


def test_people_alone_make_a_meeting_without_a_title() -> None:
    assert read("<@UBO>") == Request(UNTITLED, ("UBO",))


def test_a_mention_that_somebody_only_spelt_out_invites_nobody() -> None:
    assert read("Hi &lt;@UBO&gt;") == Request("Hi <@UBO>")


# ---------------------------------------------------------------- options


@pytest.mark.parametrize(
    "text",
    [
        "Weekly --record",
        "--record Weekly",
        "Weekly —record",
        "Weekly –record",  # noqa: RUF001 - what phones make of --
        "Weekly\u00a0--record",
        "Weekly --Record",
        "Weekly --record --record",
    ],
)
def test_recording_from_the_start_is_asked_for_in_many_spellings(text: str) -> None:
    assert read(text) == Request("Weekly", record=True)


@pytest.mark.parametrize(
    "text",
    [
        "Weekly --region eu-central-1",
        "Weekly --region=eu-central-1",
        "Weekly --region = EU-Central-1",
        "--region eu-central-1 Weekly",
        "Weekly —region eu-central-1",
        "Weekly –region=eu-central-1",  # noqa: RUF001 - what phones make of --
    ],
)
def test_a_region_is_asked_for_in_many_spellings(text: str) -> None:
    assert read(text) == Request("Weekly", region="eu-central-1")


def test_everything_at_once() -> None:
    request = read("Weekly sync <@UBO> —record --region us-east-1 <@UCY>")

    assert request == Request("Weekly sync", ("UBO", "UCY"), record=True, region="us-east-1")


@pytest.mark.parametrize("text", ["x --region mars", "x --region <@UBO>"])
def test_a_region_that_is_not_offered_is_answered_with_those_that_are(text: str) -> None:
    assert read(text).wrong == ("`--region` takes one of `eu-central-1`, `us-east-1`",)


@pytest.mark.parametrize("text", ["x --region", "x --region --record", "--region="])
def test_a_region_that_is_not_named_is_answered_with_an_example(text: str) -> None:
    assert read(text).wrong == ("`--region` needs a value, as in `--region eu-central-1`",)


@pytest.mark.parametrize("text", ["x --region eu-central-1", "x --region", "--region --record"])
def test_where_there_is_no_choice_of_region_that_is_said(text: str) -> None:
    wrong = read_request(text, regions=()).wrong

    assert wrong == ("This video service chooses the region by itself, so leave out `--region`",)


def test_two_regions_are_one_too_many() -> None:
    assert read("x --region eu-central-1 --region us-east-1").wrong == ("`--region` stands there twice",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x --recrod", "I do not know the option `--recrod`: did you mean `--record`?"),
        ("x —recrod", "I do not know the option `--recrod`: did you mean `--record`?"),
        ("--regional planning", "I do not know the option `--regional`: did you mean `--region`?"),
        ("x --wat", "I do not know the option `--wat`"),
        ("x --record=yes", "`--record` takes no value"),
    ],
)
def test_an_unknown_option_is_answered_with_the_nearest(text: str, said: str) -> None:
    assert read(text).wrong == (said,)


@pytest.mark.parametrize("text", ["Sprint -- planning", "Phase 2 - -", "a--b", "well-known --", "Sales —north"])
def test_a_dash_in_a_title_is_no_option(text: str) -> None:
    assert read(text) == Request(text)


def test_how_to_record_is_said_beside_everything_else() -> None:
    request = read("Weekly —record <@UBO> —codec VP8 sync --max=45m --region us-east-1 --no-bucket —storage Archive")

    options = RecordingOptions(codec="VP8", max_seconds=2700, bucket=False, storage="archive")
    assert request == Request("Weekly sync", ("UBO",), record=True, region="us-east-1", options=options)


def test_options_of_a_recording_alone_record_nothing_and_that_is_said() -> None:
    assert read("x --codec vp8").wrong == ("`--codec` says how to record: add `--record`",)
    assert read("x --codec vp8 --audio-only").wrong == ("`--codec`, `--audio-only` say how to record: add `--record`",)


def test_all_mistakes_are_told_at_once() -> None:
    assert read("x --recrod --codec av1 --region mars --max --size=big").wrong == (
        "I do not know the option `--recrod`: did you mean `--record`?",
        "`--max` needs a value, as in `--max 90m`",
        "`--region` takes one of `eu-central-1`, `us-east-1`",
        "`--codec`: codec is H264 or VP8",
        "`--size`: size is width and height in pixels, as in `1280x720`",
        "`--codec`, `--size` say how to record: add `--record`",
    )


@pytest.mark.parametrize(
    ("text", "title", "teams", "everybody"),
    [
        ("All hands <!channel>", "All hands", (), True),
        ("<!here|here> Coffee", "Coffee", (), True),
        ("For <!subteam^S123|@leads>", "For", ("S123",), False),
        ("<!subteam^S1> and <!subteam^S2|@b> <!subteam^S1|@a>", "and", ("S1", "S2"), False),
        ("Plain words", "Plain words", (), False),
    ],
)
def test_groups_are_people_to_be_told_and_no_part_of_the_title(
    text: str, title: str, teams: tuple[str, ...], everybody: bool
) -> None:
    request = read_request(text, regions=())

    assert (request.title, request.teams, request.everybody) == (title, teams, everybody)
