"""Slack at its worst: the card comes later, and whoever asked is answered around a dead address."""

from collections.abc import Callable

import pytest

from playground.slack_faults import SlackFaults
from playground.workspace_values import User
from tests.edges.place import Place, place
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

POST = "chat.postMessage"

HICCUPS: dict[str, Callable[[SlackFaults], None]] = {
    "429": lambda faults: faults.ratelimit(POST),
    "500": lambda faults: faults.server_error(POST),
    "a lost connection": lambda faults: faults.drop_before(POST),
}

DEAD: dict[str, Callable[[SlackFaults], None]] = {
    "used up": lambda faults: faults.error("response_url", "used_url"),
    "expired": lambda faults: faults.error("response_url", "expired_url"),
    "broken": lambda faults: faults.server_error("response_url"),
    "busy": lambda faults: faults.ratelimit("response_url"),
    "unreachable": lambda faults: faults.drop_before("response_url"),
}


@pytest.mark.parametrize("hiccup", HICCUPS)
@pytest.mark.soak
async def test_a_card_that_slack_does_not_take_comes_later_and_once(here: Place, hiccup: str) -> None:
    HICCUPS[hiccup](here.world.stage.slack.faults)

    await here.meeting("Weekly sync")
    assert (await here.asks("bo", "/meet status")).text.startswith("*Weekly sync*")

    assert not here.answers("ana")
    assert len(here.cards) == 1
    assert here.world.stage.slack.faults.waiting()["calls"] == {}


@pytest.mark.parametrize("dead", DEAD)
async def test_a_dead_address_is_answered_around_in_the_channel(here: Place, dead: str) -> None:
    DEAD[dead](here.world.stage.slack.faults)

    answer = await here.asks("bo", "/meet status")

    assert answer.text.startswith("There is no meeting in this channel.")
    assert answer.ephemeral_for == "UBO"


async def test_where_the_bot_is_no_guest_the_answer_goes_to_the_person_directly(shared: Bench) -> None:
    here = place(shared, "private", ("UANA", "UBO"))
    shared.stage.slack.faults.error("response_url", "used_url")
    before = len(shared.direct("bo"))

    await shared.says("bo", here.id, "/meet status")
    await shared.until(lambda: len(shared.direct("bo")) > before)

    assert shared.direct("bo")[-1].text.startswith("There is no meeting in this channel.")


async def test_a_private_link_is_never_posted_where_others_see_it(here: Place) -> None:
    await here.meeting()
    here.world.stage.slack.faults.error("response_url", "used_url")

    answer = await here.asks("bo", "/meet join")

    assert answer.ephemeral_for == "UBO"
    assert "/join/" in str(answer.blocks)
    assert not any("/join/" in str(m.blocks) for m in here.cards + here.replies)


async def test_whoever_can_be_told_in_no_way_is_in_the_log(here: Place, caplog: pytest.LogCaptureFixture) -> None:
    faults = here.world.stage.slack.faults
    faults.error("response_url", "used_url")
    faults.error("chat.postEphemeral", "user_not_in_channel")
    faults.error(POST, "user_disabled")

    await here.world.says("bo", here.id, "/meet status")

    await here.world.until(lambda: "UBO cannot be told anything" in caplog.text)


async def test_names_that_slack_does_not_tell_keep_nobody_out(here: Place) -> None:
    card = await here.meeting()
    here.world.stage.slack.workspace.add_user(User("UNEW", "new", "Somebody New"))
    here.world.stage.slack.workspace.invite(here.id, "UNEW")
    here.world.stage.slack.faults.server_error("users.info", times=8)

    peer = await here.world.joins("UNEW", card)

    assert here.world.stage.provider.rooms.participants[peer.participant_id].name == "Guest"
