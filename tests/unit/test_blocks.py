"""Block Kit pieces keep Slack's limits, whatever is put into them."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views import blocks
from playground.slack_blocks import problems_with

signs = st.text(st.sampled_from("&<>a;é🧑"), max_size=200)


@given(signs, st.integers(1, 60))
def test_shortening_never_cuts_an_entity_and_keeps_the_limit(text: str, limit: int) -> None:
    clipped = blocks.clip_escaped(text, limit)
    shown = html.unescape(clipped)

    assert len(clipped) <= limit
    assert blocks.escape(shown) == clipped
    assert text == shown or (shown.endswith("…") and text.startswith(shown[:-1]))


@given(signs)
def test_what_fits_is_not_shortened(text: str) -> None:
    assert blocks.clip_escaped(text, 1000) == blocks.escape(text)


def test_shortening_takes_no_more_than_it_must() -> None:
    assert blocks.clip_escaped("a" * 301, 300) == "a" * 299 + "…"
    assert blocks.clip("a" * 151, 150) == "a" * 149 + "…"
    assert blocks.clip("a" * 150, 150) == "a" * 150


def test_escaping_leaves_nothing_that_slack_reads_as_markup() -> None:
    assert blocks.escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
    assert blocks.escape("&lt;") == "&amp;lt;"


def test_nothing_that_only_looks_like_a_mention_or_a_link_becomes_one() -> None:
    paragraph, line = blocks.section("@channel #general example.com"), blocks.context("@here")

    assert paragraph["text"]["verbatim"] is True
    assert line["elements"][0]["verbatim"] is True


def test_an_empty_row_is_no_row() -> None:
    assert blocks.actions([]) == []


def test_a_button_carries_only_what_it_was_given() -> None:
    assert blocks.button("Join", "join", "id") == {
        "type": "button",
        "text": {"type": "plain_text", "text": "Join", "emoji": True},
        "action_id": "join",
        "value": "id",
    }


def test_buttons_of_the_same_label_are_told_apart_when_read_out() -> None:
    assert blocks.button("Join", "join", "id", about="Weekly sync")["accessibility_label"] == "Join: Weekly sync"


@pytest.mark.parametrize("length", [1, 149, 150, 151, 2999, 3000, 3001, 9000])
def test_any_length_of_words_is_taken_by_slack(length: int) -> None:
    text = "x" * length
    question = blocks.confirm(text, text, yes=text, no=text)
    drawn = [
        blocks.header(text),
        blocks.section(text),
        blocks.context(text),
        *blocks.actions(
            [
                blocks.button(text, "a", "v", style="danger", about=text, confirm=question),
                blocks.overflow("b", [(text, "v"), (text, "w")], confirm=question),
            ]
        ),
    ]

    assert problems_with(drawn) == []
