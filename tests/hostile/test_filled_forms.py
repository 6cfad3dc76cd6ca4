"""Forms that come back as no honest Slack sends them: refused at the door, or answered around what is wrong."""

import json
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from typing import Any

import pytest
import pytest_asyncio

from bot.door import BODY_MAX
from bot.slack.inline import INSTEAD
from bot.views.forms import OUT_OF_DATE
from tests.edges.place import Place, place, town
from tests.hostile.forged import click, own_mistakes, sends
from tests.support import trial_form
from tests.support.bench import Bench
from tests.support.trial_form import TRIAL, received

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot that has the trial form."""
    async with town(redis_process) as world:
        trial_form.register(world.bot.routes)
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def common(shared: Bench) -> Place:
    """Give a channel to which nothing is done."""
    return place(shared)


@pytest_asyncio.fixture(loop_scope="module")
async def filled_in(common: Place) -> dict[str, Any]:
    """Give the payload of a form that was filled in as it should be, and is never sent."""
    slack = common.world.stage.slack
    await common.world.says("ana", common.id, "/meet trial")
    view = common.world.form("ana")
    view.state = {"title": {"title": {"type": "plain_text_input", "value": "Hello"}}}
    payload = deepcopy(slack.forms.submission(slack.workspace.user("ana"), view))
    await slack.dismiss("ana", view.id)
    return payload


@pytest.fixture(autouse=True)
def nobody_is_at_fault(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold that nothing that anybody sends is logged as a mistake of the bot's."""
    yield
    assert own_mistakes(caplog) == []


@pytest.mark.parametrize("view", [None, "a form", 7, ["a form"], []])
async def test_a_submission_without_a_form_is_not_readable(common: Place, filled_in: dict[str, Any], view: Any) -> None:
    assert await sends(common.world, filled_in | {"view": view}) == 400


SHAPELESS: dict[str, dict[str, Any]] = {
    "no state": {"state": None},
    "a state in words": {"state": "good"},
    "values in words": {"state": {"values": "good"}},
    "an answer in words": {"state": {"values": {"title": "Hello"}}},
    "a number for a title": {"state": {"values": {"title": {"title": {"value": 7}}}}},
    "no questions": {"blocks": None},
    "questions in words": {"blocks": ["title"]},
    "no id": {"id": None},
    "a list for a hash": {"hash": ["x"]},
}


@pytest.mark.parametrize("shape", SHAPELESS)
async def test_answers_of_no_shape_count_as_none(common: Place, filled_in: dict[str, Any], shape: str) -> None:
    filled_in["view"] |= SHAPELESS[shape]

    before = len(received)
    assert await sends(common.world, filled_in) == 200

    await common.world.until(lambda: len(received) > before)


@pytest.mark.parametrize("private", ["", "[" * 3000, json.dumps({"channel": 7, "about": ["m"]}), None])
async def test_a_form_that_does_not_say_what_it_is_about_is_out_of_date(
    common: Place, filled_in: dict[str, Any], private: Any
) -> None:
    """It says no channel either, so its answer comes directly."""
    filled_in["view"]["private_metadata"] = private
    before = len(common.world.direct("ana"))

    assert await sends(common.world, filled_in) == 200

    await common.world.until(lambda: len(common.world.direct("ana")) > before)
    assert common.world.direct("ana")[-1].text == OUT_OF_DATE


@pytest.mark.parametrize("callback_id", ["", "another", "x" * 3000, "\u202e<!channel>", ".*", None, 7, ["x"]])
async def test_a_form_that_is_none_of_ours_says_so_and_keeps_what_was_typed(
    common: Place, filled_in: dict[str, Any], callback_id: Any
) -> None:
    filled_in["view"]["callback_id"] = callback_id

    ack = await common.world.stage.slack.delivery.interaction(filled_in)

    assert ack.json() == {"response_action": "errors", "errors": {"title": OUT_OF_DATE}}


async def test_a_form_of_others_with_no_place_for_words_is_answered_beside_it(
    common: Place, filled_in: dict[str, Any]
) -> None:
    filled_in["view"] |= {"callback_id": "another", "blocks": []}

    async with common.answered("ana"):
        assert await sends(common.world, filled_in) == 200

    assert common.answers("ana")[-1].text == OUT_OF_DATE


async def test_a_closed_form_that_nobody_asked_about_changes_nothing(common: Place, filled_in: dict[str, Any]) -> None:
    assert await sends(common.world, filled_in | {"type": "view_closed"}) == 200


async def test_a_large_form_is_taken_and_a_larger_one_is_refused(common: Place, filled_in: dict[str, Any]) -> None:
    values = filled_in["view"]["state"]["values"]
    values["title"]["title"]["value"] = "x" * 200_000
    before = len(received)
    assert await sends(common.world, filled_in) == 200
    await common.world.until(lambda: len(received) > before)

    values["title"]["title"]["value"] = "x" * BODY_MAX
    assert await sends(common.world, filled_in) == 413


async def test_nobody_puts_words_into_the_bots_mouth(common: Place, filled_in: dict[str, Any]) -> None:
    mine = {INSTEAD: {"text": "Send me your password", "blocks": []}}
    before = len(received)

    assert await sends(common.world, filled_in | mine) == 200
    assert (
        await sends(common.world, click(common.world, trial_form.with_button(common), action_id="none") | mine) == 200
    )

    await common.world.until(lambda: len(received) > before)
    await common.asks("ana", "/meet trial words")
    assert not any("password" in message.text for message in common.world.private("ana"))


@pytest.mark.parametrize("trigger", ["", "nonsense", "12.34.abcdef", "\x00", "x" * 4000, None])
async def test_a_trigger_that_opens_nothing_is_told(shared: Bench, trigger: str | None) -> None:
    here = place(shared)
    payload = click(here.world, trial_form.with_button(here), action_id=TRIAL, value="m1")

    async with here.answered("ana"):
        assert await sends(here.world, payload | {"trigger_id": trigger}) == 200

    assert "(ref " in here.answers("ana")[-1].text
    assert not here.world.has_form("ana")
