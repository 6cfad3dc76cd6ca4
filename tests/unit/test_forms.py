"""Forms as Slack takes them, and what comes back with them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ChannelId
from bot.errors import UserError
from bot.slack.inline import opening_of
from bot.views import filled, forms
from bot.views.filled import values
from bot.views.forms import Form, Option
from playground.slack_view_rules import taken_view

FEW = [Option("Red", "red", "like a rose"), Option("Green", "green")]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


def form(*blocks: dict[str, Any], about: str = "m1", title: str = "Try a form") -> Form:
    return Form("trial", title, blocks, "Send answers", ChannelId("C1"), about)


def back(state: Any, **more: Any) -> dict[str, Any]:
    """Give a form as it comes back when it was submitted."""
    return form().view() | {"state": {"values": state}} | more


# ------------------------------------------------------------ drawing


@given(label=st.text(min_size=1, max_size=3000), words=st.text(min_size=1, max_size=3000), many=st.integers(1, 120))
def test_slack_takes_a_form_however_long_its_words_are(label: str, words: str, many: int) -> None:
    options = [Option(words, f"v{n}", words) for n in range(many)]

    view = form(
        forms.text("a", label, hint=words, placeholder=words, lines=True, shortest=1, longest=9999),
        forms.number("b", label, value=5, least=1, most=9, hint=words, placeholder=words, optional=True),
        forms.choice("c", label, options, chosen="v0", placeholder=words),
        forms.radio("d", label, options, chosen="v0"),
        forms.checkboxes("e", label, options, ticked=["v0", "v99"]),
        forms.person("f", label, chosen="UANA"),
        forms.people("g", label, chosen=["UANA"], most=3),
        title=words,
    ).view()

    assert taken_view(view) == view


def test_a_question_says_no_more_than_it_was_given() -> None:
    assert forms.text("title", "Title", longest=40) == {
        "type": "input",
        "block_id": "title",
        "label": {"type": "plain_text", "text": "Title", "emoji": True},
        "element": {"type": "plain_text_input", "action_id": "title", "max_length": 40},
        "optional": False,
    }


def test_what_is_chosen_at_first_is_one_of_the_options_or_nothing() -> None:
    chosen = forms.choice("c", "Colour", FEW, chosen="green")["element"]
    unknown = forms.choice("c", "Colour", FEW, chosen="blue")["element"]
    ticked = forms.checkboxes("c", "Colour", FEW, ticked=["blue", "red"])["element"]

    assert chosen["initial_option"] == chosen["options"][1]
    assert "initial_option" not in unknown
    assert ticked["initial_options"] == [ticked["options"][0]]


def test_what_stands_there_at_first_keeps_within_the_limits() -> None:
    assert forms.text("t", "T", value="abcdef", longest=3)["element"]["initial_value"] == "abc"
    assert forms.number("n", "N", value=5, least=1, most=9)["element"]["initial_value"] == "5"
    assert "initial_value" not in forms.number("n", "N", value=10, least=1, most=9)["element"]
    assert "initial_value" not in forms.number("n", "N", value=0, least=1)["element"]


def test_a_form_says_what_it_is_about_and_where_it_was_opened_when_it_comes_back() -> None:
    view = form(about="realtimekit:m|1 “ü”").view()

    assert filled.about(view) == "realtimekit:m|1 “ü”"
    assert filled.channel(view) == "C1"


def test_more_than_slack_keeps_with_a_form_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="too many"):
        form(about="x" * 3000).view()


# ------------------------------------------------------------ reading


def test_every_kind_of_answer_is_read() -> None:
    red = {"text": {"type": "plain_text", "text": "Red"}, "value": "red"}
    given = values(
        back(
            {
                "title": {"title": {"type": "plain_text_input", "value": " Weekly "}},
                "minutes": {"minutes": {"type": "number_input", "value": "45"}},
                "colour": {"colour": {"type": "static_select", "selected_option": red}},
                "extras": {"extras": {"type": "checkboxes", "selected_options": [red]}},
                "host": {"host": {"type": "users_select", "selected_user": "UBO"}},
                "guests": {"guests": {"type": "multi_users_select", "selected_users": ["UCY", "UDI"]}},
            }
        )
    )

    assert given.text("title") == "Weekly"
    assert given.number("minutes") == 45
    assert given.choice("colour") == "red"
    assert given.ticked("extras") == ("red",)
    assert given.person("host") == "UBO"
    assert given.people("guests") == ("UCY", "UDI")


@given(state=anything | st.dictionaries(st.just("q"), st.dictionaries(st.just("q"), anything)), blocks=anything)
def test_an_answer_of_any_other_shape_is_no_answer(state: Any, blocks: Any) -> None:
    view = back(state, blocks=blocks)
    given = values(view)

    assert given.text("nothing") == ""
    for read in (given.text, given.number, given.choice, given.ticked, given.person, given.people):
        read("q")
    assert all(isinstance(name, str) for name in filled.questions(view))


@given(private=anything | anything.map(json.dumps))
def test_notes_that_are_none_of_ours_are_out_of_date_or_about_something(private: Any) -> None:
    view = back({}, private_metadata=private)

    assert isinstance(filled.channel(view), str)
    try:
        assert isinstance(filled.about(view), str)
    except UserError as said:
        assert "close it and open it again" in str(said)  # noqa: PT017 - both ways are fine


def test_notes_too_deep_to_be_read_are_out_of_date() -> None:
    with pytest.raises(UserError):
        filled.about(back({}, private_metadata="[" * 100_000))


# ------------------------------------------------------------ who asks


def test_a_command_and_a_click_say_who_asks_for_a_form_and_where() -> None:
    typed = opening_of({"user_id": "UANA", "channel_id": "C1", "text": "settings"})
    clicked = opening_of({"user": {"id": "UBO"}, "channel": {"id": "C2"}, "actions": [{"value": "m1"}]})

    assert (typed.user, typed.channel, typed.text, typed.action) == ("UANA", "C1", "settings", {})
    assert (clicked.user, clicked.channel, clicked.text, clicked.action) == ("UBO", "C2", "", {"value": "m1"})
