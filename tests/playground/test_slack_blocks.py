"""Which blocks the simulated Slack takes, and why it refuses the others."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.slack_blocks import fallback_text, problems_with, with_ids
from tests.playground.slack_bench import actions, button, section

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str, text: str = "One") -> Json:
    return {"text": plain(text), "value": value}


def overflow(*options: Json, **more: Any) -> Json:
    return {"type": "overflow", "action_id": "more", "options": list(options), **more}


def confirm(**more: Any) -> Json:
    dialog = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}
    return dialog | more


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A face"} | more


GROUP = {"label": plain("g"), "options": [option("1")]}

GOOD = {
    "header": {"type": "header", "text": plain("Weekly sync")},
    "section": section("x" * 3000),
    "fields": {"type": "section", "fields": [plain("x" * 2000)] * 10},
    "accessory": section("x") | {"accessory": button("join")},
    "picture": section("x") | {"accessory": image()},
    "context": {"type": "context", "elements": [image(), plain("nobody here yet")]},
    "button": actions(button("join", value="v" * 2000, url="https://example.com", style="primary", confirm=confirm())),
    "overflow": actions(overflow(option("1"), option("2"), confirm=confirm(style="danger"))),
    "select": actions({"type": "static_select", "options": [option("v" * 150)], "placeholder": plain("Pick")}),
    "groups": actions({"type": "static_select", "option_groups": [GROUP]}),
    "described option": actions(overflow(option("1") | {"description": plain("The first")})),
    "rich text": {"type": "rich_text", "elements": []},
    "divider": {"type": "divider"},
    "image": image(title=plain("A face")),
    "call": {"type": "call", "call_id": "R1"},
    "markdown": {"type": "markdown", "text": "# hi"},
    "input": {
        "type": "input",
        "dispatch_action": True,
        "label": plain("Who"),
        "element": {"type": "users_select", "action_id": "who"},
    },
}

BAD = {
    "header too long": {"type": "header", "text": plain("x" * 151)},
    "header in mrkdwn": {"type": "header", "text": {"type": "mrkdwn", "text": "x"}},
    "section too long": section("x" * 3001),
    "section without words": section(""),
    "section without anything": {"type": "section"},
    "eleven fields": {"type": "section", "fields": [plain("x")] * 11},
    "field too long": {"type": "section", "fields": [plain("x" * 2001)]},
    "eleven in a context": {"type": "context", "elements": [plain("x")] * 11},
    "empty context": {"type": "context", "elements": []},
    "button in a context": {"type": "context", "elements": [button("join")]},
    "twenty-six in actions": actions(*(button(f"b{number}") for number in range(26))),
    "picture in actions": actions(image()),
    "button text too long": actions(button("join") | {"text": plain("x" * 76)}),
    "button in mrkdwn": actions(button("join") | {"text": {"type": "mrkdwn", "text": "x"}}),
    "button value too long": actions(button("join", value="x" * 2001)),
    "button value not text": actions(button("join", value=7)),
    "address too long": actions(button("join", url="https://example.com/" + "x" * 3000)),
    "address of another kind": actions(button("join", url="javascript:alert(1)")),
    "unknown style": actions(button("join", style="quiet")),
    "unknown property": actions(button("join", disabled=True)),
    "confirm title too long": actions(button("join", confirm=confirm(title=plain("x" * 101)))),
    "confirm text too long": actions(button("join", confirm=confirm(text=plain("x" * 301)))),
    "confirm button too long": actions(button("join", confirm=confirm(deny=plain("x" * 31)))),
    "confirm without deny": actions(button("join", confirm={"title": plain("x"), "text": plain("x")})),
    "action id too long": actions(button("x" * 256)),
    "action id twice": actions(button("join"), button("join")),
    "overflow without options": actions(overflow()),
    "six options": actions(overflow(*(option(str(number)) for number in range(6)))),
    "option value too long": actions(overflow(option("x" * 151))),
    "option text too long": actions(overflow(option("1", "x" * 76))),
    "select without options": actions({"type": "static_select", "placeholder": plain("Pick")}),
    "a hundred and one options": actions({"type": "static_select", "options": [option("1")] * 101}),
    "placeholder too long": actions(
        {"type": "static_select", "options": [option("1")], "placeholder": plain("x" * 151)}
    ),
    "unknown element": actions({"type": "slider"}),
    "picture without words": {"type": "image", "image_url": "https://example.com/a.png"},
    "picture with too many words": image(alt_text="x" * 2001),
    "picture from nowhere": {"type": "image", "alt_text": "A face"},
    "unknown block": {"type": "fireworks"},
    "alert, which is for forms": {"type": "alert", "text": plain("x")},
    "input that tells nobody": {"type": "input", "label": plain("x"), "element": {"type": "users_select"}},
    "block id too long": {"type": "divider", "block_id": "x" * 256},
    "block that is a word": "divider",
    "fields that are no list": {"type": "section", "fields": "x"},
    "confirm that is a word": actions(button("join", confirm="sure?")),
    "option that is a word": actions(overflow("one")),  # type: ignore[arg-type]
    "element that is a word": actions("join"),  # type: ignore[arg-type]
    "text that is no text": {"type": "header", "text": {"type": "plain_text", "text": 7}},
    "no option groups": actions({"type": "static_select", "option_groups": []}),
    "option group that is a word": actions({"type": "static_select", "option_groups": ["g"]}),
    "too many option groups": actions({"type": "static_select", "option_groups": [GROUP] * 101}),
    "rich text without elements": {"type": "rich_text"},
    "video without addresses": {"type": "video", "alt_text": "x"},
    "too much markdown": {"type": "markdown", "text": "x" * 12_001},
}


@pytest.mark.parametrize("block", GOOD.values(), ids=GOOD.keys())
def test_blocks_within_the_limits_are_taken(block: Json) -> None:
    assert problems_with([block]) == []


@pytest.mark.parametrize("block", BAD.values(), ids=BAD.keys())
def test_blocks_over_the_limits_are_refused(block: Any) -> None:
    problems = problems_with([block])

    assert problems
    assert all("[json-pointer:/blocks" in problem for problem in problems)


def test_fifty_blocks_are_taken_and_one_more_is_not() -> None:
    assert problems_with([{"type": "divider"}] * 50) == []
    assert problems_with([{"type": "divider"}] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]


def test_a_block_id_may_not_come_twice_in_a_message() -> None:
    assert problems_with([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}])
    assert not problems_with([actions(button("join")), actions(button("join"))])


def test_missing_ids_are_filled_in_and_given_ones_are_kept() -> None:
    first, second = with_ids([actions({"type": "button", "text": plain("x")}), {"type": "divider", "block_id": "mine"}])

    assert first["block_id"]
    assert first["elements"][0]["action_id"]
    assert second == {"type": "divider", "block_id": "mine"}


def test_a_text_is_read_out_of_blocks_that_came_without_one() -> None:
    facts = {"type": "context", "elements": [image(), plain("now")]}
    blocks = [GOOD["header"], section("Started by ana"), facts, GOOD["markdown"], {"type": "divider"}]

    assert fallback_text(blocks) == "Weekly sync Started by ana A face now # hi"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["button", "section", "actions", "context", "image"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "fields", "accessory", "options", "confirm", "style", "url"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(json_values, max_size=3))
def test_whatever_is_sent_is_judged_and_never_breaks_the_judge(blocks: list[Any]) -> None:
    assert all(isinstance(problem, str) for problem in problems_with(blocks))
