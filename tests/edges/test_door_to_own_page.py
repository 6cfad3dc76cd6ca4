"""``/j/{meeting}`` where the bot has a meeting page of its own: its script gets the token of whoever is signed in."""

import json
from collections.abc import AsyncIterator, Iterator
from html import unescape
from typing import Any

import pytest
import pytest_asyncio

from playground.stage import SEES_MEMBERS
from tests.edges.browsers import Browser, Seen, browser
from tests.edges.page_visit import installed, minted
from tests.edges.place import Place, place, town
from tests.support.bench import Bench, button

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(redis_process: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    sdk_dir = installed(tmp_path_factory.mktemp("sdk"))
    async with town(redis_process, one_click=True, JOIN_URL_TEMPLATE=None, SDK_DIR=str(sdk_dir)) as world:
        world.stage.slack.scopes.update(SEES_MEMBERS)
        yield world


@pytest.fixture
def here(shared: Bench) -> Iterator[Place]:
    yield place(shared)
    shared.stage.slack.faults.clear()


@pytest_asyncio.fixture(loop_scope="module")
async def bo(shared: Bench) -> AsyncIterator[Browser]:
    async with browser(shared, "bo") as opened:
        yield opened


async def door_of(here: Place) -> str:
    url = str(button(await here.meeting(), "join_door")["url"])
    return url[url.index("/j/") :]


def setup_of(page: Seen) -> dict[str, Any]:
    """Read what the page tells its script."""
    found: dict[str, Any] = json.loads(unescape(page.text.partition('data-setup="')[2].partition('"')[0]))
    return found


async def token(who: Browser, door: str, **headers: str) -> tuple[int, dict[str, Any]]:
    """Ask for a token as the page's script does."""
    sent = {"Content-Type": "application/json", "Origin": who.base} | headers
    answer = await who.post(door, b"{}", **sent)
    return answer.status, json.loads(answer.text)


async def test_the_page_asks_for_a_token_at_its_own_address_and_says_no_secret(here: Place, bo: Browser) -> None:
    door = await door_of(here)

    page = await bo.signs_in(door)

    assert (page.status, setup_of(page)["token"], setup_of(page)["straight"]) == (
        200,
        {"path": f"..{door}", "body": {}},
        True,
    )
    assert "You are joining as bo." in page.words
    assert minted(here) == 0


async def test_whoever_is_signed_in_gets_a_token_of_their_own(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)

    status, said = await token(bo, door)

    assert status == 200
    assert (await here.world.stage.provider.enter(said["token"])).name == "bo"


async def test_nobody_else_gets_one(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    async with browser(here.world, None) as nobody:
        assert await token(nobody, door) == (410, {"title": "You cannot join here", "text": SIGNED_OUT})
    await bo.signs_in(door)
    assert (await token(bo, door, **{"Sec-Fetch-Site": "cross-site"}))[0] == 403
    assert (await token(bo, door, Origin="https://evil.example"))[0] == 403
    here.world.stage.slack.workspace.remove(here.id, "bo")
    here.world.bot.services.chat._membership._seen.clear()  # type: ignore[attr-defined]

    status, said = await token(bo, door)

    assert (status, "token" in said) == (410, False)
    assert "you are not in it" in said["text"]


SIGNED_OUT = "You are signed out. Reload this page to sign in again."


async def test_a_slack_that_does_not_answer_is_told_in_words(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)
    here.world.bot.services.chat._membership._seen.clear()  # type: ignore[attr-defined]
    here.world.stage.slack.faults.server_error("conversations.members", 1)

    status, said = await token(bo, door)

    assert (status, said["again"]) == (503, "Try again")
    assert said["text"].startswith("Slack did not answer.")


async def test_a_personal_link_and_a_button_wait_for_a_slack_that_stumbles(here: Place, bo: Browser) -> None:
    await here.attended()
    url = str(button(await here.asks("bo", "/meet join"), "open_link")["url"])
    body = json.dumps({"code": url.rpartition("/")[2]}).encode()
    sent = {"Content-Type": "application/json", "Origin": bo.base}
    here.world.bot.services.chat._membership._seen.clear()  # type: ignore[attr-defined]
    here.world.stage.slack.workspace.remove(here.id, "bo")
    here.world.stage.slack.faults.server_error("conversations.members", 1)

    press = await bo.post("/join", body, **sent)

    assert press.status == 403
    assert json.loads(press.text)["text"].startswith("You are not in the channel")


async def test_a_robot_is_shown_a_page_that_does_not_go_on(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    await bo.signs_in(door)

    assert setup_of(await bo.get(door, **{"User-Agent": "Slackbot 1.0"}))["straight"] is False


async def test_a_personal_link_lets_nobody_in_who_is_signed_in_as_another(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    url = str(button(await here.asks("bo", "/meet join"), "open_link")["url"])
    body = json.dumps({"code": url.rpartition("/")[2]}).encode()
    sent = {"Content-Type": "application/json", "Origin": bo.base}
    async with browser(here.world, "cy") as cy:
        await cy.signs_in(door)

        page, press = await cy.get(url), await cy.post("/join", body, **sent)

        assert page.status == press.status == 403
        assert "This link was made for somebody else." in page.words
        assert json.loads(press.text)["text"].endswith("Press Join in Slack to come in under your own name.")
        assert minted(here) == 0
    await bo.signs_in(door)
    assert (await bo.get(url)).status == 200
    assert json.loads((await bo.post("/join", body, **sent)).text)["token"]


async def test_a_guests_pass_lets_its_guest_in_from_whatever_browser(here: Place, bo: Browser) -> None:
    door = await door_of(here)
    url = (await here.asks("ana", "/meet guest Jane Doe")).text.split("`")[1]
    await bo.signs_in(door)

    page = await bo.get(url)

    assert page.status == 200
    assert "You are joining as Jane Doe." in page.words
