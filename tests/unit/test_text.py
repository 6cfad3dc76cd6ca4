"""What people type after a slash command, however their keyboard spelt it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.slack.text import (
    TITLE_MAX,
    UNTITLED,
    Request,
    clean_title,
    first_word,
    near_miss,
    read_request,
    rest,
)
from tests.support.stories import nasty

REGIONS = ("eu-central-1", "us-east-1")
COMMANDS = ("start", "status", "join", "end", "help")


def read(text: str) -> Request:
    return read_request(text, regions=REGIONS)


def title(text: str) -> str:
    return read(text).title


# ---------------------------------------------------------------- promises

typed = st.lists(
    st.sampled_from(
        [
            "--record",
            "—record",
            "--region",
            "–region=eu-central-1",  # noqa: RUF001 - what a phone makes of --
            "eu-central-1",
            "--wat",
            "--",
            "<@U1|ana>",
            "<!channel>",
            "<#C1|general>",
            "<https://a.example|a>",
            "&amp;lt;",
            "“",
            '"',
            "\u00a0",
            "\u202e",
            "\u200d",
            "=",
        ]
    )
    | nasty
    | st.text(),
    max_size=8,
).map(" ".join)


@given(typed, st.sampled_from([(), REGIONS]))
def test_whatever_is_typed_is_read_or_answered_in_words(text: str, regions: tuple[str, ...]) -> None:
    try:
        request = read_request(text, regions=regions)
    except UserError as answer:
        assert str(answer)  # noqa: PT017 - both ways are fine, and both are looked at
        return
    assert 1 <= len(request.title) <= TITLE_MAX
    assert request.region is None or request.region in regions
    assert len(set(request.invited)) == len(request.invited)


@given(typed)
def test_a_title_is_one_line_that_steers_nothing(text: str) -> None:
    cleaned = clean_title(text)

    assert len(cleaned) <= TITLE_MAX
    assert cleaned == " ".join(cleaned.split())
    assert {unicodedata.category(c) for c in cleaned if c != "\u200d"}.isdisjoint({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@given(st.text(), st.sampled_from([(), COMMANDS]))
def test_any_text_has_words_or_has_none(text: str, known: tuple[str, ...]) -> None:
    assert first_word(text) == first_word(text).strip().lower()
    assert rest(text).lstrip() == rest(text)
    assert near_miss(text, known) in {None, *known}


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Weekly sync", "Weekly sync"),
        ("  Weekly\u00a0 sync\n", "Weekly sync"),
        ('"Weekly sync"', "Weekly sync"),
        ("“Weekly sync”", "Weekly sync"),
        ("„Weekly sync“", "Weekly sync"),
        ("'Weekly sync'", "Weekly sync"),
        ("‘Weekly sync’", "Weekly sync"),  # noqa: RUF001 - quotes that phones make
        ('“Weekly sync"', "Weekly sync"),
        ("«Weekly sync»", "Weekly sync"),
        ("", UNTITLED),
        ("   ", UNTITLED),
        ('""', UNTITLED),
        ("\u200d", UNTITLED),
        ('"\u200d"', UNTITLED),
        ("\u202e\u202c", UNTITLED),
        ("R&amp;D &lt;3", "R&D <3"),
        ("&amp;lt;!channel&amp;gt;", "&lt;!channel&gt;"),
        ("Talk about <#C123|design>", "Talk about #design"),
        ("Read <https://a.example/x|a.example> first", "Read a.example first"),
        ("Read <https://a.example/x> first", "Read https://a.example/x first"),
        ("Ask <mailto:a@a.example|a@a.example>", "Ask a@a.example"),
        ("All hands <!channel>", "All hands @channel"),
        ("For <!subteam^S123|@leads>", "For @leads"),
        ("Evil \u202etxt.exe", "Evil txt.exe"),
        ("Team 👩\u200d💻", "Team 👩\u200d💻"),
        ("Sales — north – south", "Sales — north – south"),  # noqa: RUF001 - what phones make of --
    ],
)
def test_a_title_is_what_people_see(text: str, cleaned: str) -> None:
    assert title(text) == cleaned


@pytest.mark.parametrize(
    "text",
    ['Review "Plan B"', '"Plan B" review', '"A" and "B"', "The cats' meeting", "'Twas fun", "Rock 'n' roll", "5' 6\""],
)
def test_quotes_that_belong_to_the_words_stay(text: str) -> None:
    assert title(text) == text


def test_a_long_title_is_shortened_and_shows_it() -> None:
    assert title("x" * 150) == "x" * 150
    assert title("x" * 151) == "x" * 149 + "…"


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


@pytest.mark.parametrize(
    "text", ["x --region", "x --region mars", "x --region --record", "--region=", "x --region <@UBO>"]
)
def test_a_region_that_is_not_offered_is_answered_with_those_that_are(text: str) -> None:
    with pytest.raises(UserError, match="`--region` takes one of `eu-central-1`, `us-east-1`"):
        read(text)


def test_where_there_is_no_choice_of_region_that_is_said() -> None:
    with pytest.raises(UserError, match="chooses the region by itself"):
        read_request("x --region eu-central-1", regions=())


def test_two_regions_are_one_too_many() -> None:
    with pytest.raises(UserError, match="one of"):
        read("x --region eu-central-1 --region us-east-1")


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("x --recrod", "recrod"),
        ("x --recordings --record", "recordings"),
        ("--regional planning", "regional"),
        ("x --record=yes", "record=yes"),
    ],
)
def test_an_unknown_option_is_answered_with_the_known_ones(text: str, option: str) -> None:
    with pytest.raises(UserError, match=f"`--{option}`. There are `--record` and `--region NAME`"):
        read(text)


@pytest.mark.parametrize("text", ["Sprint -- planning", "Phase 2 - -", "a--b", "well-known --"])
def test_a_dash_in_a_title_is_no_option(text: str) -> None:
    assert title(text) == text


# ---------------------------------------------------------------- words


def test_the_first_word_may_be_a_command_and_the_rest_is_its_own() -> None:
    assert (first_word("  Start  Weekly sync"), rest("  Start  Weekly sync")) == ("start", "Weekly sync")
    assert (first_word(""), rest("start")) == ("", "")


@pytest.mark.parametrize(("text", "meant"), [("staus", "status"), ("HLEP", "help"), ("joinn", "join"), ("ned", None)])
def test_a_single_word_may_be_a_slip_of_the_keyboard(text: str, meant: str | None) -> None:
    assert near_miss(text, COMMANDS) == meant


@pytest.mark.parametrize("text", ["status", "STATUS", "status of things", "Weekly", "", "   ", "<@UBO>"])
def test_what_is_no_slip_is_left_alone(text: str) -> None:
    assert near_miss(text, COMMANDS) is None
