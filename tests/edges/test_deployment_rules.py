"""What a deployment chooses for all of its channels: who may do what, and who comes in to watch and listen alone."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.domain.ids import ChannelId
from playground.workspace_values import User
from tests.edges.place import Place, place, town
from tests.support.bench import Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHOSEN = {
    "WHO_MAY_START": "host",
    "WHO_MAY_RECORD": "Everyone",
    "WHO_MAY_END": "host",
    "GUESTS_MAY": "view",
    "OUTSIDERS_MAY": "nothing",
    "VIEWER_PRESET": "webinar_viewer",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    """Give a bot of a deployment that has chosen."""
    async with town(redis_process, **CHOSEN) as world:
        for user in (
            User("UBOSS", "boss", "The Boss", is_owner=True),
            User("UGUEST", "guest", "A Guest", is_ultra_restricted=True),
            User("UELSE", "else", "From Elsewhere", team_id="T0ELSEWHERE"),
        ):
            world.stage.slack.workspace.add_user(user)
        yield world


@pytest.fixture
def here(shared: Bench) -> Place:
    return place(shared, members=("UANA", "UBO", "UBOSS", "UGUEST", "UELSE", "UGREENROOM"))


async def test_starting_is_left_to_admins_and_that_is_said(here: Place) -> None:
    answer = await here.asks("ana", "/meet Weekly sync")

    assert answer.text == "Only admins of this workspace may start meetings here. Please ask one of them."
    assert not here.cards
    await here.meeting(by="boss")


async def test_who_may_not_start_is_given_the_meeting_that_is_on(here: Place) -> None:
    await here.meeting(by="boss")

    assert (await here.asks("ana", "/meet Retro")).text.startswith("*Weekly sync* is on in this channel already")


async def test_guests_come_in_to_watch_and_listen_and_do_nothing_else(here: Place) -> None:
    card = await here.meeting(by="boss")

    assert (await here.world.joins("guest", card)).preset_name == "webinar_viewer"
    assert (await here.world.joins("ana", card)).preset_name == "group_call_participant"
    refused = await here.asks("guest", "/record")
    assert refused.text.startswith(
        "Guests of this workspace may not record this meeting. Please ask the host, <@UBOSS>"
    )


async def test_people_of_other_organisations_may_nothing_where_that_was_chosen(here: Place) -> None:
    card = await here.meeting(by="boss")

    refused = await here.presses("else", card, "join")

    assert refused.text.startswith("People of other organisations may not join this meeting.")


async def test_ending_is_the_hosts_and_who_was_handed_the_meeting_is_the_host(here: Place) -> None:
    await here.meeting(by="boss")
    assert "Only the host, <@UBOSS>, may end this meeting" in (await here.asks("ana", "/meet end")).text

    await here.asks("boss", "/meet host @ana")
    assert (await here.asks("ana", "/meet end")).text.startswith("End *Weekly sync* for everyone?")


async def test_who_comes_back_has_the_part_that_the_rules_give_now(here: Place) -> None:
    card = await here.meeting(by="boss")
    rules = here.world.bot.services.permissions._rules
    presets = []
    for most in ("join", "view", "join"):
        await rules.choose(ChannelId(here.id), {"guests": most})
        presets.append((await here.world.joins("guest", card)).preset_name)

    assert presets == ["group_call_participant", "webinar_viewer", "group_call_participant"]
    assert [each.custom_participant_id for each in here.world.stage.provider.rooms.participants_of(here.room)] == [
        "UGUEST"
    ]
