"""Payloads of no shape that Slack has: refused at the door, or answered around what is missing."""

from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio

from bot.views import actions
from tests.edges.place import Place, place
from tests.hostile.forged import FORGOTTEN, OUT_OF_DATE, answer_to, click, own_mistakes, sends
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def common(shared: Bench) -> Place:
    """Give a channel with a meeting in it, to which nothing is done."""
    found = place(shared)
    await found.meeting()
    return found


@pytest.fixture(autouse=True)
def nobody_is_at_fault(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Hold that nothing that anybody sends is logged as a mistake of the bot's."""
    yield
    assert own_mistakes(caplog) == []


SHAPELESS: dict[str, dict[str, Any]] = {
    "actions missing": {"actions": None},
    "no actions": {"actions": []},
    "actions in words": {"actions": "all"},
    "an action in words": {"actions": ["join"]},
    "an action without a name": {"actions": [{"type": "button", "value": "x"}]},
    "an action with a number for a name": {"actions": [{"type": "button", "action_id": 7, "value": "x"}]},
    "a list for a person": {"user": ["UANA"]},
    "a word for a channel": {"channel": "CGENERAL"},
    "a word for a team": {"team": "T1"},
    "a zero for a person": {"user": 0},
    "nothing for an enterprise": {"enterprise": ""},
    "a zero for authorizations": {"authorizations": 0},
    "a word for a message": {"message": "x"},
    "a word for an event": {"event": "x"},
    "authorizations in words": {"authorizations": "x"},
    "an authorization that is a number": {"authorizations": [7]},
    "a number for an address": {"response_url": 7},
    "nothing for addresses": {"response_urls": None},
    "addresses in words": {"response_urls": "https://hooks.slack.example/x"},
    "an address in words among addresses": {"response_urls": ["https://hooks.slack.example/x"]},
    "more addresses than a form asks for": {"response_urls": [{}, {}]},
    "a list for a trigger": {"trigger_id": ["x"]},
    "a type that is none": {"type": 7},
}


@pytest.mark.parametrize("shape", SHAPELESS)
async def test_a_payload_without_slacks_shape_is_not_written_down(common: Place, shape: str) -> None:
    payload = click(common.world, common.cards[-1], action_id=actions.JOIN, value="x") | SHAPELESS[shape]

    assert await sends(common.world, payload) == 400


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://[", "//", "ftp://x", "javascript:alert(1)", "http://evil.example/x", " ", "x" * 5000]
)
async def test_an_address_for_answers_that_is_none_is_answered_around(common: Place, url: str) -> None:
    payload = click(common.world, common.cards[-1], action_id=actions.JOIN, value="nonsense")

    assert (await answer_to(common, payload | {"response_url": url})).startswith(FORGOTTEN)


@pytest.mark.parametrize("action_id", ["", "\u202e<!channel>", "x" * 3000, ".*", "join\x00"])
async def test_a_button_that_nobody_made_is_out_of_date(common: Place, action_id: str) -> None:
    payload = click(common.world, common.cards[-1], action_id=action_id, value="x")

    assert await answer_to(common, payload) == OUT_OF_DATE
