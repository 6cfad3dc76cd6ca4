"""``/j/{meeting}``: one address for everyone of a channel, who each come in as themselves, and nobody else does."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.slack.chat import SlackChat
from playground.slack_faults import SlackFault
from playground.stage import SEES_MEMBERS
from playground.workspace_values import User
from tests.edges.browsers import Browser, browser
from tests.edges.place import Place, place, town
from tests.support.bench import Bench, button

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str) -> AsyncIterator[Bench]:
    async with town(redis_process, one_click=True) as world:
        world.stage.slack.scopes.update(SEES_MEMBERS)
        yield world


@pytest.fixture
def here(shared: Bench) -> Iterator[Place]:
    yield place(shared)
    shared.stage.slack.faults.clear()
    shared.stage.provider.faults.clear()
    shared.stage.slack.faults.token_error = None


@pytest_asyncio.fixture(loop_scope="module")
async def ana(shared: Bench) -> AsyncIterator[Browser]:
    async with browser(shared, "ana") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def bo(shared: Bench) -> AsyncIterator[Browser]:
    async with browser(shared, "bo") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def nobody(shared: Bench) -> AsyncIterator[Browser]:
    async with browser(shared, None) as opened:
        yield opened


async def door_of(here: Place, text: str = "Weekly sync") -> str:
    """Start a meeting and give the path of the door on its card."""
    card = await here.meeting(text)
    url = str(button(card, "join_door")["url"])
    assert url.startswith(f"{here.world.bot.services.joining.rules.public_url}/j/")
    return url[url.index("/j/") :]


def forget(world: Bench) -> None:
    """Let a second pass, after which Slack is asked anew who is where."""
    chat = world.bot.services.chat
    assert isinstance(chat, SlackChat)
    chat._membership._seen.clear()


def placed(here: Place) -> list[str]:
    """Name those who have a place in the newest meeting."""
    rooms = here.world.stage.provider.rooms
    return [place.name for place in rooms.participants.values() if place.meeting_id == here.room]


# ------------------------------------------------------------ who comes in


async def test_two_people_press_the_same_button_and_come_in_as_themselves(
    here: Place, ana: Browser, bo: Browser
) -> None:
    door = await door_of(here)

    peers = [await here.world.stage.provider.enter((await each.joins(door)).token) for each in (ana, bo)]

    assert [peer.name for peer in peers] == ["ana", "bo"]
    rooms = here.world.stage.provider.rooms
    presets = {p.name: p.preset_name for p in rooms.participants.values() if p.meeting_id == here.room}
    assert presets == {"ana": "group_call_host", "bo": "group_call_participant"}


async def test_whoever_comes_twice_has_one_place_and_a_fresh_token(here: Place, bo: Browser) -> None:
    door = await door_of(here)

    first, second = await bo.joins(door), await bo.post(door)

    assert first.token != second.token
    assert placed(here) == ["bo"]


async def test_once_signed_in_the_next_meeting_is_one_click_away(here: Place, bo: Browser) -> None:
    await bo.signs_in(await door_of(here))
    other = place(here.world)
    door = await door_of(other, "Retro")

    page = await bo.get(door)

    assert (page.title, page.goes_on) == ("Retro", True)
    assert "You are signed in as bo." in page.words
    assert (await bo.post(door)).status == 303


async def test_somebody_who_is_not_in_the_channel_gets_a_kind_page_that_names_nothing(here: Place, bo: Browser) -> None:
    door = await door_of(here, "Salaries")
    here.world.stage.slack.workspace.remove(here.id, "bo")
    forget(here.world)

    page, press = await bo.signs_in(door), await bo.post(door)

    assert (page.status, press.status) == (403, 403)
    assert "Ask somebody there to invite you" in page.words
    assert "Sign out" in page.words
    assert "Salaries" not in page.text + press.text
    assert placed(here) == []


async def test_whoever_leaves_the_channel_is_out_within_a_second(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    assert (await bo.joins(door)).status == 303
    here.world.stage.slack.workspace.remove(here.id, "bo")
    await asyncio.sleep(1.0)

    assert [(await bo.get(door)).status, (await bo.post(door)).status] == [403, 403]


async def test_somebody_invited_by_name_comes_in_from_outside_the_channel(shared: Bench) -> None:
    here = place(shared, members=("UANA", "UGREENROOM"))
    door = await door_of(here, "Weekly sync @bo")
    async with browser(shared, "bo") as bo:
        assert (await bo.joins(door)).status == 303
    async with browser(shared, "cy") as cy:
        assert (await cy.signs_in(door)).status == 403


async def test_a_copied_link_lets_nobody_in_as_another_person(here: Place, bo: Browser, nobody: Browser) -> None:
    door = await door_of(here)
    await bo.joins(door)

    page, press = await nobody.get(door), await nobody.post(door)

    assert page.title == "Sign in to go on"
    assert (press.status, "location" in press.headers) == (401, False)


async def test_people_of_another_workspace_are_told_so(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    here.world.stage.slack.openid.forge = lambda claims: here.world.stage.slack.openid.signed(
        claims | {"https://slack.com/team_id": "TOTHER"}
    )
    try:
        answer = await bo.get(await bo.comes_back_to(door))
    finally:
        here.world.stage.slack.openid.forge = None

    assert (answer.status, answer.title) == (400, "You are not signed in")
    assert "another Slack workspace" in answer.words
    assert "greenroom" not in bo.cookies


# ------------------------------------------------------------ who only looks


async def test_looking_mints_nothing(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)
    with here.no_calls():
        page = await bo.get(door)

    assert page.status == 200
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("robot", ["Slackbot-LinkExpanding 1.0", "Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8"])
async def test_a_robot_sees_a_harmless_page_and_is_sent_nowhere(here: Place, nobody: Browser, robot: str) -> None:
    door = await door_of(here, "Salaries")
    before = await states(here.world)

    page = await nobody.get(door, **{"User-Agent": robot})

    assert (page.status, page.goes_on, page.cookies) == (200, False, [])
    assert "Salaries" not in page.text
    assert await states(here.world) == before


async def states(world: Bench) -> int:
    """Count the sign-ins that are under way."""
    import redis.asyncio as redis  # noqa: PLC0415 - only here

    async with redis.from_url(world.redis_url) as client:
        return len([key async for key in client.scan_iter("meet:signin:*")])


async def test_a_person_is_taken_to_slack_by_the_page_itself_but_never_in_circles(here: Place, nobody: Browser) -> None:
    door = await door_of(here)

    assert (await nobody.get(door)).goes_on
    assert not (await nobody.get(f"{door}?back=1")).goes_on


async def test_a_press_on_another_sites_page_lets_nobody_in(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)

    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": bo.base},
    ):
        with here.no_calls():
            answer = await bo.post(door, **headers)
        assert (answer.status, answer.title) == (403, "Not from here")


async def test_a_browser_that_tells_no_site_has_to_tell_our_origin(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)

    async def press(**headers: str) -> int:
        async with bo.session.post(bo.base + door, headers=headers, allow_redirects=False) as answer:
            return answer.status

    assert await press(Origin=bo.base) == 303
    assert await press(Origin="https://evil.example") == 403
    assert await press(Origin="null") == 403
    assert await press() == 403


# ------------------------------------------------------------ what is not there


async def test_a_meeting_that_was_ended_lets_nobody_in(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await here.asks("ana", "/meet end")
    await here.world.presses("ana", here.answers("ana")[-1], "meeting_end")
    await here.world.until(lambda: "Ended for everyone" in here.cards[-1].text)

    page = await bo.signs_in(door)

    assert (page.status, page.title) == (410, "This meeting is over")
    assert all(element["type"] != "button" for block in here.cards[-1].blocks for element in block.get("elements", []))


@pytest.mark.parametrize("path", ["/j/realtimekit:nothing", "/j/x", "/j/a%2Fb", "/j/%2e%2e", "/j/" + "a" * 300])
async def test_an_unknown_meeting_is_no_meeting(shared: Bench, path: str) -> None:
    async with browser(shared, "bo") as bo:
        await bo.signs_in("/j/realtimekit:nothing")
        answer = await bo.get(path)

    assert (answer.status, answer.title) == (404, "There is nothing here")


async def test_where_the_bot_may_not_look_people_join_by_a_private_answer(shared: Bench) -> None:
    shared.stage.slack.scopes.discard("channels:read")
    here = place(shared)
    card = await here.meeting()
    shared.stage.slack.scopes.add("channels:read")

    assert "/join/" in button(await here.presses("bo", card, "join"), "open_link")["url"]


async def test_once_the_bot_may_not_look_any_more_the_door_says_what_to_do(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    here.world.stage.slack.scopes.discard("channels:read")
    forget(here.world)
    page = await bo.signs_in(door)
    here.world.stage.slack.scopes.add("channels:read")

    assert page.status == 403
    assert "Type /meet join there" in page.words


async def test_direct_messages_with_the_bot_have_a_door_and_those_between_two_people_have_not(shared: Bench) -> None:
    await shared.says("ana", "DANA", "/meet With the bot")
    await shared.until(lambda: button(shared.direct("ana")[-1], "join_door"))
    await shared.says("ana", "DANABO", "/meet Between us")

    await shared.until(lambda: button(shared.direct("ana")[-1], "join"))


# ------------------------------------------------------------ trouble


async def test_slacks_limit_becomes_a_page_that_says_when_to_try_again(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)
    forget(here.world)
    here.world.stage.slack.faults.ratelimit("conversations.members", 1, retry_after=1)

    page = await bo.post(door)

    assert (page.status, page.headers["retry-after"]) == (503, "1")
    assert "again in 1 s." in page.words
    await asyncio.sleep(1.0)
    assert (await bo.post(door)).status == 303


async def test_a_slack_that_does_not_answer_lets_nobody_in(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)
    forget(here.world)
    here.world.stage.slack.faults.server_error("conversations.members", 1)

    with here.no_calls():
        page = await bo.post(door)

    assert page.status == 503
    assert "Slack did not answer" in page.words
    assert "Reference:" in page.words


async def test_a_provider_that_does_not_answer_is_told_in_words(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)
    here.world.stage.provider.faults.fail("add_participant", 500)

    assert "The video service did not answer" in (await bo.post(door)).words


async def test_somebody_from_the_workspace_who_was_never_in_the_channel_stays_out(shared: Bench) -> None:
    shared.stage.slack.workspace.add_user(User("UNEW", "new", "Nell New"))
    here = place(shared)
    door = await door_of(here)
    async with browser(shared, "new") as new:
        assert (await new.signs_in(door)).status == 403


async def test_the_click_on_the_button_itself_is_taken_in_without_a_word(here: Place) -> None:
    card = await here.meeting()
    before = len(here.answers("bo"))

    await here.world.presses("bo", card, "join_door")
    await here.asks("bo", "/meet status")

    assert len(here.answers("bo")) == before + 1


async def test_a_slack_that_is_slow_to_tell_holds_no_card_up(shared: Bench) -> None:
    here = place(shared)
    shared.stage.slack.faults.add("conversations.members", SlackFault("delay", seconds=5))

    assert button(await here.meeting(), "join")


@pytest.mark.asyncio(loop_scope="function")
async def test_where_the_commands_have_other_names_the_pages_use_those(redis_process: str) -> None:
    names = {"SLACK_MEET_COMMAND": "/video", "SLACK_RECORD_COMMAND": "/film"}
    async with town(redis_process, one_click=True, **names) as world, browser(world, "bo") as bo:
        world.stage.slack.scopes.update(SEES_MEMBERS)
        world.stage.slack.commands = frozenset(names.values())
        here = place(world)
        await world.says("ana", here.id, "/video Weekly sync")
        url = str(button(await here.card(), "join_door")["url"])
        door = url[url.index("/j/") :]
        await bo.signs_in(door)

        forgotten = [await bo.get("/j/realtimekit:nothing"), await bo.get("/r/realtimekit:nothing")]
        world.stage.slack.scopes.difference_update(SEES_MEMBERS)
        forget(world)
        unseen = await bo.post(door)

    assert "Start a new one with /video." in forgotten[0].words
    assert "Type /film list in its channel" in forgotten[1].words
    assert "Type /video join there" in unseen.words
