"""The way into a meeting at one click, and what stands at a door that stays shut, in a real browser.

With ``GREENROOM_PICTURES`` set to a folder, pictures of ``docs/what-the-team-sees.md`` are taken on the way.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from playground.slack_openid import COOKIE
from playground.stage import SEES_MEMBERS
from tests.browser.tour import sees, window
from tests.edges.page_visit import installed
from tests.edges.place import Place, place, town
from tests.support.bench import Bench, button

LOW = 320
"""High enough for a page of a few words."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120), pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(redis_process: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    """Give a bot with its own meeting page and one click to join."""
    sdk_dir = installed(tmp_path_factory.mktemp("sdk"))
    async with town(redis_process, one_click=True, JOIN_URL_TEMPLATE=None, SDK_DIR=str(sdk_dir)) as running:
        running.stage.slack.scopes.update(SEES_MEMBERS)
        yield running


@pytest.fixture
def here(world: Bench) -> Place:
    return place(world)


async def door_of(here: Place) -> str:
    """Start a meeting and give the address that stands behind Join on its card."""
    return str(button(await here.meeting("Weekly sync"), "join_door")["url"])


async def comes_to(here: Place, chromium: Browser, user: str, door: str) -> Page:
    """Open a door's address in the browser of somebody who is signed in to Slack; Slack asks them nothing."""
    context = await window(chromium, height=LOW)
    stage = here.world.stage
    await context.add_cookies([{"name": COOKIE, "value": stage.slack.workspace.user(user).id, "url": stage.url}])
    page = await context.new_page()
    await page.goto(door)
    return page


async def test_whoever_is_not_known_yet_signs_in_with_slack_and_is_before_the_meeting(
    here: Place, chromium: Browser
) -> None:
    door = await door_of(here)
    still = await (await window(chromium, height=LOW, java_script_enabled=False)).new_page()
    await still.goto(door)
    await sees("sign-in", still.locator("main"), "Sign in to go on", "Continue with Slack")
    await still.context.close()

    page = await comes_to(here, chromium, "bo", door)
    await sees("join", page.locator("main"), "Weekly sync", "You are joining as bo.", "Join the meeting")
    assert page.url.partition("?")[0] == door
    await page.context.close()


async def test_a_link_that_has_had_its_time_says_what_to_do(here: Place, chromium: Browser) -> None:
    await here.meeting("Weekly sync")
    page = await (await window(chromium, height=LOW)).new_page()
    await page.goto(f"{here.world.bot.url}/join/nothing-of-anybody")
    await sees("old-link", page.locator("main"), "This link", "Press Join in Slack again to get a new one.")
    await page.context.close()


async def test_whoever_is_not_in_the_channel_stays_outside_and_is_told_why(world: Bench, chromium: Browser) -> None:
    here = place(world, members=("UANA", "UGREENROOM"))
    page = await comes_to(here, chromium, "bo", await door_of(here))
    await expect(page.get_by_role("heading")).to_be_visible()
    await sees("not-among-them", page.locator("main"), "Sign out")
    assert "Weekly sync" not in await page.content()
    await page.context.close()
