"""What people type after a slash command, however their keyboard spelt it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.meeting_request import read_request
from bot.slack.text import (
    TITLE_MAX,
    UNTITLED,
    clean_title,
    first_word,
    near_miss,
    rest,
)
from tests.support.stories import nasty

COMMANDS = ("start", "status", "join", "end", "help")


def title(text: str) -> str:
    return read_request(text, regions=()).title


# ---------------------------------------------------------------- promises

typed = st.lists(
    st.sampled_from(
        [
            "--record",
            "—record",
            "--region",
            "–region=eu-central-1",  # noqa: RUF001 - what a phone makes of --
            "--codec",
            "vp8",
            "—watermark",
            "--no-bucket",
            "left",
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
