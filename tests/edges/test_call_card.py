"""Slack's own call card: it stands where the bot can post nothing that it could edit, follows the meeting, and ends."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from bot.calling import Calling
from bot.clock import utcnow
from bot.domain.ids import ChannelId, UserId
from bot.domain.meeting import Status
from bot.happenings import Happenings
from bot.journal import Journal
from bot.slack.chat import SlackChat
from bot.store import Saved
from bot.views.replies import Reply
from tests.edges.browsers import browser
from tests.edges.calls import ADD, END, JOIN, between_two, call_of, card_here, enters, host, inside, room_of, told
from tests.edges.place import place, town
from tests.support.bench import PATIENCE, Bench

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    async with town(redis_process, one_click=True) as world:
        world.stage.slack.scopes.add("calls:write")
        yield world


@pytest.fixture
def world(shared: Bench) -> Iterator[Bench]:
    yield shared
    shared.stage.slack.faults.clear()
    shared.stage.provider.faults.clear()
    shared.stage.slack.scopes.add("calls:write")


async def test_the_card_stands_between_two_people_follows_who_comes_and_goes_and_ends(world: Bench) -> None:
    here, ana = between_two(world)

    answer = await here.asks(ana, "/meet Secret plans")

    assert answer.text == (
        "*Secret plans* is ready: the card here shows who is in. Its controls and recordings are in your direct "
        "messages with me, because apps cannot post in a conversation between people. "
        "Everyone here gets a link of their own with `/meet join`."
    )
    call, card, identity = call_of(here), card_here(here), (await here.stored()).id
    door = f"{world.bot.services.joining.rules.public_url}/j/{identity}"
    assert (call.title, call.join_url) == ("Secret plans", door)
    assert (call.external_unique_id, call.created_by) == (identity, ana)
    assert card.text == f"*Secret plans*: <@{ana}> started a video meeting. Join at {door} or type `/meet join`."
    assert [block["type"] for block in card.blocks] == ["call"]

    host_of_it = await enters(here, ana)
    await world.until(lambda: inside(here) == ["A Host"])
    phone, laptop = await enters(here, "bo"), await enters(here, "bo")
    await world.stage.provider.leave(host_of_it.id)
    await world.until(lambda: inside(here) == ["Bo Berg"])
    assert len(told(here, JOIN)) == 2
    await world.stage.provider.leave(phone.id)
    await world.stage.provider.leave(laptop.id)

    await world.until(lambda: call_of(here).ended)
    assert call_of(here).duration > 0
    assert len(here.cards) == 1


async def test_it_stands_in_a_private_channel_too_and_shows_strangers_by_the_name_they_typed(world: Bench) -> None:
    here, ana = between_two(world, "private")

    answer = await here.asks(ana, "/meet Secret plans")

    assert "because I cannot post in this channel. Invite me with `/invite @Greenroom`" in answer.text
    await world.stage.provider.enter_stranger(await room_of(here), "Eve")
    await world.until(lambda: inside(here) == ["Eve"])


async def test_whoever_opens_join_is_told_how_to_come_in_and_who_was_invited_comes_in(world: Bench) -> None:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans @bo")
    url = call_of(here).join_url

    async with browser(world, "cy") as cy, browser(world, "bo") as bo:
        refused = await cy.signs_in(url[url.index("/j/") :])
        peer = await world.stage.provider.enter((await bo.joins(url[url.index("/j/") :])).token)

    assert "Type /meet join there to get in." in refused.words
    assert peer.name == "bo"


async def test_who_was_closed_out_by_the_host_finds_the_card_ended(world: Bench) -> None:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    question = await here.asks(ana, "/meet end")

    await here.presses(ana, question, "meeting_end")

    await world.until(lambda: call_of(here).ended)


@pytest.mark.parametrize("error", ["missing_scope", "not_authorized", "not_implemented", "invalid_created_by"])
async def test_where_slack_gives_no_call_all_is_as_without(world: Bench, error: str) -> None:
    here, ana = between_two(world)
    if error == "missing_scope":
        world.stage.slack.scopes.discard("calls:write")
    else:
        world.stage.slack.faults.error(ADD, error)

    answer = await here.asks(ana, "/meet Secret plans")

    assert answer.text == (
        "*Secret plans* is ready, but apps cannot post in a conversation between people. "
        "Its card is in your direct messages with me. Everyone here gets a link of their own with `/meet join`."
    )
    assert not here.cards
    assert not (await here.stored()).calls


async def test_a_channel_that_takes_the_card_has_no_call(world: Bench) -> None:
    here = place(world)
    await here.meeting()

    assert not (await here.stored()).calls


async def test_slack_is_asked_again_when_it_only_stumbled(world: Bench) -> None:
    here, ana = between_two(world)
    world.stage.slack.faults.server_error(ADD)

    await here.asks(ana, "/meet Secret plans")

    assert call_of(here).title == "Secret plans"


async def test_people_of_elsewhere_are_shown_by_name_and_nobody_waits_for_them(world: Bench) -> None:
    olga = host(world, team_id="TOTHER")
    ana = host(world)
    here = place(world, "private", (ana, "UBO", olga))
    await here.asks(ana, "/meet Secret plans")

    ticket = await world.bot.services.joining.ticket((await here.stored()).id, UserId(olga))
    await world.stage.provider.enter(ticket.token)
    await world.until(lambda: inside(here) == [f"host{olga[5:]}"])

    assert [caller.key[:9] for caller in call_of(here).inside] == ["external:"]
    assert [ids(each) for each in told(here, JOIN)] == [["display_name", "external_id"]]


async def test_one_whom_slack_does_not_know_is_shown_by_name(world: Bench) -> None:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    world.stage.slack.faults.error(JOIN, "user_not_found")

    await enters(here, "bo")

    await world.until(lambda: inside(here) == ["bo"])
    assert [ids(each) for each in told(here, JOIN)] == [["slack_id"], ["display_name", "external_id"]]


@pytest.mark.soak
async def test_one_whom_slack_does_not_know_keeps_nobody_else_out(world: Bench) -> None:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    await world.stage.provider.enter_stranger(await room_of(here), "Eve")
    await world.until(lambda: inside(here) == ["Eve"])
    world.stage.slack.faults.error(JOIN, "user_not_found")

    await enters(here, "bo")
    await enters(here, ana)  # within the seconds in which Slack is told nothing, so both are told of together

    await world.until(lambda: sorted(inside(here)) == ["A Host", "Bo Berg", "Eve"])
    assert {caller.key for caller in call_of(here).inside} >= {"UBO", ana}


def ids(call: dict[str, Any]) -> list[str]:
    """Tell by what the first of those who came was named."""
    return sorted(name for name in call["users"][0] if name != "avatar_url")


async def test_bad_users_in_an_answer_that_says_all_is_well_is_read(world: Bench) -> None:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    ticket = await world.bot.services.joining.ticket((await here.stored()).id, UserId(ana))
    people = world.stage.slack.workspace
    people.add_user(replace(people.user(ana), deleted=True))

    await world.stage.provider.enter(ticket.token)

    await world.until(lambda: [caller.key[:9] for caller in call_of(here).inside] == ["external:"])


async def test_people_whom_slack_refuses_to_show_do_not_keep_the_card_from_its_end(world: Bench) -> None:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    world.stage.slack.faults.error(JOIN, "invalid_arguments")
    peer = await enters(here, "bo")
    await world.until(lambda: told(here, JOIN))

    await world.stage.provider.leave(peer.id)

    await world.until(lambda: call_of(here).ended)


@pytest.mark.soak
async def test_a_call_that_was_ended_elsewhere_is_left_alone(world: Bench) -> None:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    call = call_of(here)
    world.stage.slack.faults.error(JOIN, "inactive_call")

    peer = await enters(here, "bo")
    await world.until(lambda: told(here, JOIN))
    await world.stage.provider.leave(peer.id)
    async with asyncio.timeout(PATIENCE):
        while (saved := await world.bot.store.current(ChannelId(here.id))) is None or not _is_settled(saved):
            await asyncio.sleep(0.01)

    assert not told(here, END)
    assert call_of(here).id == call.id


def _is_settled(saved: Saved) -> bool:
    return saved.meeting.status is Status.ENDED and not saved.is_stale


@pytest.mark.soak
async def test_an_end_that_slack_does_not_take_comes_later(world: Bench) -> None:
    here, ana = between_two(world)
    await here.asks(ana, "/meet Secret plans")
    peer = await enters(here, "bo")
    await world.until(lambda: inside(here))
    world.stage.slack.faults.ratelimit(END)
    world.stage.slack.faults.drop_after(END)

    await world.stage.provider.leave(peer.id)

    await world.until(lambda: len(told(here, END)) == 3)  # refused, done but unheard, and found done: inactive_call
    assert call_of(here).ended


async def test_a_wish_carried_out_twice_makes_one_call_and_one_message(world: Bench) -> None:
    here = place(world)
    await here.meeting()
    meeting, chat = await here.stored(), world.bot.services.chat
    assert isinstance(chat, SlackChat)
    elsewhere = meeting.model_copy(update={"home_because": "channel_not_found"})
    said: list[Reply] = []

    async def share(reply: Reply) -> bool:
        said.append(reply)
        return True

    async with Redis.from_url(world.redis_url) as redis:
        calling = Calling(Happenings(world.bot.store, world.bot.services.work.follow), chat.calls, utcnow, "https://x")
        wish = Journal(redis).wish("one wish")
        assert [await calling.open(wish, elsewhere, share) for _ in range(2)] == [True, True]

    assert len(said) == 1
    assert len([c for c in world.stage.slack.workspace.calls.values() if c.external_unique_id == meeting.id]) == 1
