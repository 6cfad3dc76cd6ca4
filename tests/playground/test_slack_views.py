"""Forms in the simulated Slack: who may open one, what of it is refused, and how it is submitted."""

from typing import Any

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from playground.slack import NoSuchForm, SlackSimulator
from playground.slack_forms import NOT_SENT, TROUBLE
from playground.slack_views import View
from tests.playground.slack_bench import (  # noqa: F401 - fixtures
    Bot,
    Clock,
    actions,
    bot_fixture,
    button,
    client_fixture,
    clock_fixture,
    refusal,
    section,
    slack_fixture,
)
from tests.playground.web_bench import modal, option, question, words

TITLE = question("title", "Title", "plain_text_input")
COLOURS = [option("Red"), option("Green")]


@pytest.fixture
async def trigger(slack: SlackSimulator, bot: Bot) -> str:
    await slack.command("ana", "general", "/meet")
    return bot.form["trigger_id"]


async def opened(slack: SlackSimulator, client: AsyncWebClient, *blocks: dict[str, Any], **more: Any) -> View:
    await client.views_open(trigger_id=slack.triggers.make("UANA"), view=modal(*(blocks or (TITLE,)), **more))
    view = slack.form("ana")
    assert view
    return view


# ------------------------------------------------------------ triggers


async def test_a_command_brings_a_trigger_that_opens_a_form_for_whoever_typed(
    slack: SlackSimulator, client: AsyncWebClient, trigger: str
) -> None:
    answer = await client.views_open(trigger_id=trigger, view=modal(TITLE))

    view = slack.form("ana")
    assert view
    assert answer["view"]["id"] == view.id
    assert answer["view"]["state"] == {"values": {}}
    assert answer["view"]["title"]["text"] == "Try a form"
    assert slack.form("bo") is None


async def test_a_click_brings_one_too(slack: SlackSimulator, bot: Bot, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="CGENERAL", text="card", blocks=[actions(button("try"))]))["ts"]
    await slack.click("bo", "general", ts, "try")

    await client.views_open(trigger_id=bot.payload["trigger_id"], view=modal(TITLE))

    assert slack.form("bo")


async def test_a_trigger_opens_one_form(client: AsyncWebClient, trigger: str) -> None:
    await client.views_open(trigger_id=trigger, view=modal(TITLE))

    answer = await refusal(client.views_open(trigger_id=trigger, view=modal(TITLE)))

    assert answer["error"] == "exchanged_trigger_id"


async def test_a_trigger_lives_for_three_seconds(client: AsyncWebClient, clock: Clock, trigger: str) -> None:
    clock.passes(3.1)

    answer = await refusal(client.views_open(trigger_id=trigger, view=modal(TITLE)))

    assert answer["error"] == "expired_trigger_id"


@pytest.mark.parametrize(
    ("trigger_id", "error"), [("nonsense", "invalid_trigger_id"), ("12.34.abcdef", "expired_trigger_id")]
)
async def test_a_trigger_that_was_never_given_opens_nothing(
    client: AsyncWebClient, trigger_id: str, error: str
) -> None:
    assert (await refusal(client.views_open(trigger_id=trigger_id, view=modal(TITLE))))["error"] == error


async def test_a_form_that_is_refused_leaves_the_trigger_good(client: AsyncWebClient, trigger: str) -> None:
    await refusal(client.views_open(trigger_id=trigger, view={"type": "modal"}))

    await client.views_open(trigger_id=trigger, view=modal(TITLE))


# ------------------------------------------------------------ what is refused


def text_input(**more: Any) -> dict[str, Any]:
    return question("title", "Title", "plain_text_input", **more)


def number_input(**more: Any) -> dict[str, Any]:
    return question("n", "Number", "number_input", **more)


WHOLE = {"is_decimal_allowed": False}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no title": ({"type": "modal", "blocks": []}, "/view/title"),
    "a title of 25": (modal(TITLE, title=words("x" * 25)), "less than 25 characters [json-pointer:/view/title/text]"),
    "a button of 25": (
        modal(TITLE, submit=words("x" * 25)),
        "25 characters [json-pointer:/view/submit/text]",
    ),
    "no button": ({k: v for k, v in modal(TITLE).items() if k != "submit"}, "missing required field: submit"),
    "private beyond": (modal(TITLE, private_metadata="x" * 3001), "less than 3001 characters"),
    "a long callback id": (modal(TITLE, callback_id="x" * 256), "less than 256 characters"),
    "another surface": (modal(TITLE, type="home"), "must be one of: modal"),
    "101 blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed"),
    "two of one name": (modal(TITLE, TITLE), "`block_id` is not unique: title"),
    "a field of its own": (modal(TITLE, colour="red"), "invalid additional property: colour"),
    "no label": (modal({"type": "input", "element": {"type": "plain_text_input"}}), "/view/blocks/0/label"),
    "a label with marks": (modal(TITLE | {"label": {"type": "mrkdwn", "text": "*T*"}}), "unsupported type: mrkdwn"),
    "a button for an answer": (modal(TITLE | {"element": button("b")}), "unsupported type: button"),
    "a call": (modal({"type": "call", "call_id": "R1"}), "unsupported type: call"),
    "a long first text": (modal(text_input(initial_value="x" * 11, max_length=10)), "less than 11 characters"),
    "a text too long to ask for": (modal(text_input(max_length=3001)), "must be between 1 and 3000"),
    "a text shorter than long": (modal(text_input(min_length=9, max_length=3)), "min_length must be less"),
    "a number of no kind": (modal(number_input()), "missing required field: is_decimal_allowed"),
    "a number that is one": (modal(number_input(**WHOLE, min_value=1)), "must be a string that is a number"),
    "a number outside": (modal(number_input(**WHOLE, max_value="9", initial_value="10")), "out of range"),
    "eleven boxes": (
        modal(question("b", "Boxes", "checkboxes", options=[option(str(n)) for n in range(11)])),
        "no more than 10 items allowed",
    ),
    "a choice that is none": (
        modal(question("c", "C", "static_select", options=COLOURS, initial_option=option("Blue"))),
        "invalid initial_option",
    ),
    "ticks that are none": (
        modal(question("c", "C", "checkboxes", options=COLOURS, initial_options=[])),
        "invalid initial_options",
    ),
    "nobody at most": (modal(question("u", "U", "multi_users_select", max_selected_items=0)), "must be at least 1"),
    "two in focus": (
        modal(TITLE | {"element": {**TITLE["element"], "focus_on_load": True}}, text_input(focus_on_load=True)),
        "focus_on_load must be set on one element at most",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_slack_does_not_take_is_refused_with_the_place(
    slack: SlackSimulator, client: AsyncWebClient, wrong: str
) -> None:
    view, said = WRONG[wrong]

    answer = await refusal(client.views_open(trigger_id=slack.triggers.make("UANA"), view=view))

    assert answer["error"] == "invalid_arguments"
    assert any(said in message for message in answer["response_metadata"]["messages"]), answer
    assert slack.form("ana") is None


async def test_a_form_beyond_250_kilobytes_is_too_large(slack: SlackSimulator, client: AsyncWebClient) -> None:
    long = [section("x" * 3000) for _ in range(90)]

    answer = await refusal(client.views_open(trigger_id=slack.triggers.make("UANA"), view=modal(*long)))

    assert answer["error"] == "view_too_large"


# ------------------------------------------------------------ submitting


async def test_a_form_that_is_submitted_arrives_as_slacks_payload_and_closes(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient
) -> None:
    view = await opened(
        slack,
        client,
        TITLE,
        number_input(**WHOLE, initial_value="7"),
        question("colour", "Colour", "static_select", options=COLOURS),
        question("extras", "Extras", "checkboxes", options=COLOURS, initial_options=[COLOURS[1]]),
        question("host", "Host", "users_select", optional=True),
        question("guests", "Guests", "multi_users_select", optional=True),
        private_metadata="m1",
    )

    ack = await slack.submit("ana", view.id, {"title": "Hello", "colour": "red", "guests": ["UBO"]})

    assert ack.ok
    payload = bot.payload
    assert payload["type"] == "view_submission"
    assert payload["user"]["id"] == "UANA"
    assert "response_url" not in payload
    assert "channel" not in payload
    assert payload["view"]["private_metadata"] == "m1"
    assert payload["view"]["state"]["values"] == {
        "title": {"title": {"type": "plain_text_input", "value": "Hello"}},
        "n": {"n": {"type": "number_input", "value": "7"}},
        "colour": {"colour": {"type": "static_select", "selected_option": COLOURS[0]}},
        "extras": {"extras": {"type": "checkboxes", "selected_options": [COLOURS[1]]}},
        "host": {"host": {"type": "users_select", "selected_user": None}},
        "guests": {"guests": {"type": "multi_users_select", "selected_users": ["UBO"]}},
    }
    assert slack.form("ana") is None
    assert slack.triggers.exchange(payload["trigger_id"]) == "UANA"


async def test_errors_keep_the_form_open(slack: SlackSimulator, bot: Bot, client: AsyncWebClient) -> None:
    view = await opened(slack, client)
    bot.answers_with(web.json_response({"response_action": "errors", "errors": {"title": "Taken."}}))

    assert (await slack.submit("ana", view.id, {"title": "Hello"})).ok

    assert slack.form("ana") is view
    assert view.errors == {"title": "Taken."}


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "Wrong."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
        {"text": "Thanks"},
    ],
)
async def test_an_answer_that_slack_cannot_read_is_trouble(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient, answer: dict[str, Any]
) -> None:
    view = await opened(slack, client)
    bot.answers_with(web.json_response(answer))

    await slack.submit("ana", view.id, {"title": "Hello"})

    assert slack.form("ana") is view
    assert view.trouble == TROUBLE


async def test_a_bot_that_does_not_take_a_form_is_trouble(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient
) -> None:
    view = await opened(slack, client)
    bot.answers_with(web.Response(status=503), web.Response(text="not an answer"))

    for _ in range(2):
        await slack.submit("ana", view.id, {"title": "Hello"})
        assert view.trouble == TROUBLE

    await slack.submit("ana", view.id, {"title": "Hello"})
    assert slack.form("ana") is None


async def test_an_answer_can_change_the_form_or_clear_it(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient
) -> None:
    view = await opened(slack, client)
    before = view.hash
    changed = {"response_action": "update", "view": modal(TITLE, title=words("Part two"))}
    bot.answers_with(web.json_response(changed), web.json_response({"response_action": "clear"}))

    await slack.submit("ana", view.id, {"title": "Hello"})
    assert view.content["title"]["text"] == "Part two"
    assert view.hash != before

    await slack.submit("ana", view.id, {"title": "Hello"})
    assert slack.form("ana") is None


MISTAKES: dict[str, tuple[dict[str, Any], Any, str]] = {
    "nothing": (TITLE, None, "Please complete this required field."),
    "short": (text_input(min_length=3), "ab", "Please use at least 3 characters."),
    "long": (text_input(max_length=3), "abcd", "Please use at most 3 characters."),
    "letters": (number_input(**WHOLE), "ten", "Please enter a whole number."),
    "half": (number_input(**WHOLE), "1.5", "Please enter a whole number."),
    "endless": (number_input(is_decimal_allowed=True), "1e999", "Please enter a number."),
    "little": (number_input(**WHOLE, min_value="1"), "0", "Please enter a number of at least 1."),
    "much": (number_input(**WHOLE, max_value="9"), "10", "Please enter a number of at most 9."),
    "none": (question("b", "B", "checkboxes", options=COLOURS), [], "Please complete this required field."),
    "many": (
        question("u", "U", "multi_users_select", max_selected_items=1),
        ["UBO", "UCY"],
        "Please choose 1 at most.",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_slack_itself_sends_no_form_that_breaks_its_own_rules(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient, mistake: str
) -> None:
    block, answer, said = MISTAKES[mistake]
    view = await opened(slack, client, block)

    ack = await slack.submit("ana", view.id, {block["block_id"]: answer})

    assert ack.body == NOT_SENT
    assert view.errors == {block["block_id"]: said}
    assert bot.bodies == []


async def test_nobody_submits_what_they_do_not_see(slack: SlackSimulator, bot: Bot, client: AsyncWebClient) -> None:
    view = await opened(slack, client, question("colour", "Colour", "static_select", options=COLOURS))

    with pytest.raises(NoSuchForm):
        await slack.submit("bo", view.id, {})
    with pytest.raises(LookupError, match="asks only for colour"):
        await slack.submit("ana", view.id, {"title": "Hello"})
    with pytest.raises(LookupError, match="has no option 'blue'"):
        await slack.submit("ana", view.id, {"colour": "blue"})
    assert bot.bodies == []


# ------------------------------------------------------------ closing and changing


async def test_the_bot_hears_of_a_form_that_is_closed_only_where_it_asked(
    slack: SlackSimulator, bot: Bot, client: AsyncWebClient
) -> None:
    quiet = await opened(slack, client)
    assert await slack.dismiss("ana", quiet.id) is None
    assert bot.bodies == []

    told = await opened(slack, client, notify_on_close=True)
    ack = await slack.dismiss("ana", told.id)

    assert ack
    assert ack.ok
    assert (bot.payload["type"], bot.payload["is_cleared"]) == ("view_closed", False)
    assert slack.form("ana") is None


async def test_the_bot_changes_a_form_that_it_knows(slack: SlackSimulator, client: AsyncWebClient) -> None:
    view = await opened(slack, client)
    stale = view.hash
    other = modal(TITLE, title=words("Part two"))

    await client.views_update(view_id=view.id, hash=stale, view=other)

    assert view.content["title"]["text"] == "Part two"
    conflict = client.views_update(view_id=view.id, hash=stale, view=other)
    assert (await refusal(conflict))["error"] == "hash_conflict"
    await slack.dismiss("ana", view.id)
    assert (await refusal(client.views_update(view_id=view.id, view=other)))["error"] == "not_found"


async def test_a_form_is_found_by_a_name_that_no_other_has(slack: SlackSimulator, client: AsyncWebClient) -> None:
    view = await opened(slack, client, external_id="mine")

    await client.views_update(external_id="mine", view=modal(TITLE, external_id="mine", title=words("Part two")))
    assert view.content["title"]["text"] == "Part two"

    second = client.views_open(trigger_id=slack.triggers.make("UBO"), view=modal(TITLE, external_id="mine"))
    assert (await refusal(second))["error"] == "duplicate_external_id"
